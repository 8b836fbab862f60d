//! What holds for the crate as its users see it. One program: each more would link the crate,
//! and read the communes of France, again.

mod analysis;
mod communes;
mod coverage;
mod diagnosis;
mod doctor;
mod drawing;
mod edition_2016;
mod edition_2026;
mod effect;
mod freshness;
mod mutation;
mod opening;
mod people;
mod places;
mod precisions_2026;
mod proof;
mod properties;
mod readable;
mod rebase;
mod shipped;
mod table_2016;
mod texts;
