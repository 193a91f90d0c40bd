//! A run's checkpoints: when they are written, which are kept, and which is gone on from.
use std::{
    fmt, fs,
    io::ErrorKind,
    path::{Path, PathBuf},
};

use super::{TrainEvent, position::Position};
use crate::{
    atomic::{commit_folder, sync_folder},
    error::Error,
};

/// When checkpoints are written, and how many are kept.
///
/// One is written at the end of every epoch, and whenever the run is stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CheckpointPolicy {
    /// Steps between further checkpoints, counted from the run's beginning. None by default.
    pub every_steps: Option<usize>,
    /// How many of the newest are kept, 2 by default: should the last be damaged, there is the one before. That of the epoch
    /// with the lowest validation NE is kept besides.
    pub keep: usize,
}

impl Default for CheckpointPolicy {
    fn default() -> Self {
        Self { every_steps: None, keep: 2 }
    }
}

impl CheckpointPolicy {
    /// Whether the values can work.
    ///
    /// # Errors
    /// [`Error::Config`] naming the first that can't.
    pub fn validate(&self) -> Result<(), Error> {
        let message = match self {
            Self { every_steps: Some(0), .. } => "every_steps",
            Self { keep: 0, .. } => "keep",
            _ => return Ok(()),
        };
        Err(Error::Config(format!("checkpoints.{message} must be at least 1, not 0")))
    }

    /// Whether one is due when so many steps of the run are done.
    pub(super) fn due(&self, steps: usize) -> bool {
        self.every_steps.is_some_and(|every| steps.is_multiple_of(every))
    }
}

/// What a checkpoint's folder is called: `000017-epoch-0002-step-000120`. The number in front counts the run's checkpoints, so
/// that the highest is the newest even where an epoch was begun anew.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Name {
    number: u64,
    epoch: usize,
    step: usize,
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { number, epoch, step } = self;
        write!(f, "{number:06}-epoch-{epoch:04}-step-{step:06}")
    }
}

impl Name {
    /// None where a checkpoint would not be called so.
    fn parse(text: &str) -> Option<Self> {
        let parts: Vec<&str> = text.split('-').collect();
        let [number, "epoch", epoch, "step", step] = parts[..] else { return None };
        let name = Self {
            number: number.parse().ok()?,
            epoch: epoch.parse().ok()?,
            step: step.parse().ok()?,
        };
        (name.to_string() == text).then_some(name)
    }
}

/// The run's folder of checkpoints. Only the process that holds its lock may have one.
pub(super) struct Checkpoints {
    run: PathBuf,
    folder: PathBuf,
    policy: CheckpointPolicy,
}

/// What [`Checkpoints::newest`] finds.
pub(super) struct Newest<T> {
    /// The checkpoint's folder.
    pub path: PathBuf,
    /// What it holds.
    pub content: T,
    /// The newer ones, which can't be used.
    damaged: Vec<PathBuf>,
}

/// What begins so is unfinished, or on its way out, and is removed when the run is next opened.
const HIDDEN: &str = ".dafe-";

impl Checkpoints {
    /// The folder for the checkpoints of the run in `run`.
    pub fn folder_of(run: &Path) -> PathBuf {
        run.join("checkpoints")
    }

    /// Opens the folder, which is there, and removes what killed processes left unfinished.
    pub fn open(run: &Path, policy: CheckpointPolicy) -> Result<Self, Error> {
        let folder = Self::folder_of(run);
        let this = Self { run: run.to_path_buf(), folder, policy };
        for entry in fs::read_dir(&this.folder).map_err(Error::io("read", &this.folder))? {
            let entry = entry.map_err(Error::io("read", &this.folder))?;
            if entry.file_name().to_string_lossy().starts_with(HIDDEN) {
                let path = entry.path();
                remove(&path).map_err(Error::io("remove", &path))?;
            }
        }
        Ok(this)
    }

