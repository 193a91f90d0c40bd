//! Full disks, invalid folders, changed data, and checkpoint retention.
use std::{fs, path::Path, sync::Arc};

use dafe::{
    prelude::*,
    train::{CheckpointPolicy, Interrupter},
};

use super::{Ending, STEPS, child::Running, tiny_training};
use crate::common::{
    Squares, run,
    sessions::{checkpoints, file_name, run_for},
};

/// Limits the file size to that of the first checkpoints' small files: writing fails halfway, as on
/// a full disk.
#[test]
fn a_full_disk_ends_the_run_and_loses_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let (at, whole) = (folder.path().join("run"), folder.path().join("whole"));
    let limited = |setup: &str| {
        let (story, status) = Running::start_after(setup, &at, 2).end();
        assert!(!status.success());
        story.error.unwrap()
    };
    // SIGXFSZ would kill the process; if ignored, the write returns an error.
    let full = "trap '' XFSZ; ulimit -f 8";
    let error = limited(full);
    assert!(error.contains("cannot write") && error.contains("File too large"), "{error}");
    assert!(error.contains("model.bpk"), "{error}");
    assert!(checkpoints(&at).is_empty());

    let mut first = Running::start(&at, 2);
    first.wait_for_steps(4);
    first.kill();
    first.end();
    let before = checkpoints(&at);
    assert!(!before.is_empty());
    limited(full);
    assert_eq!(checkpoints(&at), before);
    let hidden = fs::read_dir(at.join("checkpoints")).unwrap().flatten();
    assert!(!hidden.into_iter().any(|entry| entry.file_name().to_string_lossy().starts_with('.')));

    // With enough space again, it continues as if nothing had happened.
    assert!(Running::start(&at, 2).end().0.finished);
    assert!(Running::start(&whole, 2).end().0.finished);
    assert!(Ending::of(&at, 2) == Ending::of(&whole, 2));
}

/// A folder that is not empty can't be replaced by a file. The epoch's steps are saved, and the
/// epoch is not finished without its model.
#[test]
fn a_model_that_can_not_be_replaced_ends_the_run_and_is_written_by_the_next() {
    let folder = tempfile::tempdir().unwrap();
    let (at, whole) = (folder.path().join("run"), folder.path().join("whole"));
    let model = at.join(LandmarkDetector::FILE);
    fs::create_dir_all(model.join("mine")).unwrap();
    for session in 1..=2 {
        let (story, status) = Running::start(&at, 1).end();
        assert!(!status.success() && !story.finished, "{session}: {story:?}");
        let error = story.error.unwrap();
        assert!(error.contains("cannot write") && error.contains("model.safetensors"), "{error}");
        assert!(model.join("mine").is_dir());
        assert!(last(&at).ends_with("epoch-0000-step-000006"), "{session}: {}", last(&at));
    }
    fs::remove_dir_all(&model).unwrap();
    let (story, _) = Running::start(&at, 1).end();
    assert!(story.finished && story.opened == Some(STEPS), "{story:?}");
    assert!(Running::start(&whole, 1).end().0.finished);
    assert!(Ending::of(&at, 1) == Ending::of(&whole, 1));
}

#[test]
fn folders_that_can_not_be_written_are_named() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    fs::write(&file, "mine").unwrap();
    // Below a file no folder can be created, not even by root.
    for below in ["run", "deeper/run"] {
        let training = tiny_training(&file.join(below), 1);
        let error = training.run(&Interrupter::new(), |_| {}).unwrap_err().to_string();
        assert!(error.contains("cannot create") && error.contains(below), "{error}");
    }
    let taken = folder.path().join("taken");
    fs::create_dir(&taken).unwrap();
    fs::write(taken.join("checkpoints"), "mine").unwrap();
    let error = tiny_training(&taken, 1).run(&Interrupter::new(), |_| {}).unwrap_err().to_string();
    assert!(error.contains("taken/checkpoints"), "{error}");
    assert_eq!(fs::read_to_string(taken.join("checkpoints")).unwrap(), "mine");
    assert_eq!(fs::read_to_string(&file).unwrap(), "mine");
}

fn last(folder: &Path) -> String {
    file_name(&checkpoints(folder).pop().unwrap())
}

