//! Connecting to devices served by other machines.
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

/// Time limits for a connection to one address, and for connecting as a whole.
const ACCEPT_LIMIT: Duration = Duration::from_secs(5);
const CONNECT_LIMIT: Duration = Duration::from_secs(20);

/// Connects to the device with this number on the server.
pub fn connect(host: &str, port: u16, index: u32, token: Option<&Token>) -> Result<Device, String> {
    connect_within(CONNECT_LIMIT, host, port, index, token)
}

/// Burn waits forever for a server that accepts a connection but never answers. A separate thread
/// does the waiting and is abandoned after the time limit.
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
        // After the time limit, nothing receives it.
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
            RecvTimeoutError::Disconnected => "the connection attempt was aborted".into(),
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

/// Checks that the server accepts connections. Burn would retry for a quarter of a minute.
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

/// Text from other machines, made safe for a single-line error.
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
        // The operating system accepts its connections, but nothing reads from them.
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
