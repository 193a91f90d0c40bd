//! Damaged checkpoints are skipped and reported, never deleted, and never treated as intact.
use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use dafe::{prelude::*, train::Interrupter};

use super::{Ending, tiny_training};
use crate::common::{
    fill::splitmix,
    sessions::{checkpoints, file_name, run_until, step_number},
};

const EPOCHS: usize = 3;
const FILES: [&str; 4] = ["manifest.json", "model.bpk", "optimizer.bpk", "position.json"];

/// What a session reports when it opens a run, in the words of its events.
struct Opening {
    /// The names of the checkpoints that can't be used, with the reasons.
    corrupt: Vec<(String, String)>,
    /// The name of the checkpoint from which it resumes.
    from: Option<String>,
}

/// Runs `steps` steps in this session.
fn open_for(folder: &Path, steps: usize) -> Opening {
    let mut opening = Opening { corrupt: Vec::new(), from: None };
    let mut is_last = step_number(steps);
    run_until(&tiny_training(folder, EPOCHS), |event| {
        match event {
            TrainEvent::CorruptCheckpoint { path, reason } => {
                opening.corrupt.push((file_name(path), reason.to_string()));
            }
            TrainEvent::Opened { checkpoint, .. } => opening.from = checkpoint.map(file_name),
            _ => {}
        }
        is_last(event)
    });
    opening
}

/// A run that was stopped after ten steps, so it has checkpoints of steps 6 (the end of an epoch),
/// 9 and 10.
fn stopped(folder: &Path) -> PathBuf {
    let run = folder.join("stopped");
    open_for(&run, 10);
    let kept: Vec<_> = checkpoints(&run).iter().map(|path| file_name(path)).collect();
    assert_eq!(
        kept,
        [
            "000003-epoch-0001-step-000000",
            "000004-epoch-0001-step-000003",
            "000005-epoch-0001-step-000004",
        ]
    );
    run
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        match path.is_dir() {
            true => copy(&path, &to.join(file_name(&path))),
            false => drop(fs::copy(&path, to.join(file_name(&path))).unwrap()),
        }
    }
}

/// All files below a folder and their contents, except for the process number in the lock.
fn content(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut all = BTreeMap::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        match path.is_dir() {
            true => all.extend(content(&path)),
            false if path.ends_with("lock") => {}
            false => drop(all.insert(path.clone(), fs::read(&path).unwrap())),
        }
    }
    all
}

/// Copies a run, applies `damage` to the newest checkpoint, and resumes the copy.
fn damaged(run: &Path, damage: impl FnOnce(&Path)) -> (tempfile::TempDir, Opening) {
    let folder = tempfile::tempdir().unwrap();
    copy(run, folder.path());
    damage(&checkpoints(folder.path()).pop().unwrap());
    let opening = open_for(folder.path(), 1);
    (folder, opening)
}

/// The checkpoint is reported and kept aside unchanged, and the run resumes from the previous one.
fn assert_passed_over(folder: &Path, opening: &Opening, what: &str) -> String {
    let [(name, reason)] = &opening.corrupt[..] else {
        panic!("{what}: {} told of", opening.corrupt.len())
    };
    assert_eq!(name, "000005-epoch-0001-step-000004", "{what}");
    assert_eq!(opening.from.as_deref(), Some("000004-epoch-0001-step-000003"), "{what}");
    let aside = folder.join("checkpoints").join(format!("corrupt-1-{name}"));
    assert!(aside.exists(), "{what}");
    reason.clone()
}

#[test]
fn one_flipped_bit_anywhere_is_found() {
    let folder = tempfile::tempdir().unwrap();
    let run = stopped(folder.path());
    let mut random = 7;
    for file in FILES {
        // Both ends, where headers and checksums would be, and positions between.
        let length = fs::metadata(checkpoints(&run).pop().unwrap().join(file)).unwrap().len();
        let between: Vec<_> = (0..18).map(|_| splitmix(&mut random) % length).collect();
        for position in [0, 1, 8, length - 2, length - 1].into_iter().chain(between) {
            let bit = splitmix(&mut random) % 8;
            let what = format!("bit {bit} of byte {position} of {file}");
            let (copy, opening) = damaged(&run, |checkpoint| {
                let path = checkpoint.join(file);
                let mut bytes = fs::read(&path).unwrap();
                bytes[position as usize] ^= 1 << bit;
                fs::write(&path, bytes).unwrap();
            });
            let reason = assert_passed_over(copy.path(), &opening, &what);
            // A byte of the manifest may concern any file.
            assert!(file == FILES[0] || reason.contains(file), "{what}: {reason}");
        }
    }
}

#[test]
fn going_on_from_the_one_before_ends_with_the_same_bits() {
    let folder = tempfile::tempdir().unwrap();
    let run = stopped(folder.path());
    let whole = folder.path().join("whole");
    copy(&run, &whole);
    open_for(&whole, 1000);
    let (copy, opening) = damaged(&run, |newest| fs::write(newest.join("model.bpk"), "x").unwrap());
    assert_passed_over(copy.path(), &opening, "model.bpk");
    // Checkpoints moved aside are not tried again.
    let opening = open_for(copy.path(), 1000);
    assert!(opening.corrupt.is_empty());
    assert!(Ending::of(copy.path(), EPOCHS) == Ending::of(&whole, EPOCHS));
}

