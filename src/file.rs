//! Reading untrusted files, with limits.
#[cfg(feature = "data")]
use std::io::Read;
use std::{
    fs::{self, File},
    path::Path,
};

use crate::Error;
#[cfg(feature = "data")]
use crate::ErrorKind;

/// Opens a regular file for reading and returns it with its size. `refused` turns the reason why a
/// path is not a regular file into an error.
pub(crate) fn open_regular(
    path: &Path,
    refused: impl Fn(String) -> Error,
) -> Result<(File, u64), Error> {
    // Checked before opening: opening a pipe would wait for its other end.
    let metadata = fs::metadata(path).map_err(Error::io("read", path))?;
    if metadata.is_dir() {
        return Err(refused("a folder, not a file".into()));
    }
    if !metadata.is_file() {
        return Err(refused("not a regular file".into()));
    }
    Ok((File::open(path).map_err(Error::io("read", path))?, metadata.len()))
}

/// Reads the whole file; an error if it is empty or larger than `most` bytes.
#[cfg(feature = "data")]
pub(crate) fn read_bounded(
    path: &Path,
    most: u64,
    refused: impl Fn(String) -> Error,
) -> Result<Vec<u8>, Error> {
    let (file, length) = open_regular(path, &refused)?;
    let mut bytes = Vec::with_capacity(length.min(most) as usize + 1);
    file.take(most + 1).read_to_end(&mut bytes).map_err(Error::io("read", path))?;
    match bytes.len() as u64 {
        0 => Err(refused("the file is empty".into())),
        length if length > most => {
            Err(refused(format!("larger than {most} bytes")).with_kind(ErrorKind::Limit))
        }
        _ => Ok(bytes),
    }
}
