//! Generates a dataset of garments in the format of FLD, DeepFashion-C, DeepFashion2 or COCO
//! keypoints.
use std::path::PathBuf;

use dafe::{
    atomic::create_folder,
    data::{DatasetFormat, image::write_png},
    draw::{Drawing, sheet},
    prelude::*,
};
use dafe_garments::{Style, generate_garment, generate_scene};
use image::RgbImage;

use crate::support::{
    Ending, Outcome,
    datasets::{generate, written_formats},
    output, sheets,
};

#[derive(clap::Args)]
#[command(next_line_help = true)]
pub struct Args {
    /// The folder; an unfinished dataset in it is completed, and nothing is
    /// ever deleted
    #[arg(long, default_value = "runs/garments-0")]
    out: PathBuf,
    /// The random seed of the whole dataset
    #[arg(long, default_value_t = 0)]
    seed: u64,
    /// Training images [default: 5000; 3000 with several garments]
    #[arg(long)]
    train: Option<usize>,
    /// Validation images [default: 300; 200]
    #[arg(long)]
    val: Option<usize>,
    /// Test images [default: 600; 400]
    #[arg(long)]
    test: Option<usize>,
    /// The dataset's format: fld, deepfashion-c, deepfashion2 or coco; images in the last two
    /// have several garments
    #[arg(
        long,
        value_parser = written_formats(),
        hide_possible_values = true,
        default_value = "fld",
        value_name = "FORMAT",
    )]
    format: DatasetFormat,
    /// Generate cloth, backgrounds and cuts that occur in no other generated images, for
    /// evaluation on unseen kinds of data
    #[arg(long)]
    unlike: bool,
    /// Only render a sheet of this many garments with their landmarks to OUT.png
    #[arg(long)]
    sheet: Option<usize>,
    /// Only render a sheet of this many images of several garments, with DeepFashion2's
    /// landmarks, to OUT.png
    #[arg(long, conflicts_with = "sheet")]
    scenes: Option<usize>,
}

impl Args {
    fn style(&self) -> Style {
        if self.unlike { Style::Unlike } else { Style::Usual }
    }
}

pub fn run(args: &Args) -> Outcome<Ending> {
    let indices = |count: usize| 0..count as u64;
    if let Some(count) = args.sheet {
        return write_sheet(args, [200, 280], indices(count).map(|index| garment(args, index)));
    }
    if let Some(count) = args.scenes {
        return write_sheet(args, [480, 480], indices(count).map(|index| scene(args, index)));
    }
    let sizes = [args.train, args.val, args.test];
    let total = generate(args.format, &args.out, args.style(), args.seed, sizes)?;
    output::print_line(format_args!("{}: {total} images", args.out.display()))?;
    Ok(Ending::Done)
}

fn garment(args: &Args, index: u64) -> RgbImage {
    let garment = generate_garment(args.style(), args.seed, Split::Test, index);
    let (schema, bounds) = (LandmarkSchema::fld(), &garment.bounding_box);
    let mut drawing = Drawing::new(&garment.image);
    sheets::draw_labels(&mut drawing, &schema, bounds, &garment.landmarks);
    drawing.image()
}

fn scene(args: &Args, index: u64) -> RgbImage {
    let scene = generate_scene(args.style(), args.seed, Split::Test, index);
    let mut drawing = Drawing::new(&scene.image);
    for garment in &scene.garments {
        let item = &garment.item;
        let schema = LandmarkSchema::deepfashion2(item.category);
        sheets::draw_labels(&mut drawing, &schema, &item.bounding_box, &item.landmarks);
    }
    drawing.image()
}

fn write_sheet(
    args: &Args,
    cell: [u32; 2],
    images: impl Iterator<Item = RgbImage>,
) -> Outcome<Ending> {
    let path = args.out.with_extension("png");
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        create_folder(folder)?;
    }
    write_png(&path, &sheet(&images.collect::<Vec<_>>(), (1600 / cell[0]) as usize, cell))?;
    output::print_line(format_args!("{} (dots: landmarks; hollow: occluded)", path.display()))?;
    Ok(Ending::Done)
}
