//! PyTorch's own files: the zip archives that it writes since 1.6, and the pickles before.
mod guard;

use std::{fs::File, path::Path};

use burn::store::{
    bridge,
    pytorch_reader::{PickleError, PytorchError, PytorchReader},
};

use super::tensors::{Origin, Tensors, short};
use crate::{Error, ErrorKind};

/// What people call the state dict in a checkpoint of more, averaged copies of it last: they are
/// taken where there is nothing else.
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

/// Those of them that are no usual name for a network's part.
const SURE: [&str; 2] = ["state_dict", "model_state_dict"];

/// The tensors of a PyTorch checkpoint: a zip archive, or the pickles of before.
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
        // The names say where to look; only opening tells a dict's entry from a key with a dot in it.
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

/// Whether a tensor is training's, beside a model's. A network saved whole may have a part called "model" beside
/// others; then it is no wrapper.
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
        // Sound, as far as can be told, but with something in it that the reader refuses: dictionaries of other
        // classes (defaultdict), keys that are no names, tensors inside objects, sparse or complex ones.
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
