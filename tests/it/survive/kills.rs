//! Processes killed at random and at chosen moments, repeatedly, until their runs are finished.
//!
//! `DAFE_SURVIVE_KILLS` and `DAFE_SURVIVE_SEED` enable longer campaigns.
use std::{
    collections::{BTreeMap, BTreeSet},
    env, fs,
    os::unix::process::ExitStatusExt,
    path::Path,
    sync::Mutex,
    thread,
    time::{Duration, Instant},
};

use super::{
    Ending,
    child::{INTERRUPTED, Running, Story},
};
use crate::common::{self, fill::splitmix};

const EPOCHS: usize = 8;

/// The minimum number of kills, over all ways.
const KILLS: usize = 210;

/// The maximum, as a multiple of the minimum, if a way or a partial checkpoint is rare.
const PATIENCE: usize = 4;

/// Parallel chains of kills.
const CHAINS: u64 = 2;

/// The number of SIGKILL on all systems.
const SIGKILL: i32 = 9;

/// When and how a process is ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Way {
    /// SIGKILL at a random time, including startup and opening.
    AnyTime,
    /// SIGKILL right after a step, in the middle of an epoch or between checkpoints, depending on
    /// the number of steps.
    AfterStep,
    /// SIGKILL while a checkpoint is written.
    MidWrite,
    /// SIGTERM.
    Terminate,
    /// Ctrl-C.
    Interrupt,
    /// Ctrl-C twice.
    Twice,
}

const WAYS: [Way; 6] =
    [Way::AnyTime, Way::AfterStep, Way::MidWrite, Way::Terminate, Way::Interrupt, Way::Twice];

/// The results of the kills.
#[derive(Debug, Default)]
struct Counts {
    /// Processes that were ended by the signal, by way.
    ended: BTreeMap<Way, usize>,
    /// Processes that left a partial checkpoint.
    half_written: usize,
}

impl Counts {
    fn add(&mut self, other: Self) {
        for (way, ended) in other.ended {
            *self.ended.entry(way).or_default() += ended;
        }
        self.half_written += other.half_written;
    }

    fn kills(&self) -> usize {
        self.ended.values().sum()
    }

    /// Whether there were enough kills, every way occurred often, and checkpoints were really
    /// interrupted.
    fn are_enough(&self, least: usize) -> bool {
        let often = |way| self.ended.get(&way).is_some_and(|&ended| ended >= least / 20);
        self.kills() >= least && WAYS.into_iter().all(often) && self.half_written >= least / 40
    }
}

/// Starts the run in `folder` again and ends it in the selected way.
fn session(folder: &Path, way: Way, random: &mut u64, usual: Duration) -> (Story, bool) {
    let mut below = |most: u64| splitmix(random) % most;
    let mut running = Running::start(folder, EPOCHS);
    match way {
        Way::AnyTime => {
            thread::sleep(usual.mul_f64(below(1000) as f64 / 1000.0));
            running.kill();
        }
        Way::AfterStep => {
            running.wait_for_steps(1 + below(6) as usize);
            running.kill();
        }
        Way::MidWrite => {
            // First some steps, so that it is not always the same checkpoint; then waits until some
            // of the files exist.
            running.wait_for_steps(1 + below(3) as usize);
            let files = below(4) as usize;
            while running.is_running() && files_of_unfinished(folder) <= files {
                thread::sleep(Duration::from_micros(50));
            }
            running.kill();
        }
        Way::Terminate | Way::Interrupt | Way::Twice => {
            if running.wait_for_steps(1 + below(4) as usize) {
                thread::sleep(Duration::from_micros(below(3000)));
            }
            match way {
                Way::Terminate => running.signal("TERM"),
                Way::Interrupt => running.signal("INT"),
                _ => {
                    running.signal("INT");
                    running.signal("INT");
                }
            }
        }
    }
    let (story, status) = running.end();
    let by_signal =
        status.signal() == Some(SIGKILL) || story.stopped || status.code() == Some(INTERRUPTED);
    let ended = by_signal && !story.finished;
    assert!(ended || story.finished, "{way:?}: {status}, {story:?}");
    if matches!(way, Way::Terminate | Way::Interrupt) {
        assert!(
            status.success() && (story.stopped || story.finished),
            "{way:?}: {status}, {story:?}"
        );
    }
    (story, ended)
}

