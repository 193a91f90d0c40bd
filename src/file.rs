//! Files from outside, read with limits.
#[cfg(feature = "data")]
use std::io::Read;
use std::{
    fs::{self, File},
    path::Path,
};

use crate::Error;
#[cfg(feature = "data")]
use crate::ErrorKind;

/// Opens a regular file for reading, and tells its size; `refused` makes an error of what is wrong
/// with others.
pub(crate) fn open_regular(
    path: &Path,
    refused: impl Fn(String) -> Error,
) -> Result<(File, u64), Error> {
    // Looked at before it is opened: opening a pipe would wait for its other end.
    let metadata = fs::metadata(path).map_err(Error::io("read", path))?;
    if metadata.is_dir() {
        return Err(refused("a folder, not a file".into()));
    }
    if !metadata.is_file() {
        return Err(refused("not a regular file".into()));
    }
    Ok((File::open(path).map_err(Error::io("read", path))?, metadata.len()))
}

/// The whole file, unless it is empty or has more than `most` bytes.
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
