//! Loading and saving parameters under PyTorch's names: safetensors files, and PyTorch's own files
//! (feature `pytorch`).
//!
#![cfg_attr(feature = "flex", doc = "```")]
#![cfg_attr(not(feature = "flex"), doc = "```ignore")]
//! use dafe::{
//!     prelude::*,
//!     weights::{load_safetensors, save_safetensors},
//! };
//!
//! # let folder = tempfile::tempdir()?;
//! # let path = folder.path().join("net.safetensors");
//! let device = Device::flex();
//! let config = Preset::Nano.config(8);
//! let (net, mut other) = (config.init(&device), config.init(&device));
//! save_safetensors(&net, &path)?;
//! load_safetensors(&mut other, &path)?;
//!
//! let image = Tensor::<4>::ones([1, 3, 96, 96], &device);
//! assert_eq!(other.forward(image.clone()).into_data(), net.forward(image).into_data());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
mod backbone;
mod efficientnet;
mod expected;
mod family;
mod file;
#[cfg(feature = "detect")]
mod half;
mod image_scale;
mod load;
mod loaded;
mod mmpose;
mod place;
mod pretrained;
#[cfg(feature = "pytorch")]
mod pytorch;
mod search;
mod state_dict;
mod target;
mod tensors;
mod torchvision;

use std::{io::Write, path::Path};

use burn::{
    module::Module,
    store::{BurnToPyTorchAdapter, ModuleAdapter, ModuleSnapshot, SafetensorsStore},
};

#[cfg(feature = "detect")]
pub(crate) use self::tensors::short;
pub use self::{
    efficientnet::load_efficientnet_lite,
    load::LoadRules,
    loaded::{LoadedPart, LoadedWeights},
    pretrained::load_pretrained,
    state_dict::StateDict,
    torchvision::load_torchvision,
};
use crate::{Error, ErrorKind, atomic::write_atomically};

/// Saves every parameter and running statistic of `module` to a safetensors file.
///
/// Tensors have PyTorch's names (BatchNorm's `weight` and `bias`). The file is written atomically.
/// It contains no parameter ids: it is for using a network, not for resuming its training.
///
/// # Errors
/// An [I/O error](crate::ErrorKind::Io) if the file can't be written.
pub fn save_safetensors<M: Module>(module: &M, path: impl AsRef<Path>) -> Result<(), Error> {
    let path = path.as_ref();
    write(module, path, "format", "pt", BurnToPyTorchAdapter)
}

/// The precision of the values in a file.
#[cfg(feature = "detect")]
#[derive(Debug, Clone, Copy)]
pub(crate) enum Precision {
    Single,
    /// Except for the tensors that [`HalfPyTorchAdapter`](half::HalfPyTorchAdapter) keeps in single
    /// precision.
    Half,
}

/// [`save_safetensors`] with a precision and one metadata entry.
#[cfg(feature = "detect")]
pub(crate) fn save_with<M: Module>(
    module: &M,
    path: &Path,
    entry: &str,
    value: &str,
    precision: Precision,
) -> Result<(), Error> {
    match precision {
        Precision::Single => write(module, path, entry, value, BurnToPyTorchAdapter),
        Precision::Half => write(module, path, entry, value, half::HalfPyTorchAdapter::default()),
    }
}

/// Has only one metadata entry, because several would be written in random order. This way, equal
/// networks give equal files.
fn write<M: Module>(
    module: &M,
    path: &Path,
    entry: &str,
    value: &str,
    adapter: impl ModuleAdapter + 'static,
) -> Result<(), Error> {
    let mut store = SafetensorsStore::from_bytes(None)
        .clear_metadata()
        .metadata(entry, value)
        .with_to_adapter(adapter);
    let failed = |message: String| Error::new(ErrorKind::Weights, message).with_path(path);
    module.save_into(&mut store).map_err(|error| failed(error.to_string()))?;
    let bytes = store.get_bytes().map_err(|error| failed(error.to_string()))?;
    write_atomically(path, |file| file.write_all(&bytes))
}

/// Loads the parameters of `module` from a safetensors file, strictly.
///
/// The file may be written by [`save_safetensors`] or PyTorch. Every parameter must be present with
/// its shape, and no other tensors except BatchNorm's `num_batches_tracked`. For other files and
/// less strict rules, use [`StateDict`].
///
/// # Errors
/// An [I/O error](crate::ErrorKind::Io) if the file can't be read; a [weights
/// error](crate::ErrorKind::Weights) naming the keys that are missing, unknown or not finite, or of
/// another shape, or if the file is not a safetensors file.
pub fn load_safetensors<M: Module>(module: &mut M, path: impl AsRef<Path>) -> Result<(), Error> {
    let path = path.as_ref();
    StateDict::read_safetensors(path)?.load_into(module, &LoadRules::default())
}
