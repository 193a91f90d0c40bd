//! The cost of a network: parameters, multiply-adds and activations of each stage, for any
//! input size.
use dafe::{model::Decoder, prelude::*};

use crate::support::{Ending, Outcome, output};

#[derive(clap::Args)]
#[command(next_line_help = true)]
pub struct Args {
    /// The network: nano, lite, small or paper
    #[arg(long, default_value = "paper")]
    preset: Preset,
    /// The network's decoder: dafe, dafe-without-selection, transposed-convolution,
    /// feature-pyramid, global-context, non-local
    #[arg(long, default_value = "dafe")]
    decoder: Decoder,
    /// The number of landmarks
    #[arg(long, default_value_t = 8)]
    landmarks: usize,
    /// Width and height of the input in pixels, as WxH [default: the preset's]
    #[arg(long, value_parser = parse_size)]
    input: Option<[usize; 2]>,
    /// Print JSON instead of a table
    #[arg(long)]
    json: bool,
}

pub fn run(args: &Args) -> Outcome<Ending> {
    let config = args.preset.config(args.landmarks).with_decoder(args.decoder);
    config.validate()?;
    let summary = config.summary(args.input.unwrap_or(args.preset.input_size()));
    match args.json {
        true => output::print_line(serde_json::to_string_pretty(&summary)?)?,
        false => output::print(summary)?,
    }
    Ok(Ending::Done)
}

fn parse_size(text: &str) -> Result<[usize; 2], String> {
    let side = |text: &str| text.parse().ok().filter(|side| (1..=16_384).contains(side));
    let sides =
        text.split_once('x').and_then(|(width, height)| Some([side(width)?, side(height)?]));
    sides.ok_or_else(|| format!("'{text}' is not a size such as 320x320, sides up to 16384"))
}
