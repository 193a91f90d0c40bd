//! Things that files and command lines call by a name.
use crate::error::Error;

/// The one of `all` that is called `name`; `what` they are goes into the error.
///
/// # Errors
/// [`Error::Config`] with the names that there are.
pub(crate) fn by_name<T, const N: usize>(
    what: &str,
    all: [T; N],
    name_of: impl Fn(&T) -> &'static str,
    name: &str,
) -> Result<T, Error> {
    let known = all.each_ref().map(&name_of).join(", ");
    all.into_iter()
        .find(|candidate| name_of(candidate) == name)
        .ok_or_else(|| Error::Config(format!("unknown {what} '{name}'; there are {known}")))
}
