//! PyTorch's own files: zip archives, written since version 1.6, and the older pickles.
mod guard;

use std::{fs::File, path::Path};

use burn::store::{
    bridge,
    pytorch_reader::{PickleError, PytorchError, PytorchReader},
};

use super::tensors::{Origin, Tensors, short};
use crate::{Error, ErrorKind};

/// Common names of the state dict in a checkpoint with other entries. Averaged copies come last:
/// they are used only if there is nothing else.
const WRAPPERS: [&str; 11] = [
    "state_dict",
    "model_state_dict",
    "model",
    "net",
    "network",
    "weights",
    "state_dict_ema",
    "model_ema",
    "ema_state_dict",
    "ema_model",
    "ema",
];

/// The wrappers that are not also a common name for a part of a network.
const SURE: [&str; 2] = ["state_dict", "model_state_dict"];

/// The tensors of a PyTorch checkpoint: a zip archive, or the older pickles.
pub(super) fn read(path: &Path, zip: bool) -> Result<(Tensors, Origin), Error> {
    let failed = |message: String| Error::new(ErrorKind::Weights, message).with_path(path);
    let file = File::open(path).map_err(Error::io("read", path))?;
    guard::check(file, zip).map_err(failed)?;
    tensors(path).map_err(failed)
}

fn tensors(path: &Path) -> Result<(Tensors, Origin), String> {
    let mut reader = PytorchReader::new(path).map_err(explain)?;
    let mut origin = Origin::default();
    for wrapper in WRAPPERS {
        // The names only suggest where to look; opening tells a dictionary entry from a key that
        // contains a dot.
        let inside = |key: &String| key.strip_prefix(wrapper).is_some_and(|k| k.starts_with('.'));
        let is_wrapper =
            SURE.contains(&wrapper) || reader.tensors().keys().all(|key| inside(key) || extra(key));
        if is_wrapper
            && reader.tensors().keys().any(inside)
            && let Ok(inner) = PytorchReader::with_top_level_key(path, wrapper)
            && !inner.is_empty()
        {
            origin.prefix = format!("{wrapper}.");
            origin.others = reader.keys().into_iter().filter(|key| !inside(key)).collect();
            reader = inner;
            break;
        }
    }
    if reader.is_empty() {
        return Err("a PyTorch file without tensors in a dictionary".into());
    }
    let tensors = reader.into_tensors().into_values().map(bridge::from_pytorch);
    let tensors = tensors.map(|tensor| (tensor.name.clone(), tensor)).collect();
    Ok((tensors, origin))
}

/// Whether a tensor belongs to the training state next to a model. A network saved as a whole may
/// have a part called "model" next to others, which is then not a wrapper.
fn extra(key: &str) -> bool {
    let top = key.split('.').next().unwrap_or_default();
    ["optim", "ema", "sched", "scaler", "rng", "criterion"].iter().any(|part| top.contains(part))
}

fn explain(error: PytorchError) -> String {
    let text = short(&error.to_string());
    match &error {
        PytorchError::Io(_) | PytorchError::Zip(_) => {
            format!("a truncated or damaged PyTorch checkpoint: {text}")
        }
        // Intact as far as is known, but with content that the reader rejects: dictionaries of
        // other classes (defaultdict), keys that are not strings, tensors inside objects, sparse or
        // complex tensors.
        PytorchError::Pickle(
            PickleError::UnexpectedOpCode(_)
            | PickleError::UnsupportedType(_)
            | PickleError::InvalidData(_),
        ) => format!(
            "not readable as a PyTorch checkpoint: {text}; if PyTorch can, save the state dict alone: \
             torch.save(model.state_dict(), path)"
        ),
        _ => format!("not readable as a PyTorch checkpoint: {text}"),
    }
}
