//! A run under way: opened anew from its seed or from its newest checkpoint, and saved.
use std::{io::Write, path::Path};

use burn::{
    module::Module,
    optim::{AdamConfig, ModuleOptimizer, OptimizerRecord},
    store::ModuleRecord,
};

use super::{
    Outcome, TrainConfig, Training,
    checkpoint::{Checkpoints, Position, load, read_position},
};
use crate::{
    atomic::write_atomically, data::LandmarkDataset, detector::write_config, error::Error,
    geometry::BoundingBox, landmark::Visibility, model::LandmarkNet,
};

/// Where a run stands, and where it is saved.
pub(super) struct Session {
    pub position: Position,
    checkpoints: Checkpoints,
    /// The epoch and step of the newest checkpoint.
    saved: Option<(usize, usize)>,
}

impl Session {
    /// Checks that everything fits, then goes on from the folder's newest checkpoint or begins, with a network and an
    /// optimizer on the first device.
    pub fn open(training: &Training) -> Result<(Self, LandmarkNet, ModuleOptimizer), Error> {
        let (config, folder) = (&training.config, &training.folder);
        config.validate()?;
        check_devices(training)?;
        check_datasets(training)?;
        // The network, the codec and the landmarks also have to fit each other.
        training.detector_config().validate()?;
        refuse_other_config(training)?;
        let checkpoints = Checkpoints::new(folder);
        let data = fingerprint(training.train.as_ref());
        let newest = checkpoints.latest()?;
        let position = match &newest {
            Some(checkpoint) => read_position(checkpoint)?,
            None => Position::start(config.clone(), data.clone()),
        };
        if position.config != *config {
            return Err(other_config(folder));
        }
        if position.data != data {
            return Err(Error::Config(format!(
                "{} holds a run on other training data ({}, now {data})",
                folder.display(),
                position.data
            )));
        }

        let device = training.devices[0].clone().autodiff();
        device.seed(config.seed);
        let mut net = config.model.init(&device);
        // Parameters are drawn at first use, by whichever thread is first: reading them all at once fixes them.
        let record = net.clone().into_record();
        net = net.load_record(record);
        if newest.is_none() {
            config.fine_tuning.load(&mut net)?;
        }
        let optimizer: ModuleOptimizer = AdamConfig::new().with_epsilon(1e-8).init();
        let (net, optimizer) = match &newest {
            Some(checkpoint) => load(checkpoint, net, optimizer)?,
            None => (net, optimizer),
        };
        let net = config.fine_tuning.freeze(net);
        write_configs(training)?;
        let saved = newest.map(|_| (position.epoch, position.step));
        Ok((Self { position, checkpoints, saved }, net, optimizer))
    }

    /// Saves a checkpoint.
    pub fn save(&mut self, model: ModuleRecord, optimizer: OptimizerRecord) -> Result<(), Error> {
        self.checkpoints.save(model, optimizer, &self.position)?;
        self.saved = Some((self.position.epoch, self.position.step));
        Ok(())
    }

    /// Whether the newest checkpoint is of where the run stands.
    pub fn is_saved(&self) -> bool {
        self.saved == Some((self.position.epoch, self.position.step))
    }

    pub fn outcome(self, finished: bool) -> Outcome {
        Outcome { history: self.position.history, finished, seconds: self.position.seconds }
    }
}

/// Reads the configuration of the run in `folder`.
///
/// # Errors
/// [`Error::Io`] if there is none, [`Error::Config`] if it can't be understood or can't work.
pub fn read_config(folder: &Path) -> Result<TrainConfig, Error> {
    let path = folder.join(Training::CONFIG);
    let config: TrainConfig = crate::data::read_config(&path)?;
    config.validate().map(|()| config)
}

/// A folder's `config.json` is another run's, or not ours at all, unless it is this run's: nothing is written over it.
fn refuse_other_config(training: &Training) -> Result<(), Error> {
    if !training.folder.join(Training::CONFIG).exists() {
        return Ok(());
    }
    match read_config(&training.folder)? == training.config {
        true => Ok(()),
        false => Err(other_config(&training.folder)),
    }
}

fn other_config(folder: &Path) -> Error {
    Error::Config(format!(
        "{} holds a run with another configuration; give another folder, or that run's configuration",
        folder.display()
    ))
}

/// Whether a step's parts can be dealt evenly.
fn check_devices(training: &Training) -> Result<(), Error> {
    let (devices, parts) = (training.devices.len(), training.config.shards);
    if devices == 0 || !parts.is_multiple_of(devices) {
        return Err(Error::Config(format!(
            "a step's {parts} parts (shards) can't be dealt evenly over {devices} devices"
        )));
    }
    Ok(())
}

fn check_datasets(training: &Training) -> Result<(), Error> {
    for dataset in [&training.train, &training.val] {
        if dataset.is_empty() {
            return Err(Error::Config("a dataset to train or validate on is empty".into()));
        }
        let (landmarks, maps) = (dataset.schema().len(), training.config.model.num_landmarks);
        if landmarks != maps {
            return Err(Error::Config(format!(
                "the dataset has {landmarks} landmarks, the network {maps} heatmaps"
            )));
        }
    }
    Ok(())
}

fn write_configs(training: &Training) -> Result<(), Error> {
    let folder = &training.folder;
    std::fs::create_dir_all(folder).map_err(Error::io("create", folder))?;
    let json = serde_json::to_vec_pretty(&training.config).expect("plain numbers and strings");
    write_atomically(&folder.join(Training::CONFIG), |file| file.write_all(&json))?;
    write_config(folder, &training.detector_config())
}

/// A short text that differs when the samples do: how many there are, and a hash of names, boxes and landmarks.
fn fingerprint(dataset: &dyn LandmarkDataset) -> String {
    let mut hash = Fnv1a(0xcbf2_9ce4_8422_2325);
    for sample in (0..dataset.len()).map(|index| dataset.sample(index)) {
        let BoundingBox { x1, y1, x2, y2 } = sample.bounding_box;
        hash.add(sample.image.as_bytes());
        hash.add(&[0]);
        [x1, y1, x2, y2].iter().for_each(|side| hash.add(&side.to_le_bytes()));
        hash.add(&sample.category.map_or(u64::MAX, |category| category as u64).to_le_bytes());
        for (slot, landmark) in (0u32..).zip(&sample.landmarks) {
            // DeepFashion2's samples have some 25 of 294.
            if landmark.visibility != Visibility::Absent {
                hash.add(&slot.to_le_bytes());
                hash.add(&landmark.x.to_le_bytes());
                hash.add(&landmark.y.to_le_bytes());
                hash.add(&[landmark.visibility as u8]);
            }
        }
    }
    format!("{} samples, {:016x}", dataset.len(), hash.0)
}

/// FNV-1a of 64 bits: the same in all versions and on all platforms.
struct Fnv1a(u64);

impl Fnv1a {
    fn add(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            self.0 = (self.0 ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
    }
}
