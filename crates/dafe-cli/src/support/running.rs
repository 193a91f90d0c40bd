//! A run with its progress to be seen.
use std::{
    io::{IsTerminal, Write, stdin, stdout},
    path::Path,
    process::Command,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use dafe::{
    draw::training_curves,
    prelude::*,
    train::{self, Dashboard, History, Interrupter},
};

use super::{
    interrupt::stop_on_signals,
    support::{Outcome, Progress, duration, write_text},
};

/// Trains with a dashboard on a terminal (unless `plain`) and lines elsewhere; the first signal finishes the step and saves.
/// `begun` is called once the folder is this run's. Returns how many times a picture was left out, too.
pub fn train_with_progress(
    training: &Training,
    plain: bool,
    begun: impl Fn() -> Outcome<()>,
) -> Outcome<(train::Outcome, usize)> {
    let interrupter = Interrupter::new();
    let on_screen = Arc::new(AtomicBool::new(false));
    let shown = on_screen.clone();
    stop_on_signals(&interrupter, "finishing the step, then saving", move || {
        if shown.load(Ordering::Relaxed) {
            leave_dashboard();
        }
    })?;
    let epochs = training.config.epochs;
    let plain = plain || !stdout().is_terminal();
    let (mut skipped, mut kept) = (0, Ok(()));
    let mut curves = Curves { history: History::default(), folder: &training.folder };
    let mut drawn = Ok(());
    let mut dashboard: Option<Dashboard> = None;
    let progress = Progress::new("training", 1);
    let outcome = training.run(&interrupter, |event| {
        skipped += usize::from(matches!(event, TrainEvent::Skipped(_)));
        // What can't be drawn now is no reason to stop: it may be after the next epoch.
        if let Some(outcome) = curves.follow(&event) {
            drawn = outcome;
        }
        if let Some(dashboard) = &mut dashboard {
            return dashboard.observe(&event);
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
                if !plain && epoch < epochs {
                    on_screen.store(true, Ordering::Relaxed);
                    dashboard = Some(Dashboard::new(interrupter.clone(), epochs, epoch));
                    keep_signals();
                }
            }
            TrainEvent::Skipped(_)
            | TrainEvent::CorruptCheckpoint { .. }
            | TrainEvent::Saved { .. } => {
                progress.say(&event.to_string());
            }
            _ => {}
        }
    });
    progress.done();
    if let Some(dashboard) = dashboard {
        dashboard.close();
        on_screen.store(false, Ordering::Relaxed);
    }
    kept?;
    let outcome = outcome?;
    drawn?;
    Ok((outcome, skipped))
}

/// The run's curves, to be looked at while it runs.
struct Curves<'a> {
    history: History,
    folder: &'a Path,
}

impl Curves<'_> {
    /// Draws them anew after every epoch.
    fn follow(&mut self, event: &TrainEvent<'_>) -> Option<Outcome<()>> {
        match event {
            TrainEvent::Opened { history, .. } => self.history = (*history).clone(),
            TrainEvent::Epoch(record) => self.history.epochs.push((*record).clone()),
            _ => return None,
        }
        (!self.history.epochs.is_empty()).then(|| self.draw())
    }

    fn draw(&self) -> Outcome<()> {
        Ok(write_text(&self.folder.join("curves.svg"), &training_curves(&self.history)?)?)
    }
}

/// Lets Ctrl-C be a signal on the dashboard, too, for which it would be a key that means nothing.
fn keep_signals() {
    terminal("isig");
}

/// Gives the terminal back where there is no time to close the dashboard.
fn leave_dashboard() {
    // The other screen and the mouse off, the cursor on.
    let _ = stdout().write_all(b"\x1b[?1049l\x1b[?1000l\x1b[?1002l\x1b[?1003l\x1b[?1006l\x1b[?25h");
    let _ = stdout().flush();
    terminal("sane");
}

/// Changes a setting of the terminal, where there is one that can be told so.
fn terminal(setting: &str) {
    if cfg!(unix) && stdin().is_terminal() {
        // Without stty there is still the dashboard's own key.
        let _ = Command::new("stty").arg(setting).status();
    }
}
