//! Landmark detection in pictures, clothes first, with Dual Attention Feature Enhancement (DAFE), on
//! [Burn](https://burn.dev): the blocks and the network of "Improving Fashion Landmark Detection by Dual Attention
//! Feature Enhancement" (Chen, Qin, Qi, Sun), and what it takes to train, measure and use it.
//!
#![cfg_attr(feature = "flex", doc = "```")]
#![cfg_attr(not(feature = "flex"), doc = "```ignore")]
//! use dafe::prelude::*;
//!
//! let device = Device::flex();
//! let net = Preset::Nano.config(8).init(&device);
//! let [width, height] = Preset::Nano.input_size();
//! let codec = HeatmapCodec::new([width, height], LandmarkNetConfig::STRIDE, 2.0);
//!
//! // RGB, normalised with ImageNet's mean and deviation.
//! let images = Tensor::<4>::zeros([1, 3, height, width], &device);
//! let found = codec.decode(net.forward(images), Refinement::QuarterOffset).into_pictures();
//! assert_eq!(found[0].positions.len(), 8);
//! ```
//!
//! # The way data flows
//!
//! | module | job |
//! |---|---|
//! | [`landmark`], [`geometry`] | positions, visibility, names and mirror pairs; boxes, crops, pixel alignments |
#![cfg_attr(
    feature = "data",
    doc = "| [`data`] | datasets (FLD, DeepFashion-C, DeepFashion2, COCO keypoints) to batches on a device; results to files |"
)]
//! | [`blocks`] | the paper's equations 1 to 5 and the rivals that it cites, each block usable by itself |
//! | [`backbone`], [`model`] | ResNet, and any [`backbone::Backbone`], into [`model::LandmarkNet`] |
//! | [`ops`] | convolutions with what follows them, as one operation |
//! | [`heatmap`] | positions to heatmaps and back: one [`heatmap::HeatmapCodec`], any [`heatmap::Refinement`] |
//! | [`loss`] | losses of heatmaps and of the coordinates that they show |
//! | [`metric`] | normalized error, PCK, AUC, EPE, PDL, average precision by object keypoint similarity, failure rate; estimates of visibility |
#![cfg_attr(
    feature = "data",
    doc = "| [`predict`] | a network over a whole dataset, in its boxes or (feature `detect`) without any, and its [`metric::LandmarkReport`] |"
)]
#![cfg_attr(feature = "train", doc = "| [`train`] | the training loop |")]
#![cfg_attr(
    feature = "detect",
    doc = "| [`detector`] | pictures in, named landmarks out, and what led to them |"
)]
#![cfg_attr(
    feature = "detect",
    doc = "| [`mmpose`] | MMPose's published networks, from picture to landmarks |"
)]
#![cfg_attr(feature = "draw", doc = "| [`draw`] | pictures of results |")]
#![cfg_attr(
    feature = "weights",
    doc = "| [`weights`] | parameters to and from files, PyTorch's among them |"
)]
#![cfg_attr(
    feature = "testing",
    doc = "| [`testing`] | tests that a block computes the same on CPU and GPU |"
)]
//! | [`device`], [`error`] | devices by name; what can go wrong outside |
//!
#![cfg_attr(
    all(
        feature = "draw",
        feature = "flex",
        feature = "ndarray",
        feature = "testing",
        feature = "train"
    ),
    doc = "New here? The [`tutorial`] goes from a COCO file of your own to a trained network, from a picture to landmarks, and \
           from blocks to a network of your own."
)]
//!
//! # Cargo features
//!
//! None is on by default: then there are blocks, networks, codec, losses and metrics, on Burn alone.
//!
//! | feature | adds |
//! |---|---|
//! | `flex`, `ndarray`, `cuda`, `vulkan`, `wgpu` | Burn's backends; the device is chosen at run time |
//! | `remote`, `remote-server` | devices of other machines over (unencrypted) WebSocket, and serving this one's |
//! | `weights` | parameters to and from safetensors files, and from PyTorch's: torchvision's, MMPose's |
//! | `data` | FLD, DeepFashion-C, DeepFashion2 and COCO keypoints; detected boxes, pictures, augmentation, parallel loading |
//! | `detect` | one picture in, named landmarks out (`data` and `weights`) |
//! | `bundled` | a trained model in the binary, for a first try and as a start for training (`detect`) |
//! | `synthetic` | the generator of drawn garments |
//! | `draw` | drawn predictions, attention maps and curves |
//! | `train` | the training loop (`detect`) |
//! | `tui` | a live dashboard for training |
//! | `testing` | tests that blocks, yours included, compute the same on several devices |
//!
//! # Conventions
//!
//! Coordinates are pixels of the picture named, x right, y down, and a pixel's integer coordinate is its centre
//! ([`geometry`]). Tensors of pictures are `[B, 3, H, W]`; sizes as plain numbers are `[width, height]`. Wrong shapes are a
//! programmer's mistake and panic with both shapes; whatever comes from outside returns [`error::Error`]. The library
//! prints nothing.
#![deny(missing_docs)]
#![forbid(unsafe_code)]
#![cfg_attr(docsrs, feature(doc_cfg))]

