//! Landmark detection in images, clothes first, with Dual Attention Feature Enhancement (DAFE), on
//! [Burn](https://burn.dev): the blocks and the network of "Improving Fashion Landmark Detection by
//! Dual Attention Feature Enhancement" (Chen, Qin, Qi, Sun), and everything to train, evaluate and
//! use it.
//!
//! ```
//! use dafe::prelude::*;
//!
//! let device = Device::flex();
//! let net = Preset::Nano.config(8).init(&device);
//! let [width, height] = Preset::Nano.input_size();
//! let codec = HeatmapCodec::new([width, height], LandmarkNetConfig::STRIDE, 2.0);
//!
//! // RGB, normalized with ImageNet's mean and deviation.
//! let images = Tensor::<4>::zeros([1, 3, height, width], &device);
//! let found = codec.decode(net.forward(images), Refinement::QuarterOffset).into_images();
//! assert_eq!(found[0].positions.len(), 8);
//! ```
//!
//! New here? The `tutorial` module goes from a COCO file of your own to a trained network, from an
//! image to landmarks, and from blocks to a network of your own.
//!
//! # Modules
//!
//! | module | job | feature |
//! |---|---|---|
//! | [`landmark`], [`geometry`] | positions, visibility, names and mirror pairs; boxes, crops, pixel alignments | |
//! | `data` | datasets (FLD, DeepFashion-C, DeepFashion2, COCO keypoints, YOLO-pose, DeepLabCut, an open benchmark) to batches on a device | `data` |
//! | [`blocks`] | the paper's equations 1 to 5, and the alternatives it is compared with | |
//! | [`backbone`], [`model`] | ResNet, or any [`backbone::Backbone`], into [`model::LandmarkNet`] | |
//! | [`ops`] | convolutions with a fused epilogue | |
//! | [`heatmap`] | positions to heatmaps and back: one [`heatmap::HeatmapCodec`], any [`heatmap::Refinement`] | |
//! | [`loss`] | losses of heatmaps and of the coordinates decoded from them | |
//! | [`metric`] | normalized error, PCK, AUC, EPE, PDL, average precision by object keypoint similarity, failure rate, visibility | |
//! | `predict` | a network over a whole dataset, and its [`metric::LandmarkReport`] | `data` |
//! | `detector` | images in, named landmarks out, explanations; MMPose's published networks | `detect` |
//! | `train` | the training loop | `train` |
//! | `draw` | rendered results and plots | `draw` |
//! | `weights` | weights to and from files | `weights` |
//! | `testing` | tests that a block computes the same on several devices | `testing` |
//! | [`device`], [`atomic`], [`Error`] | devices by name; files that are complete or not there; what can go wrong outside | |
//!
//! # Cargo features
//!
//! None is on by default: then there are blocks, networks, codec, losses and metrics, on Burn alone.
//!
//! | feature | adds |
//! |---|---|
//! | `flex`, `ndarray`, `cuda`, `vulkan`, `wgpu` | Burn's backends; the device is chosen at run time |
//! | `remote`, `remote-server` | devices of other machines over (unencrypted) WebSocket, and serving this one's |
//! | `weights` | weights to and from safetensors files |
//! | `pytorch` | weights from PyTorch's files, too: torchvision's, MMPose's (`weights`) |
//! | `data` | FLD, DeepFashion-C, DeepFashion2 and COCO keypoints; detected boxes, images, augmentation, parallel loading |
//! | `yolo` | datasets in Ultralytics' form, YOLO-pose (`data`) |
//! | `deeplabcut` | DeepLabCut's projects (`data`) |
//! | `clothing` | the labels of 376 photographs of the Clothing dataset, an open benchmark (`data`) |
//! | `detect` | one image in, named landmarks out (`data` and `weights`) |
//! | `bundled` | a trained model in the binary, for a first try and as a start for training (`detect`) |
//! | `draw` | rendered predictions, attention maps and curves (`detect`) |
//! | `train` | the training loop (`detect`) |
//! | `testing` | tests that blocks, yours included, compute the same on several devices |
//! | `burn-train` | NE, PCK and AP as metrics of Burn's own learner |
//! | `full` | all of the above that needs no GPU |
//!
//! # Conventions
//!
//! Coordinates are pixels of the image named, x right, y down, and a pixel's integer coordinate is
//! its center ([`geometry`]). Tensors of images are `[B, 3, H, W]`; sizes as plain numbers are
//! `[width, height]`: of images `[u32; 2]`, as the crate `image` has them, of a network's input and
//! heatmaps `[usize; 2]`, as Burn has them. Wrong shapes are a programmer's mistake and panic with both shapes; whatever
//! comes from outside returns [`Error`]. The library prints nothing.
#![warn(missing_debug_implementations, missing_docs)]
#![cfg_attr(docsrs, feature(doc_cfg))]

pub mod atomic;
pub mod backbone;
pub mod blocks;
#[cfg(feature = "data")]
pub mod data;
#[cfg(feature = "detect")]
pub mod detector;
pub mod device;
#[cfg(feature = "draw")]
pub mod draw;
mod error;
#[cfg(any(feature = "data", feature = "weights"))]
mod file;
#[cfg(feature = "detect")]
mod format;
pub mod geometry;
pub mod heatmap;
pub mod landmark;
pub mod loss;
pub mod metric;
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
mod with_fields;

pub use burn;
#[cfg(feature = "data")]
pub use image;

pub use crate::error::{Error, ErrorKind, Result};

/// What most programs need, with Burn's `Device` and `Tensor`; no `Result` and no `Error`.
pub mod prelude {
    pub use burn::tensor::{Device, Tensor};

    #[cfg(feature = "data")]
    pub use crate::data::{CocoDataset, DeepFashion2Dataset, FldDataset, LandmarkDataset, Split};
    #[cfg(feature = "detect")]
    pub use crate::detector::{Detection, DetectionRequest, LandmarkDetector};
    #[cfg(feature = "train")]
    pub use crate::train::{TrainConfig, TrainEvent, Training};
    pub use crate::{
        geometry::BoundingBox,
        heatmap::{HeatmapCodec, Refinement},
        landmark::LandmarkSchema,
        loss::LossConfig,
        model::{LandmarkNet, LandmarkNetConfig, Preset},
    };
}

/// The README's examples, run as tests.
#[cfg(all(doctest, feature = "bundled", feature = "flex"))]
#[doc = include_str!("../README.md")]
struct Readme;

/// The examples of the page about reports, run as tests.
#[cfg(all(doctest, feature = "draw"))]
#[doc = include_str!("../docs/report.md")]
struct Reports;
