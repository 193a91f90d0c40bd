//! A run with its progress to be seen.
use std::{
    io::{IsTerminal, Write, stdin, stdout},
    process::Command,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use dafe::{
    prelude::*,
    train::{self, Dashboard, Interrupter},
};

use super::{
    args::Args,
    interrupt::stop_on_signals,
    support::{Outcome, Progress, duration},
};

/// Trains with a dashboard on a terminal and lines elsewhere; the first signal finishes the step and saves. Returns how many
/// times a picture was left out, too.
pub fn train_with_progress(training: &Training, args: &Args) -> Outcome<(train::Outcome, usize)> {
    let interrupter = Interrupter::new();
    let on_screen = Arc::new(AtomicBool::new(false));
    let shown = on_screen.clone();
    stop_on_signals(&interrupter, "finishing the step, then saving", move || {
        if shown.load(Ordering::Relaxed) {
            leave_dashboard();
        }
    })?;
    let epochs = training.config.epochs;
    let plain = args.plain || !stdout().is_terminal();
    let (mut skipped, mut kept) = (0, Ok(()));
    let mut dashboard: Option<Dashboard> = None;
    let progress = Progress::new("training", 1);
    let outcome = training.run(&interrupter, |event| {
        skipped += usize::from(matches!(event, TrainEvent::Skipped(_)));
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
                // Only now is the folder this run's, so that these are not written over another's.
                kept = args.session.save(&training.folder);
                if kept.is_err() {
                    interrupter.stop(Some("the arguments can't be saved"));
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
    Ok((outcome?, skipped))
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
