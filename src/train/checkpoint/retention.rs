//! Checkpoint retention, and the choice of the checkpoint to resume from.
use std::{
    error::Error as _,
    fs, io,
    path::{Path, PathBuf},
};

use super::{name::Name, policy::CheckpointPolicy, position::Position};
use crate::{
    Error, ErrorKind,
    atomic::{commit_folder, sync_folder},
};

/// A run's checkpoint folder. Only the process that holds the run's lock may use it.
pub(in crate::train) struct Checkpoints {
    run: PathBuf,
    folder: PathBuf,
    policy: CheckpointPolicy,
}

/// The result of [`Checkpoints::newest`].
pub(in crate::train) struct Newest<T> {
    /// The checkpoint's folder.
    pub path: PathBuf,
    /// The checkpoint's content.
    pub content: T,
    /// Newer checkpoints that can't be used.
    damaged: Vec<PathBuf>,
}

/// Prefix of unfinished or discarded folders, which are removed when the run is opened again.
const HIDDEN: &str = ".dafe-";

impl Checkpoints {
    /// The checkpoint folder of the run in `run`.
    pub fn folder_of(run: &Path) -> PathBuf {
        run.join("checkpoints")
    }

    /// Opens the existing folder and removes what killed processes left unfinished.
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

    /// The newest checkpoint that `read` accepts. Newer ones that it rejects are passed to
    /// `report`. `None` if there are no checkpoints.
    ///
    /// # Errors
    /// A [checkpoint error](crate::ErrorKind::Checkpoint) if there are checkpoints but `read`
    /// accepts none: starting over is left to the user.
    pub fn newest<T>(
        &self,
        read: impl Fn(&Path) -> Result<T, Error>,
        mut report: impl FnMut(&Path, &Error),
    ) -> Result<Option<Newest<T>>, Error> {
        let mut damaged = Vec::new();
        let mut first = None;
        for name in self.list()?.iter().rev() {
            let path = self.path(name);
            match read(&path) {
                Ok(content) => return Ok(Some(Newest { path, content, damaged })),
                // The device's or the disk's fault, not the checkpoint's.
                Err(reason) if !is_damage(&reason) => return Err(reason),
                Err(reason) => {
                    report(&path, &reason);
                    first.get_or_insert(reason);
                    damaged.push(path);
                }
            }
        }
        let Some(first) = first else { return Ok(None) };
        let message = format!(
            "none of {} can be resumed from; the newest: {first:#}. Nothing was changed. To start over, move the folder away",
            damaged.len()
        );
        Err(Error::new(ErrorKind::Checkpoint, message).with_path(&self.folder))
    }

    /// Moves damaged checkpoints aside, so that they do not count as kept.
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

    /// Saves a checkpoint, whose files are created by `write` in the folder that it is given, then
    /// removes checkpoints that are no longer kept. The checkpoint appears atomically.
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
            // Report the error of `write`; anything that can't be removed now is removed when the
            // run is opened again.
            let _ = fs::remove_dir_all(&temporary);
        }
        written?;
        self.prune(position.history.best().map(|best| best.epoch))
    }

    /// Creates or replaces the run's file `name`, which is created by `write` in the folder that it
    /// is given. The folder belongs to this process alone, so leftovers of a killed process can be
    /// recognized.
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

    /// Removes all checkpoints except the newest and the one at the end of the best epoch.
    fn prune(&self, best: Option<usize>) -> Result<(), Error> {
        let all = self.list()?;
        // The first match: after a change of data, an epoch may be restarted under the same name,
        // with later parameters.
        let best = all.iter().position(|name| name.step == 0 && Some(name.epoch) == best);
        for (i, name) in all[..all.len().saturating_sub(self.policy.keep)].iter().enumerate() {
            if Some(i) == best {
                continue;
            }
            // Renamed first, so that no partial checkpoint ever has this name.
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

/// Removes a file, or a folder with its contents.
fn remove(path: &Path) -> std::io::Result<()> {
    // A link to a folder counts as a file.
    match fs::symlink_metadata(path)?.is_dir() {
        true => fs::remove_dir_all(path),
        false => fs::remove_file(path),
    }
    .or_else(|error| match error.kind() {
        io::ErrorKind::NotFound => Ok(()),
        _ => Err(error),
    })
}

/// Whether an error means that a checkpoint is damaged. If it only can't be read now, it may be
/// readable later.
fn is_damage(error: &Error) -> bool {
    let source = || error.source()?.downcast_ref::<io::Error>().map(io::Error::kind);
    match error.kind() {
        ErrorKind::Checkpoint | ErrorKind::Limit => true,
        ErrorKind::Io => matches!(
            source(),
            Some(
                io::ErrorKind::NotFound
                    | io::ErrorKind::NotADirectory
                    | io::ErrorKind::IsADirectory
                    | io::ErrorKind::UnexpectedEof
            )
        ),
        _ => false,
    }
}
