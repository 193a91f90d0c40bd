//! Devices that are served over loopback: their names, who is refused, and that they compute and
//! train as this machine does.
mod computing;
mod names;
mod process;
mod refusals;
mod training;

use burn::tensor::Device;
use dafe::device::{DeviceServer, Token};

/// This machine's CPU, `count` times, at a free port that only this machine reaches.
fn serve(count: usize, token: Option<&Token>) -> DeviceServer {
    DeviceServer::start(&vec![Device::flex(); count], ([127, 0, 0, 1], 0).into(), token).unwrap()
}

/// One of the served devices, connected without a token.
fn connect(server: &DeviceServer, index: usize) -> Device {
    server.names("127.0.0.1")[index].open_with(None).unwrap()
}
