//! What the commands share, and what the programs in the workspace's `tools/` take from here.
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

/// Why there is no average precision, and what to do about it.
pub(crate) const NO_SIGMAS: &str = "no average precision: the dataset has no sigmas (--sigma 0.05 \
                                    assumes one for all, --schema FILE gives each)";

/// What a command returns: its errors are shown as one line.
pub type Outcome<T> = Result<T, Box<dyn std::error::Error>>;
