//! From an image and a box to a network's input, and back: crop, augmentation and flip in one
//! affine map for both pixels and landmarks.
mod augmentation;
mod color;
mod crop;
mod degradation;
mod framing;
mod loose_box;
mod padding;
mod resample;
#[cfg(test)]
mod tests;
mod warp;

pub use self::{
    augmentation::Augmentation, crop::CropTransform, framing::Framing, loose_box::LooseBox,
    padding::PADDING,
};
