//! The server.
use std::{net::SocketAddr, path::PathBuf};

use dafe::device::{DeviceName, DeviceServer, Token};

use crate::support::{Ending, Outcome, output, parse_device_names};

#[derive(clap::Args)]
#[command(
    next_line_help = true,
    after_help = "\
WebSocket is not encrypted: anyone who can read the traffic sees images, weights and the token.
Between machines, use an SSH tunnel (ssh -L 3000:localhost:3000 HOST, with the default --listen)
or a VPN. Clients that are let in can run any computation here and fill the memory.

A token (16 characters or more, e.g. of openssl rand -hex 32) comes from the environment variable
DAFE_REMOTE_TOKEN or from --token-file, never from an argument, which every user of a machine can
see. Clients pass the same token in the same variable. Listening on anything but loopback requires a
token; on loopback it keeps out this machine's other users and web pages."
)]
pub struct Args {
    /// The devices, separated by commas, all of one kind: flex, cuda:0,cuda:1, …; the same CPU
    /// may be given several times
    #[arg(long, default_value = "flex")]
    devices: String,
    /// The address and port to listen on; port 0 for a free one
    #[arg(long, default_value = "127.0.0.1:3000")]
    listen: SocketAddr,
    /// A file of one line with the token; overrides the environment variable
    #[arg(long)]
    token_file: Option<PathBuf>,
}

pub fn run(args: &Args) -> Outcome<Ending> {
    let token = match &args.token_file {
        Some(path) => Some(Token::read(path)?),
        None => Token::from_env()?,
    };
    // All names are parsed before the first device is opened.
    let names = parse_device_names(args.devices.split(','))?;
    let devices = names.iter().map(DeviceName::open).collect::<Result<Vec<_>, _>>()?;
    let server = DeviceServer::start(&devices, args.listen, token.as_ref())?;
    let address = server.address();
    // An unspecified address listens on every interface; clients know which address to use.
    let host = match address.ip().is_unspecified() {
        true => "HOST".into(),
        false => address.ip().to_string(),
    };
    let names: Vec<String> = server.names(&host).iter().map(ToString::to_string).collect();
    let token = if token.is_some() { "needed" } else { "not needed" };
    // A program that started this one may be waiting for the line.
    let line = format!("serving at {address}, token {token}: {}", names.join(","));
    output::tell(line);
    server.wait()?;
    Ok(Ending::Done)
}
