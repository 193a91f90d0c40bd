//! The mean of the networks that a run ended its last epochs with.
use burn::{
    module::{Module, ModuleMapper, ModuleVisitor, Param},
    tensor::{Device, Tensor, TensorData},
};

use super::{Training, checkpoint, lock::RunLock, replica::adam, rotation::Checkpoints};
use crate::{
    detector::{Calibration, DetectorConfig, LandmarkDetector},
    error::Error,
    model::LandmarkNet,
    predict::predict_dataset,
};

impl Training {
    /// A detector with the mean of the parameters, running statistics included, that the finished run had at the ends of its last
    /// `epochs` epochs: weight averaging after Izmailov et al. 2018, without their further passes for the statistics. It is calibrated on the
    /// validation split, on the first device; `progress` is told how many of its samples are done, and how many there are.
    ///
    /// The run has to keep as many checkpoints ([`CheckpointPolicy::keep`](super::CheckpointPolicy::keep)).
    ///
    /// # Errors
    /// [`Error::Training`] if the run is not finished, or one of its epochs' checkpoints is not there; [`Error::Checkpoint`] if
    /// one is damaged; any error of reading the validation split's pictures.
    ///
    /// # Panics
    /// If `epochs` is 0.
    pub fn averaged(
        &self,
        epochs: usize,
        progress: impl FnMut(usize, usize),
    ) -> Result<LandmarkDetector, Error> {
        assert!(epochs > 0, "the mean of 0 epochs");
        let _lock = RunLock::acquire(&Checkpoints::folder_of(&self.folder))?;
        let checkpoints = Checkpoints::open(&self.folder, self.checkpoints)?;
        let device = &self.devices[0];
        let total = self.config.epochs;
        let (mut mean, mut origin) = (Mean::default(), None);
        for epoch in total.saturating_sub(epochs) + 1..=total {
            let path = checkpoints.end_of_epoch(epoch)?.ok_or_else(|| {
                Error::Training(format!(
                    "no checkpoint of the end of epoch {epoch} in {}: the mean of the last {epochs} of {total} epochs \
                     takes all of theirs, so the run must be finished and keep so many",
                    self.folder.display()
                ))
            })?;
            let net = self.config.model.init(device);
            let (snapshot, position) = checkpoint::read(&path, net.clone(), adam())?;
            let net = snapshot.load_model(net);
            mean.add(&net.map_err(|error| Error::Training(error.to_string()))?);
            origin = Some(position.origin());
        }
        let net = mean.into_net(self.config.model.init(device), device).without_auxiliary();
        let plain = self.detector_config();
        let (loader, decoding) = (self.loader_config(), plain.decoding());
        let found = predict_dataset(&net, &self.val, &loader, decoding, device, progress)?;
        let config = DetectorConfig {
            calibration: Some(Calibration::fit(&found, self.val.as_ref())),
            origin: origin
                .map(|origin| crate::detector::Origin { averaged: epochs.min(total), ..origin }),
            ..plain
        };
        LandmarkDetector::new(net, config, device)
    }
}

/// The sums of all floats of networks of one kind, in the order in which they are visited.
#[derive(Default)]
struct Mean {
    sums: Vec<f64>,
    /// How many networks.
    count: usize,
    /// Where the visit is.
    at: usize,
}

impl Mean {
    fn add(&mut self, net: &LandmarkNet) {
        self.at = 0;
        net.visit(self);
        self.count += 1;
    }

    /// `net`, of the same kind, with the means.
    fn into_net(self, net: LandmarkNet, device: &Device) -> LandmarkNet {
        let count = self.count as f64;
        let values = self.sums.into_iter().map(|sum| (sum / count) as f32).collect();
        net.map(&mut Writer { values, at: 0, device: device.clone() })
    }
}

impl ModuleVisitor for Mean {
    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        let data = param.val().without_autodiff().into_data();
        for value in data.iter::<f64>() {
            match self.sums.get_mut(self.at) {
                Some(sum) => *sum += value,
                None => self.sums.push(value),
            }
            self.at += 1;
        }
    }
}

struct Writer {
    values: Vec<f32>,
    at: usize,
    device: Device,
}

impl ModuleMapper for Writer {
    fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
        let shape = param.shape();
        let to = self.at + shape.num_elements();
        let values = self.values[self.at..to].to_vec();
        self.at = to;
        let data = TensorData::new(values, shape);
        param.map(|_| Tensor::from_data(data, &self.device))
    }
}

#[cfg(all(test, feature = "flex"))]
mod tests {
    use super::*;
    use crate::model::Preset;

    /// Every float of a network is one number.
    struct Fill(f32);

    impl ModuleMapper for Fill {
        fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
            let value = self.0;
            param.map(|tensor| tensor.full_like(value))
        }
    }

    /// Every float of a network.
    #[derive(Default)]
    struct Read(Vec<f32>);

    impl ModuleVisitor for Read {
        fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
            self.0.extend(param.val().into_data().iter::<f32>());
        }
    }

    #[test]
    fn means_are_of_all_parameters_and_running_statistics() {
        let device = Device::flex();
        let net = || Preset::Nano.config(8).init(&device);
        let mut mean = Mean::default();
        for value in [1.0, 2.0, 6.0] {
            mean.add(&net().map(&mut Fill(value)));
        }
        let mut read = Read::default();
        mean.into_net(net(), &device).visit(&mut read);
        assert!(read.0.len() > net().num_params(), "running statistics are no parameters");
        assert!(read.0.iter().all(|value| *value == 3.0));
        // Each value at its own place.
        let (random, mut before, mut after) = (net(), Read::default(), Read::default());
        let mut mean = Mean::default();
        mean.add(&random);
        random.visit(&mut before);
        mean.into_net(net(), &device).visit(&mut after);
        assert_eq!(before.0, after.0);
    }
}
