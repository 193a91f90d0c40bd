//! Landmark detection with Dual Attention Feature Enhancement, on Burn.
#![deny(missing_docs)]
#![forbid(unsafe_code)]
#![cfg_attr(docsrs, feature(doc_cfg))]

#[cfg(any(feature = "data", feature = "weights"))]
mod atomic;
pub mod backbone;
pub mod blocks;
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
pub mod model;
#[cfg(feature = "data")]
pub mod predict;
#[cfg(feature = "train")]
pub mod train;
#[cfg(feature = "weights")]
pub mod weights;

/// Everything most programs need. Brings in Burn's `Device` and `Tensor`, and no `Result` or `Error`.
pub mod prelude {
    pub use crate::{
        backbone::{Backbone, FeaturePyramid, ResNet, ResNetConfig},
        blocks::{
            AttentionMap, ChannelAttentiveSelection, ChannelAttentiveSelectionConfig, DafeModule,
            DafeModuleConfig, Gate, SpatialAttentiveUpsampling, SpatialAttentiveUpsamplingConfig,
        },
        geometry::{Affine, Alignment, BoundingBox},
        heatmap::{HeatmapCodec, Landmarks, Refinement},
        landmark::{ClothesType, Landmark, LandmarkSample, LandmarkSchema, VariationType, Visibility},
        loss::heatmap_mse,
        metric::{MeanBaseline, NormalizedError, NormalizedErrorReport, NormalizedErrorSummary},
        model::{LandmarkNet, LandmarkNetConfig, Preset},
    };
    #[cfg(feature = "data")]
    pub use crate::{
        data::{
            Augmentation, BadPicture, BatchLoader, FldDataset, FldForm, LandmarkBatch,
            LandmarkDataset, LoaderConfig, Split, TargetPolicy,
        },
        predict::{Prediction, Predictions, predict_dataset},
    };
    #[cfg(feature = "detect")]
    pub use crate::detector::{DetectedLandmark, Detection, DetectorConfig, LandmarkDetector};
    #[cfg(feature = "train")]
    pub use crate::train::{Schedule, TrainConfig, TrainEvent, Training};
    pub use burn::tensor::{Device, Tensor};
}
