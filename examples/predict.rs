//! Finds landmarks in pictures: JSON and drawn pictures out.
use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
    process::ExitCode,
};

use clap::Parser;
use dafe::{
    data::picture::{read_picture, write_png},
    device::parse_device,
    draw::{Marker, draw_box, draw_landmarks, overlay_map, sheet},
    prelude::*,
};
use serde::Serialize;

mod support;

use support::{Outcome, Progress};

#[derive(Parser)]
#[command(about = "Find the landmarks of a garment in each picture")]
struct Args {
    /// The pictures
    #[arg(required = true)]
    pictures: Vec<PathBuf>,
    /// The model: the folder that train_fld wrote, or a .pth file of MMPose's fashion networks
    #[arg(long, default_value = "runs/train_fld")]
    model: PathBuf,
    /// The garment's category, as the model names it (upper, lower, full; short-sleeve-top, …): only its landmarks are
    /// returned; "all" for those of all categories [default: inferred, if the model was trained for that; else all]. A file
    /// of MMPose's for DeepFashion2 does not say which category it is for, so that it must be told here
    #[arg(long)]
    category: Option<String>,
    /// Save the model to this folder, too, in this crate's form; MMPose's preprocessing is kept
    #[arg(long)]
    save_model: Option<PathBuf>,
    /// The garment's box in picture pixels, as x1,y1,x2,y2; the whole picture without it
    #[arg(long = "box", value_parser = parse_box)]
    bounds: Option<BoundingBox>,
    /// The folder for NAME.json and NAME.landmarks.png
    #[arg(long, default_value = "runs/predict")]
    out: PathBuf,
    /// Draw what the three DAFE modules look at, too, if the model has them: NAME.attention.png, coarse to fine
    #[arg(long)]
    show_attention: bool,
    /// Draw landmarks from this score on; all are in the JSON
    #[arg(long, default_value_t = 0.3)]
    min_score: f32,
    /// The device: flex, ndarray, cuda:0, vulkan:0, …
    #[arg(long, default_value = "flex")]
    device: String,
}

#[derive(Serialize)]
struct Found<'a> {
    picture: &'a Path,
    bounding_box: Option<BoundingBox>,
    category: &'a Option<DetectedCategory>,
    landmarks: &'a [DetectedLandmark],
}

fn main() -> ExitCode {
    support::finish(run(Args::parse()))
}

fn run(args: Args) -> Outcome<()> {
    let device = parse_device(&args.device)?;
    let (detector, choice) = model(&args.model, args.category.as_deref(), &device)?;
    let config = detector.config();
    if choice == CategoryChoice::Inferred
        && !config.infers_category
        && config.schema.categories().len() > 1
    {
        println!(
            "the model was not trained to tell its {} categories apart, so all {} landmarks are returned; --category \
             NAME for those of one: {}",
            config.schema.categories().len(),
            config.schema.len(),
            category_names(&config.schema)
        );
    }
    if let Some(folder) = &args.save_model {
        support::create_folder(folder)?;
        detector.save(folder.join(LandmarkDetector::FILE))?;
    }
    support::create_folder(&args.out)?;
    let progress = Progress::new("predicting", args.pictures.len());
    let mut failed = 0;
    let mut names = BTreeSet::new();
    for (i, path) in args.pictures.iter().enumerate() {
        let base = name(path, &mut names);
        if let Err(error) = predict(&args, &detector, choice, path, &base) {
            failed += 1;
            progress.say(&error.to_string());
        }
        progress.update(i + 1, args.pictures.len(), "");
    }
    progress.done();
    println!("{}: {} pictures, {failed} failed", args.out.display(), args.pictures.len() - failed);
    match failed {
        0 => Ok(()),
        _ => Err(format!("{failed} of {} pictures failed", args.pictures.len()).into()),
    }
}

