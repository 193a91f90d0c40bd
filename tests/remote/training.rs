//! Training over served devices, and what is left where a server dies.
use std::{
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
    sync::Arc,
    time::Duration,
};

use dafe::{device::DeviceName, prelude::*, train::Interrupter};

use super::{
    common::{
        Squares, model, recipe, run,
        twelve::{distance, start, train},
    },
    serve,
};

fn connect_all(names: &[DeviceName]) -> Vec<Device> {
    names.iter().map(|name| name.open_with(None).unwrap()).collect()
}

/// No BatchNorm but the backbone's, which stays as it is, and a rate at which rounding stays rounding: Adam divides gradients
/// by their size, those that are nothing but rounding included.
fn without_batch_statistics(folder: &Path, config: &mut TrainConfig) {
    config.model = config.model.clone().with_norm(false);
    config.learning_rate = 1e-3;
    config.fine_tuning = FineTuning { freeze_norm: true, ..start(folder, &config.model, 0) };
}

#[test]
fn parts_on_served_devices_equal_the_whole_batch_on_one() {
    let folder = tempfile::tempdir().unwrap();
    let mut config = recipe(2);
    without_batch_statistics(folder.path(), &mut config);
    let servers = [serve(3, None), serve(1, None)];
    let mut devices: Vec<_> =
        servers.iter().flat_map(|server| connect_all(&server.names("127.0.0.1"))).collect();
    let train = |parts, devices| train(folder.path(), config.clone(), parts, devices);
    let whole = train(1, devices[..1].to_vec());
    for parts in [2, 3] {
        let distance = distance(&whole, &train(parts, devices[..parts].to_vec()));
        // Sums of gradients are rounded in another order.
        assert!(distance <= 1e-6, "{parts} devices of one server: {distance:e}");
    }
    // Two servers' devices and one of this process. A local device rounds otherwise, by this crate's own kernels.
    let mixed = vec![devices.remove(3), devices.remove(0), Device::flex(), Device::flex()];
    let distance = distance(&whole, &train(4, mixed));
    assert!(distance <= 1e-5, "two servers and this process: {distance:e}");
}

/// A run of twelve pictures a step that stops after two epochs of two steps; what it is told of goes to `events`.
fn failing(
    training: &Training,
    mut at_step: impl FnMut(usize),
) -> (dafe::error::Error, Vec<(usize, usize)>) {
    let (mut steps, mut saved) = (0, Vec::new());
    let outcome = training.run(&Interrupter::new(), |event| match event {
        TrainEvent::Step { .. } => {
            steps += 1;
            at_step(steps);
        }
        TrainEvent::Saved { epoch, step } => saved.push((epoch, step)),
        _ => {}
    });
    (outcome.unwrap_err(), saved)
}

#[test]
fn a_server_that_dies_leaves_an_error_and_a_checkpoint_to_go_on_from() {
    let folder = tempfile::tempdir().unwrap();
    let mut config = recipe(2);
    (config.batch_size, config.shards) = (12, 2);
    without_batch_statistics(folder.path(), &mut config);
    let training = |name: &str, devices| {
        let (train, val) = (Arc::new(Squares::new(25)), Arc::new(Squares::new(5)));
        Training::new(config.clone(), train, val, devices, folder.path().join(name))
    };
    let local = || vec![Device::flex(); 2];
    run(&training("whole", local()));

    // The second of two devices dies in mid-epoch: the first one still has what was learnt.
    let mut server = Some(serve(1, None));
    let served = connect_all(&server.as_ref().unwrap().names("127.0.0.1")).remove(0);
    let broken = training("second", vec![Device::flex(), served]);
    let (error, saved) = failing(&broken, |step| {
        if step == 1 {
            server.take();
        }
    });
    assert!(error.to_string().starts_with("device '2 of 2': "), "{error}");
    assert_eq!(saved, [(1, 1)]);
    assert!(run(&training("second", local())).finished);

    // The only server dies in the second epoch: the first one's checkpoint is there.
    let mut server = Some(serve(2, None));
    let broken = training("both", connect_all(&server.as_ref().unwrap().names("127.0.0.1")));
    let (error, saved) = failing(&broken, |step| {
        if step == 3 {
            server.take();
        }
    });
    assert!(error.to_string().starts_with("device '"), "{error}");
    assert_eq!(saved, []);
    let resumed = run(&training("both", local()));
    assert!(resumed.finished);
    let epochs: Vec<_> = resumed.history.epochs.iter().map(|epoch| epoch.epoch).collect();
    assert_eq!(epochs, [1, 2]);

    let model = |name: &str| model(&folder.path().join(name));
    for name in ["second", "both"] {
        // Up to the rounding of steps that the served devices took, by other kernels.
        let distance = distance(&model("whole"), &model(name));
        assert!(distance <= 1e-5, "{name}: {distance:e}");
    }
}

/// A server in a process of its own, which serves until it is killed.
struct Server(Child, DeviceName);

impl Server {
    fn start() -> Self {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "training::serve_until_killed", "--nocapture"])
            .env("DAFE_TEST_SERVE", "1")
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let name = lines.map(Result::unwrap).find_map(|line| {
            line.split_whitespace().find(|word| word.starts_with("remote:")).map(str::to_string)
        });
        Self(child, name.unwrap().parse().unwrap())
    }

    #[cfg(unix)]
    fn signal(&self, signal: &str) {
        let pid = self.0.id().to_string();
        assert!(Command::new("kill").args([signal, &pid]).status().unwrap().success());
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// No test: what [`Server`] runs.
#[test]
fn serve_until_killed() {
    if std::env::var_os("DAFE_TEST_SERVE").is_none() {
        return;
    }
    let server = serve(1, None);
    println!("\n{}", server.names("127.0.0.1")[0]);
    server.wait().unwrap();
}

#[test]
#[cfg(unix)]
fn a_killed_server_and_a_silent_one_end_the_run() {
    let folder = tempfile::tempdir().unwrap();
    let mut config = recipe(2);
    (config.batch_size, config.shards) = (12, 2);
    for signal in ["-KILL", "-STOP"] {
        let server = Server::start();
        let devices = vec![Device::flex(), server.1.open_with(None).unwrap()];
        let (train, val) = (Arc::new(Squares::new(25)), Arc::new(Squares::new(5)));
        let training = Training {
            patience: Duration::from_secs(5),
            ..Training::new(config.clone(), train, val, devices, folder.path().join(&signal[1..]))
        };
        let (error, saved) = failing(&training, |step| {
            if step == 1 {
                server.signal(signal);
            }
        });
        let error = error.to_string();
        assert!(error.starts_with("device '2 of 2': ") && error.lines().count() == 1, "{error}");
        assert_eq!(saved, [(1, 1)]);
    }
}
