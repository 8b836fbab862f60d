//! Fetching what is followed: [`fetch`] asks an address and believes nothing that it answers,
//! [`folder`] holds what came and what is remembered, [`messages`] words what went wrong.

pub(crate) mod fetch;
pub(crate) mod folder;
mod messages;
