//! Datasets, image loading, augmentation and batches.
mod annotation;
mod batch;
#[cfg(feature = "clothing")]
pub mod clothing;
pub mod coco;
mod concatenated;
mod dataset;
pub mod deepfashion2;
#[cfg(feature = "deeplabcut")]
pub mod deeplabcut;
mod derived_box;
mod detected_boxes;
mod event;
mod finding;
pub mod fld;
pub mod image;
#[cfg(any(feature = "deeplabcut", feature = "yolo"))]
mod items;
mod json;
#[cfg(any(feature = "deeplabcut", feature = "yolo"))]
mod labeled_images;
mod lenient_json;
mod lines;
mod loader;
mod open;
mod parallel;
#[cfg(any(feature = "deeplabcut", feature = "yolo"))]
mod read_options;
mod split;
mod subset;
#[cfg(test)]
mod test_files;
pub mod transform;
mod with_schema;
#[cfg(any(feature = "deeplabcut", feature = "yolo"))]
mod yaml;
#[cfg(feature = "yolo")]
pub mod yolo;

pub use batch::{HostBatch, LandmarkBatch, SkippedImage, TargetPolicy, TrainBatch};
#[cfg(feature = "clothing")]
pub use clothing::ClothingDataset;
pub use coco::CocoDataset;
pub use concatenated::Concatenated;
pub use dataset::{DatasetImage, LandmarkDataset};
pub use deepfashion2::DeepFashion2Dataset;
#[cfg(feature = "deeplabcut")]
pub use deeplabcut::DeepLabCutDataset;
pub use derived_box::BOX_MARGIN;
pub use detected_boxes::{NamedBox, NamedBoxes, WithBoxes};
pub use event::ReadEvent;
pub use finding::{Finding, FindingKind};
pub use fld::{FldDataset, FldForm};
pub use loader::{BadImage, BatchLoader, EpochAugmentation, LoaderConfig, epoch_order};
pub use open::{DatasetFormat, open};
#[cfg(any(feature = "deeplabcut", feature = "yolo"))]
pub use read_options::ReadOptions;
pub use split::Split;
pub use subset::Subset;
pub use transform::{Augmentation, CropTransform, Framing, LooseBox};
pub use with_schema::WithSchema;
#[cfg(feature = "yolo")]
pub use yolo::YoloDataset;

pub(crate) use annotation::{Number, dataset_error};
#[cfg(feature = "detect")]
pub(crate) use batch::normalize;
pub(crate) use json::write_json;
#[cfg(feature = "detect")]
pub(crate) use parallel::in_order;
