//! Devices served over loopback: names, access control, and computing and training as on local
//! devices.
mod computing;
mod names;
mod process;
mod refusals;
mod training;

use burn::tensor::Device;
use dafe::device::{DeviceServer, Token};

/// The local CPU, served `count` times at a free port that only this machine can reach.
fn serve(count: usize, token: Option<&Token>) -> DeviceServer {
    DeviceServer::start(&vec![Device::flex(); count], ([127, 0, 0, 1], 0).into(), token).unwrap()
}

/// One of the served devices, connected without a token.
fn connect(server: &DeviceServer, index: usize) -> Device {
    server.names("127.0.0.1")[index].open_with(None).unwrap()
}
