//! Reading and writing tensors in safetensors files.
use std::path::Path;

use burn::tensor::{Tensor, TensorData};
use dafe::{Error, prelude::*};
use dafe_cli::support::Outcome;
use safetensors::{Dtype, SafeTensors, tensor::TensorView};

/// A file of tensors in memory.
pub struct Tensors {
    name: String,
    bytes: Vec<u8>,
}

impl Tensors {
    pub fn read(path: &Path) -> Outcome<Self> {
        let failed = |source| Error::io("read", path)(source);
        let bytes = std::fs::read(path).map_err(failed)?;
        Ok(Self { name: path.display().to_string(), bytes })
    }

    /// The tensor `key`, which must have 32-bit floats and rank `D`.
    pub fn get<const D: usize>(&self, key: &str, device: &Device) -> Outcome<Tensor<D>> {
        let failed = |error: String| format!("{}: {key}: {error}", self.name);
        let file = SafeTensors::deserialize(&self.bytes).map_err(|e| failed(e.to_string()))?;
        let view = file.tensor(key).map_err(|e| failed(e.to_string()))?;
        if view.dtype() != Dtype::F32 || view.shape().len() != D {
            let found = format!("{:?} {:?}", view.dtype(), view.shape());
            return Err(failed(format!("{found}, not f32 of rank {D}")).into());
        }
        let floats =
            view.data().chunks_exact(4).map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]]));
        let data = TensorData::new(floats.collect::<Vec<_>>(), view.shape().to_vec());
        Ok(Tensor::from_data(data, device))
    }
}

/// Writes tensors by name.
pub fn write(path: &Path, tensors: Vec<(&str, TensorData)>) -> Outcome<()> {
    let mut views = Vec::new();
    for (name, data) in &tensors {
        views.push((*name, TensorView::new(Dtype::F32, data.shape().to_vec(), data.bytes())?));
    }
    Ok(safetensors::serialize_to_file(views, None, path)?)
}
