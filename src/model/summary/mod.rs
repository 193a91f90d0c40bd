//! Model summaries: parameters, multiply-adds and activations of each stage, for any input size.
mod backbones;
mod cost;
mod stages;

use std::fmt;

use serde::Serialize;

pub use cost::Cost;
pub use stages::StageSummary;

use super::config::LandmarkNetConfig;
use crate::table::{
    Column::{Left, Right},
    Table, grouped,
};

/// The cost of a network, stage by stage, for one image.
///
/// Displays as a table.
///
/// ```
/// use dafe::prelude::*;
///
/// let summary = LandmarkNetConfig::new(8).summary([320, 320]);
/// assert_eq!(summary.total().parameters, 34_418_299);
/// println!("{summary}");
/// ```
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ModelSummary {
    /// `[width, height]` of the input, in pixels.
    pub input_size: [usize; 2],
    /// The stages, in order.
    pub stages: Vec<StageSummary>,
}

impl LandmarkNetConfig {
    /// The cost of the network created by [`Self::init`] for one image of `input_size`
    /// (`[width, height]`, pixels). For layers used only in training ("auxiliary"), only parameters
    /// are counted.
    ///
    /// # Panics
    /// If `reduction` is 0, as [`Self::init`].
    pub fn summary(&self, input_size: [usize; 2]) -> ModelSummary {
        ModelSummary { input_size, stages: stages::stages(self, input_size) }
    }
}

impl ModelSummary {
    /// The cost of all stages together.
    pub fn total(&self) -> Cost {
        self.stages.iter().fold(Cost::default(), |sum, stage| sum + stage.cost)
    }
}

impl fmt::Display for ModelSummary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut table = Table::new([Left(16), Right(15), Right(13), Right(16), Right(14)]);
        table.row(["stage", "output", "parameters", "multiply-adds", "activations"]);
        table.row(["", "C×H×W", "", "millions", "MiB as f32"]);
        let mut row = |name: &str, output: String, cost: &Cost| {
            table.row([
                name.to_string(),
                output,
                grouped(cost.parameters),
                format!("{:.1}", cost.multiply_adds as f64 / 1e6),
                format!("{:.1}", cost.activation_bytes() as f64 / f64::from(1 << 20)),
            ]);
        };
        for stage in &self.stages {
            let [channels, height, width] = stage.output;
            row(&stage.name, format!("{channels}×{height}×{width}"), &stage.cost);
        }
        let [width, height] = self.input_size;
        row("all", format!("{width}×{height} in"), &self.total());
        table.fmt(f)
    }
}
