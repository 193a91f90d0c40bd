//! A training run with its progress on the terminal.
mod curves;
#[cfg(feature = "tui")]
mod dashboard;
#[cfg(not(feature = "tui"))]
mod no_screen;
#[cfg(feature = "tui")]
mod screen;
#[cfg(feature = "tui")]
mod terminal;

use std::io::{IsTerminal, stdout};

use dafe::{
    prelude::*,
    train::{self, Interrupter},
};

use self::curves::Curves;
#[cfg(not(feature = "tui"))]
use self::no_screen::Screen;
#[cfg(feature = "tui")]
use self::screen::Screen;
use super::{Outcome, Progress, duration, stop_on_signals};

/// Trains with a dashboard on a terminal (unless `plain`, or the build has none) and lines
/// elsewhere.
///
/// The first signal finishes the step and saves. `begun` is called once the folder belongs to this
/// run. Also returns how many times an image was left out.
///
/// # Errors
/// The errors of the run and of `begun`; if the curves cannot be written at the end.
pub fn train_with_progress(
    training: &Training,
    plain: bool,
    begun: impl Fn() -> Outcome<()>,
) -> Outcome<(train::Outcome, usize)> {
    let interrupter = Interrupter::new();
    let mut screen = Screen::new(!plain && stdout().is_terminal());
    stop_on_signals(&interrupter, "finishing the step, then saving", screen.leaving())?;
    let epochs = training.config.epochs;
    let (mut skipped, mut kept) = (0, Ok(()));
    let mut curves = Curves::new(&training.folder);
    let mut written = Ok(());
    let progress = Progress::new("training", 1);
    let outcome = training.run(&interrupter, |event| {
        skipped += usize::from(matches!(event, TrainEvent::Skipped(_)));
        // A failure to write the curves doesn't stop training; the next epoch may succeed.
        if let Some(outcome) = curves.follow(&event) {
            written = outcome;
        }
        if screen.shows(&event, &interrupter) {
            return;
        }
        match event {
            TrainEvent::Step { epoch, step, steps, loss, .. } => {
                let message = format!("epoch {epoch}/{epochs}  loss {loss:.6}");
                progress.update((epoch - 1) * steps + step, epochs * steps, &message);
            }
            TrainEvent::Epoch(record) => progress.say(&format!(
                "epoch {:>2}/{epochs}  loss {:.6}  validation NE {}  {}",
                record.epoch,
                record.train_loss,
                record.val_ne.map_or("unknown".into(), |ne| format!("{ne:.4}")),
                duration(record.seconds)
            )),
            TrainEvent::Opened { epoch, .. } => {
                progress.say(&event.to_string());
                kept = begun();
                if kept.is_err() {
                    interrupter.stop(Some("the run's other files can't be written"));
                }
                if epoch < epochs {
                    screen.open(epochs, epoch);
                }
            }
            TrainEvent::Skipped(_)
            | TrainEvent::CorruptCheckpoint { .. }
            | TrainEvent::Loaded(_)
            | TrainEvent::Saved { .. } => {
                progress.say(&event.to_string());
            }
            _ => {}
        }
    });
    progress.done();
    screen.close();
    kept?;
    let outcome = outcome?;
    written?;
    Ok((outcome, skipped))
}
