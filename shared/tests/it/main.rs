//! What holds for the crate as its users see it. One program: each more would link the crate,
//! and read the communes of France, again.

mod accueil;
mod asking;
mod communes;
mod edition_2016;
mod edition_2026;
mod elsewhere;
mod localized;
mod map;
mod opening;
mod people;
mod places;
mod precisions_2026;
mod preparations;
mod properties;
mod readable;
mod regions;
mod shipped;
mod table_2016;
mod texts;
mod wide;
