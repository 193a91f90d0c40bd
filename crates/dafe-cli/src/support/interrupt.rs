//! Handling of Ctrl-C, SIGTERM, and a closed terminal: once to stop, twice to quit.
use std::process::exit;

use dafe::train::Interrupter;

use super::{ending::INTERRUPTED, output};

/// Installs a signal handler. The first signal asks the run to stop and prints `finishing`. The
/// next one runs `before_quitting` and ends the process at once; finished work is kept.
///
/// # Errors
/// If the handler cannot be installed.
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
        // The terminal may be closed; the run must be saved anyway.
        output::warn(format_args!("{finishing}; again to quit at once"));
    })
}
