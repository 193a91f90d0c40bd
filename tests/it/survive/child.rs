//! A run in a separate process, which can be killed.
use std::{
    env,
    io::{BufRead, BufReader, Read, Write, stdout},
    path::Path,
    process::{Child, ChildStdout, Command, ExitStatus, Stdio, exit},
};

use dafe::{prelude::*, train::Interrupter};

use super::{STEPS, tiny_training};

const FOLDER: &str = "DAFE_SURVIVE_FOLDER";
const EPOCHS: &str = "DAFE_SURVIVE_EPOCHS";

/// Prefix of the child process' messages; other output is the test harness's.
const MARK: &str = "@ ";

/// The exit code that a shell reports for a program ended by Ctrl-C.
pub const INTERRUPTED: i32 = 130;

/// Not a test: the process started by [`Running::start`], which is this program again. It does
/// nothing without the variables set there.
#[test]
fn process() {
    let Ok(folder) = env::var(FOLDER) else { return };
    let interrupter = Interrupter::new();
    stop_on_signals(&interrupter);
    let training = tiny_training(folder.as_ref(), env::var(EPOCHS).unwrap().parse().unwrap());
    let outcome = training.run(&interrupter, |event| match event {
        TrainEvent::Opened { epoch, step, .. } => say(&format!("opened {}", epoch * STEPS + step)),
        TrainEvent::Step { epoch, step, .. } => {
            say(&format!("step {}", (epoch - 1) * STEPS + step))
        }
        TrainEvent::Epoch(record) => say(&format!("epoch {}", record.epoch * STEPS)),
        TrainEvent::CorruptCheckpoint { .. } => say(&format!("corrupt {event}")),
        _ => {}
    });
    match outcome {
        Ok(outcome) if outcome.finished => say("finished"),
        Ok(_) => say("stopped"),
        Err(error) => {
            say(&format!("error {error:#}"));
            exit(1);
        }
    }
}

/// The first signal requests a stop, the next one ends the process immediately.
fn stop_on_signals(interrupter: &Interrupter) {
    let run = interrupter.clone();
    let stop = move || {
        if run.should_stop() {
            exit(INTERRUPTED);
        }
        run.stop(Some("interrupted"));
    };
    ctrlc::set_handler(stop).unwrap();
}

/// On a separate line, whatever the harness writes.
fn say(text: &str) {
    let mut stdout = stdout().lock();
    write!(stdout, "\n{MARK}{text}\n").and_then(|()| stdout.flush()).unwrap();
}

/// The relevant messages of a child process; steps are counted from the start of the run.
#[derive(Debug, Default)]
pub struct Story {
    /// The step from which it resumed.
    pub opened: Option<usize>,
    /// The last reported step.
    pub last: Option<usize>,
    /// A step up to which everything was known to be on disk when it ended.
    pub safe: usize,
    pub finished: bool,
    /// It was asked to stop, and did.
    pub stopped: bool,
    pub error: Option<String>,
    pub corrupt: Vec<String>,
}

impl Story {
    fn hear(&mut self, line: &str, every: usize) {
        let Some((word, rest)) = line.strip_prefix(MARK).map(|line| {
            let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
            (word.to_string(), rest.to_string())
        }) else {
            return;
        };
        let number = || rest.parse::<usize>().unwrap();
        match word.as_str() {
            "opened" => (self.opened, self.safe) = (Some(number()), number()),
            "step" => {
                // Everything due before this step is complete.
                self.safe = self.safe.max((number() - 1) / every * every);
                self.last = Some(number());
            }
            "epoch" => self.safe = self.safe.max(number()),
            "finished" => self.finished = true,
            "stopped" => {
                self.stopped = true;
                self.safe = self.last.or(self.opened).unwrap();
            }
            "error" => self.error = Some(rest),
            "corrupt" => self.corrupt.push(rest),
            _ => panic!("unknown: {line}"),
        }
    }
}

/// A child process.
pub struct Running {
    process: Child,
    lines: BufReader<ChildStdout>,
    every: usize,
    pub story: Story,
}

impl Running {
    /// Starts a run of `epochs` epochs in `folder`.
    pub fn start(folder: &Path, epochs: usize) -> Self {
        let mut command = Command::new(env::current_exe().unwrap());
        Self::spawn(&mut command, folder, epochs)
    }

    /// Starts the run from a shell that executes `setup` first.
    pub fn start_after(setup: &str, folder: &Path, epochs: usize) -> Self {
        let mut command = Command::new("sh");
        command.arg("-c").arg(format!("{setup}; exec \"$0\" \"$@\""));
        command.arg(env::current_exe().unwrap());
        Self::spawn(&mut command, folder, epochs)
    }

    fn spawn(command: &mut Command, folder: &Path, epochs: usize) -> Self {
        command
            .args(["--exact", "survive::child::process", "--nocapture", "--test-threads", "1"])
            .env(FOLDER, folder)
            .env(EPOCHS, epochs.to_string())
            // Many processes share the machine, and steps are small.
            .env("RAYON_NUM_THREADS", "1")
            .stdout(Stdio::piped())
            .stderr(Stdio::null());
        let mut process = command.spawn().unwrap();
        let lines = BufReader::new(process.stdout.take().unwrap());
        let every = tiny_training(folder, epochs).checkpoints.every_steps.unwrap();
        Self { process, lines, every, story: Story::default() }
    }

    pub fn id(&self) -> u32 {
        self.process.id()
    }

    /// Reads messages until `count` more steps are reported; false if it ended before.
    pub fn wait_for_steps(&mut self, count: usize) -> bool {
        let mut heard = 0;
        while heard < count {
            let mut line = String::new();
            if self.lines.read_line(&mut line).unwrap() == 0 {
                return false;
            }
            heard += usize::from(line.starts_with("@ step"));
            self.story.hear(line.trim_end(), self.every);
        }
        true
    }

    /// Reads messages until the run is open; false if it ended before.
    pub fn wait_until_open(&mut self) -> bool {
        while self.story.opened.is_none() {
            let mut line = String::new();
            if self.lines.read_line(&mut line).unwrap() == 0 {
                return false;
            }
            self.story.hear(line.trim_end(), self.every);
        }
        true
    }

    pub fn is_running(&mut self) -> bool {
        self.process.try_wait().unwrap().is_none()
    }

    /// SIGKILL, which no process survives.
    pub fn kill(&mut self) {
        self.process.kill().unwrap();
    }

    /// Another signal: "TERM", "INT".
    pub fn signal(&self, name: &str) {
        let sent = Command::new("kill").arg(format!("-{name}")).arg(self.id().to_string()).output();
        // A process that has ended can't receive signals.
        sent.unwrap();
    }

    /// Reads the remaining messages and waits for the process to end.
    pub fn end(mut self) -> (Story, ExitStatus) {
        let mut rest = Vec::new();
        self.lines.read_to_end(&mut rest).unwrap();
        // Ignores a line that was cut off.
        let rest = String::from_utf8_lossy(&rest);
        for line in rest.split_inclusive('\n').filter(|line| line.ends_with('\n')) {
            self.story.hear(line.trim_end(), self.every);
        }
        (self.story, self.process.wait().unwrap())
    }
}
