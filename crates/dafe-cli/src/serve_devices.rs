//! Serves this machine's devices, so that programs on other machines train and predict on them.
use std::{
    io::{Write, stdout},
    net::SocketAddr,
    path::PathBuf,
    process::ExitCode,
};

use clap::Parser;
use dafe::{
    device::{DeviceServer, Token, parse_devices},
    error::Error,
};

#[derive(Parser)]
#[command(
    about = "Serve this machine's devices to programs on this and other machines, until Ctrl-C",
    after_help = "WebSocket is not encrypted: whoever can read the traffic sees pictures, weights and the token. Between \
machines use an SSH tunnel (ssh -L 3000:localhost:3000 HOST, with the default --listen) or a VPN. Whoever is let in can \
compute anything here and fill the memory.\n\n\
A token (16 characters or more, e.g. of openssl rand -hex 32) comes from the environment variable DAFE_REMOTE_TOKEN or \
from --token-file, never from an argument, which every user of a machine can see. Clients give the same one by the same \
variable. Listening on anything but loopback needs one; on loopback it keeps this machine's other users and web pages out."
)]
struct Args {
    /// The devices, with commas between them, all of one kind: flex, cuda:0,cuda:1, …; the same CPU may be named several times
    #[arg(long, default_value = "flex")]
    devices: String,
    /// Where to listen: an address and a port, 0 for a free one
    #[arg(long, default_value = "127.0.0.1:3000")]
    listen: SocketAddr,
    /// A file of one line that holds the token, to be preferred to the environment's
    #[arg(long)]
    token_file: Option<PathBuf>,
}

fn main() -> ExitCode {
    match run(Args::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(args: Args) -> Result<(), Error> {
    let token = match &args.token_file {
        Some(path) => Some(Token::read(path)?),
        None => Token::from_env()?,
    };
    let server = DeviceServer::start(&parse_devices(&args.devices)?, args.listen, token.as_ref())?;
    let address = server.address();
    // Every interface has other addresses, which clients know better.
    let host = match address.ip().is_unspecified() {
        true => "HOST".into(),
        false => address.ip().to_string(),
    };
    let names: Vec<String> = server.names(&host).iter().map(ToString::to_string).collect();
    println!(
        "serving at {address}, token {}: {}",
        if token.is_some() { "needed" } else { "not needed" },
        names.join(",")
    );
    // A program that starts this one may be waiting for the line.
    let _ = stdout().flush();
    server.wait()
}