#[test]
fn whatever_is_no_whole_checkpoint_is_passed_over() {
    let folder = tempfile::tempdir().unwrap();
    let run = stopped(folder.path());
    for file in FILES {
        let (copy, opening) = damaged(&run, |newest| fs::remove_file(newest.join(file)).unwrap());
        let reason = assert_passed_over(copy.path(), &opening, file);
        assert!(reason.contains("cannot read") && reason.contains(file), "{reason}");

        for share in [0, 1, 2] {
            let (copy, opening) = damaged(&run, |newest| {
                let whole = fs::read(newest.join(file)).unwrap();
                let cut = [0, whole.len() / 2, whole.len() - 1][share];
                fs::write(newest.join(file), &whole[..cut]).unwrap();
            });
            let what = format!("{file}, cut {share}");
            assert!(assert_passed_over(copy.path(), &opening, &what).contains(file), "{what}");
        }
    }
    let newer = |newest: &Path| {
        let path = newest.join("manifest.json");
        let manifest = fs::read_to_string(&path).unwrap();
        fs::write(path, manifest.replace("\"format\": 1", "\"format\": 2")).unwrap();
    };
    let (copy, opening) = damaged(&run, newer);
    let reason = assert_passed_over(copy.path(), &opening, "a newer format");
    assert!(reason.contains("its format is 2; this is dafe "), "{reason}");
    let (copy, opening) = damaged(&run, |newest| {
        fs::remove_dir_all(newest).unwrap();
        fs::create_dir(newest).unwrap();
    });
    assert_passed_over(copy.path(), &opening, "an empty folder");
    let (copy, opening) = damaged(&run, |newest| {
        fs::remove_dir_all(newest).unwrap();
        fs::write(newest, "mine").unwrap();
    });
    assert_passed_over(copy.path(), &opening, "a file");
    // Larger than any position file, and not read.
    let (copy, opening) = damaged(&run, |newest| {
        let file = fs::File::options().write(true).open(newest.join("position.json")).unwrap();
        file.set_len(1 << 40).unwrap();
    });
    let reason = assert_passed_over(copy.path(), &opening, "a terabyte");
    assert!(reason.contains("larger than"), "{reason}");
}

#[test]
fn a_checkpoint_of_another_run_is_passed_over() {
    let folder = tempfile::tempdir().unwrap();
    let run = stopped(folder.path());
    let other = folder.path().join("other");
    let mut training = tiny_training(&other, EPOCHS);
    training.config.learning_rate /= 2.0;
    training.run(&Interrupter::new(), |_| {}).unwrap();
    let (copy, opening) = damaged(&run, |newest| {
        fs::remove_dir_all(newest).unwrap();
        copy(&checkpoints(&other).pop().unwrap(), newest);
    });
    let reason = assert_passed_over(copy.path(), &opening, "another run's");
    assert!(reason.contains("another configuration"), "{reason}");
}

#[test]
fn names_that_are_no_checkpoints_are_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let run = stopped(folder.path());
    let at = |name: &str| run.join("checkpoints").join(name);
    let foreign =
        ["notes", "9-epoch-1-step-1", "000009-epoch-0001", "000009-epoch-0001-step-00000x"];
    for name in foreign {
        fs::create_dir(at(name)).unwrap();
        fs::write(at(name).join("mine"), "mine").unwrap();
    }
    // Left behind by a killed process.
    fs::create_dir(at(".dafe-000006-epoch-0001-step-000006")).unwrap();
    fs::write(at(".dafe-000006-epoch-0001-step-000006").join("model.bpk"), "half").unwrap();
    fs::write(at(".dafe-1-1.tmp"), "half").unwrap();
    let opening = open_for(&run, 1);
    assert!(opening.corrupt.is_empty());
    assert_eq!(opening.from.unwrap(), "000005-epoch-0001-step-000004");
    assert!(foreign.iter().all(|name| at(name).join("mine").is_file()));
    assert!(!at(".dafe-000006-epoch-0001-step-000006").exists() && !at(".dafe-1-1.tmp").exists());
}

#[test]
fn where_none_is_whole_nothing_is_begun_and_nothing_lost() {
    let folder = tempfile::tempdir().unwrap();
    let run = stopped(folder.path());
    for checkpoint in checkpoints(&run) {
        fs::write(checkpoint.join("optimizer.bpk"), "x").unwrap();
    }
    let before = content(&run);
    let mut told = 0;
    let error = tiny_training(&run, EPOCHS)
        .run(&Interrupter::new(), |event| {
            assert!(matches!(event, TrainEvent::CorruptCheckpoint { .. }), "{event}");
            told += 1;
        })
        .unwrap_err()
        .to_string();
    assert_eq!(told, 3);
    for part in ["none of 3 can be resumed from", "step-000004", "optimizer.bpk", "1 bytes"] {
        assert!(error.contains(part), "{part} is not in: {error}");
    }
    assert!(content(&run) == before, "something was changed");
}
