//! A drawing before it is painted: flat pieces, one over the other, and landmarks on them.
pub(crate) mod anchor;
pub(crate) mod piece;
pub(crate) mod placed;
