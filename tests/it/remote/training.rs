//! Training on served devices, and the state after a server dies.
use std::env;
#[cfg(unix)]
use std::{process::Command, time::Duration};

use dafe::{device::DeviceName, prelude::*, train::Interrupter};

#[cfg(unix)]
use super::process::Server;
use super::serve;
use crate::common::{
    recipe, run,
    sessions::last_parameters,
    twelve::{distance, train, training, without_batch_statistics},
};

fn connect_all(names: &[DeviceName]) -> Vec<Device> {
    names.iter().map(|name| name.open_with(None).unwrap()).collect()
}

#[test]
fn parts_on_served_devices_equal_the_whole_batch_on_one() {
    let folder = tempfile::tempdir().unwrap();
    let config = without_batch_statistics(folder.path(), 0);
    let servers = [serve(3, None), serve(1, None)];
    let mut devices: Vec<_> =
        servers.iter().flat_map(|server| connect_all(&server.names("127.0.0.1"))).collect();
    let whole = train(&config, 1, devices[..1].to_vec());
    for parts in [2, 3] {
        let distance = distance(&whole, &train(&config, parts, devices[..parts].to_vec()));
        // Sums of gradients are rounded in another order, in four steps.
        assert!(distance <= 1e-6, "{parts} devices of one server: {distance:e}");
    }
    // Devices of two servers and one local device, which rounds differently with this crate's own
    // kernels.
    let mixed = vec![devices.remove(3), devices.remove(0), Device::flex(), Device::flex()];
    let distance = distance(&whole, &train(&config, 4, mixed));
    assert!(distance <= 1e-5, "two servers and this process: {distance:e}");
}

/// The error that ends training, and the epoch and step of each checkpoint it saved. `at_step` is
/// called after each step with the number of steps so far.
fn failing(
    training: &Training,
    mut at_step: impl FnMut(usize),
) -> (dafe::Error, Vec<(usize, usize)>) {
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
    let config = without_batch_statistics(folder.path(), 0);
    let training =
        |name: &str, devices| training(&folder.path().join(name), config.clone(), 2, devices);
    let local = || vec![Device::flex(); 2];
    run(&training("whole", local()));

    // The second of two devices dies in the middle of an epoch: the first one still has the current
    // state.
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

    // The only server dies in the second epoch: the checkpoint of the first epoch exists.
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

    let last = |name: &str| last_parameters(&folder.path().join(name), &config.model);
    for name in ["second", "both"] {
        // Up to rounding in the steps of the served devices, with other kernels.
        let distance = distance(&last("whole"), &last(name));
        assert!(distance <= 1e-5, "{name}: {distance:e}");
    }
}

/// A process that serves one device until it is killed, and the device's name.
#[cfg(unix)]
fn start_server() -> (Server, DeviceName) {
    let mut command = Command::new(env::current_exe().unwrap());
    command.args(["--exact", "remote::training::serve_until_killed", "--nocapture"]);
    let server = Server::start(command.env("DAFE_TEST_SERVE", "1"));
    let name = server.names().parse().unwrap();
    (server, name)
}

/// Not a test: executed by [`start_server`].
#[test]
fn serve_until_killed() {
    if env::var_os("DAFE_TEST_SERVE").is_none() {
        return;
    }
    let server = serve(1, None);
    println!("\nserving: {}", server.names("127.0.0.1")[0]);
    server.wait().unwrap();
}

#[test]
#[cfg(unix)]
fn a_killed_server_and_a_silent_one_end_the_run() {
    let folder = tempfile::tempdir().unwrap();
    for signal in ["-KILL", "-STOP"] {
        let (server, name) = start_server();
        let devices = vec![Device::flex(), name.open_with(None).unwrap()];
        let mut training = training(&folder.path().join(&signal[1..]), recipe(2), 2, devices);
        if signal == "-STOP" {
            // The timeout for a stopped process, longer than the first step takes on a busy
            // machine.
            training.device_timeout = Duration::from_secs(20);
        }
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
