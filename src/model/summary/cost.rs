//! The cost of single layers.
use std::ops::{Add, AddAssign};

use serde::Serialize;

/// The cost of a layer, a stage or a network for one image.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Cost {
    /// Learned parameters, without running statistics.
    pub parameters: u64,
    /// Multiply-adds in convolutions and matrix products. As in the literature, normalization,
    /// activation functions, sums, bilinear upsampling and the products of attention are not
    /// counted.
    pub multiply_adds: u64,
    /// Output values of convolutions and matrix products ("activations" as in "Designing Network
    /// Design Spaces", Radosavovic et al., 2020). Training keeps more values, for normalization and
    /// activation functions.
    pub activations: u64,
}

impl Cost {
    /// Bytes of the activations as f32.
    pub fn activation_bytes(&self) -> u64 {
        self.activations * 4
    }

    /// A convolution from `input` to `output` channels with a square kernel, whose output has
    /// `positions` cells.
    pub(super) fn convolution(
        [input, output]: [usize; 2],
        kernel: usize,
        positions: usize,
        bias: bool,
    ) -> Self {
        let weights = (input * output * kernel * kernel) as u64;
        Self {
            parameters: weights + if bias { output as u64 } else { 0 },
            multiply_adds: weights * positions as u64,
            activations: (output * positions) as u64,
        }
    }

    /// A transposed convolution, which applies its kernel once for each of `from` input cells.
    pub(super) fn transposed_convolution(
        channels: [usize; 2],
        kernel: usize,
        from: usize,
        to: usize,
        bias: bool,
    ) -> Self {
        let cost = Self::convolution(channels, kernel, from, bias);
        Self { activations: (channels[1] * to) as u64, ..cost }
    }

    /// A matrix product of `[rows, inner]` and `[inner, columns]`.
    pub(super) fn matrix_product(rows: usize, inner: usize, columns: usize) -> Self {
        Self {
            parameters: 0,
            multiply_adds: (rows * inner * columns) as u64,
            activations: (rows * columns) as u64,
        }
    }

    /// A normalization with a weight and a bias for each of `channels`.
    pub(super) fn norm(channels: usize) -> Self {
        Self { parameters: 2 * channels as u64, ..Self::default() }
    }
}

impl Add for Cost {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            parameters: self.parameters + other.parameters,
            multiply_adds: self.multiply_adds + other.multiply_adds,
            activations: self.activations + other.activations,
        }
    }
}

impl AddAssign for Cost {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}
