//! Connecting to missing or protected devices: a single clear line each.
use std::{
    io::{Read, Write},
    net::{SocketAddr, TcpListener},
    thread,
};

use dafe::{
    device::{DeviceName, DeviceServer, Token},
    prelude::*,
};

use super::serve;

fn refusal(name: &DeviceName, token: Option<&Token>) -> String {
    let error = name.open_with(token).unwrap_err().to_string();
    let rest = error.strip_prefix(&format!("device '{name}': "));
    rest.unwrap_or_else(|| panic!("{error}")).to_string()
}

fn at(address: SocketAddr) -> DeviceName {
    DeviceName::Remote { host: address.ip().to_string(), port: address.port(), index: 0 }
}

#[test]
fn nobody_listens() {
    // A port that was free a moment ago.
    let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let message = refusal(&at(address), None);
    assert!(message.starts_with(&format!("cannot connect to {address}: ")), "{message}");
}

#[test]
fn no_such_host() {
    // A name that can't exist (RFC 6761).
    let name = DeviceName::Remote { host: "gpu1.invalid".into(), port: 3000, index: 0 };
    let message = refusal(&name, None);
    assert!(message.starts_with("the host is not found: "), "{message}");
}

#[test]
fn no_such_device() {
    let server = serve(2, None);
    let beyond =
        DeviceName::Remote { host: "127.0.0.1".into(), port: server.address().port(), index: 2 };
    assert_eq!(refusal(&beyond, None), "the server has 2 devices, numbers from 0");
}

#[test]
fn only_the_token_is_let_in() {
    let token = |text: &str| Token::new(text).unwrap();
    let server = serve(1, Some(&token("correct-horse-battery")));
    let name = &server.names("127.0.0.1")[0];
    let none = refusal(name, None);
    assert_eq!(none, "the server asks for a token; set DAFE_REMOTE_TOKEN");
    let wrong = refusal(name, Some(&token("correct-horse-batterz")));
    assert_eq!(wrong, "the server refuses the token");
    let device = name.open_with(Some(&token("correct-horse-battery"))).unwrap();
    assert!(!format!("{device:?}").contains("horse"));
    let sum = Tensor::<1>::ones([8], &device).sum();
    assert_eq!(sum.into_scalar::<f32>(), 8.0);
}

#[test]
fn other_machines_are_served_with_a_token_only() {
    let token = Token::new("correct-horse-battery").unwrap();
    for address in ["0.0.0.0:0", "[::]:0"] {
        let start = |token| DeviceServer::start(&[Device::flex()], address.parse().unwrap(), token);
        let error = start(None).unwrap_err().to_string();
        let want = "can be reached by other machines, and serving them needs a token";
        assert_eq!(error, format!("{address} {want}"));
        // A machine without IPv6 has no such address.
        match start(Some(&token)) {
            Ok(server) => assert!(server.address().ip().is_unspecified()),
            Err(error) => assert!(address.starts_with('['), "{error}"),
        }
    }
}

#[test]
fn what_cannot_be_served_is_refused_at_the_start() {
    let start = |devices: &[Device]| {
        let error = DeviceServer::start(devices, ([127, 0, 0, 1], 0).into(), None).unwrap_err();
        error.to_string()
    };
    assert!(start(&[]).ends_with("a server needs at least one device"));
    #[cfg(feature = "ndarray")]
    {
        let mixed = start(&[Device::flex(), crate::common::devices::ndarray()]);
        assert!(mixed.ends_with("a server's devices must share one backend"), "{mixed}");
    }
    let server = serve(1, None);
    let taken = DeviceServer::start(&[Device::flex()], server.address(), None).unwrap_err();
    assert!(taken.to_string().starts_with(&format!("device '{}': ", server.address())));
}

/// A foreign server, which sends `answer` to the first message and then keeps the connection open.
fn stranger(answer: &'static [u8]) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || {
        let mut held = Vec::new();
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            if !answer.is_empty() && stream.read(&mut [0; 4096]).unwrap_or(0) > 0 {
                let _ = stream.write_all(answer);
            }
            held.push(stream);
        }
    });
    address
}

#[test]
fn a_server_of_something_else() {
    let address = stranger(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n");
    let message = refusal(&at(address), None);
    assert!(message.starts_with("the server cannot be reached: "), "{message}");
    let address = stranger(b"SSH-2.0-OpenSSH_9.2\r\n");
    let message = refusal(&at(address), None);
    assert!(message.starts_with("the server cannot be reached: "), "{message}");
}
