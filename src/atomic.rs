//! Atomic file writes: after a crash, a full disk or an error, a file is either the old one or the
//! new one, never half of it. Every file that the crate writes goes through [`write_atomically`].
//!
//! ```
//! use std::{
//!     fs,
//!     io::{self, Write},
//! };
//!
//! use dafe::atomic::{write_atomically, write_text};
//!
//! # let folder = tempfile::tempdir()?;
//! # let path = folder.path().join("ne.txt");
//! write_text(&path, "0.0482")?;
//! let failed = write_atomically(&path, |file| {
//!     file.write_all(b"0.03")?;
//!     Err(io::ErrorKind::StorageFull.into())
//! });
//! assert!(failed.is_err());
//! assert_eq!(fs::read_to_string(&path)?, "0.0482");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
use std::{
    fs::{self, File},
    io::{self, BufWriter, ErrorKind, Write},
    path::{Path, PathBuf},
    process,
    sync::atomic::{AtomicU64, Ordering},
};

use crate::Error;

/// Temporary names to try, in case an earlier process with the same id left files behind.
const ATTEMPTS: usize = 1000;

/// Writes the file `path` with `write`: afterwards it is either complete or unchanged.
///
/// The bytes go to a hidden temporary file in the same folder (which must exist) and are flushed to
/// disk. Only then is the file renamed to `path`, replacing any existing file. If anything fails or
/// `write` panics, the temporary file is removed.
///
/// ```
/// use std::io::Write;
///
/// use dafe::atomic::write_atomically;
///
/// # let folder = tempfile::tempdir()?;
/// # let path = folder.path().join("scores.csv");
/// write_atomically(&path, |file| {
///     writeln!(file, "image,score")?;
///     writeln!(file, "shirt.jpg,0.59")
/// })?;
/// assert_eq!(std::fs::read_to_string(&path)?.lines().count(), 2);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// An [I/O error](crate::ErrorKind::Io) with `path` if creating, writing, flushing or renaming the
/// file fails.
pub fn write_atomically(
    path: impl AsRef<Path>,
    write: impl FnOnce(&mut BufWriter<File>) -> io::Result<()>,
) -> Result<(), Error> {
    let path = path.as_ref();
    replace(path, write).map_err(Error::io("write", path))
}

/// Writes a text file, as [`write_atomically`] does.
///
/// # Errors
/// An [I/O error](crate::ErrorKind::Io) with `path`.
pub fn write_text(path: impl AsRef<Path>, text: &str) -> Result<(), Error> {
    let path = path.as_ref();
    write_atomically(path, |file| file.write_all(text.as_bytes()))
}

/// Creates a folder and its parents; an existing folder is kept as it is.
///
/// # Errors
/// An [I/O error](crate::ErrorKind::Io) with `path`.
pub fn create_folder(path: impl AsRef<Path>) -> Result<(), Error> {
    let path = path.as_ref();
    fs::create_dir_all(path).map_err(Error::io("create", path))
}

fn replace(
    path: &Path,
    write: impl FnOnce(&mut BufWriter<File>) -> io::Result<()>,
) -> io::Result<()> {
    if path.file_name().is_none() {
        return Err(io::Error::new(ErrorKind::InvalidInput, "the path names no file"));
    }
    let (file, temporary) = create_beside(path)?;
    let mut writer = BufWriter::new(file);
    write(&mut writer)?;
    writer.flush()?;
    writer.get_ref().sync_all()?;
    // Windows cannot rename an open file.
    drop(writer);
    fs::rename(&temporary.0, path)
    // After the rename, the guard finds nothing to remove.
}

/// Renames the finished folder `temporary` to `path`, which must not exist, so that the rename
/// survives a power failure. The folder's files must be flushed already; this flushes the directory
/// entries.
///
/// # Errors
/// An [I/O error](crate::ErrorKind::Io) with the folder that failed.
#[cfg(feature = "train")]
pub(crate) fn commit_folder(temporary: &Path, path: &Path) -> Result<(), Error> {
    sync_folder(temporary)?;
    fs::rename(temporary, path).map_err(Error::io("write", path))?;
    path.parent().map_or(Ok(()), sync_folder)
}

