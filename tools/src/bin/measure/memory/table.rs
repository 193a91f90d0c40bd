//! Peaks by batch and input size.
use std::process::Command;

use clap::Args;
use dafe::train::Recompute;
use dafe_cli::support::Outcome;
use serde_json::Value;

#[derive(Args)]
pub struct Table {
    /// Batch sizes, at the first side
    #[arg(long, value_delimiter = ',', default_value = "1,2,4,8,16")]
    batches: Vec<usize>,
    /// Sides of the square input in pixels; all but the first with the batch size --side-batch
    #[arg(long, value_delimiter = ',', default_value = "320,160,224,416,512")]
    sides: Vec<usize>,
    /// Images per step for all sides but the first
    #[arg(long, default_value_t = 4)]
    side_batch: usize,
    /// The network: nano, small, paper
    #[arg(long, default_value = "paper")]
    preset: String,
    /// Timed steps, after one warm-up step
    #[arg(long, default_value_t = 3)]
    repeats: u32,
    #[arg(long, default_value = "flex")]
    device: String,
}

/// The output of a process that runs training steps.
struct Measured {
    peak_mib: f64,
    /// The median.
    step_ms: f64,
}

impl Table {
    pub fn run(&self) -> Outcome<()> {
        let (first, others) = self.sides.split_first().ok_or("a table needs a side")?;
        let by_batch = self.batches.iter().map(|&batch| (batch, *first));
        let by_side = others.iter().map(|&side| (self.side_batch, side));
        println!("| batch | input | peak, all kept | stages recomputed | | step | recomputed | |");
        println!("|---|---|---|---|---|---|---|---|");
        for (batch, side) in by_batch.chain(by_side) {
            let plain = self.measure(batch, side, Recompute::None)?;
            let less = self.measure(batch, side, Recompute::Stages)?;
            println!(
                "| {batch} | {side} | {:.0} MiB | {:.0} MiB | {:.0} % | {:.2} s | {:.2} s | {:.2}× |",
                plain.peak_mib,
                less.peak_mib,
                100.0 * less.peak_mib / plain.peak_mib,
                plain.step_ms / 1e3,
                less.step_ms / 1e3,
                less.step_ms / plain.step_ms,
            );
        }
        Ok(())
    }

    fn measure(&self, batch: usize, side: usize, recompute: Recompute) -> Outcome<Measured> {
        let output = Command::new(std::env::current_exe()?)
            .args(["memory", "step", "--warmup", "1"])
            .args(["--repeats", &self.repeats.to_string()])
            .args(["--batch", &batch.to_string(), "--side", &side.to_string()])
            .args(["--preset", &self.preset, "--device", &self.device])
            .args(["--recompute", recompute.name()])
            .output()?;
        if !output.status.success() {
            let message = String::from_utf8_lossy(&output.stderr);
            return Err(format!("batch {batch}, input {side}: {}", message.trim()).into());
        }
        let report: Value = serde_json::from_slice(&output.stdout)?;
        let peak_mib = report["peak_mib"].as_f64().ok_or("only Linux tells a process' peak")?;
        let times = report["times_ms"].as_array().ok_or("a report without times")?;
        let mut times: Vec<f64> = times.iter().filter_map(Value::as_f64).collect();
        times.sort_by(f64::total_cmp);
        Ok(Measured { peak_mib, step_ms: times[times.len() / 2] })
    }
}
