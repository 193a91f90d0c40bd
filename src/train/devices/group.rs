//! The devices of a run, each with a replica of the network and optimizer.
//!
//! A step's batch is split into shards that are distributed evenly over the devices, in order. Each
//! device sums the gradients of its shards. The devices' sums are then added, on the host in the
//! order of devices or by NCCL, and all devices take the same step. The result depends on the
//! number of shards, not on the number of devices.
use std::{path::PathBuf, sync::Arc, time::Duration};

use burn::{optim::lr_scheduler::module_lr_scheduler::ModuleLearningRate, tensor::Device};
use rayon::{ThreadPool, ThreadPoolBuilder};

use super::{
    replica::{Exchange, Replica, Share},
    workers::{Seed, Workers},
};
use crate::{
    Error, ErrorKind,
    data::HostBatch,
    detector::{DetectorConfig, model_file},
    heatmap::{DecodeConfig, ImageLandmarks},
    train::{checkpoint::snapshot::Snapshot, recipe::config::TrainConfig},
    weights::Precision,
};

/// How long a device may take to return its state after a failure.
const RESCUE: Duration = Duration::from_secs(30);

/// Devices that train together.
pub(in crate::train) struct Devices {
    workers: Workers<Replica>,
    /// Steps that all devices have taken.
    steps: usize,
}

impl Devices {
    /// Creates a replica from this snapshot on each of `devices` (without autodiff). A device that
    /// does not answer within `timeout` is an error.
    pub fn start(
        devices: &[Device],
        snapshot: &Snapshot,
        config: &TrainConfig,
        timeout: Duration,
    ) -> Result<Self, Error> {
        let mut seeds = Vec::with_capacity(devices.len());
        for (i, device) in devices.iter().enumerate() {
            let (snapshot, config) = (snapshot.clone(), config.clone());
            let device = device.clone().autodiff();
            let exchange = match devices.len() {
                1 => Exchange::None,
                _ if all_cuda(devices) => Exchange::AllReduce(devices.to_vec()),
                _ => Exchange::Host,
            };
            let make = move || Replica::new(&snapshot, device, config, exchange);
            let name = format!("{} of {}", i + 1, devices.len());
            seeds.push(Seed { name, pool: pool(devices)?, make: Box::new(make) });
        }
        Ok(Self { workers: Workers::start(seeds, timeout)?, steps: 0 })
    }

    /// Takes one step on `batch`, which is not empty, split into `parts` shards, a multiple of the
    /// number of devices. Returns the loss; if it is not finite, nothing is changed.
    pub fn step(
        &mut self,
        batch: HostBatch,
        parts: usize,
        rates: ModuleLearningRate,
    ) -> Result<f64, Error> {
        let (whole, each) = (batch.len(), parts / self.workers.len());
        let mut parts = batch.split(parts).into_iter();
        let questions = (0..self.workers.len()).map(|_| {
            let own: Vec<_> = parts.by_ref().take(each).collect();
            move |replica: &mut Replica| replica.share(own, whole)
        });
        let shares = self.workers.ask_each(questions)?;
        let loss: f64 = shares.iter().map(|share| share.loss).sum();
        if loss.is_finite() {
            let sum = Arc::new(sum(shares));
            let questions = (0..self.workers.len()).map(|_| {
                let (sum, rates) = (sum.clone(), rates.clone());
                move |replica: &mut Replica| replica.step(sum.as_deref(), rates)
            });
            self.workers.ask_each(questions)?;
            self.steps += 1;
        }
        Ok(loss)
    }

    /// Predicts the landmarks in the images of each batch; at most one batch per device at a time.
    pub fn predict(
        &self,
        batches: &[Arc<HostBatch>],
        decoding: DecodeConfig,
        mirror: &[usize],
    ) -> Result<Vec<Vec<ImageLandmarks>>, Error> {
        let questions = batches.iter().map(|batch| {
            let (batch, mirror) = (batch.clone(), mirror.to_vec());
            move |replica: &mut Replica| replica.predict(&batch, decoding, &mirror)
        });
        self.workers.ask_each(questions)
    }

    /// The number of devices.
    pub fn len(&self) -> usize {
        self.workers.len()
    }

    /// Writes the network for inference, without its training-only parts, to a safetensors file.
    pub fn save_model(&self, config: DetectorConfig, path: PathBuf) -> Result<(), Error> {
        let save = move |replica: &mut Replica| {
            let net = replica.net().without_auxiliary();
            model_file::write(&net, &config, &path, Precision::Single)
        };
        self.workers.ask_one(0, save)?
    }

    /// The state for resuming from here.
    pub fn snapshot(&self) -> Result<Snapshot, Error> {
        self.workers.ask_one(0, |replica| replica.snapshot())
    }

    /// [`Self::snapshot`] after a failure: that of the first device that still answers and has not
    /// taken a step alone.
    pub fn rescue(mut self) -> Option<Snapshot> {
        self.workers.set_timeout(RESCUE);
        let steps = self.steps;
        let snapshot =
            move |replica: &mut Replica| (replica.steps() == steps).then(|| replica.snapshot());
        (0..self.len()).find_map(|i| self.workers.ask_one(i, snapshot).ok().flatten())
    }
}

/// Adds the devices' results, in the order of devices.
fn sum(shares: Vec<Share>) -> Option<Vec<f32>> {
    let mut summed = shares.into_iter().filter_map(|share| share.summed);
    let first = summed.next()?;
    Some(summed.fold(first, |mut sum, share| {
        assert_eq!(sum.len(), share.len(), "gradients of different networks");
        sum.iter_mut().zip(share).for_each(|(sum, value)| *sum += value);
        sum
    }))
}

/// Whether these are several distinct CUDA devices, which NCCL can connect.
#[cfg(feature = "cuda")]
fn all_cuda(devices: &[Device]) -> bool {
    /// More GPUs than a machine has.
    const CARDS: usize = 64;
    let card = |device: &Device| (0..CARDS).find(|&i| *device == Device::cuda(i));
    let cards: Option<std::collections::BTreeSet<usize>> = devices.iter().map(card).collect();
    devices.len() > 1 && cards.is_some_and(|cards| cards.len() == devices.len())
}

#[cfg(not(feature = "cuda"))]
fn all_cuda(_: &[Device]) -> bool {
    false
}

/// The threads of one of several devices, which share the machine's cores; a single device uses all
/// of them.
fn pool(devices: &[Device]) -> Result<Option<ThreadPool>, Error> {
    if devices.len() == 1 {
        return Ok(None);
    }
    let cores = std::thread::available_parallelism().map_or(1, |cores| cores.get());
    let threads = (cores / devices.len()).max(1);
    let pool = ThreadPoolBuilder::new().num_threads(threads).build();
    pool.map(Some).map_err(|error| {
        Error::new(ErrorKind::Training, format!("no threads for a device: {error}"))
    })
}
