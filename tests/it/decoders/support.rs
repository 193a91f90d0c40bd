//! Helpers shared by the tests.
use burn::tensor::TensorData;
use dafe::prelude::*;

pub use crate::common::devices::devices;

/// A codec whose input pixels are its cells.
pub fn cells(size: [usize; 2], sigma: f64) -> HeatmapCodec {
    HeatmapCodec::new(size, 1, sigma)
}

pub fn tensor<const D: usize>(values: Vec<f32>, shape: [usize; D], device: &Device) -> Tensor<D> {
    Tensor::from_data(TensorData::new(values, shape), device)
}

pub fn numbers<const D: usize>(tensor: Tensor<D>) -> Vec<f32> {
    tensor.into_data().try_into_vec().unwrap()
}

/// The heatmap of one landmark.
pub fn heatmap(codec: &HeatmapCodec, place: [f32; 2], device: &Device) -> Tensor<4> {
    codec.encode(tensor(place.to_vec(), [1, 1, 2], device), Tensor::ones([1, 1], device))
}

pub fn decoded(codec: &HeatmapCodec, heatmap: Tensor<4>, refinement: Refinement) -> [f32; 2] {
    codec.decode(heatmap, refinement).into_images()[0].positions[0]
}
