//! The network and its optimizer on one device.
use burn::{
    module::{Module, ParamId},
    optim::{
        GradientsAccumulator, ModuleOptimizer,
        lr_scheduler::module_lr_scheduler::ModuleLearningRate,
    },
    tensor::{
        DType, Device, Tensor,
        distributed::{ReduceOperation, all_reduce},
    },
};

use super::{
    flat_gradients::{Parts, trained},
    gradients::loss_and_gradients,
    running_statistics::{running_statistics, with_running_statistics},
};
use crate::{
    data::HostBatch,
    heatmap::{DecodeConfig, ImageLandmarks},
    model::{LandmarkNet, Supervision},
    predict::landmarks_of,
    train::{checkpoint::snapshot::Snapshot, recipe::config::TrainConfig},
};

/// A copy of the network and its optimizer. All replicas of a run take the same steps.
pub(in crate::train) struct Replica {
    net: LandmarkNet,
    optimizer: ModuleOptimizer,
    /// With autodiff.
    device: Device,
    config: TrainConfig,
    exchange: Exchange,
    /// Steps taken.
    steps: usize,
    /// The parts of the current step, unless they are summed on the host: this device's parts, or
    /// after an all-reduce those of all devices.
    pending: Option<Parts>,
    /// The parameters that have gradients.
    trained: Vec<ParamId>,
}

/// How the replicas' gradients are summed.
pub(in crate::train) enum Exchange {
    /// There is only one replica.
    None,
    /// Each replica returns its gradients and receives the sum.
    Host,
    /// Summed among these devices by NCCL.
    AllReduce(Vec<Device>),
}

/// A replica's share of a step: its images' contribution to the batch's loss and, if summed on the
/// host, to its gradients and statistics.
pub(in crate::train) struct Share {
    pub loss: f64,
    pub summed: Option<Vec<f32>>,
}

impl Replica {
    /// Creates a replica on `device` (with autodiff).
    ///
    /// # Panics
    /// If the device fails, or the snapshot is of another network.
    pub fn new(
        snapshot: &Snapshot,
        device: Device,
        config: TrainConfig,
        exchange: Exchange,
    ) -> Self {
        let net = snapshot.load_model(config.model.init(&device)).unwrap_or_else(gone);
        let net = config.fine_tuning.freeze(net);
        let optimizer = config.optimizer.init();
        let optimizer = optimizer.load_record(snapshot.optimizer_record().unwrap_or_else(gone));
        let (steps, pending, trained) = (0, None, Vec::new());
        Self { net, optimizer, device, config, exchange, steps, pending, trained }
    }

    /// The loss and gradients of `parts`, one shard after another, of a batch of `whole` images.
    /// BatchNorm normalizes each shard separately.
    ///
    /// # Panics
    /// If the device fails.
    pub fn share(&mut self, parts: Vec<HostBatch>, whole: usize) -> Share {
        let (mut loss, mut gradients) = (0.0, GradientsAccumulator::new());
        let before = running_statistics(&self.net.valid());
        let mut deviations: Option<Tensor<1>> = None;
        for part in parts {
            // A copy with separate leaves and running statistics.
            let net = self.net.valid().train();
            let weight = part.len() as f64 / whole as f64;
            let batch = part.to_device(&self.device);
            let batch = match net.supervision() {
                Supervision::Output => batch.encode(&self.config.codec),
                Supervision::Deep => batch.encode_deep(&self.config.codec),
            };
            let TrainConfig { loss: function, recompute, .. } = &self.config;
            let (part, found) = loss_and_gradients(&net, batch, function, weight, *recompute);
            // The first read: a lost device is not noticed before.
            loss += f64::from(part.try_into_scalar::<f32>().unwrap_or_else(gone));
            gradients.accumulate(&net, found);
            if let (Some(after), Some(before)) = (running_statistics(&net.valid()), &before) {
                let moved = after - before.clone();
                deviations = Some(match deviations {
                    None => moved,
                    Some(sum) => sum + moved,
                });
            }
        }
        let own = Parts { gradients: gradients.grads(), deviations };
        self.trained = trained(&self.net, &own.gradients);
        let mut summed = None;
        self.pending = match &self.exchange {
            Exchange::None => Some(own),
            Exchange::Host => {
                let data = own.flatten(&self.net).try_into_data().unwrap_or_else(gone);
                // A copy, because the data may be the device's own memory.
                summed = Some(data.convert_dtype(DType::F32).iter::<f32>().collect());
                None
            }
            Exchange::AllReduce(peers) => {
                let own = own.flatten(&self.net);
                let sum = all_reduce(own, ReduceOperation::Sum, peers.clone()).resolve();
                Some(Parts::unflatten(&self.net, &self.trained, sum))
            }
        };
        Share { loss, summed }
    }

