//! The paper's network: inference and training.
use std::path::{Path, PathBuf};

use burn::module::Module;
use clap::Args;
use dafe::{
    data::TrainBatch,
    device::parse_device,
    heatmap::HeatmapTarget,
    prelude::*,
    train::{Optimizer, Recompute, loss_and_gradients},
    weights,
};
use dafe_cli::support::Outcome;

use super::{
    Repeats, Report,
    files::{Tensors, write},
};

#[derive(Args)]
pub struct Forward {
    /// The paper's network's parameters: safetensors under PyTorch's names
    #[arg(long, required_unless_present = "model")]
    weights: Option<PathBuf>,
    /// A model file instead of --weights
    #[arg(long, conflicts_with = "weights")]
    model: Option<PathBuf>,
    /// Safetensors with `images`, [B, 3, H, W]
    #[arg(long)]
    images: PathBuf,
    /// Write `heatmaps` to this safetensors file
    #[arg(long)]
    heatmaps: Option<PathBuf>,
    #[arg(long, default_value = "flex")]
    device: String,
    /// Compute with Burn's own operations, without this crate's kernels
    #[arg(long)]
    burn: bool,
    #[command(flatten)]
    repeats: Repeats,
}

#[derive(Args)]
pub struct Step {
    /// The initial parameters: safetensors with PyTorch's names
    #[arg(long)]
    weights: PathBuf,
    /// Safetensors with `images` [B, 3, H, W], `heatmaps` [B, n, H/4, W/4] and `weights` [B, n]
    #[arg(long)]
    batch: PathBuf,
    /// Adam's learning rate; the time does not depend on it
    #[arg(long, default_value_t = 1e-3)]
    learning_rate: f64,
    /// Write the parameters after the last step to this safetensors file
    #[arg(long)]
    parameters: Option<PathBuf>,
    #[arg(long, default_value = "flex")]
    device: String,
    #[command(flatten)]
    repeats: Repeats,
}

/// The paper's network with the parameters of a file, which also determines the number of
/// landmarks.
fn load(path: &Path, device: &Device) -> Outcome<LandmarkNet> {
    let head = Tensors::read(path)?.get::<4>("head.weight", &Device::flex())?;
    let mut net = LandmarkNetConfig::new(head.dims()[0]).init(device);
    weights::load_safetensors(&mut net, path)?;
    Ok(net)
}

impl Forward {
    pub fn run(&self) -> Outcome<Report> {
        let mut device = parse_device(&self.device)?;
        if self.burn {
            // Burn chooses what gradient checkpointing recomputes.
            device = device.autodiff().gradient_checkpointing();
        }
        let net = match (&self.weights, &self.model) {
            (Some(weights), _) => load(weights, &device)?,
            (None, Some(model)) => LandmarkDetector::load(model, &device)?.net().clone(),
            (None, None) => unreachable!("one of them is required"),
        };
        let net = net.freeze();
        let images = Tensors::read(&self.images)?.get::<4>("images", &device)?;
        let mut heatmaps = None;
        let times = self.repeats.time(|| {
            // The previous heatmaps are freed before the next ones are computed.
            heatmaps = None;
            heatmaps = Some(net.forward(images.clone()).into_data());
            Ok(())
        })?;
        let report = Report::new(times);
        if let (Some(path), Some(heatmaps)) = (&self.heatmaps, heatmaps) {
            write(path, vec![("heatmaps", heatmaps)])?;
        }
        Ok(report)
    }
}

impl Step {
    pub fn run(&self) -> Outcome<Report> {
        let device = parse_device(&self.device)?.autodiff();
        let mut net = Some(load(&self.weights, &device)?.train());
        let batch = Tensors::read(&self.batch)?;
        let batch = TrainBatch {
            images: batch.get("images", &device)?,
            target: HeatmapTarget::of_maps(
                batch.get("heatmaps", &device)?,
                batch.get("weights", &device)?,
            ),
            auxiliary: Vec::new(),
        };
        let mut optimizer = Optimizer::Adam.init();
        let mut losses = Vec::new();
        let times = self.repeats.time(|| {
            let trained = net.take().expect("every step puts it back");
            let loss = LossConfig::default();
            let (value, gradients) =
                loss_and_gradients(&trained, batch.clone(), &loss, 1.0, Recompute::None);
            losses.push(f64::from(value.into_scalar::<f32>()));
            net = Some(optimizer.step(self.learning_rate, trained, gradients));
            Ok(device.sync()?)
        })?;
        let report = Report::new(times).with("losses", losses);
        if let (Some(path), Some(net)) = (&self.parameters, net) {
            weights::save_safetensors(&net.valid(), path)?;
        }
        Ok(report)
    }
}
