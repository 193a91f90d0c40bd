//! Winograd's algorithm: 3×3 convolutions, and doublings with kernel 4 and stride 2, with fewer
//! multiplications (Lavin and Gray, "Fast Algorithms for Convolutional Neural Networks", 2015).
//!
//! For each pair of channels, four by four outputs of a 3×3 convolution take 36 products instead of
//! 144, and each of a doubling's four phases takes 25 instead of 64.
mod filters;
mod points;
mod tiles;
mod transform;

pub(super) use self::{
    filters::Filters,
    tiles::convolve,
    transform::{DOUBLING_POINTS, POINTS, TILE},
};
