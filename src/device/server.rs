//! Serving local devices to other machines.
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

/// Serves local devices to other machines, in the background until it is dropped.
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
/// Traffic is **not encrypted**, and any client with access may compute anything, fill the memory
/// and make this machine connect to others. A server that listens to other machines must therefore
/// have a token, and should be behind a firewall, a tunnel or a VPN: the token is checked before
/// anything is computed, but only after a connection has been accepted and a message read.
#[derive(Debug)]
pub struct DeviceServer {
    address: SocketAddr,
    devices: usize,
    serving: JoinHandle<Result<(), ServeError>>,
    // An `Option` so that it can be moved out when dropped.
    runtime: Option<Runtime>,
}

impl DeviceServer {
    /// Serves `devices` at `address`; port 0 selects a free port. Clients number the devices from 0
    /// in this order. A CPU may be served several times, as several devices.
    ///
    /// # Errors
    /// A [configuration error](crate::ErrorKind::Config) if `address` can be reached by other
    /// machines (it is not a loopback address) and there is no token. A [device
    /// error](crate::ErrorKind::Device) if the address can't be bound, or the devices can't be
    /// served together: all must belong to one of Flex, NdArray or Burn's accelerators, and none
    /// may be remote itself.
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
        // The first poll rejects devices that can't be served; after that, the server only waits
        // for clients.
        let first = poll_fn(|context| Poll::Ready(serving.as_mut().poll(context)));
        if let Poll::Ready(Err(error)) = runtime.block_on(first) {
            return Err(fail(&error));
        }
        let serving = runtime.spawn(serving);
        Ok(Self { address: bound, devices: devices.len(), serving, runtime: Some(runtime) })
    }

    /// The address that the server listens on.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The devices' names for clients that know this machine as `host`: a name, or an address
    /// without brackets.
    pub fn names(&self, host: &str) -> Vec<DeviceName> {
        let name = |index| DeviceName::Remote {
            host: host.into(),
            port: self.address.port(),
            index: index as u32,
        };
        (0..self.devices).map(name).collect()
    }

    /// Serves until an error occurs.
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
    /// Ends all sessions, without waiting for their computations.
    fn drop(&mut self) {
        self.serving.abort();
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}
