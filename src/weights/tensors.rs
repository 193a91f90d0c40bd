//! What every kind of file is read into, and how errors quote it.
use std::collections::{BTreeMap, HashMap};

use burn::store::burn_pack;

/// Tensors by key, whose bytes are read when asked for.
pub(super) type Tensors = BTreeMap<String, burn_pack::Tensor>;

/// Where in its file a state dict is.
#[derive(Debug, Clone, Default)]
pub(super) struct Origin {
    /// What the file has before every key: the entry of a dictionary, wrappers' prefixes.
    pub prefix: String,
    /// The file's other tensors, by their full names.
    pub others: Vec<String>,
    /// Keys as the file has them after the prefix, by those that took their place.
    pub renamed: HashMap<String, String>,
}

impl Origin {
    /// A key's full name in the file.
    pub fn full(&self, key: &str) -> String {
        format!("{}{}", self.prefix, self.renamed.get(key).map_or(key, String::as_str))
    }
}

/// What a safetensors file says of itself.
pub(super) type Metadata = HashMap<String, String>;

/// A message without the contents of the file that the reader may have put into it.
pub(crate) fn short(message: &str) -> String {
    const MOST: usize = 300;
    match message.char_indices().nth(MOST) {
        Some((end, _)) => format!("{}…", &message[..end]),
        None => message.into(),
    }
}
