//! The doctor (`/embed/doctor`): what keeps the element out of a partner's page, and the exact
//! line that lets it in.
//!
//! Everything is read from what the page says of itself: its content security policies
//! ([`policy`]), its tags ([`tags`]), and what its owner pasted ([`pasted`]). What is to be changed
//! is decided in [`advice`]. Only [`reach`] fetches; [`page`] shows, in the words of [`said`].
//!
//! Styles are never in question: the element adopts its style sheet, which no `style-src`
//! forbids. Neither are Trusted Types: it writes no markup and no script from a text.

mod address;
mod advice;
mod page;
mod pasted;
mod policy;
mod reach;
mod said;
mod tags;
#[cfg(test)]
mod tests;
mod turn;

pub(crate) use page::answer;
