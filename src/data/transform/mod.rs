//! From an image and a box to a network's input, and back: crop, augmentation and flip in one
//! affine map for both pixels and landmarks.
//!
//! ```
//! use dafe::{
//!     data::transform::{Augmentation, CropTransform},
//!     geometry::{Alignment, BoundingBox},
//!     image::RgbImage,
//!     landmark::{Landmark, Visibility},
//! };
//!
//! let image = RgbImage::new(200, 300);
//! let (whole, bounds) = (BoundingBox::whole(200, 300), BoundingBox::whole(100, 200));
//! let crop = CropTransform::random(
//!     &bounds,
//!     &whole,
//!     [96, 96],
//!     Alignment::HalfPixel,
//!     &Augmentation::default(),
//!     [7, 0, 12], // Seed, epoch and sample.
//! );
//! assert_eq!(crop.image(&image, [96, 96]).dimensions(), (96, 96));
//!
//! let tip = Landmark::new(40.0, 60.0, Visibility::Visible);
//! let moved = crop.landmarks(&[tip], &[0])[0];
//! let [x, y] = crop.to_image([moved.x, moved.y]);
//! assert!((x - 40.0).abs() < 0.01 && (y - 60.0).abs() < 0.01);
//! ```
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
