//! Ctrl-C, SIGTERM, and a terminal that is closed: once to stop, twice to quit.
use std::{
    io::{Write, stderr},
    process::exit,
};

use dafe::train::Interrupter;

/// What a shell says of a program that Ctrl-C ended.
const INTERRUPTED: i32 = 130;

/// From now on the first signal asks the run to stop, which then is `finishing` what it says, and the next one ends the process
/// at once, after `before_quitting`; what is saved already is kept.
pub fn stop_on_signals(
    interrupter: &Interrupter,
    finishing: &'static str,
    before_quitting: impl Fn() + Send + 'static,
) -> Result<(), ctrlc::Error> {
    let run = interrupter.clone();
    ctrlc::set_handler(move || {
        if run.should_stop() {
            before_quitting();
            exit(INTERRUPTED);
        }
        run.stop(Some("interrupted"));
        // The terminal may be gone, and the run is to be saved all the same.
        let _ = writeln!(stderr(), "{finishing}; again to quit at once");
    })
}
