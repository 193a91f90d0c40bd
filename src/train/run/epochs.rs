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
    /// Trains until the last epoch is done or `interrupter` says stop; then the step is finished and a checkpoint
    /// written, in validation at once. Goes on from the folder's newest checkpoint that is whole, if there are any. `observe` is told
    /// of every step.
    ///
    /// On one Flex device, a run that was stopped or killed, however often, ends with the same bits as one that was not.
    ///
    /// Where something fails, a device that is gone included, what the last step left is saved before the error is
    /// returned, if there is still a device to get it from; otherwise the newest checkpoint is what there is to go on from.
    ///
    /// # Errors
    /// A [configuration error](crate::ErrorKind::Config) if the recipe can't work, or the folder
    /// holds a run with another recipe or on other data; A [checkpoint
    /// error](crate::ErrorKind::Checkpoint) if none of the folder's checkpoints can be used; A
    /// [training error](crate::ErrorKind::Training) if the loss is not a number, or another process
    /// is at work on the run; a [device error](crate::ErrorKind::Device) if a device fails or
    /// doesn't answer; any error of reading images and writing files.
    pub fn run(
        &self,
        interrupter: &Interrupter,
        mut observe: impl FnMut(TrainEvent<'_>),
    ) -> Result<Outcome, Error> {
        self.run_observed(interrupter, &mut observe)
    }

    /// [`Self::run`], compiled once and not again for each `observe`.
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

    /// Runs epochs; whether all are done.
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
                // Asked once a step, for all devices.
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
                // The epoch's steps are done and not to be lost; the next session begins with their validation.
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
            // Only now: a model that can't be saved is validated again.
            session.position = finished;
            save(session, devices, clock)?;
            observe(TrainEvent::Epoch(&record));
        }
        Ok(true)
    }

    /// What the network finds in the validation split, unless `interrupter` says stop before that is known.
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

/// Saves where the run stands.
fn save(session: &mut Session, devices: &Devices, clock: &Clock) -> Result<(), Error> {
    session.position.seconds = clock.seconds();
    session.save(&devices.snapshot()?)
}

/// Saves what the last step left, if that can be had and is not saved yet. A failure is no news: something else has failed
/// before.
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

/// Seconds of a run, those of its earlier sessions included.
struct Clock {
    started: Instant,
    before: f64,
}

impl Clock {
    fn seconds(&self) -> f64 {
        self.before + self.started.elapsed().as_secs_f64()
    }
}
