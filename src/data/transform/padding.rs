//! The color around an image.

/// The color around an image: ImageNet's mean ([`IMAGENET_MEAN`](crate::backbone::IMAGENET_MEAN))
/// in bytes, which is almost 0 after normalization.
pub const PADDING: [u8; 3] = [124, 116, 104];
