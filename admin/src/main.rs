//! The command line of the administrators.

fn main() {}
