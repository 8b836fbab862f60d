//! Sources that are followed: what a source said the last time, what it says now, and what was
//! decided here, side by side.
//!
//! A file is read by [`crate::import`], as any other file is. What this adds is a memory of the
//! source, a [`State`]: with it, a value that a person changed here is told from one that the
//! source has changed, whoever changed it and by whatever means. Without it, as at the first
//! reading, the importer's own rules decide: dates, and corrections.
//!
//! Pure as the rest of the crate: who fetches, keeps the states and knows the day is the command
//! line.

pub mod report;
pub mod run;
mod sides;
pub mod sources;
pub mod state;
pub mod whole;

pub use sides::{Answers, Followed, Reading, follow};
