//! The comparison as numbers, Markdown and JSON.
use dafe::model::StageSummary;
use dafe_tools::mean_and_deviation;
use serde::Serialize;

/// The measurements of one variant.
#[derive(Debug, Clone, Serialize)]
pub struct Row {
    pub variant: String,
    pub description: String,
    pub parameters: u64,
    pub multiply_adds: u64,
    /// Stage by stage.
    pub stages: Vec<StageSummary>,
    /// Test NE by seed.
    pub ne: Vec<f64>,
    pub ne_mean: f64,
    /// The sample standard deviation; `None` with one seed.
    pub ne_deviation: Option<f64>,
    /// The mean over seeds of this variant's NE less full DAFE's with the same seed, and half its
    /// 95 % interval.
    pub difference: Option<Difference>,
    /// Milliseconds for a training step, median.
    pub step_ms: f64,
}

#[derive(Debug, Clone, Serialize)]
pub struct Difference {
    pub mean: f64,
    /// From Student's t; `None` with one seed.
    pub half_interval: Option<f64>,
}

/// Where the numbers come from, printed under the table.
#[derive(Debug, Clone, Serialize)]
pub struct Comparison {
    pub setting: String,
    pub rows: Vec<Row>,
}

/// The paired difference between two variants over the same seeds.
pub fn difference(ne: &[f64], baseline: &[f64]) -> Difference {
    let paired: Vec<f64> = ne.iter().zip(baseline).map(|(a, b)| a - b).collect();
    let (mean, deviation) = mean_and_deviation(&paired);
    let half_interval = deviation
        .map(|deviation| student_975(paired.len() - 1) * deviation / (paired.len() as f64).sqrt());
    Difference { mean, half_interval }
}

/// The 97.5 % quantile of Student's t, by degrees of freedom; beyond the table, its last value,
/// which is a little too wide.
fn student_975(freedom: usize) -> f64 {
    const QUANTILES: [f64; 12] =
        [12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179];
    QUANTILES[freedom.clamp(1, QUANTILES.len()) - 1]
}

impl Comparison {
    pub fn markdown(&self) -> String {
        let mut text = String::from(
            "| variant | parameters | multiply-adds | NE | difference to DAFE | step |\n|---|---|---|---|---|---|\n",
        );
        for row in &self.rows {
            let ne = match row.ne_deviation {
                Some(deviation) => format!("{:.4} ± {deviation:.4}", row.ne_mean),
                None => format!("{:.4}", row.ne_mean),
            };
            let difference = match &row.difference {
                Some(Difference { mean, half_interval: Some(half) }) => {
                    format!("{mean:+.4} ± {half:.4}{}", if mean.abs() > *half { " *" } else { "" })
                }
                Some(Difference { mean, half_interval: None }) => format!("{mean:+.4}"),
                None => "–".to_string(),
            };
            text += &format!(
                "| `{}`: {} | {:.2} M | {:.1} M | {ne} | {difference} | {:.0} ms |\n",
                row.variant,
                row.description,
                row.parameters as f64 / 1e6,
                row.multiply_adds as f64 / 1e6,
                row.step_ms
            );
        }
        text += &format!(
            "\n{} NE: mean ± standard deviation over seeds; difference: paired by seed, ± half of the 95 % interval \
             (Student's t); * where the interval excludes 0, without correction for the number of comparisons.\n",
            self.setting
        );
        text
    }
}
