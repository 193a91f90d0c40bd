//! One process a run: two that write one folder would mix their checkpoints.
use std::{
    fs::{self, File, TryLockError},
    io::{self, Read, Write},
    path::Path,
};

use crate::{Error, ErrorKind};

/// Held while a run's folder is written to. The operating system gives the lock back when the process ends, however it ends.
pub(in crate::train) struct RunLock {
    file: File,
}

impl Drop for RunLock {
    /// Closing alone would not do: a child process that is just being started may have the file, too.
    fn drop(&mut self) {
        // The system gives it back anyway, if later.
        let _ = self.file.unlock();
    }
}

impl RunLock {
    /// Locks the run that keeps its checkpoints in `folder`, which is made if it is not there.
    ///
    /// # Errors
    /// A [training error](crate::ErrorKind::Training) naming the process that has the lock, an [I/O
    /// error](crate::ErrorKind::Io) if there can't be one.
    pub fn acquire(folder: &Path) -> Result<Self, Error> {
        fs::create_dir_all(folder).map_err(Error::io("create", folder))?;
        let path = folder.join("lock");
        // The file stays when the lock is given back: removing it would let a third process lock a new one of that name.
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
            // Some network file systems have none; a run there is as safe as its user is careful.
            Err(TryLockError::Error(error)) if error.kind() == io::ErrorKind::Unsupported => {
                log::warn!("{} can't be locked: {error}", path.display());
            }
            Err(TryLockError::Error(error)) => return Err(Error::io("lock", &path)(error)),
        }
        // For the message above; on a full disk it would be the first to know.
        file.set_len(0)
            .and_then(|()| write!(file, "{}", std::process::id()))
            .map_err(Error::io("write", &path))?;
        Ok(Self { file })
    }
}

fn taken(file: &mut File, folder: &Path) -> String {
    let mut holder = String::new();
    // It may just be written, and on Windows it can't be read while it is locked.
    let read = file.take(20).read_to_string(&mut holder);
    let holder = match read.is_ok() && holder.parse::<u32>().is_ok() {
        true => format!("process {holder}"),
        false => "another process".to_string(),
    };
    format!("{holder} is at work on the run of {}; one at a time", folder.display())
}
