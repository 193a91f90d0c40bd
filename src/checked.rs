//! Values from files that are checked while they are read.
use serde::de;

use crate::error::Error;

/// The last step of a `Deserialize`: what a check found, as an error of the file's reader, which
/// adds the place.
pub(crate) fn checked<T, E: de::Error>(result: Result<T, Error>) -> Result<T, E> {
    result.map_err(|error| match error {
        // Whoever reads the file says what it is.
        Error::Config(message) => E::custom(message),
        error => E::custom(error),
    })
}
