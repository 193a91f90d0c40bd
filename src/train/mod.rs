//! Training: a step loop whose sample order is a function of (seed, epoch), that can stop and go on at any step.
mod checkpoint;
mod config;
#[cfg(feature = "tui")]
mod dashboard;
mod fine_tuning;
mod history;
mod recompute;
mod run;
mod schedule;
mod session;
mod shard;
mod step;

pub use burn::train::Interrupter;
pub use config::TrainConfig;
#[cfg(feature = "tui")]
pub use dashboard::Dashboard;
pub use fine_tuning::FineTuning;
pub use history::{EpochRecord, History};
pub use recompute::{Recompute, loss_and_gradients};
pub use run::{Outcome, TrainEvent, Training};
pub use schedule::Schedule;
pub use session::read_config;
pub use step::{StepOutput, per_sample_losses};
