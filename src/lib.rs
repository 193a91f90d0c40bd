//! Landmark detection in images, mainly of clothing, with Dual Attention Feature Enhancement
//! (DAFE), on [Burn](https://burn.dev). The crate has the blocks and the network of "Improving
//! Fashion Landmark Detection by Dual Attention Feature Enhancement" (Chen, Qin, Qi, Sun), and
//! everything needed to train, evaluate and use it.
//!
//! From an image to named landmarks, with the bundled model (features `bundled` and `flex`):
//!
#![cfg_attr(all(feature = "bundled", feature = "flex"), doc = "```no_run")]
#![cfg_attr(not(all(feature = "bundled", feature = "flex")), doc = "```ignore")]
//! use dafe::prelude::*;
//!
//! let detector = LandmarkDetector::bundled(&Device::flex());
//! for landmark in detector.detect_file("shirt.jpg")?.landmarks {
//!     println!("{landmark}"); // left collar: (95.9, 75.2), score 0.75
//! }
//! # Ok::<(), dafe::Error>(())
//! ```
//!
//! The network alone:
//!
#![cfg_attr(feature = "flex", doc = "```")]
#![cfg_attr(not(feature = "flex"), doc = "```ignore")]
//! use dafe::prelude::*;
//!
//! let device = Device::flex();
//! let net = Preset::Nano.config(8).init(&device); // A small network for eight landmarks.
//! let [width, height] = Preset::Nano.input_size();
//! // Heatmaps at a quarter of the input, whose Gaussians have a standard deviation of two cells.
//! let codec = HeatmapCodec::new([width, height], LandmarkNetConfig::STRIDE, 2.0);
//!
//! // RGB, normalized with ImageNet's mean and standard deviation.
//! let images = Tensor::<4>::zeros([1, 3, height, width], &device);
//! let found = codec.decode(net.forward(images), Refinement::QuarterOffset).into_images();
//! assert_eq!(found[0].positions.len(), 8);
//! ```
//!
//! New here? The [tutorial](https://docs.rs/dafe/latest/dafe/tutorial/) shows how to train on your
//! own dataset, how to get landmarks from an image, and how to build your own network from the
//! blocks.
//!
//! # Modules
//!
//! | module | job | feature |
//! |---|---|---|
//! | [`landmark`], [`geometry`] | positions, visibility, names and mirror pairs; boxes, crops, and how heatmap cells map to pixels | |
//! | `data` | datasets (FLD, DeepFashion-C, DeepFashion2, COCO keypoints, YOLO-pose, DeepLabCut, an open benchmark), loaded as batches on a device | `data` |
//! | [`blocks`] | the paper's equations 1 to 5, and the alternatives they are compared with | |
//! | [`backbone`], [`model`] | [`model::LandmarkNet`] on a ResNet or any other [`backbone::Backbone`] | |
//! | [`ops`] | convolutions with a fused epilogue | |
//! | [`heatmap`] | encoding positions as heatmaps and decoding them: one [`heatmap::HeatmapCodec`], any [`heatmap::Refinement`] | |
//! | [`loss`] | losses on heatmaps and on the coordinates decoded from them | |
//! | [`metric`] | normalized error, PCK, AUC, EPE, the percentage of detected landmarks (PDL), average precision by object keypoint similarity, failure rate, visibility | |
//! | `predict` | predictions for a whole dataset, and their [`metric::LandmarkReport`] | `data` |
//! | `detector` | from an image to named landmarks; its heatmaps and attention maps; MMPose's published networks | `detect` |
//! | `train` | the training loop | `train` |
//! | `draw` | rendered results and plots | `draw` |
//! | `weights` | loading and saving weights | `weights` |
//! | `testing` | tests that a block computes the same on several devices | `testing` |
//! | [`device`], [`atomic`], [`Error`] | devices by name; atomic file writes; errors caused from outside the program | |
//!
//! # Cargo features
//!
//! No feature is on by default. Blocks, networks, codec, losses and metrics are always included and
//! need only Burn.
//!
//! | feature | adds |
//! |---|---|
//! | `flex`, `ndarray`, `cuda`, `vulkan`, `wgpu` | Burn's backends; the device is chosen at run time |
//! | `remote`, `remote-server` | using devices of other machines over (unencrypted) WebSocket, and serving this machine's devices |
//! | `weights` | loading and saving weights as safetensors files |
//! | `pytorch` | loading PyTorch's weight files, such as torchvision's and MMPose's (`weights`) |
//! | `data` | FLD, DeepFashion-C, DeepFashion2 and COCO keypoints; a detector's boxes, images, augmentation, parallel loading |
//! | `yolo` | datasets in Ultralytics' YOLO-pose format (`data`) |
//! | `deeplabcut` | DeepLabCut projects (`data`) |
//! | `clothing` | labels for 376 photographs of the Clothing dataset, an open benchmark (`data`) |
//! | `detect` | from an image to named landmarks (`data` and `weights`) |
//! | `bundled` | a trained model inside the binary, to try the detector or to start training from (`detect`) |
//! | `draw` | rendered predictions, attention maps and curves (`detect`) |
//! | `train` | the training loop (`detect`) |
//! | `testing` | tests that blocks, including yours, compute the same on several devices |
//! | `burn-train` | NE, PCK and AP as metrics of Burn's own learner |
//! | `full` | all of the above that need no GPU |
//!
//! # Conventions
//!
//! Coordinates are pixels of the image in question, x right, y down. A pixel's integer coordinate
//! is its center ([`geometry`]). Image tensors are `[B, 3, H, W]`. Sizes as plain numbers are
//! `[width, height]`: `[u32; 2]` for images, as in the crate `image`, and `[usize; 2]` for network
//! inputs and heatmaps, as in Burn. Wrong shapes are a programming error and panic with both
//! shapes; problems with files, devices and other input are returned as [`Error`]. The library
//! prints nothing.
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
// Only text, compiled with the features that the documentation is built with.
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

/// What most programs need, including Burn's `Device` and `Tensor`, but not `Result` or `Error`.
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

/// The examples in docs/report.md, run as tests.
#[cfg(all(doctest, feature = "draw"))]
#[doc = include_str!("../docs/report.md")]
struct Reports;
