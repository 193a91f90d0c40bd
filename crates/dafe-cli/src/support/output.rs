//! Printing, with long lines wrapped at the terminal's width, for a user who may have closed the
//! pipe, as `| head` does.
use std::{
    fmt::Display,
    io::{self, Write},
};

use terminal_size::Width;

/// Narrower terminals are left to wrap lines themselves.
const NARROWEST: u16 = 40;

/// Prints to standard output. If it is closed, the error ends the program quietly.
pub fn print(text: impl Display) -> io::Result<()> {
    let mut stdout = io::stdout().lock();
    let size = terminal_size::terminal_size_of(&stdout);
    write!(stdout, "{}", fitted(text.to_string(), size.map(|(width, _)| width)))?;
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
    let mut stderr = io::stderr().lock();
    let size = terminal_size::terminal_size_of(&stderr);
    let _ = writeln!(stderr, "{}", fitted(line.to_string(), size.map(|(width, _)| width)));
}

/// Text for a terminal of a width: lines that are too long continue on the next line, indented
/// by two more spaces. Text for files and pipes, which have no width, stays as it is.
fn fitted(text: String, width: Option<Width>) -> String {
    let Some(Width(width @ NARROWEST..)) = width else { return text };
    let fits = |line: &str| line.chars().count() <= usize::from(width);
    if text.lines().all(fits) {
        return text;
    }
    let wrapped = text.split('\n').map(|line| {
        if fits(line) {
            return line.to_string();
        }
        let indent = line.len() - line.trim_start_matches(' ').len();
        let indent = " ".repeat(indent.min(usize::from(width / 2)) + 2);
        textwrap::fill(line, textwrap::Options::new(width.into()).subsequent_indent(&indent))
    });
    wrapped.collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_lines_are_wrapped_for_terminals_only() {
        let text = "short\n  a line that does not fit into forty columns, so it is wrapped\n";
        assert_eq!(fitted(text.to_string(), None), text);
        assert_eq!(fitted(text.to_string(), Some(Width(20))), text);
        assert_eq!(
            fitted(text.to_string(), Some(Width(40))),
            "short\n  a line that does not fit into forty\n    columns, so it is wrapped\n"
        );
    }

    #[test]
    fn columns_keep_their_spaces() {
        let row = "missed landmarks           0.0360   0.0235 to 0.0483     left out";
        let fitted = fitted(row.to_string(), Some(Width(60)));
        assert_eq!(fitted, "missed landmarks           0.0360   0.0235 to 0.0483\n  left out");
    }
}
