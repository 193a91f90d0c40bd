//! A drawing before it is painted: layered flat pieces, and landmarks on them.
pub(crate) mod anchor;
pub(crate) mod piece;
pub(crate) mod placed;
