//! The tensors of a checkpoint, by name.
use std::{
    collections::{BTreeMap, HashMap, btree_map::Entry},
    ops::Range,
    path::{Path, PathBuf},
};

use burn::{
    store::{bridge, burn_pack},
    tensor::{DType, TensorData},
};

use super::{
    file,
    tensors::{Origin, Tensors},
};
use crate::{Error, ErrorKind};

/// The tensors of a checkpoint file, under the file's own names.
///
/// Tensors are read from the file when needed, so the file must not change while this is in use.
///
/// ```no_run
/// # use dafe::{Error, weights::{LoadRules, StateDict}};
/// # fn run<M: burn::module::Module>(mut network: M) -> Result<(), Error> {
/// // A checkpoint of a PyTorch network whose parts have other names.
/// StateDict::read("checkpoint.pth")?
///     .rename(|key| Some(key.replace("encoder.", "backbone.")))?
///     .load_into(&mut network, &LoadRules::default())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct StateDict {
    path: PathBuf,
    tensors: Tensors,
    origin: Origin,
}

/// The prefixes that `DataParallel` and `torch.compile` add to every key.
const WRAPPERS: [&str; 2] = ["module.", "_orig_mod."];

/// Parts that wrappers insert anywhere in keys, and that are not part of a network's own names.
const WRAPPED: [&str; 3] = ["_orig_mod", "_fsdp_wrapped_module", "_checkpoint_wrapped_module"];

impl StateDict {
    /// Reads a safetensors file or a PyTorch file (zip archives, written since 1.6, and older
    /// pickles). The format is detected from the content, not the name.
    ///
    /// From a PyTorch checkpoint, the tensors in one entry are used: "state_dict" or
    /// "model_state_dict"; otherwise "model", "net", "network" or "weights" if all other entries
    /// are training state; otherwise an averaged copy ("model_ema", "state_dict_ema", "ema").
    /// Without such an entry, all tensors are used. Entries that are not tensors are left out. The
    /// prefixes "module." and "_orig_mod.", which `DataParallel` and `torch.compile` add to every
    /// key, are removed.
    ///
    /// # Errors
    /// An [I/O error](crate::ErrorKind::Io) if the file can't be read; a [weights
    /// error](crate::ErrorKind::Weights) if it has another format, is damaged, or contains tensors
    /// of data types that Burn does not have.
    pub fn read(path: impl AsRef<Path>) -> Result<Self, Error> {
        let path = path.as_ref();
        let (tensors, origin) = file::read(path)?;
        Ok(Self::new(path, tensors, origin))
    }

    /// As [`Self::read`], but only for safetensors files.
    pub(super) fn read_safetensors(path: &Path) -> Result<Self, Error> {
        Ok(Self::new(path, file::read_safetensors(path)?, Origin::default()))
    }

    /// The tensors of a safetensors file given as `bytes`, and one entry of its metadata; errors
    /// name the file `path`.
    #[cfg(feature = "detect")]
    pub(crate) fn parse(
        path: &Path,
        bytes: Vec<u8>,
        entry: &str,
    ) -> Result<(Self, Option<String>), Error> {
        let (tensors, mut metadata) = file::parse_safetensors(path, bytes)?;
        Ok((Self::new(path, tensors, Origin::default()), metadata.remove(entry)))
    }

    fn new(path: &Path, mut tensors: Tensors, mut origin: Origin) -> Self {
        let before_all = |tensors: &Tensors| {
            let all = |prefix: &&str| tensors.keys().all(|key| key.starts_with(prefix));
            WRAPPERS.into_iter().find(all).filter(|_| !tensors.is_empty())
        };
        while let Some(prefix) = before_all(&tensors) {
            origin.prefix += prefix;
            tensors = tensors
                .into_iter()
                .map(|(key, value)| (key[prefix.len()..].into(), value))
                .collect();
        }
        Self { path: path.to_path_buf(), tensors, origin }
    }

    /// Removes the parts that wrappers inserted into the keys.
    pub(super) fn without_wrappers(self) -> Result<Self, Error> {
        let is_wrapped = |key: &str| key.split('.').any(|part| WRAPPED.contains(&part));
        if !self.keys().any(is_wrapped) {
            return Ok(self);
        }
        self.with_names(|key| {
            let parts = key.split('.').filter(|part| !WRAPPED.contains(part));
            parts.collect::<Vec<_>>().join(".")
        })
    }

    /// The same tensors under other names; reports still use the file's own names.
    pub(super) fn with_names(self, name: impl Fn(&str) -> String) -> Result<Self, Error> {
        let mut renamed = HashMap::new();
        let before = self.origin.renamed.clone();
        let mut named = self.rename(|key| {
            let new = name(key);
            let old = before.get(key).map_or(key, String::as_str);
            if new != old {
                renamed.insert(new.clone(), old.to_string());
            }
            Some(new)
        })?;
        named.origin.renamed = renamed;
        Ok(named)
    }

    /// The file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The number of tensors.
    pub fn len(&self) -> usize {
        self.tensors.len()
    }

    /// Whether there are no tensors.
    pub fn is_empty(&self) -> bool {
        self.tensors.is_empty()
    }

