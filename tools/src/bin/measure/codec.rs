//! Encodes positions as heatmaps and decodes them.
use std::{path::PathBuf, time::Instant};

use clap::Args;
use dafe::{device::parse_device, prelude::*};
use dafe_cli::support::Outcome;

use super::{
    Repeats, Report,
    files::{Tensors, write},
};

const SIDE: usize = 320;
const SIGMA: f64 = 2.0;

#[derive(Args)]
pub struct Codec {
    /// Safetensors with `positions` [B, n, 2], x and y in pixels of a 320×320 input, and `weights`
    /// [B, n]
    #[arg(long)]
    positions: PathBuf,
    /// Write the first image's `heatmaps`, and all decoded `positions` and `scores`
    #[arg(long)]
    found: Option<PathBuf>,
    #[arg(long, default_value = "flex")]
    device: String,
    #[command(flatten)]
    repeats: Repeats,
}

impl Codec {
    pub fn run(&self) -> Outcome<Report> {
        let device = parse_device(&self.device)?;
        let file = Tensors::read(&self.positions)?;
        let positions = file.get::<3>("positions", &device)?;
        let weights = file.get::<2>("weights", &device)?;
        let codec = HeatmapCodec::new([SIDE, SIDE], LandmarkNetConfig::STRIDE, SIGMA);
        let (mut encoding, mut decoding) = (Vec::new(), Vec::new());
        let mut last = None;
        let times = self.repeats.time(|| {
            last = None;
            let started = Instant::now();
            let heatmaps = codec.encode(positions.clone(), weights.clone());
            encoding.push(started.elapsed().as_secs_f64() * 1e3);
            let started = Instant::now();
            let found = codec.decode(heatmaps.clone(), Refinement::QuarterOffset);
            decoding.push(started.elapsed().as_secs_f64() * 1e3);
            last = Some((heatmaps, found));
            Ok(())
        })?;
        let warmup = self.repeats.warmup as usize;
        let report = Report::new(times)
            .with("encode_ms", encoding.split_off(warmup))
            .with("decode_ms", decoding.split_off(warmup));
        if let (Some(path), Some((heatmaps, found))) = (&self.found, last) {
            let tensors = vec![
                ("heatmaps", heatmaps.narrow(0, 0, 1).into_data()),
                ("positions", found.positions.into_data()),
                ("scores", found.scores.into_data()),
            ];
            write(path, tensors)?;
        }
        Ok(report)
    }
}