    /// The newest checkpoint that `read` takes; `observe` is told of newer ones that it does not take. None if there are no
    /// checkpoints.
    ///
    /// # Errors
    /// [`Error::Checkpoint`] if there are some and `read` takes none: to begin anew over them is the user's to decide.
    pub fn newest<T>(
        &self,
        read: impl Fn(&Path) -> Result<T, Error>,
        observe: &mut impl FnMut(TrainEvent<'_>),
    ) -> Result<Option<Newest<T>>, Error> {
        let mut damaged = Vec::new();
        let mut first = None;
        for name in self.list()?.iter().rev() {
            let path = self.path(name);
            match read(&path) {
                Ok(content) => return Ok(Some(Newest { path, content, damaged })),
                // The device's fault or the disk's, not the checkpoint's.
                Err(reason) if !is_damage(&reason) => return Err(reason),
                Err(reason) => {
                    observe(TrainEvent::CorruptCheckpoint { path: &path, reason: &reason });
                    first.get_or_insert(reason);
                    damaged.push(path);
                }
            }
        }
        let Some(first) = first else { return Ok(None) };
        let message = format!(
            "none of {} can be gone on from; of the newest: {first}. Nothing was changed. To begin anew, move the folder away",
            damaged.len()
        );
        Err(Error::Checkpoint { path: self.folder.clone(), message })
    }

    /// Puts aside what was found damaged: it must not count as one of those that are kept.
    pub fn put_aside<T>(&self, newest: &Newest<T>) -> Result<(), Error> {
        for path in &newest.damaged {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            let free = (1u64..)
                .map(|i| self.folder.join(format!("corrupt-{i}-{name}")))
                .find(|aside| !aside.exists())
                .expect("there are not so many files");
            fs::rename(path, free).map_err(Error::io("rename", path))?;
        }
        Ok(())
    }

    /// Saves a checkpoint, whose files `write` makes in the folder that it is given; then removes those that are no longer
    /// kept. It appears whole or not at all.
    pub fn save(
        &self,
        position: &Position,
        write: impl FnOnce(&Path) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let number = self.list()?.last().map_or(0, |last| last.number).saturating_add(1);
        let name = Name { number, epoch: position.epoch, step: position.step };
        let temporary = self.folder.join(format!("{HIDDEN}{name}"));
        let written = write(&temporary).and_then(|()| commit_folder(&temporary, &self.path(&name)));
        if written.is_err() {
            // The error is what counts; what can't be removed now is when the run is next opened.
            let _ = fs::remove_dir_all(&temporary);
        }
        written?;
        self.prune(position.history.best().map(|best| best.epoch))
    }

    /// Makes or replaces the run's file `name`, which `write` makes in the folder that it is given: one for this process alone,
    /// so that what is left there when it is killed can be told from another's.
    pub fn install(
        &self,
        name: &str,
        write: impl FnOnce(&Path) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let unfinished = self.folder.join(format!("{HIDDEN}unfinished"));
        fs::create_dir_all(&unfinished).map_err(Error::io("create", &unfinished))?;
        let path = self.run.join(name);
        let installed = write(&unfinished)
            .and_then(|()| {
                fs::rename(unfinished.join(name), &path).map_err(Error::io("write", &path))
            })
            .and_then(|()| sync_folder(&self.run));
        // As above.
        let _ = fs::remove_dir_all(&unfinished);
        installed
    }

    /// Removes all but the newest and the one at the end of the best epoch.
    fn prune(&self, best: Option<usize>) -> Result<(), Error> {
        let all = self.list()?;
        // The first: with changed data an epoch may be begun anew under the same name, with later parameters.
        let best = all.iter().position(|name| name.step == 0 && Some(name.epoch) == best);
        for (i, name) in all[..all.len().saturating_sub(self.policy.keep)].iter().enumerate() {
            if Some(i) == best {
                continue;
            }
            // Renamed first, so that there is never half a checkpoint by that name.
            let (path, hidden) = (self.path(name), self.folder.join(format!("{HIDDEN}{name}")));
            fs::rename(&path, &hidden).map_err(Error::io("remove", &path))?;
            if let Err(error) = fs::remove_dir_all(&hidden) {
                log::warn!("cannot remove {} yet: {error}", hidden.display());
            }
        }
        Ok(())
    }

    fn path(&self, name: &Name) -> PathBuf {
        self.folder.join(name.to_string())
    }

    /// All checkpoints, oldest first.
    fn list(&self) -> Result<Vec<Name>, Error> {
        let entries = fs::read_dir(&self.folder).map_err(Error::io("read", &self.folder))?;
        let mut found = Vec::new();
        for entry in entries {
            let entry = entry.map_err(Error::io("read", &self.folder))?;
            found.extend(entry.file_name().to_str().and_then(Name::parse));
        }
        found.sort();
        Ok(found)
    }
}

/// Removes a file, or a folder with all that it holds.
fn remove(path: &Path) -> std::io::Result<()> {
    // A link to a folder is a file here.
    match fs::symlink_metadata(path)?.is_dir() {
        true => fs::remove_dir_all(path),
        false => fs::remove_file(path),
    }
    .or_else(|error| match error.kind() {
        ErrorKind::NotFound => Ok(()),
        _ => Err(error),
    })
}

/// Whether an error says that a checkpoint is not whole. One that can't be read now may be later.
fn is_damage(error: &Error) -> bool {
    match error {
        Error::Checkpoint { .. } => true,
        Error::Io { source, .. } => matches!(
            source.kind(),
            ErrorKind::NotFound
                | ErrorKind::NotADirectory
                | ErrorKind::IsADirectory
                | ErrorKind::UnexpectedEof
        ),
        _ => false,
    }
}
