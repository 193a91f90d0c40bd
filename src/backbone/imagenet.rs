//! What networks that start from ImageNet's weights expect of colors.

/// The mean of ImageNet's images, red, green and blue, where 1 is full brightness.
pub const IMAGENET_MEAN: [f32; 3] = [0.485, 0.456, 0.406];

/// The standard deviation of ImageNet's images, red, green and blue, where 1 is full brightness.
pub const IMAGENET_STD: [f32; 3] = [0.229, 0.224, 0.225];
