//! Draws a tree of synthetic garments in FLD's or DeepFashion-C's format.
use std::{path::PathBuf, process::ExitCode};

use clap::{Parser, ValueEnum};
use dafe::{
    data::{
        picture::write_png,
        synthetic::{GarmentTreeConfig, draw_garment},
    },
    draw::{Marker, draw_box, draw_landmarks, sheet},
    prelude::*,
};

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
}

fn main() -> ExitCode {
    support::finish(run(Args::parse()))
}

fn run(args: Args) -> Outcome<()> {
    if let Some(count) = args.sheet {
        return draw_sheet(&args, count);
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

fn draw_sheet(args: &Args, count: usize) -> Outcome<()> {
    let schema = LandmarkSchema::fld();
    let drawn = (0..count as u64).map(|index| {
        let garment = draw_garment(args.seed, Split::Test, index);
        let mut picture = garment.image;
        let points = |visibility: Visibility| -> Vec<_> {
            let kept = |landmark: &Landmark| {
                (landmark.visibility == visibility).then_some([landmark.x, landmark.y])
            };
            garment.landmarks.iter().map(kept).collect()
        };
        draw_box(&mut picture, &garment.bounding_box);
        draw_landmarks(&mut picture, &schema, &points(Visibility::Visible), Marker::Dot);
        draw_landmarks(&mut picture, &schema, &points(Visibility::Occluded), Marker::Ring);
        picture
    });
    let path = args.out.with_extension("png");
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        support::create_folder(folder)?;
    }
    write_png(&path, &sheet(&drawn.collect::<Vec<_>>(), 8, [200, 280]))?;
    println!("{} (dots: visible landmarks, rings: occluded)", path.display());
    Ok(())
}
