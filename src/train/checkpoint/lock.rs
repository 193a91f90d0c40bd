//! Locks a run for one process: two processes that write to one folder would mix their checkpoints.
use std::{
    fs::{self, File, TryLockError},
    io::{self, Read, Write},
    path::Path,
};

use crate::{Error, ErrorKind};

/// Held while a run's folder is written to. The operating system releases the lock when the process
/// ends, for whatever reason.
pub(in crate::train) struct RunLock {
    file: File,
}

impl Drop for RunLock {
    /// Closing the file is not enough: a child process that is just being started may have it open
    /// as well.
    fn drop(&mut self) {
        // The system releases it eventually anyway.
        let _ = self.file.unlock();
    }
}

impl RunLock {
    /// Locks the run with its checkpoints in `folder`, which is created if necessary.
    ///
    /// # Errors
    /// A [training error](crate::ErrorKind::Training) naming the process that holds the lock; an
    /// [I/O error](crate::ErrorKind::Io) if locking fails.
    pub fn acquire(folder: &Path) -> Result<Self, Error> {
        fs::create_dir_all(folder).map_err(Error::io("create", folder))?;
        let path = folder.join("lock");
        // The file is kept after the lock is released: if it were removed, a third process could
        // lock a new file of the same name.
        let mut file = File::options()
            .create(true)
            .truncate(false)
            .read(true)
            .write(true)
            .open(&path)
            .map_err(Error::io("write", &path))?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                return Err(Error::new(ErrorKind::Training, taken(&mut file, folder)));
            }
            // Some network file systems do not support locks; users must then make sure that only
            // one process runs.
            Err(TryLockError::Error(error)) if error.kind() == io::ErrorKind::Unsupported => {
                log::warn!("{} can't be locked: {error}", path.display());
            }
            Err(TryLockError::Error(error)) => return Err(Error::io("lock", &path)(error)),
        }
        // The process number is for the error message above. On a full disk, this write fails
        // first.
        file.set_len(0)
            .and_then(|()| write!(file, "{}", std::process::id()))
            .map_err(Error::io("write", &path))?;
        Ok(Self { file })
    }
}

fn taken(file: &mut File, folder: &Path) -> String {
    let mut holder = String::new();
    // It may just be being written, and on Windows it can't be read while it is locked.
    let read = file.take(20).read_to_string(&mut holder);
    let holder = match read.is_ok() && holder.parse::<u32>().is_ok() {
        true => format!("process {holder}"),
        false => "another process".to_string(),
    };
    format!("{holder} is already using the run in {}; one process at a time", folder.display())
}
