//! The network and its optimizer as one device has them.
use burn::{
    module::Module,
    optim::{
        GradientsAccumulator, GradientsParams, ModuleOptimizer, OptimizerRecord,
        lr_scheduler::module_lr_scheduler::ModuleLearningRate,
    },
    store::ModuleRecord,
    tensor::{
        Device, Tensor,
        distributed::{ReduceOperation, all_reduce},
    },
    train::ModuleSharder,
};

use super::{
    TrainConfig, per_sample_losses,
    statistics::{self, running_statistics, with_running_statistics},
};
use crate::{
    data::HostBatch,
    heatmap::PictureLandmarks,
    model::{LandmarkNet, Supervision},
    predict::DecodeConfig,
};

/// A copy of what is trained. All replicas of a run take the same steps.
pub(super) struct Replica {
    net: LandmarkNet,
    optimizer: ModuleOptimizer,
    /// With autodiff.
    device: Device,
    config: TrainConfig,
    /// The devices of a run whose gradients are summed among them, in the backward pass; empty otherwise.
    peers: Vec<Device>,
}

/// What some parts of a batch come to: their share of the whole batch's loss, and its gradients.
pub(super) struct Share {
    pub loss: f64,
    gradients: GradientsParams,
    /// The mean of the parts' running statistics.
    statistics: Option<Tensor<1>>,
}

impl Replica {
    /// On `device`, with autodiff. `net` shares its running statistics with no other: moving them moves those of all clones.
    pub fn new(
        net: LandmarkNet,
        optimizer: ModuleOptimizer,
        device: Device,
        config: TrainConfig,
        peers: Vec<Device>,
    ) -> Self {
        let net = net.fork(&device);
        Self { net, optimizer, device, config, peers }
    }

    /// The loss and gradients of `parts`, one after the other, of a batch of `whole` pictures. Each is normalised by
    /// BatchNorm by itself.
    pub fn share(&self, parts: Vec<HostBatch>, whole: usize) -> Share {
        let (mut loss, mut gradients) = (0.0, GradientsAccumulator::new());
        let mut statistics = Vec::with_capacity(parts.len());
        for part in parts {
            // A copy with leaves and running statistics of its own.
            let mut net = self.net.valid().train();
            if !self.peers.is_empty() {
                net = net.map(&mut ModuleSharder);
            }
            let weight = part.len() as f64 / whole as f64;
            let batch = part.to_device(&self.device);
            let batch = match net.supervision() {
                Supervision::Output => batch.encode(&self.config.codec),
                Supervision::Deep => batch.encode_deep(&self.config.codec),
            };
            let part = per_sample_losses(&net, batch, &self.config.loss).mean().mul_scalar(weight);
            let value = part.clone().try_into_scalar::<f32>();
            loss += f64::from(value.unwrap_or_else(|error| panic!("cannot compute: {error}")));
            gradients.accumulate(&net, GradientsParams::from_grads(part.backward(), &net));
            statistics.extend(running_statistics(&net.valid()));
        }
        let mut statistics = statistics::mean(statistics);
        if !self.peers.is_empty() {
            let mean = |own| all_reduce(own, ReduceOperation::Mean, self.peers.clone()).resolve();
            statistics = statistics.map(mean);
        }
        Share { loss, gradients: gradients.grads(), statistics }
    }

    /// Sums the shares of several devices, in their order, and gives each of `devices` (without autodiff) the sum.
    pub fn sum(&self, shares: Vec<Share>, devices: &[Device]) -> Vec<Share> {
        let here = self.device.clone().inner();
        let (mut loss, mut gradients) = (0.0, GradientsAccumulator::new());
        let mut statistics = Vec::new();
        for share in shares {
            loss += share.loss;
            gradients.accumulate(&self.net, share.gradients.to_device(&here, &self.net));
            statistics.extend(share.statistics.map(|values| values.to_device(&here)));
        }
        let gradients = gradients.grads();
        let statistics = statistics::mean(statistics);
        let copy = |device: &Device| Share {
            loss,
            gradients: copy_of(&gradients, &self.net).to_device(device, &self.net),
            statistics: statistics.clone().map(|values| values.to_device(device)),
        };
        devices.iter().map(copy).collect()
    }

    /// Takes a step by the whole batch's gradients.
    pub fn step(&mut self, whole: Share, rates: ModuleLearningRate) {
        let mut net = self.optimizer.step(rates, self.net.clone(), whole.gradients);
        if let Some(statistics) = whole.statistics {
            net = with_running_statistics(net, statistics);
        }
        self.net = net;
    }

    /// The landmarks in the pictures of `batch`.
    pub fn predict(
        &self,
        batch: &HostBatch,
        decoding: DecodeConfig,
        mirror: &[usize],
    ) -> Vec<PictureLandmarks> {
        let net = self.net.valid();
        let images = batch.to_device(&self.device.clone().inner()).images;
        let heatmaps = net.forward(images.clone());
        let flipped = || net.forward(images.flip([3]));
        decoding.landmarks(heatmaps, flipped, &self.config.codec, mirror)
    }

    /// The network as it is used.
    pub fn net(&self) -> LandmarkNet {
        self.net.valid()
    }

    /// What it takes to go on from here, in the host's memory.
    pub fn records(&self) -> (ModuleRecord, OptimizerRecord) {
        (self.net().into_record(), self.optimizer.to_record())
    }
}

/// The same gradients once more: they can't be cloned as a whole.
fn copy_of(gradients: &GradientsParams, net: &LandmarkNet) -> GradientsParams {
    struct Copier<'a>(&'a GradientsParams, GradientsParams);
    impl burn::module::ModuleVisitor for Copier<'_> {
        fn visit_float<const D: usize>(&mut self, param: &burn::module::Param<Tensor<D>>) {
            if let Some(gradient) = self.0.get::<D>(param.id) {
                self.1.register(param.id, gradient);
            }
        }
    }
    let mut copier = Copier(gradients, GradientsParams::new());
    net.visit(&mut copier);
    copier.1
}
