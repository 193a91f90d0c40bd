//! Draws a tree of synthetic garments in FLD's or DeepFashion-C's format.
use std::{path::PathBuf, process::ExitCode};

use clap::{Parser, ValueEnum};
use dafe::{
    data::{
        picture::write_png,
        synthetic::{GarmentTreeConfig, draw_garment, draw_scene},
    },
    draw::{Marker, draw_box, draw_landmarks, sheet},
    prelude::*,
};
use image::RgbImage;

mod support;

use support::Outcome;

#[derive(Clone, Copy, ValueEnum)]
enum Form {
    Fld,
    DeepfashionC,
}

#[derive(Parser)]
#[command(
    about = "Draw synthetic garments with exact landmarks, in FLD's or DeepFashion-C's format"
)]
struct Args {
    /// The folder; an unfinished tree in it is completed, and nothing is ever deleted
    #[arg(long, default_value = "runs/garments-0")]
    out: PathBuf,
    /// Where the garments come from
    #[arg(long, default_value_t = 0)]
    seed: u64,
    /// Pictures to train on
    #[arg(long, default_value_t = GarmentTreeConfig::default().train)]
    train: usize,
    /// Pictures to validate
    #[arg(long, default_value_t = GarmentTreeConfig::default().val)]
    val: usize,
    /// Pictures to test
    #[arg(long, default_value_t = GarmentTreeConfig::default().test)]
    test: usize,
    /// The annotation files' form
    #[arg(long, value_enum, default_value = "fld")]
    form: Form,
    /// Only draw a sheet of so many garments with their landmarks to OUT.png, instead of a tree
    #[arg(long)]
    sheet: Option<usize>,
    /// Only draw a sheet of so many pictures of several garments, with DeepFashion2's landmarks, to OUT.png
    #[arg(long, conflicts_with = "sheet")]
    scenes: Option<usize>,
}

fn main() -> ExitCode {
    support::finish(run(Args::parse()))
}

fn run(args: Args) -> Outcome<()> {
    if let Some(count) = args.sheet {
        return write_sheet(
            &args,
            [200, 280],
            (0..count as u64).map(|index| garment(&args, index)),
        );
    }
    if let Some(count) = args.scenes {
        return write_sheet(&args, [480, 480], (0..count as u64).map(|index| scene(&args, index)));
    }
    let config = GarmentTreeConfig {
        seed: args.seed,
        train: args.train,
        val: args.val,
        test: args.test,
        form: match args.form {
            Form::Fld => FldForm::Fld,
            Form::DeepfashionC => FldForm::DeepFashionC,
        },
    };
    support::garments(&args.out, &config)?;
    println!("{}: {} pictures", args.out.display(), config.train + config.val + config.test);
    Ok(())
}

fn garment(args: &Args, index: u64) -> RgbImage {
    let mut garment = draw_garment(args.seed, Split::Test, index);
    mark(&mut garment.image, &garment.bounding_box, &LandmarkSchema::fld(), &garment.landmarks);
    garment.image
}

fn scene(args: &Args, index: u64) -> RgbImage {
    let mut scene = draw_scene(args.seed, Split::Test, index);
    for garment in &scene.garments {
        let schema = LandmarkSchema::deepfashion2(garment.category);
        mark(&mut scene.image, &garment.bounding_box, &schema, &garment.landmarks);
    }
    scene.image
}

/// Draws a box, dots for visible landmarks and rings for occluded ones.
fn mark(
    picture: &mut RgbImage,
    bounding_box: &BoundingBox,
    schema: &LandmarkSchema,
    landmarks: &[Landmark],
) {
    let points = |visibility: Visibility| -> Vec<_> {
        let kept = |landmark: &Landmark| {
            (landmark.visibility == visibility).then_some([landmark.x, landmark.y])
        };
        landmarks.iter().map(kept).collect()
    };
    draw_box(picture, bounding_box);
    draw_landmarks(picture, schema, &points(Visibility::Visible), Marker::Dot);
    draw_landmarks(picture, schema, &points(Visibility::Occluded), Marker::Ring);
}

fn write_sheet(
    args: &Args,
    cell: [u32; 2],
    pictures: impl Iterator<Item = RgbImage>,
) -> Outcome<()> {
    let path = args.out.with_extension("png");
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        support::create_folder(folder)?;
    }
    write_png(&path, &sheet(&pictures.collect::<Vec<_>>(), (1600 / cell[0]) as usize, cell))?;
    println!("{} (dots: visible landmarks, rings: occluded)", path.display());
    Ok(())
}
