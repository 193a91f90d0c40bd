//! A run with its progress to be seen.
use std::io::IsTerminal;

use dafe::{
    prelude::*,
    train::{self, Dashboard, Interrupter},
};

use super::support::{Outcome, Progress, duration};

/// Trains with a dashboard on a terminal and lines elsewhere; Ctrl-C finishes the step and saves. Returns how many
/// times a picture was left out, too.
pub fn train_with_progress(training: &Training, plain: bool) -> Outcome<(train::Outcome, usize)> {
    let interrupter = Interrupter::new();
    let stop = interrupter.clone();
    ctrlc::set_handler(move || stop.stop(Some("interrupted")))?;
    let epochs = training.config.epochs;
    let mut skipped = 0;

    if std::io::stdout().is_terminal() && !plain {
        let mut dashboard = Dashboard::new(interrupter.clone(), epochs, 0);
        let outcome = training.run(&interrupter, |event| {
            skipped += usize::from(matches!(event, TrainEvent::Skipped(_)));
            dashboard.observe(&event);
        });
        dashboard.close();
        return Ok((outcome?, skipped));
    }
    let progress = Progress::new("training", 1);
    let outcome = training.run(&interrupter, |event| match event {
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
        TrainEvent::Skipped(reason) => {
            skipped += 1;
            progress.say(&format!("left out: {reason}"));
        }
        TrainEvent::Saved { epoch, step } => {
            progress.say(&format!("saved at epoch {epoch}, step {step}"));
        }
        _ => {}
    });
    progress.done();
    Ok((outcome?, skipped))
}
