//! The contents of an image, chosen from its random numbers; nothing is painted here.
pub(crate) mod caption;
mod companions;
pub(crate) mod dressed;
pub(crate) mod hanger;
pub(crate) mod occluders;
pub(crate) mod several;
pub(crate) mod single;
pub(crate) mod wardrobe;
