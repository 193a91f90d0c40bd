//! Training: a [`Training`] runs a recipe ([`TrainConfig`]) on two datasets and leaves a model for
//! [`LandmarkDetector::load`](crate::detector::LandmarkDetector::load) in a folder. It can stop and
//! resume at any step; the order of samples depends only on the seed and the epoch.
//!
#![cfg_attr(feature = "flex", doc = "```")]
#![cfg_attr(not(feature = "flex"), doc = "```ignore")]
//! use std::sync::Arc;
//!
//! use dafe::{prelude::*, train::Interrupter};
//!
//! # let folder = tempfile::tempdir()?;
//! # let folder = folder.path();
//! # dafe::data::image::write_png(folder.join("kite.png"), &image::RgbImage::new(60, 40))?;
//! # std::fs::write(folder.join("kites.json"), r#"{
//! #     "images": [{"id": 1, "file_name": "kite.png"}],
//! #     "annotations": [{"id": 1, "image_id": 1, "category_id": 1, "bbox": [20, 5, 20, 30],
//! #                      "keypoints": [30, 10, 2, 31, 32, 2]}],
//! #     "categories": [{"id": 1, "name": "kite", "keypoints": ["top", "bottom"]}]
//! # }"#)?;
//! let kites = Arc::new(CocoDataset::open(folder.join("kites.json"), folder)?);
//! let config = TrainConfig::preset(Preset::Nano, kites.schema().len()).with_epochs(1);
//! let (device, run) = (Device::flex(), folder.join("run"));
//! let training = Training::new(config, kites.clone(), kites, vec![device.clone()], &run);
//! let outcome = training.run(&Interrupter::new(), |event| println!("{event}"))?;
//! assert!(outcome.finished);
//!
//! let detector = LandmarkDetector::load(&run, &device)?;
//! assert_eq!(detector.config().schema.names(), ["top", "bottom"]);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
mod checkpoint;
mod devices;
mod recipe;
mod run;

pub use checkpoint::policy::CheckpointPolicy;
pub use devices::{gradients::loss_and_gradients, losses::per_sample_losses};
pub use recipe::{
    config::TrainConfig,
    differences::ConfigDifference,
    file::read_config,
    fine_tuning::{FineTuning, InitialWeights},
    history::{EpochRecord, History},
    optimizer::Optimizer,
    recompute::Recompute,
    schedule::Schedule,
};
pub use run::{
    event::TrainEvent,
    interrupter::Interrupter,
    training::{Outcome, Training},
};
