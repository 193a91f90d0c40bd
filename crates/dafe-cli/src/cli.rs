//! The command line and its commands.
use clap::{ArgMatches, Command as Parser, CommandFactory, FromArgMatches};

use crate::{
    check, completions, convert, detect, evaluate, generate, serve_devices, summary,
    support::{Ending, Outcome},
    train,
};

/// The output of `dafe --help`. It fits a screen; each command's own help has the rest.
const HELP: &str = "\
Find clothing landmarks in images; train and evaluate networks that do.

Usage: dafe COMMAND [OPTIONS]

  detect    Find the landmarks of garments in images
              dafe detect shirt.jpg
  train     Train a network, evaluate it, and resume an interrupted run
              dafe train --dataset coco --data kites --out runs/kites
  evaluate  Measure a model on a labelled dataset
              dafe evaluate --dataset coco --data kites --model runs/kites
  check     Check a dataset: report problems and contents
              dafe check --dataset coco --data kites
  convert   Convert a dataset to another format: coco, yolo, deeplabcut, fld, …
              dafe convert --data kites --to yolo --out kites-yolo
  generate  Generate images of garments with exact landmarks, as a dataset
              dafe generate --format coco --out garments
  summary   Print the size and cost of a network, stage by stage
              dafe summary --preset paper

Further commands: serve-devices, completions, help
Options: -h, --help; -V, --version. For a command's own: dafe COMMAND --help
Exit status: 0 done, 1 failed (or some images failed), 2 wrong usage or nothing
could be done, 130 interrupted
";

#[derive(clap::Parser)]
#[command(name = "dafe", version, override_help = HELP, arg_required_else_help = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(clap::Subcommand)]
enum Command {
    /// Find the landmarks of garments in images
    Detect(Box<detect::Args>),
    /// Train a landmark network on a dataset in any supported format
    Train(Box<train::Args>),
    /// Evaluate a trained model on a dataset in any supported format
    Evaluate(Box<evaluate::Args>),
    /// Check a dataset: report problems and contents
    Check(Box<check::Args>),
    /// Convert a dataset to another format, including its images
    Convert(Box<convert::Args>),
    /// Generate images of garments with exact landmarks, as a dataset in one of four formats
    Generate(generate::Args),
    /// Print parameters, multiply-adds and activations of a network, stage by stage
    Summary(summary::Args),
    /// Serve this machine's devices to programs on this and other machines, until Ctrl-C
    ServeDevices(serve_devices::Args),
    /// Print command-line completions for a shell
    Completions(completions::Args),
}

/// Parses the arguments and runs the command.
pub fn run() -> Outcome<Ending> {
    let mut parser = Cli::command();
    let matches = parser.get_matches_mut();
    match Cli::from_arg_matches(&matches)?.command {
        Command::Detect(args) => detect::run(&args),
        Command::Train(args) => {
            let (parser, matches) = of_command(&mut parser, &matches);
            train::run(args.completed(parser, matches)?)
        }
        Command::Evaluate(args) => evaluate::run(&args),
        Command::Check(args) => check::run(&args),
        Command::Convert(args) => convert::run(&args),
        Command::Generate(args) => generate::run(&args),
        Command::Summary(args) => summary::run(&args),
        Command::ServeDevices(args) => serve_devices::run(&args),
        Command::Completions(args) => completions::run(&args, &mut parser),
    }
}

/// The parser and the matches of the given command.
fn of_command<'a>(
    parser: &'a mut Parser,
    matches: &'a ArgMatches,
) -> (&'a mut Parser, &'a ArgMatches) {
    let (name, matches) = matches.subcommand().expect("a command is required");
    (parser.find_subcommand_mut(name).expect("it was parsed"), matches)
}

/// The commands in the documentation.
#[cfg(all(test, feature = "full"))]
mod tests {
    use std::{fs, path::Path};

    use super::*;

    /// What `dafe` is given in a page's blocks for the shell, one command each.
    fn commands(page: &str) -> Vec<Vec<String>> {
        let mut commands = Vec::new();
        let mut lines = page.lines();
        while lines.any(|line| line == "```sh") {
            let block: Vec<&str> = lines.by_ref().take_while(|line| *line != "```").collect();
            let block = block.join("\n").replace("\\\n", " ");
            commands.extend(block.lines().filter_map(arguments));
        }
        commands
    }

    /// A line's arguments up to a pipe or a redirection, if the line calls `dafe`.
    fn arguments(line: &str) -> Option<Vec<String>> {
        let words = shlex::split(line).unwrap_or_else(|| panic!("quotes are not closed: {line}"));
        let checkout = ["cargo", "run", "--release", "--"];
        let start = words.iter().position(|word| word == "dafe");
        let start = match start {
            Some(place) if place == 0 || words[place - 1] == "|" => place + 1,
            _ if words.starts_with(&checkout.map(String::from)) => checkout.len(),
            _ => return None,
        };
        let ends = ["|", ">", "<", "&&", "&", ";"];
        let own = words[start..].iter().take_while(|word| {
            !ends.contains(&word.as_str()) && !word.starts_with('>') && !word.starts_with('<')
        });
        Some(own.cloned().collect())
    }

    /// Every Markdown file of the repository that users read.
    fn pages() -> Vec<(String, String)> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        let folders = ["", "docs", "docs/tutorial", "crates/dafe-cli", "crates/dafe-garments"];
        let mut pages = Vec::new();
        for folder in folders {
            for entry in fs::read_dir(root.join(folder)).unwrap() {
                let path = entry.unwrap().path();
                if path.extension().is_some_and(|ending| ending == "md") {
                    pages.push((path.display().to_string(), fs::read_to_string(&path).unwrap()));
                }
            }
        }
        pages
    }

    #[test]
    fn every_command_in_the_documentation_is_valid() {
        let mut checked = 0;
        for (page, text) in pages() {
            for arguments in commands(&text) {
                // A placeholder for further options, or the program's own help.
                let given = arguments.iter().filter(|word| *word != "…" && *word != "...");
                let words = ["dafe".to_string()].into_iter().chain(given.cloned());
                if let Err(error) = Cli::command().try_get_matches_from(words) {
                    let kind = error.kind();
                    let is_help = matches!(
                        kind,
                        clap::error::ErrorKind::DisplayHelp
                            | clap::error::ErrorKind::DisplayVersion
                    );
                    assert!(is_help, "{page}: {arguments:?}: {error}");
                }
                checked += 1;
            }
        }
        assert!(checked > 50, "only {checked} commands found");
    }
}
