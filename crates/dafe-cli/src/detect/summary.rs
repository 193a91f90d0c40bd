//! What became of all pictures.
use std::{
    io::{self, Write},
    process::ExitCode,
};

use crate::{args::Args, inputs::Input, output::Failure};

/// What a shell says of a program that Ctrl-C ended.
const INTERRUPTED: u8 = 130;
/// Nothing could be done.
pub const NOTHING: u8 = 2;

/// Counts, and the reasons of those that failed.
#[derive(Default)]
pub struct Summary {
    /// How many were done by an earlier run.
    pub before: usize,
    /// How many this run did.
    pub done: usize,
    pub failures: Vec<Failure>,
}

impl Summary {
    /// Says it, the failures last.
    pub fn tell(&self, args: &Args, inputs: &[Input]) {
        let Self { before, done, failures } = self;
        let mut counts = vec![format!("{done} done")];
        if *before > 0 {
            counts.push(format!("{before} done before"));
        }
        if !failures.is_empty() {
            counts.push(format!("{} failed", failures.len()));
        }
        let left = self.left(inputs);
        if left > 0 {
            counts.push(format!("{left} not looked at"));
        }
        let total = match inputs.len() {
            1 => "1 picture".into(),
            several => format!("{several} pictures"),
        };
        let place = match args.is_piped() {
            true => String::new(),
            false => format!("{}: ", args.out.display()),
        };
        args.say(&format!("{place}{total}: {}", counts.join(", ")));
        if left > 0 {
            args.say(match args.is_piped() {
                true => "interrupted: what was written is complete up to here",
                false => "interrupted: the same command goes on from here",
            });
        }
        for Failure { index, reason } in failures {
            let picture = inputs[*index].source.shown();
            let _ = writeln!(io::stderr(), "failed: {picture}: {reason}");
        }
    }

    /// How many were not looked at because the run was interrupted.
    pub fn left(&self, inputs: &[Input]) -> usize {
        inputs.len() - self.before - self.done - self.failures.len()
    }

    pub fn status(&self, inputs: &[Input]) -> ExitCode {
        match (self.left(inputs), self.failures.len(), self.before + self.done) {
            (1.., ..) => INTERRUPTED.into(),
            (0, 0, _) => ExitCode::SUCCESS,
            (0, _, 0) => NOTHING.into(),
            (0, ..) => ExitCode::FAILURE,
        }
    }
}
