//! What DAFE's attentions are worth: trains decoders with equal data, seeds and budget, and prints one table.
use std::{path::PathBuf, process::ExitCode, sync::Arc, time::Instant};

use burn::{
    optim::{AdamConfig, ModuleOptimizer},
    tensor::{Distribution, TensorData},
    train::TrainStep,
};
use clap::{Parser, ValueEnum};
use dafe::{
    data::{TrainBatch, synthetic::Style},
    device::parse_device,
    error::Error,
    prelude::*,
    train::Interrupter,
};

#[path = "../support/datasets.rs"]
mod datasets;
#[path = "../support/interrupt.rs"]
mod interrupt;
#[path = "../support/mod.rs"]
mod support;
mod table;
mod variants;

use datasets::Form;
use interrupt::stop_on_signals;
use support::{Outcome, Progress};
use table::{Comparison, Row, difference, mean_and_deviation};
use variants::Variant;

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
    /// Passes over the training split in each run
    #[arg(long, default_value_t = 2)]
    epochs: usize,
    /// The network whose decoder is exchanged: nano, small or paper
    #[arg(long, default_value = "nano")]
    preset: Preset,
    /// A dataset in FLD's or DeepFashion-C's format; synthetic garments without it
    #[arg(long)]
    data: Option<PathBuf>,
    /// The folder of synthetic garments
    #[arg(long, default_value = "runs/garments-0")]
    garments: PathBuf,
    /// The folder for runs, ablation.md and ablation.json; what is done in it is not done again
    #[arg(long, default_value = "runs/ablation")]
    out: PathBuf,
    /// The device: flex, ndarray, cuda:0, vulkan:0, …
    #[arg(long, default_value = "flex")]
    device: String,
    /// Threads that decode and crop pictures [default: one a core, at most 8]
    #[arg(long)]
    workers: Option<usize>,
    /// Steps timed of each decoder, one decoder after the other in turn; the median counts
    #[arg(long, default_value_t = 7)]
    timed_steps: usize,
}

fn main() -> ExitCode {
    support::finish(run(Args::parse()))
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
            Form::Fld.draw(&args.garments, Style::Usual, 0, [None; 3])?;
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
        // Compared in labelled boxes, as in the paper, so trained in them.
        config.augmentation.whole_picture = 0.0;
        let devices = support::training_devices(std::slice::from_ref(&args.device), config.shards)?;
        let folder = args.out.join(variant.name()).join(format!("seed-{seed}"));
        Ok::<_, Error>(Training {
            workers: args.workers.unwrap_or_else(support::default_workers),
            ..Training::new(config, train.clone(), val.clone(), devices, folder)
        })
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
        let Some(result) = run_one(&training, test.clone(), &interrupter, |epoch| {
            let message = format!("{} seed {seed}", variant.name());
            progress.update(i * args.epochs + epoch, runs.len() * args.epochs, &message);
        })?
        else {
            println!("interrupted; the same command goes on from here");
            return Ok(());
        };
        progress.say(&format!("{} seed {seed}: NE {result:.4}", variant.name()));
        let index = args.variants.iter().position(|&v| v == variant).expect("it is among them");
        ne[index].push(result);
    }
    progress.done();

    let config = |&variant: &Variant| training(variant, 0).map(|training| training.config);
    let configs = args.variants.iter().map(config).collect::<Result<Vec<_>, _>>()?;
    let Some(times) = time_steps(&configs, args.timed_steps, &device, &interrupter)? else {
        println!("interrupted; the same command goes on from here");
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
            "`{}` network, {} epochs of {} pictures, {} test pictures, {} seeds; step: forward, backward and Adam on a \
             batch of {}, unsharded, median of {} on {}.",
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
    support::write_text(&args.out.join("ablation.md"), &markdown)?;
    let json = serde_json::to_string_pretty(&comparison)?;
    support::write_text(&args.out.join("ablation.json"), &json)?;
    println!("{markdown}");
    println!("{}: ablation.md, ablation.json", args.out.display());
    Ok(())
}

/// The test NE of a run's best network; trains it first, unless that is done. None if interrupted.
fn run_one(
    training: &Training,
    test: Arc<FldDataset>,
    interrupter: &Interrupter,
    mut progress: impl FnMut(usize),
) -> Outcome<Option<f64>> {
    // Of a run that is done, this only checks that it was the same: same configuration, same data.
    let outcome = training.run(interrupter, |event| {
        if let TrainEvent::Epoch(record) = event {
            progress(record.epoch);
        }
    })?;
    if !outcome.finished {
        return Ok(None);
    }
    let detector = LandmarkDetector::load(&training.folder, &training.devices[0])?;
    let dataset: Arc<dyn LandmarkDataset> = test;
    let found = predict_dataset(
        detector.net(),
        &dataset,
        &training.loader_config(),
        detector.config().decoding(),
        &training.devices[0],
        |_, _| (),
    )?;
    let summary = found.report(dataset.as_ref()).summary();
    let json = serde_json::to_string_pretty(&summary)?;
    support::write_text(&training.folder.join("test.json"), &json)?;
    Ok(Some(summary.ne.ok_or("the test split has no visible landmark")?))
}

/// Milliseconds for a training step of each configuration, on the whole batch at once (without shards), median of
/// `steps`; None if interrupted. In turn, so that whatever else the
/// machine does falls on all alike.
fn time_steps(
    configs: &[TrainConfig],
    steps: usize,
    device: &Device,
    interrupter: &Interrupter,
) -> Outcome<Option<Vec<f64>>> {
    let device = device.clone().autodiff();
    let mut states: Vec<_> = configs
        .iter()
        .map(|config| {
            let optimizer: ModuleOptimizer = AdamConfig::new().init();
            (Some(config.model.init(&device)), optimizer, Vec::with_capacity(steps))
        })
        .collect();
    let progress = Progress::new("timing", steps + 1);
    for step in 0..=steps {
        for (config, (net, optimizer, times)) in configs.iter().zip(&mut states) {
            if interrupter.should_stop() {
                return Ok(None);
            }
            let batch = noise(config, &device);
            let started = Instant::now();
            let trained = net.take().expect("every step puts it back");
            let output = TrainStep::step(&trained, batch);
            let updated = optimizer.step(1e-6, trained, output.grads);
            // Some devices compute later than they are told to.
            device.sync()?;
            *net = Some(updated);
            // The first is for warming up.
            if step > 0 {
                times.push(started.elapsed().as_secs_f64() * 1e3);
            }
        }
        progress.update(step + 1, steps + 1, "");
    }
    progress.done();
    let median = |mut times: Vec<f64>| {
        times.sort_by(f64::total_cmp);
        times[times.len() / 2]
    };
    Ok(Some(states.into_iter().map(|(_, _, times)| median(times)).collect()))
}

/// A batch of random pictures with random targets.
fn noise(config: &TrainConfig, device: &Device) -> TrainBatch {
    let ([width, height], n, batch) =
        (config.codec.input_size(), config.model.num_landmarks, config.batch_size);
    let distribution = Distribution::Normal(0.0, 1.0);
    let points = vec![width.min(height) as f32 / 2.0; batch * n * 2];
    let positions = Tensor::from_data(TensorData::new(points, [batch, n, 2]), device);
    let images = Tensor::random([batch, 3, height, width], distribution, device);
    let (weights, empty) = (Tensor::ones([batch, n], device), Tensor::zeros([batch, n], device));
    LandmarkBatch { images, positions, weights, empty }.encode(&config.codec)
}
