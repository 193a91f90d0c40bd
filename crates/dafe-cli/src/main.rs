//! The program `dafe`.
use std::process::ExitCode;

fn main() -> ExitCode {
    dafe_cli::main()
}
