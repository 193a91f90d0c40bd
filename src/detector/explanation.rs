//! What a network looked at, as plain numbers.
use burn::tensor::Tensor;

use super::detection::Detection;
use crate::{blocks::DafeAttention, geometry::Affine};

/// A detection, and what led to it.
#[derive(Debug, Clone)]
pub struct Explanation {
    /// What [`LandmarkDetector::detect`](super::LandmarkDetector::detect) says.
    pub detection: Detection,
    /// The heatmap of each of the schema's landmarks, as they are decoded (logits as such; averaged
    /// where the mirrored image is looked at, too).
    pub heatmaps: Vec<InputMap>,
    /// What each DAFE module looked at, coarse to fine; none with another [`Decoder`](crate::model::Decoder).
    pub modules: Vec<ModuleAttention>,
}

/// What one DAFE module looked at.
#[derive(Debug, Clone)]
pub struct ModuleAttention {
    /// Where: equation 1's `M`, in 0..1; the mean of all channels' where each has one.
    pub spatial: InputMap,
    /// Equation 4's `U`: what each channel is multiplied by; 1 leaves it as it is.
    pub channels: Vec<f32>,
}

/// Numbers over the region that the network saw.
#[derive(Debug, Clone)]
pub struct InputMap {
    /// The numbers, row by row.
    pub values: Vec<f32>,
    /// `[width, height]`.
    pub size: [usize; 2],
    /// The image's pixels to the map's cells.
    pub to_map: Affine,
}

impl InputMap {
    /// The maps of a tensor `[1, C, H, W]`; `to_input` takes the image's pixels to those of the
    /// input, which has `input` (`[width, height]`) of them.
    pub(super) fn all(maps: Tensor<4>, input: [usize; 2], to_input: &Affine) -> Vec<Self> {
        let [_, _, height, width] = maps.dims();
        // Both share their outer edges.
        let [sx, sy] = [width as f64 / input[0] as f64, height as f64 / input[1] as f64];
        let to_cells = Affine {
            xx: sx,
            x0: (sx - 1.0) / 2.0,
            yy: sy,
            y0: (sy - 1.0) / 2.0,
            ..Affine::IDENTITY
        };
        let to_map = to_input.then(&to_cells);
        let map = |values: &[f32]| Self { values: values.to_vec(), size: [width, height], to_map };
        numbers(maps).chunks_exact(width * height).map(map).collect()
    }
}

impl ModuleAttention {
    /// Of a batch of one.
    pub(super) fn of(attention: DafeAttention, input: [usize; 2], to_input: &Affine) -> Self {
        let spatial = attention.spatial.mean_dim(1);
        Self {
            spatial: InputMap::all(spatial, input, to_input).remove(0),
            channels: numbers(attention.channel),
        }
    }
}

fn numbers(tensor: Tensor<4>) -> Vec<f32> {
    tensor.into_data().convert::<f32>().try_into_vec().expect("converted to f32")
}
