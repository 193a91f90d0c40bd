//! The outcome of all images.
use super::{args::Args, inputs::Input, output::Failure};
use crate::support::{Ending, output::warn};

/// Counts, and the reasons of failures.
#[derive(Default)]
pub struct Summary {
    /// Images done by an earlier run.
    pub before: usize,
    /// Images done by this run.
    pub done: usize,
    /// Images done by this run in which no garment was found.
    pub empty: usize,
    pub failures: Vec<Failure>,
}

impl Summary {
    /// Prints the summary, failures last.
    pub fn tell(&self, args: &Args, inputs: &[Input]) {
        let Self { before, done, empty, failures } = self;
        let mut counts = vec![format!("{done} done")];
        if *before > 0 {
            counts.push(format!("{before} done before"));
        }
        if !failures.is_empty() {
            counts.push(format!("{} failed", failures.len()));
        }
        let left = self.left(inputs);
        if left > 0 {
            counts.push(format!("{left} not processed"));
        }
        let total = match inputs.len() {
            1 => "1 image".into(),
            several => format!("{several} images"),
        };
        let place = match args.is_piped() {
            true => String::new(),
            false => format!("{}: ", args.out.display()),
        };
        args.say(&format!("{place}{total}: {}", counts.join(", ")));
        // For a single image, its listing shows this.
        if *empty > 0 && (inputs.len() > 1 || args.is_piped()) {
            args.say(&format!("no garment found in {empty} of the {done} images processed now"));
        }
        if left > 0 {
            args.say(match args.is_piped() {
                true => "interrupted: the results written so far are complete",
                false => "interrupted: the same command resumes from here",
            });
        }
        for Failure { index, reason } in failures {
            warn(format_args!("failed: {}: {reason}", inputs[*index].source.shown()));
        }
    }

    /// The number of images that were not processed because the run was interrupted.
    pub fn left(&self, inputs: &[Input]) -> usize {
        inputs.len() - self.before - self.done - self.failures.len()
    }

    pub fn ending(&self, inputs: &[Input]) -> Ending {
        match (self.left(inputs), self.failures.len(), self.before + self.done) {
            (1.., ..) => Ending::Interrupted,
            (0, 0, _) => Ending::Done,
            (0, _, 0) => Ending::NothingDone,
            (0, ..) => Ending::SomeFailed,
        }
    }
}