/// The model, and which category its garments are taken for. A file of MMPose's for DeepFashion2 is of the category that
/// is named, and no other.
fn model(
    path: &Path,
    category: Option<&str>,
    device: &Device,
) -> Outcome<(LandmarkDetector, CategoryChoice)> {
    if path.is_file() {
        let category = category.map(str::parse).transpose()?;
        let choice = category.map_or(CategoryChoice::All, |_| CategoryChoice::Known(0));
        return Ok((support::detector(path, category, device)?, choice));
    }
    let detector = support::detector(path, None, device)?;
    let schema = &detector.config().schema;
    let choice = match category {
        None => CategoryChoice::Inferred,
        Some("all") => CategoryChoice::All,
        Some(name) => {
            let index = schema.categories().iter().position(|category| category.name == name);
            CategoryChoice::Known(index.ok_or_else(|| {
                let known = category_names(schema);
                format!(
                    "the model has no category '{name}'; --category takes all or one of: {known}"
                )
            })?)
        }
    };
    Ok((detector, choice))
}

fn category_names(schema: &LandmarkSchema) -> String {
    let names: Vec<_> = schema.categories().iter().map(|category| category.name.as_str()).collect();
    names.join(", ")
}

fn predict(
    args: &Args,
    detector: &LandmarkDetector,
    choice: CategoryChoice,
    path: &Path,
    base: &str,
) -> Outcome<()> {
    let picture = read_picture(path)?;
    let request = DetectionRequest {
        bounding_box: args.bounds,
        ..DetectionRequest::new(&picture).of(choice)
    };
    let explanation = detector.explain(&request)?;
    let detection = &explanation.detection;
    let found = Found {
        picture: path,
        bounding_box: args.bounds,
        category: &detection.category,
        landmarks: &detection.landmarks,
    };
    support::write_text(
        &args.out.join(format!("{base}.json")),
        &serde_json::to_string_pretty(&found)?,
    )?;

    let mut drawn = picture.clone();
    if let Some(bounds) = &args.bounds {
        draw_box(&mut drawn, bounds);
    }
    let schema = &detector.config().schema;
    let mut points = vec![None; schema.len()];
    for landmark in detection.landmarks.iter().filter(|found| found.score >= args.min_score) {
        points[landmark.index] = Some([landmark.x, landmark.y]);
    }
    draw_landmarks(&mut drawn, schema, &points, Marker::Dot);
    write_png(&args.out.join(format!("{base}.landmarks.png")), &drawn)?;
    if args.show_attention && !explanation.modules.is_empty() {
        let maps: Vec<_> = explanation.modules.iter().map(|module| &module.spatial).collect();
        let maps: Vec<_> = maps
            .iter()
            .map(|map| overlay_map(&picture, &map.values, map.size, &map.to_map))
            .collect();
        let shown = sheet(&maps, maps.len(), [picture.width().min(400), picture.height().min(400)]);
        write_png(&args.out.join(format!("{base}.attention.png")), &shown)?;
    }
    Ok(())
}

/// A name for a picture's results: its file's, with a number behind it if another picture has the same.
fn name(path: &Path, taken: &mut BTreeSet<String>) -> String {
    let stem =
        path.file_stem().map_or("picture".into(), |stem| stem.to_string_lossy().into_owned());
    let numbered = (2..).map(|i| format!("{stem}-{i}"));
    let mut names = std::iter::once(stem.clone()).chain(numbered);
    names.find(|name| taken.insert(name.clone())).unwrap_or(stem)
}

fn parse_box(text: &str) -> Result<BoundingBox, String> {
    let numbers: Vec<f32> = text
        .split(',')
        .map(|number| number.trim().parse().map_err(|_| format!("'{number}' is not a number")))
        .collect::<Result<_, _>>()?;
    let &[x1, y1, x2, y2] = &numbers[..] else {
        return Err(format!("a box has four numbers, x1,y1,x2,y2, not {}", numbers.len()));
    };
    BoundingBox::new(x1, y1, x2, y2).ok_or_else(|| "x2 must be beyond x1, and y2 beyond y1".into())
}
