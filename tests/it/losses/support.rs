//! Targets in host memory, and losses with their gradients.
use burn::tensor::{DType, TensorData};
use dafe::{
    heatmap::HeatmapTarget,
    loss::{AdaptiveWing, LandmarkLoss, LossConfig, Wing},
    prelude::*,
};

/// A target in host memory.
#[derive(Debug, Clone)]
pub struct HostTarget {
    pub shape: [usize; 4],
    pub heatmaps: Vec<f64>,
    pub weights: Vec<f64>,
    pub cells: Vec<f64>,
    pub located: Vec<f64>,
}

impl HostTarget {
    pub fn to_device(&self, device: &Device, dtype: DType) -> HeatmapTarget {
        let [batch, n, _, _] = self.shape;
        HeatmapTarget {
            heatmaps: tensor(&self.heatmaps, self.shape, device, dtype),
            weights: tensor(&self.weights, [batch, n], device, dtype),
            cells: tensor(&self.cells, [batch, n, 2], device, dtype),
            located: tensor(&self.located, [batch, n], device, dtype),
        }
    }
}

pub fn tensor<const D: usize>(
    values: &[f64],
    shape: [usize; D],
    device: &Device,
    dtype: DType,
) -> Tensor<D> {
    Tensor::from_data(TensorData::new(values.to_vec(), shape), (device, dtype))
}

pub fn values<const D: usize>(tensor: Tensor<D>) -> Vec<f64> {
    tensor.into_data().convert::<f64>().try_into_vec().unwrap()
}

/// The loss of each sample, and the gradient of their mean.
pub fn evaluate(
    loss: &LossConfig,
    maps: &[f64],
    target: &HostTarget,
    device: &Device,
    dtype: DType,
) -> (Vec<f64>, Vec<f64>) {
    let device = device.clone().autodiff();
    let maps = tensor(maps, target.shape, &device, dtype).require_grad();
    let losses = loss.per_sample(maps.clone(), &target.to_device(&device, dtype));
    let gradients = losses.clone().mean().backward();
    (values(losses), values(maps.grad(&gradients).unwrap()))
}

pub fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

/// All losses with default parameters, and variants that these do not cover.
pub fn all() -> Vec<LossConfig> {
    let foreground = AdaptiveWing { foreground: 10.0, ..AdaptiveWing::default() };
    let near = Wing { omega: 1.0, epsilon: 0.5 };
    LandmarkLoss::ALL
        .iter()
        .cloned()
        .chain([
            LandmarkLoss::AdaptiveWing(foreground),
            LandmarkLoss::SoftArgmaxL1 { temperature: 1.0 },
            LandmarkLoss::SoftArgmaxSmoothL1 { temperature: 1.0, threshold: 0.5 },
            LandmarkLoss::SoftArgmaxWing { temperature: 1.0, wing: near },
        ])
        .map(LossConfig::from)
        .chain(["mse + 0.01*soft-argmax-l1".parse().unwrap(), "0.5*focal+js".parse().unwrap()])
        .collect()
}
