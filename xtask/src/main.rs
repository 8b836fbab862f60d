//! Build, run, test and bench.

fn main() {}
