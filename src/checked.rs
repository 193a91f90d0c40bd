//! Values from files that are checked while they are read.
use serde::de;

use crate::Error;

/// The last step of a `Deserialize`: what a check found, as an error of the file's reader, which
/// adds the place.
pub(crate) fn checked<T, E: de::Error>(result: Result<T, Error>) -> Result<T, E> {
    result.map_err(E::custom)
}