    /// Takes a step with the sum of all replicas' shares if summed on the host, otherwise with the
    /// pending parts.
    pub fn step(&mut self, sum: Option<&[f32]>, rates: ModuleLearningRate) {
        let sum = sum.map(|sum| Tensor::from_floats(sum, &self.device.clone().inner()));
        let parts = match sum {
            Some(sum) => Parts::unflatten(&self.net, &self.trained, sum),
            None => self.pending.take().expect("a share before a step"),
        };
        let mut net = self.optimizer.step(rates, self.net.clone(), parts.gradients);
        if let (Some(before), Some(sum)) = (running_statistics(&net.valid()), parts.deviations) {
            // The mean of all shards' statistics, added as a difference so that those of frozen
            // layers do not change at all.
            let mean = before + sum.div_scalar(self.config.shards as f64);
            net = with_running_statistics(net, mean);
        }
        self.net = net;
        self.steps += 1;
    }

    /// Predicts the landmarks in the images of `batch`.
    pub fn predict(
        &self,
        batch: &HostBatch,
        decoding: DecodeConfig,
        mirror: &[usize],
    ) -> Vec<ImageLandmarks> {
        let device = self.device.clone().inner();
        landmarks_of(&self.net(), batch, &device, decoding, &self.config.codec, mirror)
    }

    /// The network for inference.
    pub fn net(&self) -> LandmarkNet {
        self.net.valid()
    }

    /// The number of steps taken.
    pub fn steps(&self) -> usize {
        self.steps
    }

    /// The state for resuming from here.
    ///
    /// # Panics
    /// If the device fails.
    pub fn snapshot(&self) -> Snapshot {
        Snapshot::of(self.net(), &self.optimizer).unwrap_or_else(gone)
    }
}

fn gone<T>(error: impl std::fmt::Display) -> T {
    panic!("cannot compute: {error}")
}

#[cfg(all(test, feature = "flex"))]
mod tests {
    use super::*;
    use crate::{
        backbone::{ResNetConfig, ResidualKind},
        data::CropTransform,
        geometry::{Alignment, BoundingBox},
        heatmap::HeatmapCodec,
        model::{LandmarkNetConfig, Preset},
    };

    const SIDE: usize = 32;

    /// Images of noise, with two landmarks each.
    fn batch(count: usize) -> HostBatch {
        let noise = |i: usize| (i.wrapping_mul(2_654_435_761) >> 7) % 256;
        let whole = BoundingBox::whole(SIDE as u32, SIDE as u32);
        let plain = CropTransform::plain(&whole, [SIDE; 2], Alignment::HalfPixel);
        HostBatch {
            indices: (0..count).collect(),
            transforms: vec![plain; count],
            image_sizes: vec![[SIDE as u32; 2]; count],
            skipped: Vec::new(),
            size: [SIDE; 2],
            num_landmarks: 2,
            pixels: (0..count * SIDE * SIDE * 3).map(|i| noise(i) as u8).collect(),
            positions: (0..count * 4).map(|i| 4.0 + noise(i) as f32 / 12.0).collect(),
            weights: vec![1.0; count * 2],
            empty: vec![0.0; count * 2],
        }
    }

    /// Adam's step is almost the same for twice the gradients, so the gradients are compared
    /// directly.
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
        // As when fine-tuning; BatchNorm then treats each image independently.
        config.fine_tuning.freeze_norm = true;
        let snapshot = Snapshot::of(config.model.init(&device), &config.optimizer.init()).unwrap();
        let replica = || Replica::new(&snapshot, device.clone(), config.clone(), Exchange::Host);
        let whole = replica().share(vec![batch(7)], 7);
        // Shards of two, two and three images, on two devices.
        let mut parts = batch(7).split(3).into_iter();
        let first = replica().share(parts.by_ref().take(2).collect(), 7);
        let second = replica().share(parts.collect(), 7);
        approx::assert_relative_eq!(first.loss + second.loss, whole.loss, max_relative = 1e-6);

        let [first, second, whole] = [first, second, whole].map(|share| share.summed.unwrap());
        let size = whole.iter().fold(0.0f32, |size, value| size.max(value.abs()));
        assert!(size > 0.0 && whole.len() == first.len());
        for (whole, (first, second)) in whole.iter().zip(first.iter().zip(&second)) {
            // The tolerance is for rounded sums of several thousand values. BatchNorm is frozen, so
            // no statistics have changed.
            approx::assert_abs_diff_eq!(first + second, *whole, epsilon = 1e-5 * size);
        }
    }
}
