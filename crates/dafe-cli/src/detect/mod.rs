//! Finds the landmarks of garments in images. Inputs are files, folders, patterns or standard
//! input; outputs are JSON, CSV or COCO results, and rendered images.
mod args;
mod boxes;
mod inputs;
mod job;
mod listing;
mod looking;
mod model;
mod names;
mod output;
mod pipeline;
mod reading;
mod record;
mod regions;
mod summary;
mod walk;

use dafe::train::Interrupter;
use rayon::ThreadPoolBuilder;

pub use self::args::Args;
use self::{args::Format, boxes::Boxes, inputs::Input, job::Job, model::Model, regions::Regions};
use crate::support::{Ending, Outcome, Refused, default_workers, stop_on_signals};

/// An error here means that nothing could be done; images that fail are only counted.
pub fn run(args: &Args) -> Outcome<Ending> {
    detect(args).map_err(Refused::by)
}

fn detect(args: &Args) -> Outcome<Ending> {
    let inputs = inputs::gather(args)?;
    if args.format == Format::Png && !(args.is_piped() && inputs.len() == 1) {
        return Err("--format png takes one image, to standard output: --out -".into());
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
            "the model {shown}, trained on generated garments and a few photographs; --model for \
             another"
        ));
    }
    if let Some(remark) = model.remark() {
        args.say(&remark);
    }
    if let Some(path) = &args.save_model {
        model.save(path)?;
    }
    let boxes = args.boxes.as_deref();
    let boxes = boxes.map(|path| Boxes::read(path, args.boxes_images.as_deref())).transpose()?;
    let regions = regions(args, &inputs, &model, boxes.as_ref())?;
    let boxes_images = boxes.and_then(|boxes| boxes.names);
    let workers = args.workers.unwrap_or_else(default_workers);
    let pool = ThreadPoolBuilder::new().num_threads(workers).build()?;
    let interrupter = Interrupter::new();
    stop_on_signals(&interrupter, "finishing the current images", || ())?;
    let (model, regions) = (&model, &regions);
    let job = Job { args, inputs: &inputs, model, regions, boxes_images, pool, interrupter };
    let summary = match args.is_piped() {
        true => job.stream()?,
        false => job.fill_folder()?,
    };
    summary.tell(args, &inputs);
    Ok(summary.ending(&inputs))
}

fn regions(
    args: &Args,
    inputs: &[Input],
    model: &Model,
    boxes: Option<&Boxes>,
) -> Outcome<Regions> {
    let (Some(path), Some(boxes)) = (&args.boxes, boxes) else {
        return Ok(Regions::same(&args.bounds, model.category.unwrap_or_default()));
    };
    if let (Some(names), None) = (&boxes.names, &args.boxes_images) {
        args.say(&format!("image names for the boxes: from {}", names.display()));
    }
    let regions = Regions::of_boxes(boxes, path, inputs, model.category, model.schema())?;
    let without = regions.without(inputs.len());
    if without > 0 {
        let file = path.display();
        let all = inputs.len();
        args.say(&format!(
            "{without} of {all} images have no box in {file}: no garments are detected there"
        ));
    }
    Ok(regions)
}
