//! Heatmaps and attention maps of a detection, as plain numbers.
use burn::tensor::Tensor;

use super::detection::Detection;
use crate::{blocks::DafeAttention, geometry::Affine};

/// A detection and the maps that led to it.
#[derive(Debug, Clone)]
pub struct Explanation {
    /// The result of [`LandmarkDetector::detect`](super::LandmarkDetector::detect).
    pub detection: Detection,
    /// The heatmap of each of the schema's landmarks, as decoded (logits stay logits; averaged by
    /// the flip test if it is on).
    pub heatmaps: Vec<InputMap>,
    /// The attention of each DAFE module, coarse to fine; empty with other
    /// [`Decoder`](crate::model::Decoder)s.
    pub modules: Vec<ModuleAttention>,
}

/// The attention of one DAFE module.
#[derive(Debug, Clone)]
pub struct ModuleAttention {
    /// Spatial attention: `M` of equation 1, 0 to 1; the mean over channels if each has its own
    /// map.
    pub spatial: InputMap,
    /// Channel attention: `U` of equation 4, the factor of each channel; 1 leaves it unchanged.
    pub channels: Vec<f32>,
}

/// A map over the region that the network saw.
#[derive(Debug, Clone)]
pub struct InputMap {
    /// The values, row by row.
    pub values: Vec<f32>,
    /// `[width, height]`.
    pub size: [usize; 2],
    /// Maps the image's pixels to the map's cells.
    pub to_map: Affine,
}

impl InputMap {
    /// The maps of a tensor `[1, C, H, W]`. `to_input` maps the image's pixels to those of the
    /// input, whose size is `input` (`[width, height]`).
    pub(super) fn all(maps: Tensor<4>, input: [usize; 2], to_input: &Affine) -> Vec<Self> {
        let [_, _, height, width] = maps.dims();
        // The map and the input share their outer edges.
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
    /// The attention of a batch of one.
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
