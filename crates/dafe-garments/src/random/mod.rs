//! Random numbers, determined by an image's seed, split and index.
pub(crate) mod bits;
pub(crate) mod dice;
pub(crate) mod streams;
