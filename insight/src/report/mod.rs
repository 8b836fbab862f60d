//! What administrators read about one directory: pages, tables, drawings and sentences, with what
//! writes them.

pub mod coverage;
pub mod diagnosis;
pub mod drawing;
pub mod freshness;
pub mod markup;
pub mod measure;
pub mod quality;
pub mod saying;
pub mod whereabouts;
pub mod wish;
