//! Devices by their names on the command line, and numbers of threads.
use std::thread::available_parallelism;

use dafe::{Error, device::DeviceName, prelude::Device};

use super::{Outcome, features::missing};

/// The default number of loader threads: one per core, at most eight.
pub fn default_workers() -> usize {
    available_parallelism().map_or(2, |cores| cores.get().min(8))
}

/// Parses device names and checks that this build supports them. All are parsed first; nothing is
/// opened or contacted.
pub fn parse_device_names<'a>(
    names: impl IntoIterator<Item = &'a str>,
) -> Outcome<Vec<DeviceName>> {
    let names = names.into_iter().map(|name| name.trim().parse());
    let names = names.collect::<Result<Vec<DeviceName>, _>>()?;
    names.iter().try_for_each(check_built)?;
    Ok(names)
}

/// Checks that this build supports the device.
fn check_built(name: &DeviceName) -> Outcome<()> {
    let (feature, is_there) = match name {
        DeviceName::NdArray => ("ndarray", cfg!(feature = "ndarray")),
        DeviceName::Cuda(_) => ("cuda", cfg!(feature = "cuda")),
        DeviceName::Vulkan(_) => ("vulkan", cfg!(feature = "vulkan")),
        DeviceName::Wgpu(_) => ("wgpu", cfg!(feature = "wgpu")),
        DeviceName::Remote { .. } => ("remote", cfg!(feature = "remote")),
        _ => return Ok(()),
    };
    match is_there {
        true => Ok(()),
        false => Err(missing(&format!("device '{name}'"), feature)),
    }
}

/// Opens the device `name`.
pub fn open_device(name: &str) -> Outcome<Device> {
    Ok(parse_device_names([name])?[0].open()?)
}

/// The devices of a run with `shards` shards per step: those given, or a single CPU once per shard,
/// so that shards are computed in parallel. All names are parsed before the first device is opened.
pub fn training_devices(names: &[String], shards: usize) -> Outcome<Vec<Device>> {
    match &parse_device_names(names.iter().map(String::as_str))?[..] {
        [] => Err(Error::config("training needs a device").into()),
        [cpu @ (DeviceName::Flex | DeviceName::NdArray)] => Ok(vec![cpu.open()?; shards]),
        names => Ok(names.iter().map(DeviceName::open).collect::<Result<_, _>>()?),
    }
}
