//! Learning rate schedules.
use burn::{
    lr_scheduler::{
        LrSchedulerConfig,
        cosine::CosineAnnealingLrSchedulerConfig,
        linear::LinearLrSchedulerConfig,
        module_lr_scheduler::{ModuleLrScheduler, ModuleLrSchedulerConfig},
        sequential::SequentialLrSchedulerConfig,
        step::StepLrSchedulerConfig,
    },
    module::ParamGroup,
};
use serde::{Deserialize, Serialize};

use crate::Error;

/// The learning rate schedule, in epochs.
///
/// ```
/// use dafe::{prelude::*, train::Schedule};
///
/// let cosine = Schedule::Cosine { warmup: 0.05 };
/// let config = TrainConfig::paper(8).with_schedule(cosine);
/// config.validate()?;
/// # Ok::<(), dafe::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Schedule {
    /// Multiply by `factor` every `epochs` epochs. The paper's schedule has 0.1 and 10.
    Step {
        /// Epochs between changes.
        epochs: usize,
        /// The factor of each change.
        factor: f64,
    },
    /// Linear warmup over the first fraction `warmup` of the run (0..1), then cosine decay to zero.
    Cosine {
        /// The warmup, as a fraction of the run.
        warmup: f64,
    },
}

impl Schedule {
    /// Burn's scheduler for a run of `epochs` epochs of `steps` steps each, starting with the rate
    /// of step `done`. The backbone's rate is `backbone_rate` times that of the rest.
    pub(in crate::train) fn scheduler(
        &self,
        learning_rate: f64,
        backbone_rate: f64,
        epochs: usize,
        steps: usize,
        done: usize,
    ) -> Result<ModuleLrScheduler, Error> {
        let mut config = ModuleLrSchedulerConfig::new(self.rates(learning_rate, epochs, steps));
        if backbone_rate != 1.0 {
            let rates = self.rates(learning_rate * backbone_rate, epochs, steps);
            config = config.with_group(ParamGroup::from_predicate("backbone"), rates);
        }
        let mut scheduler = config
            .init()
            .map_err(|error| Error::config(format!("learning rate {learning_rate}: {error}")))?;
        // The rate depends only on the step, so counting up to it restores the state.
        for _ in 0..done {
            scheduler.step();
        }
        Ok(scheduler)
    }

    /// The rates of a whole run, starting with `learning_rate`.
    fn rates(&self, learning_rate: f64, epochs: usize, steps: usize) -> LrSchedulerConfig {
        let total = epochs * steps;
        match *self {
            Self::Step { epochs, factor } => LrSchedulerConfig::Step(
                StepLrSchedulerConfig::new(learning_rate, epochs * steps).with_gamma(factor),
            ),
            Self::Cosine { warmup } => {
                let rising = (total as f64 * warmup) as usize;
                let falling = CosineAnnealingLrSchedulerConfig::new(
                    learning_rate,
                    total.saturating_sub(rising).max(1),
                );
                match rising {
                    0 => LrSchedulerConfig::Cosine(falling),
                    _ => LrSchedulerConfig::Sequential(SequentialLrSchedulerConfig::new(
                        vec![
                            LrSchedulerConfig::Linear(LinearLrSchedulerConfig::new(
                                learning_rate / (rising + 1) as f64,
                                learning_rate,
                                rising,
                            )),
                            LrSchedulerConfig::Cosine(falling),
                        ],
                        vec![rising],
                    )),
                }
            }
        }
    }

    pub(in crate::train) fn validate(&self) -> Result<(), Error> {
        let valid = match *self {
            Self::Step { epochs, factor } => epochs > 0 && factor > 0.0 && factor <= 1.0,
            Self::Cosine { warmup } => (0.0..1.0).contains(&warmup),
        };
        match valid {
            true => Ok(()),
            false => Err(Error::config(format!("invalid learning rate schedule: {self:?}"))),
        }
    }
}
