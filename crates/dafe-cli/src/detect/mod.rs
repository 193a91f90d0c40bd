//! Finds the landmarks of garments in pictures: files, folders, patterns or standard input in; JSON, CSV or COCO's results
//! and drawn pictures out.
use std::{
    io::{self, Write},
    process::ExitCode,
};

use clap::Parser;
use dafe::train::Interrupter;
use rayon::ThreadPoolBuilder;

mod args;
mod boxes;
mod inputs;
#[path = "../support/interrupt.rs"]
mod interrupt;
mod job;
mod looking;
mod model;
#[path = "../support/models.rs"]
mod models;
mod names;
mod output;
mod pipeline;
mod reading;
mod record;
mod regions;
mod summary;
#[path = "../support/mod.rs"]
mod support;

use args::{Args, Format};
use inputs::Input;
use job::Job;
use model::Model;
use regions::Regions;
use summary::NOTHING;
use support::Outcome;

fn main() -> ExitCode {
    let args = Args::parse();
    match run(&args) {
        Ok(status) => status,
        Err(error) if is_closed_pipe(&*error) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(io::stderr(), "error: {error}");
            NOTHING.into()
        }
    }
}

/// Whether nobody reads standard output any more, as behind `| head`.
fn is_closed_pipe(error: &(dyn std::error::Error + 'static)) -> bool {
    let error = error.downcast_ref::<io::Error>();
    error.is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
}

fn run(args: &Args) -> Outcome<ExitCode> {
    let inputs = inputs::gather(args)?;
    if args.format == Format::Png && !(args.is_piped() && inputs.len() == 1) {
        return Err("--format png is of one picture, to standard output: --out -".into());
    }
    if args.is_piped() && args.explain {
        return Err("explanations go to a folder, not to standard output: --out FOLDER".into());
    }
    let model = Model::load(args)?;
    if args.format == Format::Coco && !model.knows_categories() {
        return Err("COCO's results need each garment's category: --category NAME".into());
    }
    if args.model.is_none() {
        let shown = args.source().shown();
        args.say(&format!(
            "the model {shown}, trained on drawn garments alone (docs/photographs.md); --model for another"
        ));
    }
    if let Some(remark) = model.remark() {
        args.say(&remark);
    }
    if let Some(path) = &args.save_model {
        model.save(path)?;
    }
    let regions = regions(args, &inputs, &model)?;
    let workers = args.workers.unwrap_or_else(support::default_workers);
    let pool = ThreadPoolBuilder::new().num_threads(workers).build()?;
    let interrupter = Interrupter::new();
    interrupt::stop_on_signals(&interrupter, "finishing the pictures at hand", || ())?;
    let job = Job { args, inputs: &inputs, model: &model, regions: &regions, pool, interrupter };
    let summary = match args.is_piped() {
        true => job.stream()?,
        false => job.fill_folder()?,
    };
    summary.tell(args, &inputs);
    Ok(summary.status(&inputs))
}

fn regions(args: &Args, inputs: &[Input], model: &Model) -> Outcome<Regions> {
    let Some(path) = &args.boxes else {
        return Ok(Regions::same(&args.bounds, model.category.unwrap_or_default()));
    };
    let regions = Regions::read(path, inputs, model.category, model.schema())?;
    let without = regions.without(inputs.len());
    if without > 0 {
        let file = path.display();
        let all = inputs.len();
        args.say(&format!(
            "{without} of {all} pictures have no box in {file}: nothing is looked for there"
        ));
    }
    Ok(regions)
}
