//! Terminal settings that the dashboard doesn't manage.
use std::{
    io::{IsTerminal, Write, stdin, stdout},
    process::Command,
};

/// Makes Ctrl-C send a signal on the dashboard, too, which would otherwise ignore it as a key.
pub fn keep_signals() {
    set("isig");
}

/// Restores the terminal without closing the dashboard, for exits on a signal.
pub fn leave() {
    // Alternate screen and mouse off, cursor on.
    let _ = stdout().write_all(b"\x1b[?1049l\x1b[?1000l\x1b[?1002l\x1b[?1003l\x1b[?1006l\x1b[?25h");
    let _ = stdout().flush();
    set("sane");
}

/// Changes a setting of the terminal, if there is one.
fn set(setting: &str) {
    if cfg!(unix) && stdin().is_terminal() {
        // Without stty, the dashboard's own key still works.
        let _ = Command::new("stty").arg(setting).status();
    }
}
