//! What every kind of file is read into, and how errors quote it.
use std::collections::{BTreeMap, HashMap};

use burn::store::burn_pack;

/// Tensors by key, whose bytes are read when asked for.
pub(super) type Tensors = BTreeMap<String, burn_pack::Tensor>;

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
