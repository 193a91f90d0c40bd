//! What is compared.
use std::path::{Path, absolute};

use dafe::{
    prelude::*,
    train::{FineTuning, InitialWeights},
};
use dafe_cli::support::Outcome;

/// What a run is trained on.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Data {
    Garments,
    Photographs,
    /// Half and half.
    Both,
}

/// A row of the table.
pub struct Cell {
    /// Whether the backbone starts from ImageNet's weights.
    pub pretrained: bool,
    pub data: Data,
    /// Width and height of the input.
    pub input: usize,
}

const fn cell(pretrained: bool, data: Data, input: usize) -> Cell {
    Cell { pretrained, data, input }
}

/// All rows: initial weights and data at one input size, then other sizes.
pub const CELLS: [Cell; 8] = [
    cell(false, Data::Garments, 192),
    cell(false, Data::Photographs, 192),
    cell(false, Data::Both, 192),
    cell(true, Data::Garments, 192),
    cell(true, Data::Photographs, 192),
    cell(true, Data::Both, 192),
    cell(true, Data::Both, 128),
    cell(true, Data::Both, 256),
];

impl Cell {
    /// The folder of its runs.
    pub fn name(&self) -> String {
        let weights = if self.pretrained { "pretrained" } else { "random" };
        let data = match self.data {
            Data::Garments => "garments",
            Data::Photographs => "photographs",
            Data::Both => "both",
        };
        format!("{weights}-{data}-{}", self.input)
    }

    /// Its first columns.
    pub fn row(&self) -> String {
        let weights = if self.pretrained { "ImageNet" } else { "random" };
        let data = match self.data {
            Data::Garments => "generated garments",
            Data::Photographs => "photographs",
            Data::Both => "both",
        };
        format!("{weights} | {data} | {0} × {0}", self.input)
    }

    /// One epoch by the preset `lite`. Statistics are frozen where they are pretrained.
    pub fn recipe(&self, weights: &Path) -> Outcome<TrainConfig> {
        let preset = TrainConfig::preset(Preset::Lite, LandmarkSchema::fld().len());
        let codec = HeatmapCodec::new([self.input; 2], LandmarkNetConfig::STRIDE, 2.0);
        let fine_tuning = match self.pretrained {
            true => FineTuning::default()
                .with_initial_weights(InitialWeights::File(absolute(weights)?))
                .with_freeze_norm(true)
                .with_backbone_rate(0.3),
            false => FineTuning::default(),
        };
        Ok(preset.with_codec(codec).with_fine_tuning(fine_tuning).with_epochs(1))
    }
}
