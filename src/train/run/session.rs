//! A session of a run, started from its seed or resumed from its newest checkpoint.
use std::{
    io::Write,
    path::{Path, PathBuf},
};

use burn::module::Module;

use super::{
    event::TrainEvent,
    training::{Outcome, Training},
};
use crate::{
    Error, ErrorKind,
    atomic::write_atomically,
    detector::LandmarkDetector,
    model::LandmarkNet,
    train::{
        checkpoint::{
            files,
            fingerprint::{DataFingerprint, Fingerprint},
            lock::RunLock,
            manifest::damaged,
            position::Position,
            retention::Checkpoints,
            snapshot::Snapshot,
        },
        devices::workers::{Seed, Workers},
        recipe::{
            config::TrainConfig,
            file::{self, read_config},
        },
    },
};

/// The position of a run, and where it is saved.
pub(in crate::train) struct Session {
    pub position: Position,
    checkpoints: Checkpoints,
    /// The epoch and step of the newest checkpoint.
    saved: Option<(usize, usize)>,
    /// Whether the loss is no longer finite, so the parameters must not be saved.
    pub diverged: bool,
    _lock: RunLock,
}

impl Session {
    /// Checks that everything fits, then resumes from the folder's newest checkpoint or starts the
    /// run. Returns the session with the state of the network and the optimizer.
    pub fn open(
        training: &Training,
        observe: &mut dyn FnMut(TrainEvent<'_>),
    ) -> Result<(Self, Snapshot), Error> {
        let (config, folder) = (&training.config, &training.folder);
        config.validate()?;
        training.checkpoints.validate()?;
        check_devices(training)?;
        check_datasets(training)?;
        // The network, the codec and the landmarks must also fit each other.
        training.detector_config().validate()?;
        refuse_other_config(training)?;
        let lock = RunLock::acquire(&Checkpoints::folder_of(folder))?;
        // Another process may have started a run here before this one had the lock.
        refuse_other_config(training)?;
        let checkpoints = Checkpoints::open(folder, training.checkpoints)?;

        let builder = builder(training)?;
        let read = |path: &Path| {
            let from = path.to_path_buf();
            let optimizer = config.optimizer;
            let read =
                move |net: &mut LandmarkNet| files::read(&from, net.clone(), optimizer.init());
            let read = builder.ask_one(0, read)??;
            match read.1.config == *config {
                true => Ok(read),
                false => Err(damaged(path, "of a run with another configuration".into())),
            }
        };
        let newest = checkpoints.newest(read, |path, reason| {
            observe(TrainEvent::CorruptCheckpoint { path, reason });
        })?;
        let data = DataFingerprint {
            train: Fingerprint::of(training.train.as_ref()),
            val: Fingerprint::of(training.val.as_ref()),
        };
        let mut path = None;
        let (snapshot, mut position) = match newest {
            Some(newest) => {
                if !training.accept_changed_data {
                    newest.content.1.data.refuse_other(&data, folder)?;
                }
                checkpoints.put_aside(&newest)?;
                path = Some(newest.path);
                newest.content
            }
            None => {
                let (fine_tuning, optimizer) = (config.fine_tuning.clone(), config.optimizer);
                let load = move |net: &mut LandmarkNet| {
                    let loaded = fine_tuning.load(net)?;
                    let snapshot = Snapshot::of(net.clone(), &optimizer.init());
                    let failed = |error| Error::new(ErrorKind::Training, format!("{error}"));
                    Ok::<_, Error>((snapshot.map_err(failed)?, loaded))
                };
                let (snapshot, loaded) = builder.ask_one(0, load)??;
                if let Some(loaded) = &loaded {
                    observe(TrainEvent::Loaded(loaded));
                }
                (snapshot, Position::start(config.clone(), data.clone()))
            }
        };
        let changed = position.data != data;
        position.resume(data);
        let saved = path.is_some().then_some((position.epoch, position.step));
        let mut session = Self { position, checkpoints, saved, diverged: false, _lock: lock };
        session.write_config(config)?;
        if changed {
            // From now on, the run has these data, whatever happens next.
            session.save(&snapshot)?;
        }
        let Position { epoch, step, ref history, .. } = session.position;
        observe(TrainEvent::Opened { checkpoint: path.as_deref(), epoch, step, history });
        Ok((session, snapshot))
    }

    /// Saves a checkpoint.
    pub fn save(&mut self, snapshot: &Snapshot) -> Result<(), Error> {
        let write = |folder: &Path| files::write(folder, snapshot, &self.position);
        self.checkpoints.save(&self.position, write)?;
        self.saved = Some((self.position.epoch, self.position.step));
        Ok(())
    }

    /// Whether the newest checkpoint has the current position.
    pub fn is_saved(&self) -> bool {
        self.saved == Some((self.position.epoch, self.position.step))
    }

    /// Installs the file that `save` writes as the run's model.
    pub fn save_best(&self, save: impl FnOnce(PathBuf) -> Result<(), Error>) -> Result<(), Error> {
        let name = LandmarkDetector::FILE;
        self.checkpoints.install(name, |folder| save(folder.join(name)))
    }

    pub fn outcome(self, finished: bool) -> Outcome {
        Outcome { history: self.position.history, finished, seconds: self.position.seconds }
    }

    fn write_config(&self, config: &TrainConfig) -> Result<(), Error> {
        let json = file::to_json(config);
        self.checkpoints.install(file::NAME, |folder| {
            write_atomically(folder.join(file::NAME), |file| file.write_all(&json))
        })
    }
}

/// A thread with a network of random parameters on the first device. Errors and hangs of the device
/// are confined to this thread.
fn builder(training: &Training) -> Result<Workers<LandmarkNet>, Error> {
    let (config, device) = (training.config.clone(), training.devices[0].clone().autodiff());
    let make = move || {
        device.seed(config.seed);
        let net = config.model.init(&device);
        // Parameters are initialized at first use, by whichever thread is first: reading them all
        // here makes them reproducible.
        let record = net.clone().into_record();
        net.load_record(record)
    };
    let name = format!("1 of {}", training.devices.len());
    Workers::start(vec![Seed { name, pool: None, make: Box::new(make) }], training.device_timeout)
}

/// Rejects a folder whose `config.json` is not that of this run, so that nothing is overwritten.
fn refuse_other_config(training: &Training) -> Result<(), Error> {
    if !training.folder.join(file::NAME).exists() {
        return Ok(());
    }
    let own = read_config(&training.folder)?;
    match own == training.config {
        true => Ok(()),
        false => Err(other_config(&own, training)),
    }
}

fn other_config(own: &TrainConfig, Training { config, folder, .. }: &Training) -> Error {
    let differences: Vec<String> =
        own.differences(config).iter().map(ToString::to_string).collect();
    let message = format!(
        "holds a run with another configuration ({}); give another folder, or that run's \
         configuration",
        differences.join("; ")
    );
    Error::config(message).with_path(folder)
}

/// Checks that a step's shards can be distributed evenly.
fn check_devices(training: &Training) -> Result<(), Error> {
    let (devices, parts) = (training.devices.len(), training.config.shards);
    if devices == 0 || !parts.is_multiple_of(devices) {
        return Err(Error::config(format!(
            "a step's {parts} shards can't be distributed evenly over {devices} devices"
        )));
    }
    Ok(())
}

fn check_datasets(training: &Training) -> Result<(), Error> {
    let (train, flip) = (&training.train, training.config.augmentation.flip);
    if let Some(&landmark) = train.unpaired_landmarks().first().filter(|_| flip > 0.0) {
        let name = &train.schema().names()[landmark];
        return Err(Error::config(format!(
            "landmark '{name}' names a side but has no mirror pair, so flipped images would \
             mix up left and right: set the augmentation's flip to 0, or give the dataset a schema"
        )));
    }
    for dataset in [&training.train, &training.val] {
        if dataset.is_empty() {
            return Err(Error::config("the training or validation dataset is empty"));
        }
        let (landmarks, maps) = (dataset.schema().len(), training.config.model.num_landmarks);
        if landmarks != maps {
            return Err(Error::config(format!(
                "the dataset has {landmarks} landmarks, the network {maps} heatmaps"
            )));
        }
    }
    Ok(())
}
