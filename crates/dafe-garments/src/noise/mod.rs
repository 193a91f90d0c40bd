//! Smooth random fields for the unevenness of cloth, walls and light.
pub(crate) mod repeating;
pub(crate) mod scatter;
pub(crate) mod spectrum;
