//! From an image and a box to a network's input, and back: crop, augmentation and flip as one
//! affine map that moves pixels and landmarks alike.
mod augmentation;
mod color;
mod crop;
mod degradation;
mod framing;
mod imagenet;
mod loose_box;
mod resample;
#[cfg(test)]
mod tests;
mod warp;

pub use self::{
    augmentation::Augmentation,
    crop::CropTransform,
    framing::Framing,
    imagenet::{IMAGENET_MEAN, IMAGENET_STD, PADDING},
    loose_box::LooseBox,
};
