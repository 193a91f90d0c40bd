//! Trains decoders with equal data, seeds and budget, and prints one table: what DAFE's attentions
//! contribute.
mod run;
mod table;
mod timing;
mod variants;

use std::{path::PathBuf, process::ExitCode, sync::Arc};

use clap::{Parser, ValueEnum};
use dafe::{
    atomic::write_text, data::DatasetFormat, device::parse_device, prelude::*, train::Interrupter,
};
use dafe_cli::support::{
    Outcome, Progress, datasets::generate, default_workers, finish, stop_on_signals,
    training_devices,
};
use dafe_garments::Style;
use dafe_tools::mean_and_deviation;

use self::{
    run::test_ne,
    table::{Comparison, Row, difference},
    timing::time_steps,
    variants::Variant,
};

#[derive(Parser)]
#[command(
    about = "Train decoders with equal data, seeds and budget, and compare them in one table"
)]
struct Args {
    /// The decoders; full DAFE is always among them [default: all]
    #[arg(long, value_enum, value_delimiter = ',')]
    variants: Vec<Variant>,
    /// Runs of each decoder: seeds 0, 1, 2, …
    #[arg(long, default_value_t = 3)]
    seeds: u64,
    /// Epochs of each run
    #[arg(long, default_value_t = 2)]
    epochs: usize,
    /// The network whose decoder is replaced: nano, small or paper
    #[arg(long, default_value = "nano")]
    preset: Preset,
    /// A dataset in FLD's or DeepFashion-C's format; generated garments without it
    #[arg(long)]
    data: Option<PathBuf>,
    /// The folder of generated garments
    #[arg(long, default_value = "runs/garments-0")]
    garments: PathBuf,
    /// The folder for runs, ablation.md and ablation.json; finished runs in it are reused
    #[arg(long, default_value = "runs/ablation")]
    out: PathBuf,
    /// The device: flex, ndarray, cuda:0, vulkan:0, …
    #[arg(long, default_value = "flex")]
    device: String,
    /// Threads that decode and crop images [default: one per core, at most 8]
    #[arg(long)]
    workers: Option<usize>,
    /// Timed steps of each decoder, with decoders taking turns; the median is reported
    #[arg(long, default_value_t = 7)]
    timed_steps: usize,
}

fn main() -> ExitCode {
    finish(run(Args::parse()))
}

fn run(mut args: Args) -> Outcome<()> {
    if args.seeds == 0 || args.timed_steps == 0 {
        return Err("--seeds and --timed-steps must be at least 1".into());
    }
    if args.variants.is_empty() {
        args.variants = Variant::value_variants().to_vec();
    }
    args.variants.retain(|&variant| variant != Variant::Dafe);
    args.variants.insert(0, Variant::Dafe);
    let mut seen = Vec::new();
    args.variants.retain(|&variant| {
        let first = !seen.contains(&variant);
        seen.push(variant);
        first
    });
    let root = match &args.data {
        Some(root) => root.clone(),
        None => {
            generate(DatasetFormat::Fld, &args.garments, Style::Usual, 0, [None; 3])?;
            args.garments.clone()
        }
    };
    let open = |split| FldDataset::open(&root, split).map(Arc::new);
    let (train, val, test) = (open(Split::Train)?, open(Split::Val)?, open(Split::Test)?);
    let device = parse_device(&args.device)?;
    let training = |variant: Variant, seed: u64| {
        let mut config = TrainConfig::preset(args.preset, train.schema().len());
        (config.epochs, config.seed) = (args.epochs, seed);
        config.model = variant.of(config.model);
        // Trained in labeled boxes, as they are compared in them, as in the paper.
        config.augmentation.whole_image = 0.0;
        let devices = training_devices(std::slice::from_ref(&args.device), config.shards)?;
        let folder = args.out.join(variant.name()).join(format!("seed-{seed}"));
        Outcome::Ok(
            Training::new(config, train.clone(), val.clone(), devices, folder)
                .with_workers(args.workers.unwrap_or_else(default_workers)),
        )
    };

    let interrupter = Interrupter::new();
    stop_on_signals(&interrupter, "finishing the step, then saving", || ())?;
    let runs: Vec<(u64, Variant)> = (0..args.seeds)
        .flat_map(|seed| args.variants.iter().map(move |&variant| (seed, variant)))
        .collect();
    let mut ne = vec![Vec::new(); args.variants.len()];
    let progress = Progress::new("comparing", runs.len() * args.epochs);
    for (i, &(seed, variant)) in runs.iter().enumerate() {
        let training = training(variant, seed)?;
        let Some(result) = test_ne(&training, test.clone(), &interrupter, |epoch| {
            let message = format!("{} seed {seed}", variant.name());
            progress.update(i * args.epochs + epoch, runs.len() * args.epochs, &message);
        })?
        else {
            println!("interrupted; the same command resumes");
            return Ok(());
        };
        progress.say(&format!("{} seed {seed}: NE {result:.4}", variant.name()));
        let index = args.variants.iter().position(|&v| v == variant).expect("it is among them");
        ne[index].push(result);
    }
    progress.done();

    let config = |&variant: &Variant| training(variant, 0).map(|training| training.config);
    let configs = args.variants.iter().map(config).collect::<Outcome<Vec<_>>>()?;
    let Some(times) = time_steps(&configs, args.timed_steps, &device, &interrupter)? else {
        println!("interrupted; the same command resumes");
        return Ok(());
    };
    let rows = args.variants.iter().zip(&configs).zip(&ne).zip(&times).map(
        |(((variant, config), values), &step_ms)| {
            let summary = config.model.summary(config.codec.input_size());
            let cost = summary.total();
            let (ne_mean, ne_deviation) = mean_and_deviation(values);
            Row {
                variant: variant.name(),
                description: variant.description(),
                parameters: cost.parameters,
                multiply_adds: cost.multiply_adds,
                stages: summary.stages,
                ne: values.clone(),
                ne_mean,
                ne_deviation,
                difference: (*variant != Variant::Dafe).then(|| difference(values, &ne[0])),
                step_ms,
            }
        },
    );
    let config = &configs[0];
    let comparison = Comparison {
        setting: format!(
            "`{}` network, {} epochs of {} images, {} test images, {} seeds; step: forward, \
             backward and Adam on a batch of {}, unsharded, median of {} on {}.",
            args.preset,
            args.epochs,
            train.samples().len(),
            test.samples().len(),
            args.seeds,
            config.batch_size,
            args.timed_steps,
            args.device
        ),
        rows: rows.collect(),
    };
    let markdown = comparison.markdown();
    write_text(args.out.join("ablation.md"), &markdown)?;
    let json = serde_json::to_string_pretty(&comparison)?;
    write_text(args.out.join("ablation.json"), &json)?;
    println!("{markdown}");
    println!("{}: ablation.md, ablation.json", args.out.display());
    Ok(())
}
