//! Batches in host memory, built by worker threads, and on the device, as the network takes them.
use burn::tensor::{DType, Device, Int, Tensor, TensorData};
use serde::{Deserialize, Serialize};

use super::transform::CropTransform;
use crate::backbone::{IMAGENET_MEAN, IMAGENET_STD};
use crate::{
    heatmap::{HeatmapCodec, HeatmapTarget},
    landmark::{Landmark, Visibility},
    with_fields::with_fields,
};

/// Which landmarks the network is trained on. Visible landmarks always are, truncated ones never.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct TargetPolicy {
    /// Train occluded landmarks at their labeled position, like visible ones. On by default.
    pub occluded: bool,
    /// Train landmarks that the garment does not have towards an empty heatmap. Off by default:
    /// they are ignored.
    pub absent_as_empty: bool,
    /// The weight of an empty heatmap, relative to 1 for a Gaussian. 0.3 by default: on generated
    /// garments this leaves the normalized error unchanged, while a weight of 1 worsens it by a
    /// tenth.
    pub empty_weight: f32,
}

with_fields!(TargetPolicy {
    with_occluded occluded: bool,
    with_absent_as_empty absent_as_empty: bool,
    with_empty_weight empty_weight: f32,
});

impl Default for TargetPolicy {
    fn default() -> Self {
        Self { occluded: true, absent_as_empty: false, empty_weight: 0.3 }
    }
}

impl TargetPolicy {
    /// The weight of the landmark's Gaussian.
    pub(crate) fn weight(&self, landmark: &Landmark) -> f32 {
        match landmark.visibility {
            Visibility::Visible => 1.0,
            Visibility::Occluded if self.occluded => 1.0,
            _ => 0.0,
        }
    }

    /// The weight of the landmark's empty heatmap.
    pub(crate) fn empty_weight(&self, landmark: &Landmark) -> f32 {
        let empty = self.absent_as_empty && landmark.visibility == Visibility::Absent;
        if empty { self.empty_weight } else { 0.0 }
    }
}

/// An image that was left out of a batch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SkippedImage {
    /// The sample's index in its dataset.
    pub index: usize,
    /// The reason, naming the file.
    pub reason: String,
}

/// A batch in host memory: bytes to upload, and the transforms back to the original images.
#[derive(Debug, Clone)]
pub struct HostBatch {
    /// The samples' indices in their dataset.
    pub indices: Vec<usize>,
    /// The crop of each image.
    pub transforms: Vec<CropTransform>,
    /// `[width, height]` of each image before cropping, in pixels.
    pub image_sizes: Vec<[u32; 2]>,
    /// Images that were left out, if the loader is set to skip unreadable ones.
    pub skipped: Vec<SkippedImage>,
    /// `[width, height]` of the network's input.
    pub(crate) size: [usize; 2],
    /// Landmarks per sample.
    pub(crate) num_landmarks: usize,
    /// `[B, height, width, 3]`, RGB.
    pub(crate) pixels: Vec<u8>,
    /// `[B, n, 2]`, x and y in input pixels.
    pub(crate) positions: Vec<f32>,
    /// `[B, n]`: weight of each landmark's Gaussian.
    pub(crate) weights: Vec<f32>,
    /// `[B, n]`: weight of each landmark's empty heatmap.
    pub(crate) empty: Vec<f32>,
}

/// A batch on the device.
#[derive(Debug, Clone)]
pub struct LandmarkBatch {
    /// `[B, 3, H, W]`, RGB, normalized with ImageNet's mean and standard deviation.
    pub images: Tensor<4>,
    /// `[B, n, 2]`: x and y in input pixels.
    pub positions: Tensor<3>,
    /// `[B, n]`: weight of each landmark's Gaussian.
    pub weights: Tensor<2>,
    /// `[B, n]`: weight of each landmark's empty heatmap.
    pub empty: Tensor<2>,
}

/// A training batch: images and target heatmaps.
#[derive(Debug, Clone)]
pub struct TrainBatch {
    /// `[B, 3, H, W]`, RGB, normalized.
    pub images: Tensor<4>,
    /// Targets of the network's output.
    pub target: HeatmapTarget,
    /// Targets of the coarser heatmaps of a network with
    /// [`Supervision::Deep`](crate::model::Supervision::Deep), coarse to fine. Empty if these are
    /// not trained.
    pub auxiliary: Vec<HeatmapTarget>,
}

