//! What the examples share: progress on a terminal or in a log, files, and messages.
#![allow(dead_code, reason = "each example uses a part")]
use std::{
    fs::File,
    io::{self, BufWriter, IsTerminal, Write},
    path::{Path, PathBuf},
    process::ExitCode,
    sync::Mutex,
    time::{Duration, Instant},
};

use dafe::{device::DeviceName, error::Error, prelude::Device};
use indicatif::{ProgressBar, ProgressStyle};

pub type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

/// Runs an example and prints its error, if any, in one line.
pub fn finish(outcome: Outcome<()>) -> ExitCode {
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Progress with an ETA: a bar on a terminal, a line every few seconds elsewhere.
pub struct Progress {
    what: String,
    bar: Option<ProgressBar>,
    log: Mutex<Log>,
}

struct Log {
    started: Instant,
    last: Instant,
    /// Work that was done before this session began, as in a resumed run.
    before: Option<u64>,
}

/// Between lines of progress in a log.
const LOG_EVERY: Duration = Duration::from_secs(10);

impl Progress {
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

    /// `done` of `total` are done.
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
            // A log that nobody reads any more must not end what it tells of.
            let _ = writeln!(
                io::stderr(),
                "{}: {done}/{total}  {message}  {} left",
                self.what,
                duration(left)
            );
        }
    }

    /// A line that stays.
    pub fn say(&self, line: &str) {
        let say = || {
            let _ = writeln!(io::stdout(), "{line}");
        };
        match &self.bar {
            Some(bar) => bar.suspend(say),
            None => say(),
        }
    }

    pub fn done(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

/// "3 min 20 s".
pub fn duration(seconds: f64) -> String {
    let seconds = seconds.round() as u64;
    match (seconds / 3600, seconds / 60 % 60, seconds % 60) {
        (0, 0, s) => format!("{s} s"),
        (0, m, s) => format!("{m} min {s} s"),
        (h, m, _) => format!("{h} h {m} min"),
    }
}

/// Writes a text file whole or not at all.
pub fn write_text(path: &Path, text: &str) -> Result<(), Error> {
    write_file(path, |file| file.write_all(text.as_bytes()))
}

/// Writes a file piece by piece, whole or not at all.
pub fn write_file(
    path: &Path,
    write: impl FnOnce(&mut BufWriter<File>) -> io::Result<()>,
) -> Result<(), Error> {
    let temporary = path.with_extension(format!("{}.tmp", std::process::id()));
    let written = File::create(&temporary).and_then(|file| {
        let mut file = BufWriter::new(file);
        write(&mut file)?;
        file.flush()?;
        file.get_ref().sync_all()?;
        std::fs::rename(&temporary, path)
    });
    if written.is_err() {
        let _ = std::fs::remove_file(&temporary);
    }
    written.map_err(|source| Error::Io { action: "write", path: path.to_path_buf(), source })
}

/// Creates a folder and those above it; one that is there is kept as it is.
pub fn create_folder(path: &Path) -> Result<(), Error> {
    let failed = |source| Error::Io { action: "create", path: PathBuf::from(path), source };
    std::fs::create_dir_all(path).map_err(failed)
}

/// How many threads make batches unless told otherwise: one a core, eight at most.
pub fn default_workers() -> usize {
    std::thread::available_parallelism().map_or(2, |cores| cores.get().min(8))
}

/// What a run of `parts` parts a step uses: the devices that are named, a single CPU once for each part, so that they are
/// computed side by side. All names are understood before the first device is opened.
pub fn training_devices(names: &[String], parts: usize) -> Result<Vec<Device>, Error> {
    let names = names.iter().map(|name| name.trim().parse());
    match &names.collect::<Result<Vec<DeviceName>, _>>()?[..] {
        [] => Err(Error::Config("training needs a device".into())),
        [cpu @ (DeviceName::Flex | DeviceName::NdArray)] => Ok(vec![cpu.open()?; parts]),
        names => names.iter().map(DeviceName::open).collect(),
    }
}
