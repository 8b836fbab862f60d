//! The style sheet of the guide's pages.

include!(concat!(env!("OUT_DIR"), "/style.rs"));
