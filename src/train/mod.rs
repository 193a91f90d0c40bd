//! Training: a step loop whose sample order is a function of (seed, epoch), that can stop and go on at any step.
#[cfg(feature = "bundled")]
mod bundled;
mod checkpoint;
mod config;
mod devices;
mod event;
mod fine_tuning;
mod fingerprint;
mod flat;
mod history;
mod interrupter;
mod lock;
mod manifest;
mod position;
mod recompute;
mod replica;
mod rotation;
mod run;
mod schedule;
mod session;
mod snapshot;
mod statistics;
mod step;
mod training;
mod workers;

pub use config::TrainConfig;
pub use event::TrainEvent;
pub use fine_tuning::FineTuning;
pub use history::{EpochRecord, History};
pub use interrupter::Interrupter;
pub use recompute::{Recompute, loss_and_gradients};
pub use rotation::CheckpointPolicy;
pub use schedule::Schedule;
pub use session::read_config;
pub use step::per_sample_losses;
pub use training::{Outcome, Training};
