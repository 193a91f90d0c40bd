//! Small networks and a batch of images, the same for a seed.
use burn::module::Module;
use dafe::{
    backbone::{ResNetConfig, ResidualKind},
    data::{LandmarkBatch, TrainBatch},
    model::{Decoder, Supervision},
    prelude::*,
    testing::{random_values, randomized},
};

pub fn config(kind: ResidualKind, decoder: Decoder) -> LandmarkNetConfig {
    LandmarkNetConfig::new(2)
        .with_backbone(ResNetConfig::new(kind, [2, 1, 1, 1]).with_width(4).with_stem_kernel(3))
        .with_decoder_channels([16, 8, 8])
        .with_decoder(decoder)
        .with_norm(true)
        .with_supervision(Supervision::Deep)
}

/// The network with parameters drawn from `seed`, on `device`, which differentiates.
pub fn network(config: &LandmarkNetConfig, seed: u64, device: &Device) -> LandmarkNet {
    randomized(config.init(device), seed).train()
}

/// Of the images that [`images`] draws: width and height, no multiples of 32.
pub const SIZE: [usize; 2] = [50, 64];

pub fn images(count: usize, seed: u64, device: &Device) -> LandmarkBatch {
    let [width, height] = SIZE;
    let positions = Tensor::from_data(random_values([count, 2, 2], seed.wrapping_add(1)), device);
    LandmarkBatch {
        images: Tensor::from_data(random_values([count, 3, height, width], seed), device),
        positions: positions.mul_scalar(21).add_scalar(25),
        weights: Tensor::ones([count, 2], device),
        empty: Tensor::zeros([count, 2], device),
    }
}

pub fn codec() -> HeatmapCodec {
    HeatmapCodec::new(SIZE, 4, 1.0)
}

pub fn batch(count: usize, seed: u64, device: &Device) -> TrainBatch {
    images(count, seed, device).encode_deep(&codec())
}
