//! Parsing device names, without checking that the device exists.
use std::{
    fmt,
    net::{IpAddr, Ipv6Addr},
    str::FromStr,
};

use burn::tensor::Device;

use super::{failed, local};
use crate::Error;

/// A parsed device name. Parsing connects to nothing and needs no backend; [`open`](Self::open)
/// does.
///
/// ```
/// use dafe::device::DeviceName;
///
/// let name: DeviceName = "remote:gpu1:3000#2".parse()?;
/// assert_eq!(name, DeviceName::Remote { host: "gpu1".into(), port: 3000, index: 2 });
/// assert_eq!(name.to_string(), "remote:gpu1:3000#2");
/// # Ok::<(), dafe::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum DeviceName {
    /// `flex`: the CPU, with Burn's Flex backend and this crate's own kernels.
    Flex,
    /// `ndarray`: the CPU, with Burn's deprecated NdArray backend.
    NdArray,
    /// `cuda:1`: an NVIDIA GPU.
    Cuda(usize),
    /// `vulkan:1`: a Vulkan graphics adapter; the best one without a number.
    Vulkan(Option<usize>),
    /// `wgpu:1`: a graphics adapter with any of wgpu's backends; the best one without a number.
    Wgpu(Option<usize>),
    /// `remote:HOST:PORT#1`: a device served by another machine.
    Remote {
        /// A host name, an IPv4 address, or an IPv6 address without brackets.
        host: String,
        /// The server's port.
        port: u16,
        /// The device's number on the server.
        index: u32,
    },
}

impl DeviceName {
    /// Opens the device. Connects to remote devices with the token in the environment variable
    /// `DAFE_REMOTE_TOKEN`, if it is set (`open_with` takes another one). Connecting may take
    /// several seconds, but never more than twenty.
    ///
    /// Accelerators are only checked against the driver's list. Whether kernels run on them is
    /// known after the first operation.
    ///
    /// # Errors
    /// A single-line [device error](crate::ErrorKind::Device) if the cargo feature is not enabled
    /// or the device is not available: no driver, invalid number, no answer, wrong token. A
    /// [configuration error](crate::ErrorKind::Config) if the environment variable is not a valid
    /// token.
    pub fn open(&self) -> Result<Device, Error> {
        #[cfg(feature = "remote")]
        if let Self::Remote { host, port, index } = self {
            let token = super::Token::from_env()?;
            return super::remote::connect(host, *port, *index, token.as_ref())
                .map_err(|message| failed(&self.to_string(), message));
        }
        local::open(self).map_err(|message| failed(&self.to_string(), message))
    }

    /// [`open`](Self::open) with an explicit token for a remote device, or none, ignoring the
    /// environment.
    ///
    /// # Errors
    /// As [`open`](Self::open).
    #[cfg(feature = "remote")]
    pub fn open_with(&self, token: Option<&super::Token>) -> Result<Device, Error> {
        let opened = match self {
            Self::Remote { host, port, index } => {
                super::remote::connect(host, *port, *index, token)
            }
            _ => local::open(self),
        };
        opened.map_err(|message| failed(&self.to_string(), message))
    }
}

impl fmt::Display for DeviceName {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Self::Flex => f.write_str("flex"),
            Self::NdArray => f.write_str("ndarray"),
            Self::Cuda(number) => write!(f, "cuda:{number}"),
            Self::Vulkan(None) => f.write_str("vulkan"),
            Self::Vulkan(Some(number)) => write!(f, "vulkan:{number}"),
            Self::Wgpu(None) => f.write_str("wgpu"),
            Self::Wgpu(Some(number)) => write!(f, "wgpu:{number}"),
            Self::Remote { host, port, index } if host.contains(':') => {
                write!(f, "remote:[{host}]:{port}#{index}")
            }
            Self::Remote { host, port, index } => write!(f, "remote:{host}:{port}#{index}"),
        }
    }
}

impl FromStr for DeviceName {
    type Err = Error;

    fn from_str(name: &str) -> Result<Self, Error> {
        let parsed = match name.split_once(':') {
            Some(("remote", address)) => remote(address),
            Some((backend, number)) => match number.parse() {
                Ok(number) => local(backend, Some(number)),
                Err(_) if BACKENDS.contains(&backend) => {
                    Err(format!("{backend}: must be followed by a number"))
                }
                Err(_) => Err(unknown()),
            },
            None => local(name, None),
        };
        parsed.map_err(|message| failed(name, message))
    }
}

/// The names of local backends, CPUs first.
pub(crate) const BACKENDS: [&str; 5] = ["flex", "ndarray", "cuda", "vulkan", "wgpu"];

fn unknown() -> String {
    format!("unknown; there are {} and remote:HOST:PORT", BACKENDS.join(", "))
}

fn local(backend: &str, number: Option<usize>) -> Result<DeviceName, String> {
    match backend {
        "flex" | "ndarray" if number.unwrap_or(0) != 0 => Err("there is one CPU, number 0".into()),
        "flex" => Ok(DeviceName::Flex),
        "ndarray" => Ok(DeviceName::NdArray),
        "cuda" => Ok(DeviceName::Cuda(number.unwrap_or(0))),
        "vulkan" => Ok(DeviceName::Vulkan(number)),
        "wgpu" => Ok(DeviceName::Wgpu(number)),
        _ => Err(unknown()),
    }
}

/// `HOST:PORT` or `HOST:PORT#N`.
fn remote(address: &str) -> Result<DeviceName, String> {
    let (address, index) = match address.split_once('#') {
        None => (address, 0),
        Some((address, index)) => {
            (address, index.parse().map_err(|_| "# must be followed by a device number")?)
        }
    };
    let (host, port) = address.rsplit_once(':').ok_or("the port is missing: remote:HOST:PORT")?;
    let port = port.parse().ok().filter(|port| *port != 0);
    let port = port.ok_or("the port must be a number from 1 to 65535")?;
    Ok(DeviceName::Remote { host: canonical(host)?, port, index })
}

/// Normalizes a host, because Burn treats two spellings as two machines.
fn canonical(host: &str) -> Result<String, String> {
    if let Some(address) = host.strip_prefix('[') {
        let address = address.strip_suffix(']').and_then(|address| address.parse().ok());
        let address: Ipv6Addr = address.ok_or("only an IPv6 address may be in brackets")?;
        return Ok(address.to_string());
    }
    if let Ok(address @ IpAddr::V4(_)) = host.parse() {
        return Ok(address.to_string());
    }
    let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_');
    match host {
        "" => Err("the host is missing: remote:HOST:PORT".into()),
        _ if host.contains(':') => Err("an IPv6 address must be in brackets".into()),
        _ if host.len() > 253 || !host.chars().all(fits) => {
            Err("the host is neither a name nor an address".into())
        }
        _ => Ok(host.to_ascii_lowercase()),
    }
}
