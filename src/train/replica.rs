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
    TrainConfig,
    contribution::Contribution,
    loss_and_gradients,
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
    exchange: Exchange,
    /// Steps that are taken.
    steps: usize,
    /// Gradients and running statistics of the step under way.
    pending: Option<(GradientsParams, Option<Tensor<1>>)>,
}

/// How the replicas' gradients become one.
pub(super) enum Exchange {
    /// There is only one replica.
    None,
    /// Each hands out its own, and is given the sum.
    Host,
    /// These devices sum them among themselves, in the backward pass.
    AllReduce(Vec<Device>),
}

/// A replica's part of a step: what its pictures add to the batch's loss, and to what all have to know.
pub(super) struct Share {
    pub loss: f64,
    pub contribution: Option<Contribution>,
}

impl Replica {
    /// On `device`, with autodiff. `net` shares its running statistics with no other: moving them moves those of all clones.
    pub fn new(
        net: LandmarkNet,
        optimizer: ModuleOptimizer,
        device: Device,
        config: TrainConfig,
        exchange: Exchange,
    ) -> Self {
        let net = net.fork(&device);
        Self { net, optimizer, device, config, exchange, steps: 0, pending: None }
    }

    /// The loss and gradients of `parts`, one after the other, of a batch of `whole` pictures. Each is normalised by
    /// BatchNorm by itself.
    ///
    /// # Panics
    /// If the device fails.
    pub fn share(&mut self, parts: Vec<HostBatch>, whole: usize) -> Share {
        let (mut loss, mut gradients) = (0.0, GradientsAccumulator::new());
        let mut statistics = Vec::with_capacity(parts.len());
        for part in parts {
            // A copy with leaves and running statistics of its own.
            let mut net = self.net.valid().train();
            if let Exchange::AllReduce(_) = self.exchange {
                net = net.map(&mut ModuleSharder);
            }
            let weight = part.len() as f64 / whole as f64;
            let batch = part.to_device(&self.device);
            let batch = match net.supervision() {
                Supervision::Output => batch.encode(&self.config.codec),
                Supervision::Deep => batch.encode_deep(&self.config.codec),
            };
            let TrainConfig { loss: function, recompute, .. } = &self.config;
            let (part, found) = loss_and_gradients(&net, batch, function, weight, *recompute);
            // The first read: before it, a device that is gone doesn't tell.
            loss += f64::from(part.try_into_scalar::<f32>().unwrap_or_else(gone));
            gradients.accumulate(&net, found);
            statistics.extend(running_statistics(&net.valid()));
        }
        let (gradients, mut statistics) = (gradients.grads(), statistics::mean(statistics));
        let mut contribution = None;
        match &self.exchange {
            Exchange::None => {}
            Exchange::Host => {
                let read = Contribution::read(&self.net, &gradients, statistics.clone());
                contribution = Some(read.unwrap_or_else(gone));
            }
            Exchange::AllReduce(peers) => {
                let mean = |own| all_reduce(own, ReduceOperation::Mean, peers.clone()).resolve();
                statistics = statistics.map(mean);
            }
        }
        self.pending = Some((gradients, statistics));
        Share { loss, contribution }
    }

    /// Takes a step: by the sum of all replicas' contributions, or by the gradients that this one has anyway.
    pub fn step(&mut self, sum: Option<&Contribution>, rates: ModuleLearningRate) {
        let own = self.pending.take();
        let whole = sum.map(|sum| sum.write(&self.net, &self.device.clone().inner())).or(own);
        let (gradients, statistics) = whole.expect("a share before a step");
        let mut net = self.optimizer.step(rates, self.net.clone(), gradients);
        if let Some(statistics) = statistics {
            net = with_running_statistics(net, statistics);
        }
        self.net = net;
        self.steps += 1;
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

    /// How many steps it has taken.
    pub fn steps(&self) -> usize {
        self.steps
    }

    /// What it takes to go on from here, in the host's memory.
    pub fn records(&self) -> (ModuleRecord, OptimizerRecord) {
        (self.net().into_record(), self.optimizer.to_record())
    }
}

fn gone<T>(error: impl std::fmt::Display) -> T {
    panic!("cannot compute: {error}")
}

#[cfg(all(test, feature = "flex"))]
mod tests {
    use burn::optim::AdamConfig;

