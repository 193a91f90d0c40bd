//! From annotation files and pictures to batches on a device.
mod batch;
mod dataset;
pub mod fld;
mod loader;
pub mod picture;
mod problems;
#[cfg(feature = "synthetic")]
pub mod synthetic;
pub mod transform;

pub use batch::{HostBatch, LandmarkBatch, SkippedPicture, TargetPolicy, TrainBatch};
pub use dataset::LandmarkDataset;
pub use fld::{FldDataset, FldForm, Split};
pub use loader::{BadPicture, BatchLoader, EpochAugmentation, LoaderConfig, epoch_order};
pub use problems::Problems;
pub use transform::{Augmentation, CropTransform, Framing, IMAGENET_MEAN, IMAGENET_STD};

#[cfg(feature = "detect")]
pub(crate) use batch::normalise;
