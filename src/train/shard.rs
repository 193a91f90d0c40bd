//! One step over a batch in parts, each on threads of its own.
//!
//! Every part runs on a copy of the network; gradients and BatchNorm's statistics are averaged in the order of the
//! parts, so the result depends on how many there are and not on which is done first.
use std::collections::HashMap;

use burn::{
    module::{Module, ModuleMapper, ModuleVisitor, Param, ParamId},
    optim::{GradientsAccumulator, GradientsParams},
    tensor::{Device, Tensor},
};
use rayon::{ThreadPool, ThreadPoolBuilder};

use super::{TrainConfig, per_sample_losses};
use crate::{
    data::HostBatch,
    error::Error,
    model::{LandmarkNet, Supervision},
};

/// Threads for each part of a batch.
pub(super) struct Shards {
    /// None where there is but one part: it runs on the caller's threads.
    pools: Vec<ThreadPool>,
}

/// What a step over a whole batch comes to.
pub(super) struct BatchStep {
    /// The network with new running statistics, its parameters as they were.
    pub net: LandmarkNet,
    /// The gradient of the batch's loss.
    pub gradients: GradientsParams,
    /// The batch's loss.
    pub loss: f64,
}

/// What a step over a part comes to.
struct Part {
    gradients: GradientsParams,
    loss: f64,
    statistics: HashMap<ParamId, Tensor<1>>,
}

impl Shards {
    /// `count` parts, which share the machine's cores.
    pub fn new(count: usize) -> Result<Self, Error> {
        let cores = std::thread::available_parallelism().map_or(1, |cores| cores.get());
        let threads = (cores / count).max(1);
        let pool = |_| ThreadPoolBuilder::new().num_threads(threads).build();
        let pools = match count {
            1 => Ok(Vec::new()),
            _ => (0..count).map(pool).collect::<Result<_, _>>(),
        };
        pools
            .map(|pools| Self { pools })
            .map_err(|error| Error::Training(format!("no threads for a batch's parts: {error}")))
    }

    /// Loss and gradients of `net` over `batch`, which is not empty, on `device` with autodiff, by the recipe's codec and
    /// loss.
    pub fn step(
        &self,
        net: LandmarkNet,
        batch: HostBatch,
        config: &TrainConfig,
        device: &Device,
    ) -> BatchStep {
        let whole = batch.len() as f64;
        let run = |batch: HostBatch| {
            let share = batch.len() as f64 / whole;
            // A copy with leaves and running statistics of its own.
            let net = net.valid().train();
            let batch = batch.to_device(device);
            let batch = match net.supervision() {
                Supervision::Output => batch.encode(&config.codec),
                Supervision::Deep => batch.encode_deep(&config.codec),
            };
            let loss = per_sample_losses(&net, batch, &config.loss).mean().mul_scalar(share);
            let value = f64::from(loss.clone().into_scalar::<f32>());
            let gradients = GradientsParams::from_grads(loss.backward(), &net);
            let mut statistics = Collector { trained: &gradients, found: HashMap::new() };
            net.valid().visit(&mut statistics);
            let statistics = statistics.found;
            Part { loss: value, statistics, gradients }
        };
        let parts: Vec<Part> = match self.pools.is_empty() {
            true => vec![run(batch)],
            false => {
                let mut parts: Vec<Option<Part>> = Vec::new();
                let batches = batch.split(self.pools.len());
                parts.resize_with(batches.len(), || None);
                std::thread::scope(|scope| {
                    for ((batch, part), pool) in
                        batches.into_iter().zip(&mut parts).zip(&self.pools)
                    {
                        let run = &run;
                        scope.spawn(move || pool.install(|| *part = Some(run(batch))));
                    }
                });
                parts.into_iter().flatten().collect()
            }
        };

        let loss = parts.iter().map(|part| part.loss).sum();
        let mut sum = GradientsAccumulator::new();
        let mut statistics = Vec::with_capacity(parts.len());
        for part in parts {
            sum.accumulate(&net, part.gradients);
            statistics.push(part.statistics);
        }
        let net = net.map(&mut Averager { parts: statistics });
        BatchStep { net, gradients: sum.grads(), loss }
    }
}

/// Collects what the gradient does not reach: running statistics.
struct Collector<'a> {
    trained: &'a GradientsParams,
    found: HashMap<ParamId, Tensor<1>>,
}

impl ModuleVisitor for Collector<'_> {
    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        if self.trained.get::<D>(param.id).is_none() {
            self.found.insert(param.id, param.val().reshape([-1]));
        }
    }
}

/// Replaces what a [`Collector`] found by its mean over the parts.
struct Averager {
    parts: Vec<HashMap<ParamId, Tensor<1>>>,
}

impl ModuleMapper for Averager {
    fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
        let mut values = self.parts.iter_mut().filter_map(|part| part.remove(&param.id));
        let Some(first) = values.next() else { return param };
        let others: Vec<_> = values.collect();
        // As a difference, so that equal values (frozen parameters) stay exactly what they are.
        let count = others.len() as f64 + 1.0;
        let mean = others
            .into_iter()
            .map(|other| (other - first.clone()).div_scalar(count))
            .fold(first.clone(), |sum, difference| sum + difference);
        param.map(|old| Tensor::from_inner(mean.reshape(old.shape())))
    }
}
