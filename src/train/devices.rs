//! The devices of a run, each with a replica of what is trained.
//!
//! A step's batch is split into parts, dealt evenly over the devices in their order. Each device sums its parts' gradients,
//! the devices' are summed in the host's memory, in the order of devices, and all take the same step. What a step does depends on the number of parts, not on how many
//! devices compute them.
use std::{path::PathBuf, sync::Arc, time::Duration};

use burn::{
    module::Module,
    optim::{
        ModuleOptimizer, OptimizerRecord, lr_scheduler::module_lr_scheduler::ModuleLearningRate,
    },
    store::ModuleRecord,
    tensor::{
        Device,
        distributed::{DistributedConfig, DistributedContext, ReduceOperation},
    },
};
use rayon::{ThreadPool, ThreadPoolBuilder};

use super::{
    TrainConfig,
    contribution::Contribution,
    replica::{Exchange, Replica},
    workers::{Seed, Workers},
};
use crate::{
    data::HostBatch, error::Error, heatmap::PictureLandmarks, model::LandmarkNet,
    predict::DecodeConfig, weights::save_safetensors,
};

/// How long a device may take to hand out its state after something failed.
const RESCUE: Duration = Duration::from_secs(30);

/// Devices that train together.
pub(super) struct Devices {
    workers: Workers<Replica>,
    /// Steps that all have taken.
    steps: usize,
    /// Several CUDA devices sum their gradients over NCCL while this lives: Burn's distributed data parallelism.
    _context: Option<DistributedContext>,
}

impl Devices {
    /// Copies `net` and `optimizer` to each of `devices` (without autodiff). A device that doesn't answer in `patience` is
    /// an error.
    pub fn start(
        devices: &[Device],
        net: LandmarkNet,
        optimizer: ModuleOptimizer,
        config: &TrainConfig,
        patience: Duration,
    ) -> Result<Self, Error> {
        let trained: Vec<Device> = devices.iter().map(|device| device.clone().autodiff()).collect();
        let nccl = all_cuda(devices);
        let _context = nccl.then(|| {
            let config = DistributedConfig { all_reduce_op: ReduceOperation::Sum };
            DistributedContext::init(trained.clone(), config)
        });
        let mut seeds = Vec::with_capacity(devices.len());
        for (i, device) in trained.into_iter().enumerate() {
            // With running statistics of its own, which clones share.
            let (net, optimizer) = (net.valid().train(), optimizer.clone());
            let config = config.clone();
            let exchange = match devices.len() {
                1 => Exchange::None,
                _ if nccl => Exchange::AllReduce(devices.to_vec()),
                _ => Exchange::Host,
            };
            seeds.push(Seed {
                name: format!("{} of {}", i + 1, devices.len()),
                pool: pool(devices)?,
                make: Box::new(move || Replica::new(net, optimizer, device, config, exchange)),
            });
        }
        Ok(Self { workers: Workers::start(seeds, patience)?, steps: 0, _context })
    }

    /// One step over `batch`, which is not empty, split into `parts`, a multiple of the devices' number. Returns its loss;
    /// one that is no number changes nothing.
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
            let contributions = shares.into_iter().filter_map(|share| share.contribution);
            let sum = Arc::new(Contribution::sum(contributions.collect()));
            let questions = (0..self.workers.len()).map(|_| {
                let (sum, rates) = (sum.clone(), rates.clone());
                move |replica: &mut Replica| replica.step(Option::as_ref(&sum), rates)
            });
            self.workers.ask_each(questions)?;
            self.steps += 1;
        }
        Ok(loss)
    }

    /// The landmarks in the pictures of each batch: as many batches as devices, at most, at a time.
    pub fn predict(
        &self,
        batches: &[Arc<HostBatch>],
        decoding: DecodeConfig,
        mirror: &[usize],
    ) -> Result<Vec<Vec<PictureLandmarks>>, Error> {
        let questions = batches.iter().map(|batch| {
            let (batch, mirror) = (batch.clone(), mirror.to_vec());
            move |replica: &mut Replica| replica.predict(&batch, decoding, &mirror)
        });
        self.workers.ask_each(questions)
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.workers.len()
    }

    /// Writes the network as it is used, without what only training needs, to a safetensors file.
    pub fn save_net(&self, path: PathBuf) -> Result<(), Error> {
        let save = move |replica: &mut Replica| {
            save_safetensors(&replica.net().without_auxiliary(), &path)
        };
        self.workers.ask_one(0, save)?
    }

    /// What it takes to go on from here.
    pub fn records(&self) -> Result<(ModuleRecord, OptimizerRecord), Error> {
        self.workers.ask_one(0, |replica| replica.records())
    }

    /// [`Self::records`] after something failed: those of the first device that still answers and has taken no step alone.
    pub fn rescue(mut self) -> Option<(ModuleRecord, OptimizerRecord)> {
        self.workers.set_patience(RESCUE);
        let steps = self.steps;
        let records =
            move |replica: &mut Replica| (replica.steps() == steps).then(|| replica.records());
        (0..self.len()).find_map(|i| self.workers.ask_one(i, records).ok().flatten())
    }
}

/// Whether these are several cards that NCCL can connect.
#[cfg(feature = "cuda")]
fn all_cuda(devices: &[Device]) -> bool {
    /// More cards than a machine has.
    const CARDS: usize = 64;
    let card = |device: &Device| (0..CARDS).find(|&i| *device == Device::cuda(i));
    let cards: Option<std::collections::BTreeSet<usize>> = devices.iter().map(card).collect();
    devices.len() > 1 && cards.is_some_and(|cards| cards.len() == devices.len())
}

#[cfg(not(feature = "cuda"))]
fn all_cuda(_: &[Device]) -> bool {
    false
}

/// Threads for one of several devices, which share the machine's cores; a single one has all.
fn pool(devices: &[Device]) -> Result<Option<ThreadPool>, Error> {
    if devices.len() == 1 {
        return Ok(None);
    }
    let cores = std::thread::available_parallelism().map_or(1, |cores| cores.get());
    let threads = (cores / devices.len()).max(1);
    let pool = ThreadPoolBuilder::new().num_threads(threads).build();
    pool.map(Some).map_err(|error| Error::Training(format!("no threads for a device: {error}")))
}
