//! Command-line completions for a shell.
use clap_complete::{Shell, generate};

use crate::support::{Ending, Outcome, output};

#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  dafe completions bash >~/.local/share/bash-completion/completions/dafe
  dafe completions zsh >~/.zfunc/_dafe          with ~/.zfunc in $fpath
  dafe completions fish >~/.config/fish/completions/dafe.fish")]
pub struct Args {
    /// The shell
    shell: Shell,
}

pub fn run(args: &Args, command: &mut clap::Command) -> Outcome<Ending> {
    // Generated into memory first: `generate` panics when writing to a closed pipe.
    let mut script = Vec::new();
    generate(args.shell, command, "dafe", &mut script);
    output::print(String::from_utf8(script)?)?;
    Ok(Ending::Done)
}
