//! A run on Burn's live terminal dashboard.
use std::sync::Arc;

use burn::train::{
    Interrupter as Key,
    logger::TrainingProgressLogger,
    metric::{
        MetricAttributes, MetricDefinition, MetricEntry, MetricId, NumericAttributes, NumericEntry,
        SerializedEntry,
    },
    renderer::{
        MetricState, MetricsRenderer, MetricsRendererTraining, tui::TuiMetricsRendererWrapper,
    },
};

use dafe::{prelude::*, train::Interrupter};

/// Shows a run's loss and validation NE live on the terminal, with progress bars and an ETA. `q`
/// stops the run like an interruption.
pub struct Dashboard {
    renderer: TuiMetricsRendererWrapper,
    /// The interrupter that `q` triggers: the dashboard only knows Burn's own.
    key: Key,
    epochs: usize,
    /// The split of the progress bar: none yet, training (steps), or validation (samples).
    split: Option<&'static str>,
}

const LOSS: &str = "Loss";
const NE: &str = "Normalized error";

impl Dashboard {
    /// Takes over the terminal for a run of `epochs` epochs, of which `done` are done.
    pub fn new(epochs: usize, done: usize) -> Self {
        let key = Key::new();
        let mut renderer = TuiMetricsRendererWrapper::new(key.clone(), None);
        for name in [LOSS, NE] {
            renderer.register_metric(MetricDefinition {
                metric_id: id(name),
                name: Arc::new(name.into()),
                description: None,
                attributes: MetricAttributes::Numeric(NumericAttributes {
                    unit: None,
                    higher_is_better: false,
                }),
            });
        }
        renderer.start(epochs, done, None, Some("training"));
        Self { renderer, key, epochs, split: None }
    }

    /// Shows an event, and stops the run if the key was pressed.
    pub fn observe(&mut self, event: &TrainEvent<'_>, run: &Interrupter) {
        if self.key.should_stop() && !run.should_stop() {
            run.stop(Some("stopped on the dashboard"));
        }
        match *event {
            TrainEvent::Step { step, steps, loss, .. } => {
                self.progress("train", step, steps);
                self.renderer.update_train(numeric(LOSS, loss));
            }
            TrainEvent::Validation { done, total } => self.progress("valid", done, total),
            TrainEvent::Epoch(record) => {
                if let Some(ne) = record.val_ne {
                    self.renderer.update_valid(numeric(NE, ne));
                }
                self.renderer.end_split();
                self.split = None;
                self.renderer.update_epoch((record.epoch - 1).min(self.epochs - 1));
            }
            TrainEvent::Saved { epoch, step } => {
                self.renderer.log_event_training(format!("saved at epoch {epoch}, step {step}"));
            }
            TrainEvent::Skipped(reason) => self.renderer.log_event_training(reason.to_string()),
            TrainEvent::CorruptCheckpoint { .. } | TrainEvent::Opened { .. } => {
                self.renderer.log_event_training(event.to_string());
            }
            _ => (),
        }
    }

    /// Restores the terminal.
    pub fn close(mut self) {
        self.renderer.end();
    }

    fn progress(&mut self, split: &'static str, done: usize, total: usize) {
        if self.split != Some(split) {
            if self.split.is_some() {
                self.renderer.end_split();
            }
            self.renderer.start_split(split, total);
            self.split = Some(split);
        }
        self.renderer.update_split(done);
    }
}

fn id(name: &str) -> MetricId {
    MetricId::new(Arc::new(name.to_string()))
}

fn numeric(name: &str, value: f64) -> MetricState {
    let entry = SerializedEntry::new(format!("{value:.5}"), value.to_string());
    MetricState::Numeric(MetricEntry::new(id(name), entry), Some(NumericEntry::Value(value)))
}