/// The number of files of a checkpoint that is being written, or was when the process was killed,
/// plus one for its folder.
fn files_of_unfinished(folder: &Path) -> usize {
    let Ok(entries) = fs::read_dir(folder.join("checkpoints")) else { return 0 };
    let unfinished = entries.flatten().find(|entry| {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        name.starts_with(".dafe-") && name.contains("-epoch-")
    });
    unfinished
        .and_then(|folder| fs::read_dir(folder.path()).ok())
        .map_or(0, |files| 1 + files.count())
}

/// Kills the run in `folder` until it is finished, and compares the result.
fn chain(folder: &Path, seed: u64, usual: Duration, whole: &Ending) -> Counts {
    let mut random = seed;
    let mut counts = Counts::default();
    let mut safe = 0;
    for session_number in 0.. {
        let way = WAYS[(splitmix(&mut random) % WAYS.len() as u64) as usize];
        let (story, ended) = session(folder, way, &mut random, usual);
        let told = format!("seed {seed}, session {session_number}, {way:?}: {story:?}");
        assert!(story.corrupt.is_empty() && story.error.is_none(), "{told}");
        if let Some(opened) = story.opened {
            // No saved step is lost, and a process that is asked to stop loses no step.
            assert!(opened >= safe, "{safe} steps were saved; {told}");
            safe = story.safe;
        }
        if story.finished {
            break;
        }
        *counts.ended.entry(way).or_default() += usize::from(ended);
        counts.half_written += usize::from(files_of_unfinished(folder) > 0);
    }
    assert!(Ending::of(folder, EPOCHS) == *whole, "another ending, seed {seed}");
    // No files are left behind.
    let names = |folder: &Path| -> BTreeSet<String> {
        let entries = fs::read_dir(folder).unwrap();
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
    };
    let expected = ["checkpoints", "config.json", "model.safetensors"];
    assert_eq!(names(folder), expected.map(String::from).into(), "seed {seed}");
    let checkpoints = names(&folder.join("checkpoints"));
    assert!(!checkpoints.iter().any(|name| name.starts_with('.')), "seed {seed}: {checkpoints:?}");
    counts
}

fn from_environment<T: std::str::FromStr>(name: &str, usual: T) -> T {
    env::var(name).map_or(usual, |value| value.parse().ok().expect("a number"))
}

#[test]
fn a_run_that_is_killed_over_and_over_ends_with_the_same_bits() {
    let least = from_environment("DAFE_SURVIVE_KILLS", KILLS);
    let first_seed: u64 = from_environment("DAFE_SURVIVE_SEED", 1);
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let started = Instant::now();
    let (story, _) = Running::start(&at("whole"), EPOCHS).end();
    assert!(story.finished, "{story:?}");
    // A random time in which a run gets a good part of its way.
    let usual = started.elapsed() / 2;
    let whole = Ending::of(&at("whole"), EPOCHS);

    let counts = Mutex::new(Counts::default());
    let is_over = || {
        let counts = counts.lock().unwrap();
        counts.are_enough(least) || counts.kills() >= PATIENCE * least
    };
    thread::scope(|scope| {
        for number in 0..CHAINS {
            let (counts, is_over, whole, at) = (&counts, &is_over, &whole, &at);
            scope.spawn(move || {
                let mut seed = first_seed + number;
                while !is_over() {
                    let run = at(&format!("seed-{seed}"));
                    let found = chain(&run, seed, usual, whole);
                    counts.lock().unwrap().add(found);
                    fs::remove_dir_all(run).unwrap();
                    seed += CHAINS;
                }
            });
        }
    });
    let counts = counts.into_inner().unwrap();
    println!("{counts:?}");
    assert!(counts.are_enough(least), "{counts:?}");
    assert_eq!(common::model(&at("whole")), whole.best);
}

#[test]
fn two_processes_are_not_at_work_on_one_run() {
    let folder = tempfile::tempdir().unwrap();
    let mut first = Running::start(folder.path(), 10_000);
    assert!(first.wait_until_open());
    let (second, status) = Running::start(folder.path(), 10_000).end();
    let error = second.error.unwrap();
    assert!(!status.success());
    let expected = format!("process {} is already using the run in", first.id());
    assert!(error.contains(&expected), "{error}");
    // The system passes the lock of a killed process on to the next one.
    first.kill();
    first.end();
    let mut third = Running::start(folder.path(), 10_000);
    assert!(third.wait_until_open());
    third.kill();
    third.end();
}
