//! Draws a tree of synthetic garments in the form of FLD, DeepFashion-C, DeepFashion2 or COCO keypoints.
use std::{path::PathBuf, process::ExitCode};

use clap::Parser;
use dafe::{
    data::{
        picture::write_png,
        synthetic::{Style, draw_garment, draw_scene},
    },
    draw::{Drawing, sheet},
    prelude::*,
};
use image::RgbImage;

#[path = "support/datasets.rs"]
mod datasets;
#[path = "support/sheets.rs"]
mod sheets;
mod support;

use datasets::Form;
use support::Outcome;

#[derive(Parser)]
#[command(
    about = "Draw synthetic garments with exact landmarks, as a dataset in one of four forms"
)]
struct Args {
    /// The folder; an unfinished tree in it is completed, and nothing is ever deleted
    #[arg(long, default_value = "runs/garments-0")]
    out: PathBuf,
    /// Where the garments come from
    #[arg(long, default_value_t = 0)]
    seed: u64,
    /// Pictures to train on [default: 5000; 3000 of several garments]
    #[arg(long)]
    train: Option<usize>,
    /// Pictures to validate on [default: 300; 200]
    #[arg(long)]
    val: Option<usize>,
    /// Pictures to test on [default: 600; 400]
    #[arg(long)]
    test: Option<usize>,
    /// The dataset's form; pictures in DeepFashion2's and COCO's are of several garments
    #[arg(long, value_enum, default_value = "fld")]
    form: Form,
    /// Draw what no other picture shows: other cloth, backgrounds and cuts, to measure on what a network was not trained for
    #[arg(long)]
    unlike: bool,
    /// Only draw a sheet of so many garments with their landmarks to OUT.png, instead of a tree
    #[arg(long)]
    sheet: Option<usize>,
    /// Only draw a sheet of so many pictures of several garments, with DeepFashion2's landmarks, to OUT.png
    #[arg(long, conflicts_with = "sheet")]
    scenes: Option<usize>,
}

impl Args {
    fn style(&self) -> Style {
        if self.unlike { Style::Unlike } else { Style::Usual }
    }
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
    let total =
        args.form.draw(&args.out, args.style(), args.seed, [args.train, args.val, args.test])?;
    println!("{}: {total} pictures", args.out.display());
    Ok(())
}

fn garment(args: &Args, index: u64) -> RgbImage {
    let garment = draw_garment(args.style(), args.seed, Split::Test, index);
    let (schema, bounds) = (LandmarkSchema::fld(), &garment.bounding_box);
    let mut drawing = Drawing::new(&garment.image);
    sheets::draw_labels(&mut drawing, &schema, bounds, &garment.landmarks);
    drawing.picture()
}

fn scene(args: &Args, index: u64) -> RgbImage {
    let scene = draw_scene(args.style(), args.seed, Split::Test, index);
    let mut drawing = Drawing::new(&scene.image);
    for garment in &scene.garments {
        let item = &garment.item;
        let schema = LandmarkSchema::deepfashion2(item.category);
        sheets::draw_labels(&mut drawing, &schema, &item.bounding_box, &item.landmarks);
    }
    drawing.picture()
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
    println!("{} (dots: landmarks; hollow: occluded)", path.display());
    Ok(())
}