    /// The names of the tensors, sorted.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.tensors.keys().map(String::as_str)
    }

    /// The shape of a tensor, in PyTorch's order; `None` if there is no tensor of that name.
    ///
    #[cfg_attr(feature = "flex", doc = "```")]
    #[cfg_attr(not(feature = "flex"), doc = "```ignore")]
    /// use dafe::{
    ///     prelude::*,
    ///     weights::{StateDict, save_safetensors},
    /// };
    ///
    /// # let folder = tempfile::tempdir()?;
    /// # let path = folder.path().join("net.safetensors");
    /// save_safetensors(&Preset::Nano.config(8).init(&Device::flex()), &path)?;
    /// let weights = StateDict::read(&path)?;
    /// for key in weights.keys() {
    ///     println!("{key}: {:?}", weights.shape(key));
    /// }
    /// assert_eq!(weights.shape("head.weight"), Some(&[8, 48, 1, 1][..]));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn shape(&self, key: &str) -> Option<&[usize]> {
        self.tensors.get(key).map(|tensor| &tensor.shape[..])
    }

    /// The values of a tensor; floating-point numbers of any width are converted to `f32`.
    ///
    /// # Errors
    /// A [weights error](crate::ErrorKind::Weights) if there is no tensor of that name, its values
    /// are integers or can't be read, or it claims more values than the file can hold.
    pub fn value(&self, key: &str) -> Result<TensorData, Error> {
        let tensor = self.tensors.get(key).ok_or_else(|| self.failed(format!("has no {key}")))?;
        // A tensor may be a view that repeats one value, so the file's own checks don't limit its
        // size. The limit is twice the file's length, because rows taken from a tensor are wider
        // than the half-precision values they may come from.
        let length = self.path.metadata().map_err(Error::io("read", &self.path))?.len();
        let bytes = tensor.byte_len() as u64;
        if bytes > length.saturating_mul(2) {
            return Err(self.failed(format!("{key} has {bytes} bytes, the file {length}")));
        }
        self.read_value(key, tensor, true)
    }

    /// As [`Self::value`], for a tensor whose size is known to be harmless, and which may contain
    /// integers.
    pub(super) fn read_value(
        &self,
        key: &str,
        tensor: &burn_pack::Tensor,
        float: bool,
    ) -> Result<TensorData, Error> {
        if tensor.dtype.is_float() != float {
            let wanted = if float { "floats" } else { "whole numbers" };
            return Err(self.failed(format!("{key} holds {:?}, not {wanted}", tensor.dtype)));
        }
        let data = bridge::to_data(tensor)
            .map_err(|error| self.failed(format!("{key} can't be read: {error}")))?;
        Ok(if float { data.convert_dtype(DType::F32) } else { data })
    }

    /// Renames every tensor with `name`; tensors for which it returns `None` are dropped.
    ///
    /// # Errors
    /// A [weights error](crate::ErrorKind::Weights) if two tensors would have the same name.
    pub fn rename(self, mut name: impl FnMut(&str) -> Option<String>) -> Result<Self, Error> {
        // With the old names, for the error.
        let mut renamed = BTreeMap::new();
        for (old, mut tensor) in self.tensors {
            let Some(new) = name(&old) else { continue };
            tensor.name.clone_from(&new);
            match renamed.entry(new) {
                Entry::Vacant(entry) => {
                    entry.insert((old, tensor));
                }
                Entry::Occupied(entry) => {
                    let (new, (first, _)) = (entry.key(), entry.get());
                    let message = format!("{first} and {old} would both be named {new}");
                    return Err(Error::new(ErrorKind::Weights, message).with_path(self.path));
                }
            }
        }
        let tensors = renamed.into_iter().map(|(new, (_, tensor))| (new, tensor)).collect();
        Ok(Self { path: self.path, tensors, origin: self.origin })
    }

    /// Keeps only the rows `rows` of a tensor's first dimension, such as some landmarks of a larger
    /// head.
    ///
    /// # Errors
    /// A [weights error](crate::ErrorKind::Weights) as in [`Self::value`], or if the tensor does
    /// not have these rows.
    pub fn narrow_first(&mut self, key: &str, rows: Range<usize>) -> Result<(), Error> {
        let value = self.value(key)?;
        let mut shape = value.shape().to_vec();
        let count = shape.first().copied().unwrap_or_default();
        if rows.start > rows.end || rows.end > count || shape.is_empty() {
            let message =
                format!("{key} is {shape:?} and has no rows {}..{}", rows.start, rows.end);
            return Err(self.failed(message));
        }
        shape[0] = rows.len();
        let row = value.as_bytes().len() / count.max(1);
        let bytes = value.as_bytes()[rows.start * row..rows.end * row].to_vec();
        let narrow = TensorData::from_bytes_vec(bytes, shape, DType::F32);
        self.tensors.insert(key.into(), bridge::from_data(narrow, key.into(), None));
        Ok(())
    }

    pub(super) fn tensors(&self) -> &Tensors {
        &self.tensors
    }

    /// The location of the tensors in the file.
    pub(super) fn origin(&self) -> &Origin {
        &self.origin
    }

    /// States in errors that these are the file's tensors after `prefix`.
    pub(super) fn after(mut self, prefix: &str) -> Self {
        self.origin.prefix += prefix;
        self
    }

    /// An error about this file.
    pub(super) fn failed(&self, message: String) -> Error {
        Error::new(ErrorKind::Weights, message).with_path(self.path.clone())
    }
}
