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
  evaluate  Measure a model on a labeled dataset
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
Exit status: 0 done, 1 failed (or some images failed), 2 usage error or nothing
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

/// The command-line parser.
pub fn command() -> Parser {
    Cli::command()
}

/// Parses the arguments and runs the command.
pub fn run() -> Outcome<Ending> {
    let mut parser = command();
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