    use super::*;
    use crate::{
        backbone::{ResNetConfig, ResidualKind},
        data::CropTransform,
        geometry::{Alignment, BoundingBox},
        heatmap::HeatmapCodec,
        model::{LandmarkNetConfig, Preset},
    };

    const SIDE: usize = 32;

    /// Noise, with two landmarks each.
    fn batch(count: usize) -> HostBatch {
        let noise = |i: usize| (i.wrapping_mul(2_654_435_761) >> 7) % 256;
        let whole = BoundingBox::whole(SIDE as u32, SIDE as u32);
        let plain = CropTransform::plain(&whole, [SIDE; 2], Alignment::HalfPixel);
        HostBatch {
            indices: (0..count).collect(),
            transforms: vec![plain; count],
            picture_sizes: vec![[SIDE as u32; 2]; count],
            skipped: Vec::new(),
            size: [SIDE; 2],
            num_landmarks: 2,
            pixels: (0..count * SIDE * SIDE * 3).map(|i| noise(i) as u8).collect(),
            positions: (0..count * 4).map(|i| 4.0 + noise(i) as f32 / 12.0).collect(),
            weights: vec![1.0; count * 2],
            empty: vec![0.0; count * 2],
        }
    }

    /// Adam hardly tells twice the gradients from the gradients: so these are looked at themselves.
    #[test]
    fn parts_add_up_to_the_whole_batchs_loss_and_gradients() {
        let mut config = TrainConfig::preset(Preset::Nano, 2);
        config.codec = HeatmapCodec::new([SIDE; 2], LandmarkNetConfig::STRIDE, 1.5);
        config.model = LandmarkNetConfig::new(2)
            .with_backbone(
                ResNetConfig::new(ResidualKind::Basic, [1; 4]).with_width(8).with_stem_kernel(3),
            )
            .with_decoder_channels([8; 3]);
        let device = Device::flex().autodiff();
        let net = config.model.init(&device).map_backbone(|backbone| backbone.freeze_norm());
        let replica = || {
            let (net, optimizer) = (net.valid().train(), AdamConfig::new().init());
            Replica::new(net, optimizer, device.clone(), config.clone(), Exchange::Host)
        };
        let whole = replica().share(vec![batch(7)], 7);
        // Of two, two and three pictures, on two devices.
        let mut parts = batch(7).split(3).into_iter();
        let first = replica().share(parts.by_ref().take(2).collect(), 7);
        let second = replica().share(parts.collect(), 7);
        approx::assert_relative_eq!(first.loss + second.loss, whole.loss, max_relative = 1e-6);

        let shares = [first, second].into_iter().filter_map(|share| share.contribution);
        let sum = Contribution::sum(shares.collect()).unwrap();
        let inner = Device::flex();
        let (sum, _) = sum.write(&net, &inner);
        let (whole, _) = whole.contribution.unwrap().write(&net, &inner);
        assert_eq!(sum.len(), whole.len());
        struct Compare<'a>(&'a GradientsParams, &'a GradientsParams);
        impl burn::module::ModuleVisitor for Compare<'_> {
            fn visit_float<const D: usize>(&mut self, param: &burn::module::Param<Tensor<D>>) {
                let Some(whole) = self.1.get::<D>(param.id) else { return };
                let sum = self.0.get::<D>(param.id).unwrap();
                let size = whole.clone().abs().max().into_scalar::<f32>();
                let difference = (sum - whole).abs().max().into_scalar::<f32>();
                // Rounded sums of some thousands of values.
                assert!(difference <= 1e-4 * size, "{difference:e} of {size:e}");
            }
        }
        net.visit(&mut Compare(&sum, &whole));
    }
}
