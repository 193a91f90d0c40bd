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

/// The tensors of a file that somebody saved, under its own names.
///
/// They are read from the file as they are needed, so it must stay as it is meanwhile.
///
/// ```no_run
/// # use std::path::Path;
/// # use dafe::{Error, weights::{LoadRules, StateDict}};
/// # fn run<M: burn::module::Module>(mut network: M) -> Result<(), Error> {
/// // Somebody's training, in PyTorch, of a network that called its parts otherwise.
/// StateDict::read(Path::new("checkpoint.pth"))?
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

/// What `DataParallel` and `torch.compile` put before every key.
const WRAPPERS: [&str; 2] = ["module.", "_orig_mod."];

/// Parts of keys that wrappers leave anywhere in them, and that are no part of a network's names.
const WRAPPED: [&str; 3] = ["_orig_mod", "_fsdp_wrapped_module", "_checkpoint_wrapped_module"];

impl StateDict {
    /// Reads a file of safetensors, or of PyTorch: the zip archives that it writes since 1.6, and the pickles before.
    /// Its content says which it is, not its name.
    ///
    /// Of a PyTorch checkpoint, it is the tensors in "state_dict" or "model_state_dict"; or in
    /// "model", "net", "network" or "weights", if there are none beside it but training's own; or
    /// in an averaged copy ("model_ema", "state_dict_ema", "ema") if there is nothing else; and if
    /// there is no such entry, all in it. What is no tensor is left out. "module." and "_orig_mod."
    /// before every key, as `DataParallel` and `torch.compile` leave them, are taken off.
    ///
    /// # Errors
    /// An [I/O error](crate::ErrorKind::Io) if the file can't be read, a [weights
    /// error](crate::ErrorKind::Weights) if it is another kind of file, damaged, or holds tensors
    /// of kinds that Burn hasn't.
    pub fn read(path: impl AsRef<Path>) -> Result<Self, Error> {
        let path = path.as_ref();
        let (tensors, origin) = file::read(path)?;
        Ok(Self::new(path, tensors, origin))
    }

    /// As [`Self::read`], safetensors only.
    pub(super) fn read_safetensors(path: &Path) -> Result<Self, Error> {
        Ok(Self::new(path, file::read_safetensors(path)?, Origin::default()))
    }

    /// The tensors of the safetensors file that `bytes` are, named `path` in errors, and one entry of its metadata.
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

    /// The same without what wrappers of a network's parts have put into the keys.
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

    /// The same under other names; reports still have the file's own.
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

    /// How many tensors there are.
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

    /// The shape of a tensor, as PyTorch has it; `None` if there is none of that name.
    pub fn shape(&self, key: &str) -> Option<&[usize]> {
        self.tensors.get(key).map(|tensor| &tensor.shape[..])
    }

    /// The values of a tensor, floating-point numbers of any width as `f32`.
    ///
    /// # Errors
    /// A [weights error](crate::ErrorKind::Weights) if there is no tensor of that name, its numbers
    /// are whole ones or can't be read, or it claims more of them than the file can hold.
    pub fn value(&self, key: &str) -> Result<TensorData, Error> {
        let tensor = self.tensors.get(key).ok_or_else(|| self.failed(format!("has no {key}")))?;
        // A tensor may be a view that repeats one number, so that the file alone bounds nothing. Twice its length,
        // because rows taken of a tensor are wider than the halves they may come from.
        let length = self.path.metadata().map_err(Error::io("read", &self.path))?.len();
        let bytes = tensor.byte_len() as u64;
        if bytes > length.saturating_mul(2) {
            return Err(self.failed(format!("{key} has {bytes} bytes, the file {length}")));
        }
        self.read_value(key, tensor, true)
    }

    /// As [`Self::value`], for a tensor whose size is known to be harmless, and which may be one of whole numbers.
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

    /// Gives every tensor the name that `name` makes of its own, or drops it where that is `None`.
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

    /// Keeps of one tensor only the rows `rows` of its first dimension: some landmarks of a head for more.
    ///
    /// # Errors
    /// A [weights error](crate::ErrorKind::Weights) as [`Self::value`], or if the tensor has no
    /// such rows.
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

    /// Where in the file they are.
    pub(super) fn origin(&self) -> &Origin {
        &self.origin
    }

    /// Says in errors that these are what the file has after `prefix`.
    pub(super) fn after(mut self, prefix: &str) -> Self {
        self.origin.prefix += prefix;
        self
    }

    /// What is wrong with this file.
    pub(super) fn failed(&self, message: String) -> Error {
        Error::new(ErrorKind::Weights, message).with_path(self.path.clone())
    }
}