impl HostBatch {
    /// The number of images.
    pub fn len(&self) -> usize {
        self.indices.len()
    }

    /// Whether all images were left out.
    pub fn is_empty(&self) -> bool {
        self.indices.is_empty()
    }

    /// Splits the batch, in order, into `parts` shards of nearly equal size.
    ///
    /// With fewer images than shards, the last shards repeat images with all weights at 0, so every
    /// device has work but nothing is learned twice.
    ///
    /// # Panics
    /// If `parts` is 0 or the batch is empty.
    pub fn split(self, parts: usize) -> Vec<Self> {
        assert!(parts > 0, "a batch can't be split into no parts");
        assert!(!self.is_empty(), "an empty batch can't be split");
        let (n, [width, height]) = (self.num_landmarks, self.size);
        let whole = self.len();
        let cut = |i: usize| {
            let spare = whole < parts;
            let range = match spare {
                false => i * whole / parts..(i + 1) * whole / parts,
                true => i % whole..i % whole + 1,
            };
            let of = |length: usize| range.start * length..range.end * length;
            let mut part = Self {
                indices: self.indices[range.clone()].to_vec(),
                transforms: self.transforms[range.clone()].to_vec(),
                image_sizes: self.image_sizes[range.clone()].to_vec(),
                skipped: if i == 0 { self.skipped.clone() } else { Vec::new() },
                size: self.size,
                num_landmarks: n,
                pixels: self.pixels[of(width * height * 3)].to_vec(),
                positions: self.positions[of(2 * n)].to_vec(),
                weights: self.weights[of(n)].to_vec(),
                empty: self.empty[of(n)].to_vec(),
            };
            if i >= whole {
                part.weights.fill(0.0);
                part.empty.fill(0.0);
            }
            part
        };
        (0..parts).map(cut).collect()
    }

    /// Uploads the images as bytes and normalizes them on the device.
    pub fn to_device(&self, device: &Device) -> LandmarkBatch {
        let (batch, n) = (self.len(), self.num_landmarks);
        let [width, height] = self.size;
        LandmarkBatch {
            images: normalize(self.pixels.clone(), [batch, height, width], device),
            positions: Tensor::from_data(
                TensorData::new(self.positions.clone(), [batch, n, 2]),
                device,
            ),
            weights: Tensor::from_data(TensorData::new(self.weights.clone(), [batch, n]), device),
            empty: Tensor::from_data(TensorData::new(self.empty.clone(), [batch, n]), device),
        }
    }
}

/// Converts RGB bytes `[B, height, width, 3]` to `[B, 3, height, width]`, normalized with
/// ImageNet's mean and standard deviation.
pub(crate) fn normalize(
    pixels: Vec<u8>,
    [batch, height, width]: [usize; 3],
    device: &Device,
) -> Tensor<4> {
    let mean = IMAGENET_MEAN.map(|mean| mean * 255.0);
    let deviation = IMAGENET_STD.map(|deviation| deviation * 255.0);
    #[cfg(feature = "flex")]
    if let Some(images) =
        crate::ops::flex::planes(&pixels, [batch, height, width], [mean, deviation], device)
    {
        return images;
    }
    let bytes = TensorData::new(pixels, [batch, height, width, 3]);
    let channels =
        |values: [f32; 3]| Tensor::<1>::from_floats(values, device).reshape([1, 3, 1, 1]);
    let images =
        Tensor::<4, Int>::from_data(bytes, (device, DType::U8)).float().permute([0, 3, 1, 2]);
    (images - channels(mean)) / channels(deviation)
}

impl LandmarkBatch {
    /// Encodes the landmarks as target heatmaps.
    pub fn encode(self, codec: &HeatmapCodec) -> TrainBatch {
        TrainBatch {
            target: codec.target(self.positions, self.weights, self.empty),
            auxiliary: Vec::new(),
            images: self.images,
        }
    }

    /// [`Self::encode`], with additional targets for heatmaps 4 and 2 times coarser. Their
    /// Gaussians are as wide in cells as the finest ones ([`HeatmapCodec::coarser`]).
    pub fn encode_deep(self, codec: &HeatmapCodec) -> TrainBatch {
        let coarser = |factor: usize| {
            let (positions, weights) = (self.positions.clone(), self.weights.clone());
            codec.coarser(factor).target(positions, weights, self.empty.clone())
        };
        let auxiliary = [4, 2].map(coarser).into();
        TrainBatch { auxiliary, ..self.encode(codec) }
    }
}
