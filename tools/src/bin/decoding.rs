//! Measures the error of each heatmap decoder on Gaussians at random positions: the tables in
//! docs/decoding.md.
use std::process::ExitCode;

use burn::tensor::{Distribution, TensorData};
use clap::Parser;
use dafe::prelude::*;

/// Cells per side. Input pixels equal cells here.
const SIDE: usize = 64;
const SIGMAS: [f64; 4] = [1.0, 1.5, 2.0, 3.0];
/// The distance of positions from the border, in cells.
const BORDER: f32 = 2.5;

#[derive(Parser)]
#[command(about = "Print mean and maximum error, in heatmap cells, of each heatmap decoder")]
struct Args {
    /// Decoders, as in dark:11,soft-argmax:0.1:11 [default: all]
    #[arg(long, value_delimiter = ',')]
    refinements: Vec<Refinement>,
    /// Standard deviation of the noise on the heatmaps, whose peak is 1
    #[arg(long, default_value_t = 0.0, value_parser = parse_noise)]
    noise: f64,
    /// Random positions of each kind
    #[arg(long, default_value_t = 2000, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    places: u32,
    /// The seed of random positions and noise
    #[arg(long, default_value_t = 0)]
    seed: u64,
}

fn main() -> ExitCode {
    let mut args = Args::parse();
    if args.refinements.is_empty() {
        args.refinements = Refinement::ALL.to_vec();
    }
    for (kind, at_border) in
        [("Inside", [false, false]), ("At a border", [true, false]), ("In a corner", [true, true])]
    {
        println!("| {kind} | {} |", SIGMAS.map(|sigma| format!("σ {sigma}")).join(" | "));
        println!("|---|{}", "---|".repeat(SIGMAS.len()));
        for &refinement in &args.refinements {
            let errors = SIGMAS.map(|sigma| errors(&args, refinement, sigma, at_border));
            println!("| `{refinement}` | {} |", errors.join(" | "));
        }
        println!();
    }
    ExitCode::SUCCESS
}

/// Mean and maximum distance between positions and those decoded from their heatmaps.
fn errors(args: &Args, refinement: Refinement, sigma: f64, at_border: [bool; 2]) -> String {
    let device = Device::flex();
    device.seed(args.seed);
    let count = args.places as usize;
    let uniform = Tensor::<2>::random([count, 2], Distribution::Uniform(0.0, 1.0), &device);
    let uniform: Vec<f32> = uniform.into_data().try_into_vec().expect("single precision");
    let places = uniform.iter().zip(at_border.iter().cycle());
    let places: Vec<f32> = places.map(|(&share, &border)| place(share, border)).collect();
    let positions = Tensor::from_data(TensorData::new(places.clone(), [1, count, 2]), &device);

    let codec = HeatmapCodec::new([SIDE, SIDE], 1, sigma);
    let mut heatmaps = codec.encode(positions, Tensor::ones([1, count], &device));
    if args.noise > 0.0 {
        let noise = Distribution::Normal(0.0, args.noise);
        heatmaps = heatmaps.clone() + Tensor::random(heatmaps.dims(), noise, &device);
    }
    let found = codec.decode(heatmaps, refinement).into_images().remove(0).positions;
    let distances = found
        .iter()
        .zip(places.chunks(2))
        .map(|([x, y], place)| (x - place[0]).hypot(y - place[1]));
    let (sum, worst) = distances
        .fold((0.0, 0.0f32), |(sum, worst), distance| (sum + distance, worst.max(distance)));
    format!("{:.4} / {worst:.4}", sum / count as f32)
}

/// The position at this fraction of the inside, or of the two borders.
fn place(share: f32, border: bool) -> f32 {
    let last = SIDE as f32 - 0.5;
    match border {
        false => 0.25 * last + 0.5 * last * share,
        true if share < 0.5 => -0.5 + 2.0 * BORDER * share,
        true => last - 2.0 * BORDER * (1.0 - share),
    }
}

fn parse_noise(text: &str) -> Result<f64, String> {
    let noise = text.parse().ok().filter(|noise| (0.0..=1.0).contains(noise));
    noise.ok_or_else(|| format!("'{text}' is no number from 0 to 1"))
}
