//! The public API and the administration API at the edge.
