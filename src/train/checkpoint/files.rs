//! A checkpoint: a folder with parameters, optimizer state and position, and a manifest for
//! verifying them.
use std::{fs, io::Write, path::Path};

use burn::{module::Module, optim::ModuleOptimizer, tensor::Bytes};

use super::{
    manifest::{Manifest, damaged},
    position::Position,
    snapshot::Snapshot,
};
use crate::{Error, atomic::write_atomically};

const POSITION: &str = "position.json";
const MODEL: &str = "model.bpk";
const OPTIMIZER: &str = "optimizer.bpk";

/// Maximum size of `position.json`: enough for tens of thousands of epochs.
const MAX_POSITION_BYTES: u64 = 16 << 20;

/// Maximum size of a record besides its numbers: names, shapes, identifiers, padding.
const MAX_NAMES_BYTES: u64 = 16 << 20;

/// Writes a checkpoint's files into `folder`, which is created.
pub(in crate::train) fn write(
    folder: &Path,
    snapshot: &Snapshot,
    position: &Position,
) -> Result<(), Error> {
    fs::create_dir_all(folder).map_err(Error::io("create", folder))?;
    let position = serde_json::to_vec_pretty(position).expect("plain numbers and strings");
    let Snapshot { model, optimizer } = snapshot;
    let files = [(MODEL, &model[..]), (OPTIMIZER, &optimizer[..]), (POSITION, &position[..])];
    for (name, bytes) in files {
        write_atomically(folder.join(name), |file| file.write_all(bytes))?;
    }
    Manifest::of(&files).write(folder)
}

/// Reads a checkpoint that fits a network and an optimizer of these kinds. All files are verified
/// against the manifest before any is parsed.
///
/// # Errors
/// A [checkpoint error](crate::ErrorKind::Checkpoint) or an [I/O error](crate::ErrorKind::Io) if
/// the folder is not an intact checkpoint or does not fit.
pub(in crate::train) fn read<M: Module>(
    folder: &Path,
    net: M,
    optimizer: ModuleOptimizer,
) -> Result<(Snapshot, Position), Error> {
    let parameters = 4 * net.num_params() as u64;
    let manifest = Manifest::read(folder)?;
    let position = manifest.read_file(folder, POSITION, MAX_POSITION_BYTES)?;
    let model = manifest.read_file(folder, MODEL, parameters + MAX_NAMES_BYTES)?;
    // Adam has two moments per parameter.
    let moments = 2 * parameters + MAX_NAMES_BYTES;
    let moments = manifest.read_file(folder, OPTIMIZER, moments)?;

    let failed = |name: &str, error: &dyn ToString| damaged(&folder.join(name), error.to_string());
    let position = Position::parse(&position).map_err(|error| failed(POSITION, &error))?;
    let [model, optimizer_bytes] = [model, moments].map(Bytes::from_bytes_vec);
    let snapshot = Snapshot { model, optimizer: optimizer_bytes };
    snapshot.load_model(net).map_err(|error| failed(MODEL, &error))?;
    let record = snapshot.optimizer_record().map_err(|error| failed(OPTIMIZER, &error))?;
    let states = record.len();
    // Burn silently drops what it can't use, and Adam would start from scratch.
    let loaded = optimizer.load_record(record).to_record().len();
    if loaded != states {
        let message = format!("only {loaded} of its {states} tensors are Adam's state");
        return Err(failed(OPTIMIZER, &message));
    }
    Ok((snapshot, position))
}

#[cfg(all(test, feature = "flex"))]
mod tests {
    use burn::{optim::AdamConfig, tensor::Device};

    use super::*;
    use crate::{
        backbone::{ResNetConfig, ResidualKind},
        model::{LandmarkNetConfig, Preset},
        train::{checkpoint::fingerprint::DataFingerprint, recipe::config::TrainConfig},
    };

    fn position() -> Position {
        let split = serde_json::json!({"samples": 1, "sha256": ""});
        let data: DataFingerprint =
            serde_json::from_value(serde_json::json!({"train": split, "val": split})).unwrap();
        Position::start(TrainConfig::preset(Preset::Nano, 8), data)
    }

    /// Files that are intact but contain something else.
    #[test]
    fn records_of_other_things_are_errors() {
        let backbone = ResNetConfig::new(ResidualKind::Basic, [1, 1, 1, 1]).with_width(4);
        let config = |landmarks| {
            LandmarkNetConfig::new(landmarks)
                .with_backbone(backbone.clone())
                .with_decoder_channels([4, 4, 4])
        };
        let device = Device::flex();
        let net = config(8).init(&device);
        let folder = tempfile::tempdir().unwrap();
        let adam = || -> ModuleOptimizer { AdamConfig::new().init() };
        let reading = |snapshot: &Snapshot| {
            write(folder.path(), snapshot, &position()).unwrap();
            read(folder.path(), config(8).init(&device), adam()).map(|read| read.1)
        };
        let whole = Snapshot::of(net, &adam()).unwrap();
        assert_eq!(reading(&whole).unwrap(), position());

        let other = Snapshot::of(config(9).init(&device), &adam()).unwrap();
        let error = reading(&other).unwrap_err().to_string();
        assert!(error.contains(MODEL), "{error}");
        let parameters = Snapshot { optimizer: whole.model.clone(), ..whole };
        let error = reading(&parameters).unwrap_err().to_string();
        assert!(error.contains("tensors are Adam's state"), "{error}");
    }
}
