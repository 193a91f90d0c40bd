//! The training loop.
use std::{ops::ControlFlow, time::Instant};

use super::{
    event::TrainEvent,
    interrupter::Interrupter,
    session::Session,
    training::{Outcome, Training},
};
use crate::{
    Error, ErrorKind,
    detector::{Calibration, DetectorConfig},
    predict::{Predictions, predict_until},
    train::devices::group::Devices,
};

impl Training {
    /// Trains until the last epoch is finished or `interrupter` requests a stop. Events are passed
    /// to `observe`.
    ///
    /// If the folder contains checkpoints, training resumes from the newest intact one. On a stop
    /// request, the current step is finished and a checkpoint is written; validation stops
    /// immediately. On a single Flex device, a run that was stopped or killed any number of times
    /// ends with exactly the same bits as an uninterrupted one.
    ///
    /// If something fails, including a lost device, the state after the last step is saved before
    /// the error is returned, provided that a device can still supply it. Otherwise the run can be
    /// resumed from the newest checkpoint.
    ///
    /// # Errors
    /// A [configuration error](crate::ErrorKind::Config) if the recipe is invalid, or the folder
    /// contains a run with another recipe or other data; a [checkpoint
    /// error](crate::ErrorKind::Checkpoint) if none of the folder's checkpoints can be used; a
    /// [training error](crate::ErrorKind::Training) if the loss is not finite, or another process
    /// is using the run; a [device error](crate::ErrorKind::Device) if a device fails or does not
    /// answer; any error of reading images and writing files.
    pub fn run(
        &self,
        interrupter: &Interrupter,
        mut observe: impl FnMut(TrainEvent<'_>),
    ) -> Result<Outcome, Error> {
        self.run_observed(interrupter, &mut observe)
    }

    /// [`Self::run`], compiled only once instead of for each `observe`.
    fn run_observed(
        &self,
        interrupter: &Interrupter,
        observe: &mut dyn FnMut(TrainEvent<'_>),
    ) -> Result<Outcome, Error> {
        let (mut session, snapshot) = Session::open(self, observe)?;
        let mut devices =
            Devices::start(&self.devices, &snapshot, &self.config, self.device_timeout)?;
        let clock = Clock { started: Instant::now(), before: session.position.seconds };
        let done = self.epochs(&mut session, &mut devices, interrupter, &clock, observe);
        if done.is_err() && !session.diverged {
            session.position.seconds = clock.seconds();
            rescue(&mut session, devices, observe);
        }
        done.map(|finished| session.outcome(finished))
    }

    /// Runs epochs. Returns whether all are finished.
    fn epochs(
        &self,
        session: &mut Session,
        devices: &mut Devices,
        interrupter: &Interrupter,
        clock: &Clock,
        observe: &mut dyn FnMut(TrainEvent<'_>),
    ) -> Result<bool, Error> {
        let config = &self.config;
        let steps = (self.train.len() / config.batch_size).max(1);
        while session.position.epoch < config.epochs {
            let epoch = session.position.epoch;
            let mut scheduler = config.schedule.scheduler(
                config.learning_rate,
                config.fine_tuning.backbone_rate,
                config.epochs,
                steps,
                epoch * steps + session.position.step,
            )?;
            for batch in self.epoch_batches(epoch, session.position.step, steps) {
                let batch = batch?;
                for skipped in &batch.skipped {
                    observe(TrainEvent::Skipped(&skipped.reason));
                }
                let rates = scheduler.step();
                let learning_rate = rates.base();
                let loss = match batch.is_empty() {
                    true => 0.0,
                    false => devices.step(batch, config.shards, rates)?,
                };
                if !loss.is_finite() {
                    session.diverged = true;
                    return Err(Error::new(
                        ErrorKind::Training,
                        format!(
                            "the loss of epoch {}, step {} is {loss}; a lower learning rate than \
                         {learning_rate} may help",
                            epoch + 1,
                            session.position.step + 1
                        ),
                    ));
                }
                session.position.advance(loss, learning_rate);
                let step = session.position.step;
                observe(TrainEvent::Step { epoch: epoch + 1, step, steps, loss, learning_rate });
                // Checked once per step, for all devices.
                let stop = interrupter.should_stop();
                if stop || self.checkpoints.due(epoch * steps + step) {
                    save(session, devices, clock)?;
                    observe(TrainEvent::Saved { epoch: epoch + 1, step });
                }
                if stop {
                    return Ok(false);
                }
            }

            let ControlFlow::Continue(found) = self.validate(devices, interrupter, observe)? else {
                // The epoch's steps must not be lost; the next session starts with their
                // validation.
                save(session, devices, clock)?;
                observe(TrainEvent::Saved { epoch: epoch + 1, step: steps });
                return Ok(false);
            };
            let val_ne = found.report(self.val.as_ref()).ne();
            let mut finished = session.position.clone();
            let record = finished.finish_epoch(steps, val_ne, clock.seconds());
            if finished.history.best() == Some(&record) || epoch == 0 {
                let model = DetectorConfig {
                    calibration: Some(Calibration::fit(&found, self.val.as_ref())),
                    origin: Some(finished.origin()),
                    ..self.detector_config()
                };
                session.save_best(|path| devices.save_model(model, path))?;
            }
            // Only now, so that a model that can't be saved is validated again.
            session.position = finished;
            save(session, devices, clock)?;
            observe(TrainEvent::Epoch(&record));
        }
        Ok(true)
    }

    /// The predictions for the validation split, unless `interrupter` requests a stop before they
    /// are complete.
    fn validate(
        &self,
        devices: &Devices,
        interrupter: &Interrupter,
        observe: &mut dyn FnMut(TrainEvent<'_>),
    ) -> Result<ControlFlow<(), Predictions>, Error> {
        let decoding = self.detector_config().decoding();
        let mirror = self.val.schema().mirror();
        predict_until(
            &self.val,
            &self.loader_config(),
            devices.len(),
            |batches| devices.predict(batches, decoding, mirror),
            |done, total| {
                observe(TrainEvent::Validation { done, total });
                match interrupter.should_stop() && done < total {
                    true => ControlFlow::Break(()),
                    false => ControlFlow::Continue(()),
                }
            },
        )
    }
}

/// Saves the run's current state.
fn save(session: &mut Session, devices: &Devices, clock: &Clock) -> Result<(), Error> {
    session.position.seconds = clock.seconds();
    session.save(&devices.snapshot()?)
}

/// Saves the state after the last step, if it is available and not saved yet. Errors are ignored,
/// because another error has already occurred.
fn rescue(session: &mut Session, devices: Devices, observe: &mut dyn FnMut(TrainEvent<'_>)) {
    if session.is_saved() {
        return;
    }
    let Some(snapshot) = devices.rescue() else { return };
    if session.save(&snapshot).is_ok() {
        let (epoch, step) = (session.position.epoch + 1, session.position.step);
        observe(TrainEvent::Saved { epoch, step });
    }
}

/// Seconds of a run, including its earlier sessions.
struct Clock {
    started: Instant,
    before: f64,
}

impl Clock {
    fn seconds(&self) -> f64 {
        self.before + self.started.elapsed().as_secs_f64()
    }
}
