//! A dataset of any size in DeepFashion-C's format with few image files: many names share a
//! file.
use std::{fs, path::PathBuf, time::Instant};

use clap::Args;
use dafe::{
    Error,
    atomic::create_folder,
    data::{CropTransform, FldFormat, fld::write_annotations, image::write_jpeg},
    geometry::Alignment,
    landmark::LandmarkSample,
    prelude::*,
};
use dafe_cli::support::Outcome;
use dafe_garments::{GeneratedGarment, Style, generate_garment};

use super::Report;

/// Images per folder, as in DeepFashion-C: 289,222 are in 5,620 folders.
const PER_FOLDER: usize = 51;
/// The number of image files. Not fewer, as ext4 allows 65,000 links per file.
const POOL: u64 = 64;
const JPEG_QUALITY: u8 = 90;

#[derive(Args)]
pub struct Tree {
    /// The folder, which is created
    #[arg(long)]
    out: PathBuf,
    /// Training images
    #[arg(long, default_value_t = 209_222)]
    train: usize,
    /// Validation images
    #[arg(long, default_value_t = 40_000)]
    val: usize,
    /// Test images
    #[arg(long, default_value_t = 40_000)]
    test: usize,
    /// Width and height of each image, in pixels
    #[arg(long, default_value_t = 320, value_parser = clap::value_parser!(u32).range(8..=4096))]
    side: u32,
}

impl Tree {
    /// Writes images, then annotations.
    pub fn run(&self) -> Outcome<Report> {
        let started = Instant::now();
        let pool: Vec<_> = (0..POOL).map(|index| self.garment(index)).collect::<Outcome<_>>()?;
        let mut rows = Vec::new();
        for (index, split) in self.splits().enumerate() {
            let folder = format!("img/Drawn_Garment_Of_A_Pool_{:05}", index / PER_FOLDER);
            if index % PER_FOLDER == 0 {
                create_folder(self.out.join(&folder))?;
            }
            let (file, sample) = &pool[index % pool.len()];
            let image = format!("{folder}/img_{:08}.jpg", index % PER_FOLDER + 1);
            let path = self.out.join(&image);
            fs::hard_link(file, &path).map_err(Error::io("link", &path))?;
            rows.push((split, LandmarkSample { image, ..sample.clone() }));
        }
        write_annotations(&self.out, FldFormat::DeepFashionC, &rows)?;
        let report = Report::new(vec![started.elapsed().as_secs_f64() * 1e3]);
        Ok(report.with("images", rows.len()))
    }

    /// The split of each image: splits are interleaved, as in DeepFashion-C's list.
    fn splits(&self) -> impl Iterator<Item = Split> {
        let total = self.train + self.val + self.test;
        // Of the first images, each split has its fraction, rounded down; training has the
        // rest.
        let share = move |of: usize, images: usize| of * images / total.max(1);
        let (held_out, val) = (self.val + self.test, self.val);
        (0..total).map(move |index| {
            let [before, after] = [index, index + 1].map(|images| share(held_out, images));
            if before == after {
                return Split::Train;
            }
            match val * before / held_out == val * after / held_out {
                true => Split::Test,
                false => Split::Val,
            }
        })
    }

    /// Generates one image of the pool, with a single garment: its file, and its annotation.
    fn garment(&self, index: u64) -> Outcome<(PathBuf, LandmarkSample)> {
        let GeneratedGarment { image, bounding_box, landmarks, clothes_type, .. } =
            generate_garment(Style::Usual, 0, Split::Train, index);
        let size = [self.side as usize; 2];
        let crop = CropTransform::plain(&bounding_box, size, Alignment::HalfPixel);
        let landmarks = crop.landmarks(&landmarks, LandmarkSchema::fld().mirror());
        let folder = self.out.join("pool");
        create_folder(&folder)?;
        let path = folder.join(format!("{index:02}.jpg"));
        write_jpeg(&path, &crop.image(&image, size), JPEG_QUALITY)?;
        let whole = BoundingBox::whole(self.side, self.side);
        let category = Some(clothes_type as usize);
        Ok((path, LandmarkSample { category, ..LandmarkSample::new("", whole, landmarks) }))
    }
}
