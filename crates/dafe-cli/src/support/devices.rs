//! Devices by their names on the command line, and threads.
use std::thread::available_parallelism;

use dafe::{device::DeviceName, error::Error, prelude::Device};

use super::{Outcome, features::missing};

/// How many threads make batches unless told otherwise: one a core, eight at most.
pub fn default_workers() -> usize {
    available_parallelism().map_or(2, |cores| cores.get().min(8))
}

/// What `name` means, if this build has such devices. Nothing is opened or contacted.
pub fn parse_device_name(name: &str) -> Outcome<DeviceName> {
    let name: DeviceName = name.trim().parse()?;
    let (feature, is_there) = match name {
        DeviceName::NdArray => ("ndarray", cfg!(feature = "ndarray")),
        DeviceName::Cuda(_) => ("cuda", cfg!(feature = "cuda")),
        DeviceName::Vulkan(_) => ("vulkan", cfg!(feature = "vulkan")),
        DeviceName::Wgpu(_) => ("wgpu", cfg!(feature = "wgpu")),
        DeviceName::Remote { .. } => ("remote", cfg!(feature = "remote")),
        _ => return Ok(name),
    };
    match is_there {
        true => Ok(name),
        false => Err(missing(&format!("device '{name}'"), feature)),
    }
}

/// The device that `name` stands for, there and ready.
pub fn open_device(name: &str) -> Outcome<Device> {
    Ok(parse_device_name(name)?.open()?)
}

/// The devices of a run of `shards` shards a step: those that are named, or a single CPU once for
/// each shard, so that they are computed side by side. All names are understood before the first
/// device is opened.
pub fn training_devices(names: &[String], shards: usize) -> Outcome<Vec<Device>> {
    let names = names.iter().map(|name| parse_device_name(name));
    match &names.collect::<Outcome<Vec<DeviceName>>>()?[..] {
        [] => Err(Error::Config("training needs a device".into()).into()),
        [cpu @ (DeviceName::Flex | DeviceName::NdArray)] => Ok(vec![cpu.open()?; shards]),
        names => Ok(names.iter().map(DeviceName::open).collect::<Result<_, _>>()?),
    }
}
