//! Progress on a terminal or in a log.
use std::{
    io::{self, IsTerminal},
    sync::Mutex,
    time::{Duration, Instant},
};

use indicatif::{ProgressBar, ProgressStyle};

use super::output;

/// Progress with an ETA: a bar on a terminal, a line every few seconds elsewhere.
pub struct Progress {
    what: String,
    bar: Option<ProgressBar>,
    log: Mutex<Log>,
}

struct Log {
    started: Instant,
    last: Instant,
    /// Work done before this session, as in a resumed run.
    before: Option<u64>,
}

/// The time between lines of progress in a log.
const LOG_EVERY: Duration = Duration::from_secs(10);

impl Progress {
    /// Starts showing the progress of `what`, with `total` items.
    pub fn new(what: &str, total: usize) -> Self {
        let bar = io::stderr().is_terminal().then(|| {
            let template = "{prefix} {wide_bar} {pos}/{len}  {msg}  {eta} left";
            let style = ProgressStyle::with_template(template).expect("a valid template");
            ProgressBar::new(total as u64).with_style(style).with_prefix(what.to_string())
        });
        let now = Instant::now();
        Self {
            what: what.to_string(),
            bar,
            log: Mutex::new(Log { started: now, last: now, before: None }),
        }
    }

    /// Shows that `done` of `total` items are done.
    pub fn update(&self, done: usize, total: usize, message: &str) {
        if let Some(bar) = &self.bar {
            bar.set_length(total as u64);
            bar.set_position(done as u64);
            bar.set_message(message.to_string());
            return;
        }
        let mut log = self.log.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        let before = *log.before.get_or_insert(done.saturating_sub(1) as u64);
        if log.last.elapsed() >= LOG_EVERY {
            log.last = Instant::now();
            let fresh = (done as u64).saturating_sub(before).max(1) as f64;
            let left =
                log.started.elapsed().as_secs_f64() / fresh * total.saturating_sub(done) as f64;
            output::warn(format_args!(
                "{}: {done}/{total}  {message}  {} left",
                self.what,
                duration(left)
            ));
        }
    }

    /// Prints a permanent line, ignoring a closed output.
    pub fn say(&self, line: &str) {
        match &self.bar {
            Some(bar) => bar.suspend(|| output::tell(line)),
            None => output::tell(line),
        }
    }

    /// Removes the bar.
    pub fn done(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

/// Formats a duration: "3 min 20 s".
pub fn duration(seconds: f64) -> String {
    let seconds = seconds.round() as u64;
    match (seconds / 3600, seconds / 60 % 60, seconds % 60) {
        (0, 0, s) => format!("{s} s"),
        (0, m, s) => format!("{m} min {s} s"),
        (h, m, _) => format!("{h} h {m} min"),
    }
}