/// Flushes a folder's directory entries to disk, where the system can.
///
/// # Errors
/// An [I/O error](crate::ErrorKind::Io) with the folder.
#[cfg(feature = "train")]
pub(crate) fn sync_folder(folder: &Path) -> Result<(), Error> {
    // Windows cannot open folders, and some network file systems cannot flush them.
    let flushed = match cfg!(unix) {
        true => File::open(folder).and_then(|opened| opened.sync_all()),
        false => Ok(()),
    };
    match flushed {
        Err(error) if matches!(error.kind(), ErrorKind::InvalidInput | ErrorKind::Unsupported) => {
            Ok(())
        }
        flushed => flushed.map_err(Error::io("write", folder)),
    }
}

/// Removes its file when dropped, if it still exists under that name.
struct Temporary(PathBuf);

impl Drop for Temporary {
    fn drop(&mut self) {
        // A failure here is ignored: the caller needs the error of the write itself.
        let _ = fs::remove_file(&self.0);
    }
}

fn create_beside(path: &Path) -> io::Result<(File, Temporary)> {
    static COUNTER: AtomicU64 = AtomicU64::new(0);
    let mut last = io::Error::from(ErrorKind::AlreadyExists);
    for _ in 0..ATTEMPTS {
        // Not derived from the target's name, which may already have the maximum length.
        let number = COUNTER.fetch_add(1, Ordering::Relaxed);
        let temporary = path.with_file_name(format!(".dafe-{}-{number}.tmp", process::id()));
        match File::create_new(&temporary) {
            Ok(file) => return Ok((file, Temporary(temporary))),
            Err(error) if error.kind() == ErrorKind::AlreadyExists => last = error,
            Err(error) => return Err(error),
        }
    }
    Err(last)
}

#[cfg(test)]
mod tests {
    use std::panic::{AssertUnwindSafe, catch_unwind};

    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let mut names: Vec<_> = fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    #[test]
    fn writes_and_replaces() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.txt");
        for text in ["a longer first text", "second"] {
            write_atomically(&path, |file| file.write_all(text.as_bytes())).unwrap();
            assert_eq!(fs::read_to_string(&path).unwrap(), text);
        }
        assert_eq!(names(folder.path()), ["a.txt"]);
    }

    #[test]
    fn a_failed_write_leaves_the_old_file_and_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.txt");
        fs::write(&path, "old").unwrap();
        let error = write_atomically(&path, |file| {
            file.write_all(b"half of it")?;
            Err(io::Error::from(ErrorKind::StorageFull))
        })
        .unwrap_err();
        assert!(
            error.to_string().starts_with(&format!("cannot write {}", path.display())),
            "{error}"
        );
        let panicked =
            catch_unwind(AssertUnwindSafe(|| write_atomically(&path, |_| panic!("in the writer"))));
        assert!(panicked.is_err());
        assert_eq!(fs::read_to_string(&path).unwrap(), "old");
        assert_eq!(names(folder.path()), ["a.txt"]);
    }

    #[test]
    fn names_the_target_when_the_folder_will_not_do() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("file"), "").unwrap();
        fs::create_dir(folder.path().join("taken")).unwrap();
        // In a missing folder, in a "folder" that is a file, and onto a folder.
        for target in ["missing/a.txt", "file/a.txt", "taken"] {
            let path = folder.path().join(target);
            let error = write_atomically(&path, |file| file.write_all(b"x")).unwrap_err();
            assert!(error.to_string().contains(&path.display().to_string()), "{error}");
        }
        assert_eq!(names(folder.path()), ["file", "taken"]);
        assert!(write_atomically(Path::new("/"), |_| Ok(())).is_err());
        assert!(write_atomically(Path::new(".."), |_| Ok(())).is_err());
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn a_full_disk_is_reported() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.txt");
        let error = write_atomically(&path, |_| {
            let mut full = File::options().write(true).open("/dev/full")?;
            full.write_all(b"does not fit")
        })
        .unwrap_err();
        assert!(format!("{error:#}").contains("No space left"), "{error:#}");
        assert!(names(folder.path()).is_empty());
    }

    #[test]
    fn many_threads_may_write_one_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.txt");
        std::thread::scope(|scope| {
            for digit in 0..8 {
                let path = &path;
                scope.spawn(move || {
                    let text = digit.to_string().repeat(10_000);
                    write_atomically(path, |file| file.write_all(text.as_bytes())).unwrap();
                });
            }
        });
        let text = fs::read_to_string(&path).unwrap();
        assert_eq!(text.len(), 10_000);
        assert!(text.bytes().all(|byte| byte == text.as_bytes()[0]));
        assert_eq!(names(folder.path()), ["a.txt"]);
    }
}
