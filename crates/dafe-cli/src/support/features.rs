//! Errors about missing cargo features.
use std::error::Error;

use super::Refused;

/// The error that `what` requires the cargo feature `feature` of this program.
pub fn missing(what: &str, feature: &str) -> Box<dyn Error> {
    let install = format!("cargo install dafe-cli --features {feature}");
    Refused::by(format!("this build of dafe has no {what}; `{install}` adds it").into())
}
