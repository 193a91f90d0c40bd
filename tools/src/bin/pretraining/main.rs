//! Trains the preset `lite` with equal numbers of samples from random and from ImageNet's weights,
//! on generated garments, on photographs and on both, at several input sizes, and prints one table.
mod cells;

use std::{path::PathBuf, process::ExitCode, sync::Arc};

use clap::Parser;
use dafe::{
    data::{ClothingDataset, Concatenated},
    predict::predict_dataset,
    prelude::*,
    train::Interrupter,
};
use dafe_cli::support::{
    Outcome, Progress, default_workers, finish, stop_on_signals, training_devices,
};
use dafe_garments::{GarmentDatasetConfig, Style, write_garment_dataset};
use dafe_tools::mean_and_deviation;

use self::cells::{CELLS, Cell, Data};

#[derive(Parser)]
#[command(about = "Compare initial weights, training data and input sizes in one table")]
struct Args {
    /// The backbone's pretrained weights: efficientnet-lite0-57934424.pth
    #[arg(long)]
    weights: PathBuf,
    /// A clone of clothing-dataset-small
    #[arg(long)]
    photographs: PathBuf,
    /// Runs of each cell: seeds 0, 1, 2, …
    #[arg(long, default_value_t = 3)]
    seeds: u64,
    /// The folder for generated garments and runs; what is done in it is not done again
    #[arg(long, default_value = "runs/pretraining")]
    out: PathBuf,
}

/// The datasets that all runs share.
struct Sets {
    garments: Arc<dyn LandmarkDataset>,
    half_the_garments: Arc<dyn LandmarkDataset>,
    photographs: Arc<dyn LandmarkDataset>,
    /// What is measured on, by name.
    measured: [(&'static str, Arc<dyn LandmarkDataset>); 2],
}

/// Samples of a run.
const SAMPLES: usize = 2400;

fn main() -> ExitCode {
    finish(run(&Args::parse()))
}

fn run(args: &Args) -> Outcome<()> {
    let sets = Sets::open(args)?;
    let interrupter = Interrupter::new();
    stop_on_signals(&interrupter, "finishing the step, then saving", || ())?;
    let mut found = vec![Vec::new(); CELLS.len()];
    let total = CELLS.len() * usize::try_from(args.seeds)?;
    let progress = Progress::new("comparing", total);
    for seed in 0..args.seeds {
        for (cell, found) in CELLS.iter().zip(&mut found) {
            let Some(errors) = errors(args, &sets, cell, seed, &interrupter)? else {
                println!("interrupted; the same command resumes");
                return Ok(());
            };
            progress.say(&format!("{} seed {seed}: NE {errors:.4?}", cell.name()));
            found.push(errors);
            progress.update(found.len() + CELLS.len() * usize::try_from(seed)?, total, "");
        }
    }
    progress.done();
    let [garments, photographs] = [0, 1].map(|i| sets.measured[i].0);
    println!("| initial weights | data | input | {garments} | {photographs} |");
    println!("|---|---|---|---|---|");
    for (cell, found) in CELLS.iter().zip(&found) {
        let columns = [0, 1].map(|i| {
            let errors: Vec<f64> = found.iter().map(|errors| errors[i]).collect();
            match mean_and_deviation(&errors) {
                (mean, Some(deviation)) => format!("{mean:.4} ± {deviation:.4}"),
                (mean, None) => format!("{mean:.4}"),
            }
        });
        println!("| {} | {} |", cell.row(), columns.join(" | "));
    }
    Ok(())
}

impl Sets {
    fn open(args: &Args) -> Outcome<Self> {
        let none = GarmentDatasetConfig { train: 0, val: 0, test: 0, ..Default::default() };
        let train = GarmentDatasetConfig { train: SAMPLES, ..none.clone() };
        let unlike = GarmentDatasetConfig { seed: 901, val: 300, style: Style::Unlike, ..none };
        let open = |name: &str, tree: &GarmentDatasetConfig, split| {
            let root = args.out.join(name);
            write_garment_dataset(&root, tree, &|_, _| ())?;
            Outcome::Ok(Arc::new(FldDataset::open(root, split)?))
        };
        let half = GarmentDatasetConfig { train: SAMPLES / 2, ..train.clone() };
        let photographs = |split| ClothingDataset::open(&args.photographs, split).map(Arc::new);
        Ok(Self {
            garments: open("garments", &train, Split::Train)?,
            half_the_garments: open("half", &half, Split::Train)?,
            photographs: photographs(Split::Train)?,
            measured: [
                ("300 unlike garments", open("unlike", &unlike, Split::Val)?),
                ("30 photographs", photographs(Split::Val)?),
            ],
        })
    }

    /// About [`SAMPLES`] samples.
    fn of(&self, data: Data) -> Outcome<Arc<dyn LandmarkDataset>> {
        let photographs = self.photographs.len();
        let parts = match data {
            Data::Garments => vec![(self.garments.clone(), 1)],
            Data::Photographs => vec![(self.photographs.clone(), SAMPLES / photographs)],
            Data::Both => vec![
                (self.half_the_garments.clone(), 1),
                (self.photographs.clone(), SAMPLES / 2 / photographs),
            ],
        };
        Ok(Arc::new(Concatenated::new(parts)?))
    }
}

/// A run's errors on what is measured; trains it first, unless that is done. None if interrupted.
fn errors(
    args: &Args,
    sets: &Sets,
    cell: &Cell,
    seed: u64,
    interrupter: &Interrupter,
) -> Outcome<Option<[f64; 2]>> {
    let config = cell.recipe(&args.weights)?.with_seed(seed);
    let devices = training_devices(&["flex".into()], config.shards)?;
    let folder = args.out.join(cell.name()).join(format!("seed-{seed}"));
    let [_, (_, val)] = &sets.measured;
    let training = Training::new(config, sets.of(cell.data)?, val.clone(), devices, folder)
        .with_workers(default_workers());
    if !training.run(interrupter, |_| ())?.finished {
        return Ok(None);
    }
    let device = &training.devices[0];
    let detector = LandmarkDetector::load(&training.folder, device)?;
    let mut errors = [0.0; 2];
    for (error, (name, dataset)) in errors.iter_mut().zip(&sets.measured) {
        let (loader, decoding) = (training.loader_config(), detector.config().decoding());
        let found = predict_dataset(detector.net(), dataset, &loader, decoding, device, |_, _| ())?;
        let ne = found.report(dataset.as_ref()).ne();
        *error = ne.ok_or_else(|| format!("{name}: no visible landmark"))?;
    }
    Ok(Some(errors))
}
