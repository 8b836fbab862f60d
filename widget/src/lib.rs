//! The <spro-guide> element.
