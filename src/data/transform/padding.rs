//! What surrounds an image.

/// The color around an image: ImageNet's mean
/// ([`IMAGENET_MEAN`](crate::backbone::IMAGENET_MEAN)) in bytes, so that it is as good as 0 to a
/// network.
pub const PADDING: [u8; 3] = [124, 116, 104];
