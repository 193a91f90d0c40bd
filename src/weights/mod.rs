//! Parameters to and from safetensors files, under PyTorch's names.
use std::{collections::BTreeSet, io::Write, path::Path};

use burn::{
    module::Module,
    store::{
        BurnToPyTorchAdapter, ModuleSnapshot, ModuleStore, PyTorchToBurnAdapter, SafetensorsStore,
    },
};

use crate::{atomic::write_atomically, error::Error};

/// Writes every parameter and running statistic of `module` to a safetensors file, under PyTorch's names
/// (BatchNorm's `weight` and `bias`). The file appears whole or not at all.
///
/// The file holds no parameter ids: it is for using a network, not for resuming its training.
///
/// # Errors
/// [`Error::Io`] if the file can't be written.
pub fn save_safetensors<M: Module>(module: &M, path: &Path) -> Result<(), Error> {
    // One entry of metadata, because several would be written in random order: equal networks, equal files.
    let mut store = SafetensorsStore::from_bytes(None)
        .clear_metadata()
        .metadata("format", "pt")
        .with_to_adapter(BurnToPyTorchAdapter);
    let failed = |message: String| Error::Weights { path: path.to_path_buf(), message };
    module.save_into(&mut store).map_err(|error| failed(error.to_string()))?;
    let bytes = store.get_bytes().map_err(|error| failed(error.to_string()))?;
    write_atomically(path, |file| file.write_all(&bytes))
}

/// Reads the parameters of `module` from a safetensors file that [`save_safetensors`] wrote, or PyTorch, strictly:
/// every parameter must be there in its shape, and nothing else but BatchNorm's `num_batches_tracked`.
///
/// # Errors
/// [`Error::Io`] if the file can't be read, [`Error::Weights`] naming the keys that are missing, unknown or of
/// another shape, or if it is no safetensors file.
pub fn load_safetensors<M: Module>(module: &mut M, path: &Path) -> Result<(), Error> {
    let bytes = std::fs::read(path).map_err(Error::io("read", path))?;
    let failed = |message: String| Error::Weights { path: path.to_path_buf(), message };
    check_header(&bytes).map_err(failed)?;
    let failed = |message: String| Error::Weights { path: path.to_path_buf(), message };

    let mut store = SafetensorsStore::from_bytes(Some(bytes))
        .with_from_adapter(PyTorchToBurnAdapter)
        .allow_partial(true)
        .validate(false);
    let keys = store.keys().map_err(|error| failed(error.to_string()))?;
    let result = module.load_from(&mut store).map_err(|error| failed(error.to_string()))?;

    let mut wrong = Vec::new();
    if !result.errors.is_empty() {
        let errors: Vec<String> = result.errors.iter().map(|error| error.to_string()).collect();
        wrong.push(list("of another form", &errors));
    }
    let refused: BTreeSet<&String> = result.missing.iter().map(|(key, _)| key).collect();
    if !refused.is_empty() {
        wrong.push(list("missing", &refused.into_iter().cloned().collect::<Vec<_>>()));
    }
    let unknown: Vec<String> =
        result.unused.iter().filter(|key| !key.ends_with("num_batches_tracked")).cloned().collect();
    if !unknown.is_empty() {
        wrong.push(list("not part of this network", &unknown));
    }
    if wrong.is_empty() {
        Ok(())
    } else {
        Err(failed(format!("{} (the file has {} tensors)", wrong.join("; "), keys.len())))
    }
}

/// "missing: a, b, c and 7 more".
fn list(what: &str, keys: &[String]) -> String {
    const SHOWN: usize = 5;
    let shown = keys[..keys.len().min(SHOWN)].join(", ");
    match keys.len().saturating_sub(SHOWN) {
        0 => format!("{what}: {shown}"),
        more => format!("{what}: {shown} and {more} more"),
    }
}

/// Says what a file that can't be safetensors is, before a parser says something obscure.
fn check_header(bytes: &[u8]) -> Result<(), String> {
    let Some(length) = bytes.first_chunk::<8>() else {
        return Err(format!("not a safetensors file: it has {} bytes", bytes.len()));
    };
    if bytes.trim_ascii_start().starts_with(b"<") {
        return Err("not a safetensors file, but a web page".into());
    }
    let length = u64::from_le_bytes(*length);
    match bytes.get(8) {
        Some(b'{') if length <= bytes.len() as u64 - 8 => Ok(()),
        Some(b'{') => {
            Err(format!("truncated: its header has {length} bytes, the file {}", bytes.len()))
        }
        _ => Err("not a safetensors file".into()),
    }
}

/// Stub.
#[derive(Debug, Clone, Default)]
pub struct LoadRules {
    /// a
    pub ignored: Vec<String>,
    /// b
    pub keep: Vec<String>,
}
/// Stub.
pub fn load_pretrained(
    _: &mut crate::model::LandmarkNet,
    _: &Path,
    _: &LoadRules,
) -> Result<(), Error> {
    Ok(())
}
