//! Ctrl-C, SIGTERM, and a terminal that is closed: once to stop, twice to quit.
use std::process::exit;

use dafe::train::Interrupter;

use super::{ending::INTERRUPTED, output};

/// From now on the first signal asks the run to stop, which then is `finishing` what that says. The
/// next one ends the process at once, after `before_quitting`; what is saved already is kept.
///
/// # Errors
/// If signals cannot be handled.
pub fn stop_on_signals(
    interrupter: &Interrupter,
    finishing: &'static str,
    before_quitting: impl Fn() + Send + 'static,
) -> Result<(), ctrlc::Error> {
    let run = interrupter.clone();
    ctrlc::set_handler(move || {
        if run.should_stop() {
            before_quitting();
            exit(INTERRUPTED.into());
        }
        run.stop(Some("interrupted"));
        // The terminal may be gone, and the run is to be saved all the same.
        output::warn(format_args!("{finishing}; again to quit at once"));
    })
}
