//! The tensors of a file of any format, and their names in error messages.
use std::collections::{BTreeMap, HashMap};

use burn::store::burn_pack;

/// Tensors by key; their bytes are read on demand.
pub(super) type Tensors = BTreeMap<String, burn_pack::Tensor>;

/// The location of a state dict in its file.
#[derive(Debug, Clone, Default)]
pub(super) struct Origin {
    /// The prefix of all keys in the file: the entry of a dictionary, prefixes of wrappers.
    pub prefix: String,
    /// The other tensors of the file, by their full names.
    pub others: Vec<String>,
    /// The file's keys after the prefix, by the keys that replaced them.
    pub renamed: HashMap<String, String>,
}

impl Origin {
    /// The full name of a key in the file.
    pub fn full(&self, key: &str) -> String {
        format!("{}{}", self.prefix, self.renamed.get(key).map_or(key, String::as_str))
    }
}

/// The metadata of a safetensors file.
pub(super) type Metadata = HashMap<String, String>;

/// A shortened message, without file contents that the reader may have included.
pub(crate) fn short(message: &str) -> String {
    const MOST: usize = 300;
    match message.char_indices().nth(MOST) {
        Some((end, _)) => format!("{}…", &message[..end]),
        None => message.into(),
    }
}
