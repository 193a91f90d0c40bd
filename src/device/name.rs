//! What a device's name means, without asking whether the device is there.
use std::{
    fmt,
    net::{IpAddr, Ipv6Addr},
    str::FromStr,
};

use burn::tensor::Device;

use super::{failed, local};
use crate::Error;

/// A device's name, understood. Parsing one contacts nothing and needs no backend compiled in; [`open`](Self::open) does.
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
    /// `flex`: the CPU, by Burn's Flex and this crate's own kernels.
    Flex,
    /// `ndarray`: the CPU, by Burn's deprecated NdArray.
    NdArray,
    /// `cuda:1`: an NVIDIA card.
    Cuda(usize),
    /// `vulkan:1`: a graphics adapter by Vulkan, the best one without a number.
    Vulkan(Option<usize>),
    /// `wgpu:1`: a graphics adapter by whatever of wgpu's interfaces is there, the best one without a number.
    Wgpu(Option<usize>),
    /// `remote:HOST:PORT#1`: a device that another machine serves.
    Remote {
        /// A host name, an IPv4 address, or an IPv6 address without brackets.
        host: String,
        /// Where it is served.
        port: u16,
        /// Its number among the devices served there.
        index: u32,
    },
}

impl DeviceName {
    /// The device itself, there and ready. A remote one is connected, with the token in the environment variable
    /// `DAFE_REMOTE_TOKEN` if it is set (`open_with` takes another); that may take some seconds, never more than twenty.
    ///
    /// That an accelerator is there is what its driver says. Whether kernels run on it is known at the first operation.
    ///
    /// # Errors
    /// A [device error](crate::ErrorKind::Device), in one line, if its cargo feature is off or it
    /// is not there: no driver, no such number, nobody who answers, no such token. A [configuration
    /// error](crate::ErrorKind::Config) if the environment's token cannot be one.
    pub fn open(&self) -> Result<Device, Error> {
        #[cfg(feature = "remote")]
        if let Self::Remote { host, port, index } = self {
            let token = super::Token::from_env()?;
            return super::remote::connect(host, *port, *index, token.as_ref())
                .map_err(|message| failed(&self.to_string(), message));
        }
        local::open(self).map_err(|message| failed(&self.to_string(), message))
    }

    /// The same, with this token for a remote device, or none, whatever the environment says.
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
                    Err(format!("what follows {backend}: must be a number"))
                }
                Err(_) => Err(unknown()),
            },
            None => local(name, None),
        };
        parsed.map_err(|message| failed(name, message))
    }
}

/// The names of this machine's backends, CPUs first.
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
            (address, index.parse().map_err(|_| "what follows # must be a device's number")?)
        }
    };
    let (host, port) = address.rsplit_once(':').ok_or("it lacks the port: remote:HOST:PORT")?;
    let port = port.parse().ok().filter(|port| *port != 0);
    let port = port.ok_or("the port must be a number from 1 to 65535")?;
    Ok(DeviceName::Remote { host: canonical(host)?, port, index })
}

/// One spelling for each host: Burn takes two spellings for two machines.
fn canonical(host: &str) -> Result<String, String> {
    if let Some(address) = host.strip_prefix('[') {
        let address = address.strip_suffix(']').and_then(|address| address.parse().ok());
        let address: Ipv6Addr = address.ok_or("in brackets belongs an IPv6 address")?;
        return Ok(address.to_string());
    }
    if let Ok(address @ IpAddr::V4(_)) = host.parse() {
        return Ok(address.to_string());
    }
    let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_');
    match host {
        "" => Err("it lacks the host: remote:HOST:PORT".into()),
        _ if host.contains(':') => Err("an IPv6 address belongs in brackets".into()),
        _ if host.len() > 253 || !host.chars().all(fits) => {
            Err("the host is neither a name nor an address".into())
        }
        _ => Ok(host.to_ascii_lowercase()),
    }
}