#[test]
fn changed_data_are_refused_unless_they_are_accepted() {
    let folder = tempfile::tempdir().unwrap();
    let open = || tiny_training(folder.path(), 3);
    run_for(&open(), STEPS + 4);
    let before = last(folder.path());
    let refused = |training: &Training| {
        let error = training.run(&Interrupter::new(), |_| {}).unwrap_err().to_string();
        assert!(error.contains("accept-changed-data"), "{error}");
        assert_eq!(last(folder.path()), before);
        error
    };
    let mut other = open();
    other.train = Arc::new(Squares::new(12));
    assert!(refused(&other).contains("on other training data (13 samples"));
    let mut other = open();
    other.val = Arc::new(Squares::new(6));
    assert!(refused(&other).contains("on other validation data (5 samples"));

    // Other validation images do not affect the steps: it resumes where it was.
    other.accept_changed_data = true;
    assert!(!run_for(&other, 1).finished);
    assert!(last(folder.path()).ends_with("epoch-0001-step-000005"), "{}", last(folder.path()));
    // Accepting once is enough, and now the original data are refused.
    other.accept_changed_data = false;
    run_for(&other, 1);
    let error = open().run(&Interrupter::new(), |_| {}).unwrap_err().to_string();
    assert!(error.contains("on other validation data (6 samples"), "{error}");

    // Other training samples have another order: the epoch is restarted, and the accepted data are
    // kept even if nothing follows.
    other.train = Arc::new(Squares::new(9));
    other.accept_changed_data = true;
    let mut opened = None;
    let interrupter = Interrupter::new();
    interrupter.stop(None);
    let observe = |event: TrainEvent<'_>| {
        if let TrainEvent::Opened { epoch, step, .. } = event {
            opened = Some((epoch, step));
        }
    };
    other.run(&interrupter, observe).unwrap();
    assert_eq!(opened, Some((1, 0)));
    assert!(last(folder.path()).ends_with("epoch-0001-step-000001"), "{}", last(folder.path()));
    other.accept_changed_data = false;
    let outcome = run(&other);
    assert!(outcome.finished);
    assert_eq!(outcome.history.epochs.len(), 3);
}

#[test]
fn the_last_and_the_best_checkpoints_are_kept() {
    let folder = tempfile::tempdir().unwrap();
    let mut training = tiny_training(folder.path(), 4);
    training.checkpoints = CheckpointPolicy::default().with_every_steps(Some(4)).with_keep(3);
    let mut written = Vec::new();
    let outcome = training.run(&Interrupter::new(), |event| {
        // At a step, everything that was due before exists; at the end of an epoch, its own
        // checkpoint as well.
        if let TrainEvent::Step { .. } | TrainEvent::Epoch(_) = event {
            let all: Vec<_> =
                checkpoints(folder.path()).iter().map(|path| file_name(path)).collect();
            assert!(all.len() <= 4, "{all:?}");
            for name in all {
                if !written.contains(&name) {
                    written.push(name);
                }
            }
        }
    });
    // Every fourth step of 24, and the end of every epoch. The epoch's last step is not its end:
    // validation comes between.
    assert_eq!(
        written,
        [
            "000001-epoch-0000-step-000004",
            "000002-epoch-0001-step-000000",
            "000003-epoch-0001-step-000002",
            "000004-epoch-0001-step-000006",
            "000005-epoch-0002-step-000000",
            "000006-epoch-0002-step-000004",
            "000007-epoch-0003-step-000000",
            "000008-epoch-0003-step-000002",
            "000009-epoch-0003-step-000006",
            "000010-epoch-0004-step-000000",
        ]
    );
    let best = outcome.unwrap().history.best().unwrap().epoch;
    let best = format!("epoch-{best:04}-step-000000");
    let kept: Vec<_> = checkpoints(folder.path()).iter().map(|path| file_name(path)).collect();
    assert!(kept.iter().any(|name| name.ends_with(&best)), "{best} is not in {kept:?}");
    assert_eq!(kept[kept.len() - 3..], written[7..]);
    assert_eq!(
        kept.len(),
        if written[7..].iter().any(|name| name.ends_with(&best)) { 3 } else { 4 }
    );
}

#[test]
fn policies_that_can_not_work_are_refused() {
    for (policy, name) in [
        (CheckpointPolicy::default().with_every_steps(Some(0)).with_keep(1), "every_steps"),
        (CheckpointPolicy::default().with_every_steps(None).with_keep(0), "keep"),
    ] {
        let mut training = tiny_training("unused".as_ref(), 1);
        training.checkpoints = policy;
        let error = training.run(&Interrupter::new(), |_| {}).unwrap_err().to_string();
        assert_eq!(error, format!("checkpoints.{name} must be at least 1, not 0"));
    }
}
