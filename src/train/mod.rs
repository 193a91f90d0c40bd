//! Training: a step loop that can stop and resume at any step. The sample order depends only on the
//! seed and the epoch.
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
