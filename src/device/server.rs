//! Serving this machine's devices to others.
use std::{
    future::poll_fn,
    net::{SocketAddr, TcpListener},
    task::Poll,
};

use burn::{
    server::{RemoteServer, ServeError, TokenAuthorizer, WebSocketTransport},
    tensor::Device,
};
use tokio::{
    runtime::{Builder, Runtime},
    task::JoinHandle,
};

use super::{DeviceName, Token, failed};
use crate::Error;

/// Devices of this machine, served to others in the background for as long as this lives.
///
/// ```no_run
/// use dafe::{
///     device::{DeviceServer, Token},
///     prelude::*,
/// };
///
/// let token = Token::read("token.txt")?;
/// let server = DeviceServer::start(&[Device::flex()], ([0, 0, 0, 0], 3000).into(), Some(&token))?;
/// server.wait()?;
/// # Ok::<(), dafe::Error>(())
/// ```
///
/// Traffic is **not encrypted**, and whoever is let in may compute anything, fill the memory, and have this machine connect to
/// others. A server that listens to other machines therefore has a token, and belongs behind a firewall, a tunnel or a VPN: a
/// token is asked for before anything is computed, but only after a connection has been made and a message been read.
#[derive(Debug)]
pub struct DeviceServer {
    address: SocketAddr,
    devices: usize,
    serving: JoinHandle<Result<(), ServeError>>,
    // An Option to be able to give it away when dropped.
    runtime: Option<Runtime>,
}

impl DeviceServer {
    /// Serves `devices` at `address`; port 0 takes a free one. Clients count the devices from 0 in this order. A CPU may be served
    /// several times over, as so many devices.
    ///
    /// # Errors
    /// A [configuration error](crate::ErrorKind::Config) if `address` can be reached by other
    /// machines (it isn't a loopback address) and there is no token. A [device
    /// error](crate::ErrorKind::Device) if the address can't be had, or the devices can't be served
    /// together: all must be on one of Flex, NdArray or Burn's accelerators, and none can be remote
    /// itself.
    pub fn start(
        devices: &[Device],
        address: SocketAddr,
        token: Option<&Token>,
    ) -> Result<Self, Error> {
        if token.is_none() && !address.ip().to_canonical().is_loopback() {
            return Err(Error::config(format!(
                "{address} can be reached by other machines, and serving them needs a token"
            )));
        }
        let fail = |error: &dyn std::fmt::Display| failed(&address.to_string(), error.to_string());
        let listener = TcpListener::bind(address).map_err(|error| fail(&error))?;
        let bound = listener.local_addr().map_err(|error| fail(&error))?;
        let mut server = RemoteServer::new(devices.iter().cloned());
        if let Some(token) = token {
            let authorizer = TokenAuthorizer::new(token.credential());
            server = server.with_authorizer(authorizer.expect("a token is never empty"));
        }
        let runtime =
            Builder::new_multi_thread().enable_all().build().map_err(|error| fail(&error))?;
        let mut serving = Box::pin(server.serve_async(WebSocketTransport::from_listener(listener)));
        // The first step refuses devices that can't be served; after it, the server only waits for clients.
        let first = poll_fn(|context| Poll::Ready(serving.as_mut().poll(context)));
        if let Poll::Ready(Err(error)) = runtime.block_on(first) {
            return Err(fail(&error));
        }
        let serving = runtime.spawn(serving);
        Ok(Self { address: bound, devices: devices.len(), serving, runtime: Some(runtime) })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The devices' names for clients that know this machine as `host`: a name, or an address without brackets.
    pub fn names(&self, host: &str) -> Vec<DeviceName> {
        let name = |index| DeviceName::Remote {
            host: host.into(),
            port: self.address.port(),
            index: index as u32,
        };
        (0..self.devices).map(name).collect()
    }

    /// Serves until that fails.
    ///
    /// # Errors
    /// A [device error](crate::ErrorKind::Device) with the reason.
    pub fn wait(mut self) -> Result<(), Error> {
        let runtime = self.runtime.take().expect("there until it is dropped");
        let message = match runtime.block_on(&mut self.serving) {
            Ok(Ok(())) => return Ok(()),
            Ok(Err(error)) => error.to_string(),
            Err(error) => error.to_string(),
        };
        Err(failed(&self.address.to_string(), message))
    }
}

impl Drop for DeviceServer {
    /// Ends all sessions, without waiting for what they compute.
    fn drop(&mut self) {
        self.serving.abort();
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}
