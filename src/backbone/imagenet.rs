//! The color normalization of networks pretrained on ImageNet.

/// ImageNet's mean color: red, green and blue, where 1 is full brightness.
pub const IMAGENET_MEAN: [f32; 3] = [0.485, 0.456, 0.406];

/// ImageNet's standard deviation of colors: red, green and blue, where 1 is full brightness.
pub const IMAGENET_STD: [f32; 3] = [0.229, 0.224, 0.225];
