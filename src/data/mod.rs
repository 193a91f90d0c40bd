//! Datasets: garments (or other objects) with labeled landmarks, in the usual annotation formats or
//! as your own [`LandmarkDataset`]. Their images are cropped, augmented and loaded in batches by a
//! [`BatchLoader`].
//!
//! ```
//! use dafe::{
//!     data::{self, DatasetFormat},
//!     prelude::*,
//! };
//!
//! # let folder = tempfile::tempdir()?;
//! # let root = folder.path();
//! # for below in ["annotations", "images"] {
//! #     std::fs::create_dir(root.join(below))?;
//! # }
//! # data::image::write_png(root.join("images/kite.png"), &image::RgbImage::new(60, 40))?;
//! # std::fs::write(root.join("annotations/train.json"), r#"{
//! #     "images": [{"id": 1, "file_name": "kite.png"}],
//! #     "annotations": [{"id": 1, "image_id": 1, "category_id": 1, "bbox": [20, 5, 20, 30],
//! #                      "keypoints": [30, 10, 2, 31, 32, 2]}],
//! #     "categories": [{"id": 1, "name": "kite", "keypoints": ["top", "bottom"]}]
//! # }"#)?;
//! // A folder of any supported format; here of COCO's.
//! let kites = data::open(DatasetFormat::find(root)?, root, Split::Train)?;
//! assert_eq!(kites.schema().names(), ["top", "bottom"]);
//! let kite = kites.sample(0);
//! assert_eq!((kite.image.as_str(), kite.landmarks[0].x), ("kite.png", 30.0));
//! assert_eq!(kites.image(0)?.dimensions(), (60, 40));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
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
pub use fld::{FldDataset, FldFormat};
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
