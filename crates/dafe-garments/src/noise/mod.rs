//! Smooth random fields: what unevenness of cloth, walls and light is made of.
pub(crate) mod repeating;
pub(crate) mod scatter;
pub(crate) mod spectrum;
