//! Code shared by the commands and by the programs in the workspace's `tools/`.
pub(crate) mod boxes;
pub mod datasets;
mod devices;
mod ending;
pub(crate) mod features;
mod interrupt;
pub(crate) mod models;
pub(crate) mod output;
mod progress;
mod running;
pub mod sheets;
pub mod without_boxes;

pub use self::{
    devices::{default_workers, training_devices},
    ending::{Ending, finish},
    interrupt::stop_on_signals,
    progress::{Progress, duration},
    running::train_with_progress,
};
pub(crate) use self::{
    devices::{open_device, parse_device_names},
    ending::Refused,
};

/// Why there is no average precision, and how to get it.
pub(crate) const NO_SIGMAS: &str = "no average precision: the dataset has no sigmas (--sigma 0.05 \
                                    assumes one for all, --schema FILE gives each)";

/// The result of a command; errors are printed in one line.
pub type Outcome<T> = Result<T, Box<dyn std::error::Error>>;
