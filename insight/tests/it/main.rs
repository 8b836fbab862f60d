//! What holds for the crate as its users see it. One program: each more would link the crate,
//! and read the communes of France, again.

mod analysis;
mod coverage;
mod diagnosis;
mod drawing;
mod effect;
mod freshness;
mod mutation;
mod proof;
mod rebase;
mod regions;
#[path = "../../../shared/tests/it/shipped.rs"]
mod shipped;
