//! What crosses crates: the real worker in real workerd, real pages in real browsers.
