//! Lines for whoever started the program and may have stopped reading: `| head` closes the pipe.
use std::{
    fmt::Display,
    io::{self, Write},
};

/// Prints to standard output. Where nobody reads it, the error ends the program quietly.
pub fn print(text: impl Display) -> io::Result<()> {
    let mut stdout = io::stdout().lock();
    write!(stdout, "{text}")?;
    stdout.flush()
}

/// Prints a line to standard output, as [`print`] does.
pub fn print_line(line: impl Display) -> io::Result<()> {
    print(format_args!("{line}\n"))
}

/// Prints a line to standard output. Where nobody reads it, the work goes on all the same.
pub fn tell(line: impl Display) {
    let _ = print_line(line);
}

/// Prints a line to standard error, if anybody reads it.
pub fn warn(line: impl Display) {
    let _ = writeln!(io::stderr(), "{line}");
}
