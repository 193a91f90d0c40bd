//! Connecting to devices that other machines serve.
use std::{
    net::{SocketAddr, TcpStream, ToSocketAddrs},
    sync::mpsc::{self, RecvTimeoutError},
    thread,
    time::Duration,
};

use burn::{
    remote::{ConnectError, RemoteHost},
    tensor::Device,
};

use super::Token;

/// How long one address may take to accept a connection, and how long all of connecting may take.
const ACCEPT_LIMIT: Duration = Duration::from_secs(5);
const CONNECT_LIMIT: Duration = Duration::from_secs(20);

/// The device of this number on that server, connected.
pub fn connect(host: &str, port: u16, index: u32, token: Option<&Token>) -> Result<Device, String> {
    connect_within(CONNECT_LIMIT, host, port, index, token)
}

/// Burn waits for ever for a server that accepts a connection and never answers, so a thread does the waiting, which is left to
/// itself when time is up.
fn connect_within(
    limit: Duration,
    host: &str,
    port: u16,
    index: u32,
    token: Option<&Token>,
) -> Result<Device, String> {
    let (sender, receiver) = mpsc::channel();
    let (host, token) = (host.to_string(), token.cloned());
    let dialling = move || {
        // Nobody receives it when time is up.
        let _ = sender.send(dial(&host, port, index, token.as_ref()));
    };
    thread::Builder::new()
        .name("dafe connect".into())
        .spawn(dialling)
        .map_err(|error| format!("cannot start a thread: {error}"))?;
    receiver.recv_timeout(limit).unwrap_or_else(|error| {
        Err(match error {
            RecvTimeoutError::Timeout => {
                format!("the server does not answer within {} seconds", limit.as_secs())
            }
            RecvTimeoutError::Disconnected => "connecting broke off".into(),
        })
    })
}

fn dial(host: &str, port: u16, index: u32, token: Option<&Token>) -> Result<Device, String> {
    reach(host, port)?;
    let url = match host.contains(':') {
        true => format!("ws://[{host}]:{port}"),
        false => format!("ws://{host}:{port}"),
    };
    let mut server = RemoteHost::websocket(&url);
    if let Some(token) = token {
        server = server.with_credential(token.credential());
    }
    let options = Device::remote_options(&server).device_index(index as usize);
    options.init().map_err(|error| explain(error, token.is_some()))
}

/// Whether anybody listens there. Burn by itself would try for a quarter of a minute.
fn reach(host: &str, port: u16) -> Result<(), String> {
    let addresses = (host, port).to_socket_addrs();
    let addresses: Vec<SocketAddr> = addresses
        .map_err(|error| format!("the host is not found: {}", one_line(&error.to_string())))?
        .collect();
    let mut last = "the host has no address".to_string();
    for address in addresses {
        match TcpStream::connect_timeout(&address, ACCEPT_LIMIT) {
            Ok(_) => return Ok(()),
            Err(error) => {
                last = format!("cannot connect to {address}: {}", one_line(&error.to_string()))
            }
        }
    }
    Err(last)
}

fn explain(error: ConnectError, with_token: bool) -> String {
    match error {
        ConnectError::Unauthorized if with_token => "the server refuses the token".into(),
        ConnectError::Unauthorized => {
            format!("the server asks for a token; set {}", Token::VARIABLE)
        }
        ConnectError::NoSuchDevice { device_count: 1 } => {
            "the server has one device, number 0".into()
        }
        ConnectError::NoSuchDevice { device_count } => {
            format!("the server has {device_count} devices, numbers from 0")
        }
        ConnectError::IncompatibleProtocol { client_version, server_version } => format!(
            "the server speaks version {server_version} of Burn's protocol and this program \
             {client_version}; build both with the same release of Burn"
        ),
        error => one_line(&error.to_string()),
    }
}

/// What others wrote, fit for an error of one line.
fn one_line(text: &str) -> String {
    let text = text.chars().map(|c| if c.is_control() { ' ' } else { c });
    text.take(200).collect()
}

#[cfg(test)]
mod tests {
    use std::{net::TcpListener, time::Instant};

    use super::*;

    #[test]
    fn a_server_that_never_answers_is_given_up() {
        // Its connections are accepted by the operating system, and nobody reads them.
        let silent = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = silent.local_addr().unwrap().port();
        let started = Instant::now();
        let limit = Duration::from_secs(1);
        let refusal = connect_within(limit, "127.0.0.1", port, 0, None).unwrap_err();
        assert_eq!(refusal, "the server does not answer within 1 seconds");
        assert!(started.elapsed() >= limit);
    }

    #[test]
    fn what_others_write_stays_one_line() {
        assert_eq!(one_line("a\r\nb\u{1b}[2J"), "a  b [2J");
        assert_eq!(one_line(&"x".repeat(1000)).len(), 200);
    }
}