#[cfg(any(feature = "data", feature = "weights"))]
mod atomic;
pub mod backbone;
pub mod blocks;
mod checked;
#[cfg(feature = "data")]
pub mod data;
#[cfg(feature = "detect")]
pub mod detector;
pub mod device;
#[cfg(feature = "draw")]
pub mod draw;
pub mod error;
pub mod geometry;
pub mod heatmap;
pub mod landmark;
pub mod loss;
pub mod metric;
#[cfg(feature = "detect")]
pub mod mmpose;
pub mod model;
mod named;
pub mod ops;
#[cfg(feature = "data")]
pub mod predict;
mod random;
mod table;
#[cfg(feature = "testing")]
pub mod testing;
#[cfg(feature = "train")]
pub mod train;
// Text alone, with what the documentation is built with.
#[cfg(all(
    any(doc, doctest),
    feature = "draw",
    feature = "flex",
    feature = "ndarray",
    feature = "testing",
    feature = "train"
))]
pub mod tutorial;
#[cfg(feature = "weights")]
pub mod weights;

/// Everything most programs need. Brings in Burn's `Device` and `Tensor`, and no `Result` or `Error`.
pub mod prelude {
    #[cfg(feature = "detect")]
    pub use crate::detector::{
        Calibration, CategoryChoice, DetectedCategory, DetectedLandmark, Detection,
        DetectionRequest, DetectorConfig, Explanation, LandmarkDetector,
    };
    #[cfg(feature = "detect")]
    pub use crate::predict::predict_without_boxes;
    #[cfg(feature = "train")]
    pub use crate::train::{
        CheckpointPolicy, FineTuning, Schedule, TrainConfig, TrainEvent, Training,
    };
    pub use crate::{
        backbone::{Backbone, FeaturePyramid, ResNet, ResNetConfig},
        blocks::{
            AttentionMap, ChannelAttentiveSelection, ChannelAttentiveSelectionConfig, DafeModule,
            DafeModuleConfig, Gate, SpatialAttentiveUpsampling, SpatialAttentiveUpsamplingConfig,
        },
        geometry::{Affine, Alignment, BoundingBox},
        heatmap::{HeatmapCodec, Landmarks, Peaks, Refinement},
        landmark::{
            ClothesType, DeepFashion2Category, Landmark, LandmarkCategory, LandmarkSample,
            LandmarkSchema, VariationType, Visibility, VisibilityEstimate,
        },
        loss::{LossConfig, heatmap_mse},
        metric::{LandmarkReport, LandmarkSummary, MeanBaseline, NormalizedError},
        model::{Decoder, LandmarkNet, LandmarkNetConfig, Preset, Supervision},
    };
    #[cfg(feature = "data")]
    pub use crate::{
        data::{
            Augmentation, BadPicture, BatchLoader, CocoDataset, DeepFashion2Dataset, FldDataset,
            FldForm, Framing, LandmarkBatch, LandmarkDataset, LoaderConfig, Split, Subset,
            TargetPolicy, WithBoxes,
        },
        predict::{DecodeConfig, Prediction, Predictions, predict_dataset},
    };
    pub use burn::tensor::{Device, Tensor};
}

/// The README's examples, run as tests.
#[cfg(all(doctest, feature = "bundled", feature = "flex"))]
#[doc = include_str!("../README.md")]
struct Readme;

/// The examples of the page about reports, run as tests.
#[cfg(all(doctest, feature = "draw"))]
#[doc = include_str!("../docs/report.md")]
struct Reports;
