//! `dafe serve-devices`, run as a user runs it, and killed.
mod process;

use std::process::Command;

use dafe::{
    device::{DeviceName, Token, parse_devices},
    prelude::*,
};

use self::process::Server;
use super::dafe;

fn serve_devices() -> Command {
    let mut command = dafe("serve-devices");
    command.env_remove(Token::VARIABLE);
    command
}

fn start(command: &mut Command) -> Server {
    Server::start(command.args(["--listen", "127.0.0.1:0"]))
}

fn fail(command: &mut Command) -> String {
    let output = command.output().unwrap();
    assert!(!output.status.success() && output.stdout.is_empty());
    String::from_utf8(output.stderr).unwrap()
}

#[test]
fn the_printed_names_are_devices_until_the_process_is_killed() {
    let mut server = start(serve_devices().args(["--devices", "flex,flex"]));
    let devices = parse_devices(server.names()).unwrap();
    assert_eq!(devices.len(), 2);
    assert!(devices[0] != devices[1]);

    // Long work under way, of which the kill is not the end of the client.
    let pieces: Vec<Tensor<1>> = devices
        .iter()
        .map(|device| {
            let mut product = Tensor::<2>::ones([512, 512], device) / 512;
            for _ in 0..200 {
                product = product.clone().matmul(product);
            }
            product.sum()
        })
        .collect();
    server.kill();
    for piece in pieces {
        assert!(piece.try_into_data().is_err());
    }
}

#[test]
fn the_token_comes_from_the_environment_or_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("token");
    std::fs::write(&file, "correct-horse-battery\n").unwrap();
    let token = Token::read(&file).unwrap();
    for (variable, argument) in
        [(Some("correct-horse-battery"), false), (Some("of-another-server"), true)]
    {
        let mut command = serve_devices();
        command.envs(variable.map(|variable| (Token::VARIABLE, variable)));
        if argument {
            command.arg("--token-file").arg(&file);
        }
        let server = start(&mut command);
        let line = &server.line;
        assert!(line.contains("token needed") && !line.contains("horse"), "{line}");
        let name: DeviceName = server.names().parse().unwrap();
        assert!(name.open_with(None).is_err());
        name.open_with(Some(&token)).unwrap();
    }
}

#[test]
fn what_cannot_be_served_is_said() {
    let error = fail(serve_devices().args(["--listen", "0.0.0.0:0"]));
    assert!(error.contains("serving them needs a token"), "{error}");
    let error = fail(serve_devices().env(Token::VARIABLE, "short"));
    assert!(error.contains("a token has 16 to 1024") && !error.contains("short"), "{error}");
    let error = fail(serve_devices().args(["--devices", "remote:127.0.0.1:1"]));
    assert!(error.contains("cannot connect to 127.0.0.1:1: "), "{error}");
    let help = String::from_utf8(serve_devices().arg("--help").output().unwrap().stdout).unwrap();
    assert!(help.contains("not encrypted"), "{help}");
}
