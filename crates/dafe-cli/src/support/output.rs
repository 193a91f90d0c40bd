//! Printing for a user who may have closed the pipe, as `| head` does.
use std::{
    fmt::Display,
    io::{self, Write},
};

/// Prints to standard output. If it is closed, the error ends the program quietly.
pub fn print(text: impl Display) -> io::Result<()> {
    let mut stdout = io::stdout().lock();
    write!(stdout, "{text}")?;
    stdout.flush()
}

/// Prints a line to standard output, like [`print`].
pub fn print_line(line: impl Display) -> io::Result<()> {
    print(format_args!("{line}\n"))
}

/// Prints a line to standard output. If it is closed, the work continues.
pub fn tell(line: impl Display) {
    let _ = print_line(line);
}

/// Prints a line to standard error, ignoring failures.
pub fn warn(line: impl Display) {
    let _ = writeln!(io::stderr(), "{line}");
}
