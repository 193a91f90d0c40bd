//! Settings of the terminal that the dashboard leaves to others.
use std::{
    io::{IsTerminal, Write, stdin, stdout},
    process::Command,
};

/// Lets Ctrl-C be a signal on the dashboard, too, for which it would be a key without meaning.
pub fn keep_signals() {
    set("isig");
}

/// Gives the terminal back where there is no time to close the dashboard.
pub fn leave() {
    // The other screen and the mouse off, the cursor on.
    let _ = stdout().write_all(b"\x1b[?1049l\x1b[?1000l\x1b[?1002l\x1b[?1003l\x1b[?1006l\x1b[?25h");
    let _ = stdout().flush();
    set("sane");
}

/// Changes a setting of the terminal, where there is one that can be told so.
fn set(setting: &str) {
    if cfg!(unix) && stdin().is_terminal() {
        // Without stty there is still the dashboard's own key.
        let _ = Command::new("stty").arg(setting).status();
    }
}
