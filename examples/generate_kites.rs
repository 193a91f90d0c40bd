// Generates the tutorial's data: kites, with their four corners annotated in COCO's format.
use std::{env, fs, path::Path};

use dafe::{
    Error,
    data::{
        coco::{CocoImage, write_coco},
        image::write_jpeg,
    },
    landmark::{Landmark, LandmarkCategory, LandmarkSample, Visibility},
    prelude::*,
};
use image::{Rgb, RgbImage};

const SIZE: [u32; 2] = [160, 120];
/// Top, right, bottom and left of an unscaled kite. The origin is where the two sticks cross.
const CORNERS: [[f32; 2]; 4] = [[0.0, -1.0], [1.0, 0.0], [0.0, 2.0], [-1.0, 0.0]];

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = env::args().nth(1).ok_or("usage: generate_kites FOLDER")?;
    Ok(generate_kites(folder.as_ref())?)
}

/// Writes 160 training images, 100 validation images and 60 test images.
pub fn generate_kites(folder: &Path) -> Result<(), Error> {
    for below in ["images", "annotations"] {
        let below = folder.join(below);
        fs::create_dir_all(&below).map_err(Error::io("create", below))?;
    }

    let names = ["top", "right", "bottom", "left"].map(String::from).to_vec();
    let kite = LandmarkCategory { id: 1, name: "kite".into(), landmarks: vec![0, 1, 2, 3] };
    let schema = LandmarkSchema::new(names, vec![0, 3, 2, 1], vec![[0, 2], [1, 3]])?
        .with_sigmas(vec![0.05; 4])?
        .with_categories(vec![kite])?;

    let mut random = random_numbers(1);
    for (split, count) in [("train", 160), ("val", 100), ("test", 60)] {
        let mut images = Vec::new();
        for id in 1..=count {
            let (image, sample) = generate_kite(&mut random);
            let file_name = format!("{split}-{id:03}.jpg");
            write_jpeg(folder.join("images").join(&file_name), &image, 90)?;
            images.push(CocoImage { id, file_name, size: Some(SIZE), samples: vec![sample] });
        }
        write_coco(folder.join(format!("annotations/{split}.json")), &schema, &images)?;
    }
    Ok(())
}

/// A kite in the sky, sometimes with a cloud in front of one corner, and its annotation.
fn generate_kite(random: &mut impl FnMut(f32, f32) -> f32) -> (RgbImage, LandmarkSample) {
    let (sin, cos) = random(-0.6, 0.6).sin_cos();
    let (width, height) = (random(12.0, 24.0), random(14.0, 24.0));
    let (x0, y0) = (random(55.0, 105.0), random(35.0, 60.0));
    let corners = CORNERS.map(|[u, v]| {
        let (u, v) = (u * width, v * height);
        [x0 + cos * u - sin * v, y0 + sin * u + cos * v]
    });
    // Three of five images have a cloud; in the others, it is far outside the image.
    let [cloud_x, cloud_y] = match random(0.0, 1.0) < 0.6 {
        true => corners[random(0.0, 4.0) as usize],
        false => [-999.0; 2],
    };
    let in_cloud = |x: f32, y: f32| (x - cloud_x).powi(2) / 2.0 + (y - cloud_y).powi(2) < 80.0;

    let colors = [0, 1].map(|_| [random(0.0, 255.0), random(0.0, 255.0), random(0.0, 120.0)]);
    let sky = random(0.0, 70.0);
    let image = RgbImage::from_fn(SIZE[0], SIZE[1], |x, y| {
        let (x, y) = (x as f32, y as f32);
        let (dx, dy) = (x - x0, y - y0);
        let (u, v) = ((cos * dx + sin * dy) / width, (cos * dy - sin * dx) / height);
        let edge = if v < 0.0 { 1.0 + v } else { 1.0 - v / 2.0 };
        let on_tail = (2.0..3.0).contains(&v) && (u - 0.2 * (9.0 * v).sin()).abs() < 0.07;
        let color = if in_cloud(x, y) {
            [235.0; 3]
        } else if u.abs() < edge {
            colors[usize::from((u < 0.0) == (v < 0.0))]
        } else if on_tail {
            [40.0; 3]
        } else {
            [70.0 + sky, 120.0 + sky + 0.3 * y, 185.0 + sky]
        };
        Rgb(color.map(|channel| (channel + random(-12.0, 12.0)).clamp(0.0, 255.0) as u8))
    });

    let landmarks = corners.map(|[x, y]| match in_cloud(x, y) {
        true => Landmark::new(x, y, Visibility::Occluded),
        false => Landmark::new(x, y, Visibility::Visible),
    });
    // The box: around the corners, with a small margin.
    let [(left, right), (top, bottom)] = [0, 1].map(|axis| {
        let coordinates = corners.map(|corner| corner[axis]);
        coordinates.iter().fold((f32::MAX, f32::MIN), |(low, high), &v| (low.min(v), high.max(v)))
    });
    let bounding_box = BoundingBox::new(left - 5.0, top - 5.0, right + 5.0, bottom + 5.0);
    let sample = LandmarkSample {
        category: Some(0),
        ..LandmarkSample::new("", bounding_box.expect("x1 < x2, y1 < y2"), landmarks.to_vec())
    };
    (image, sample)
}

/// Random numbers from `low` to `high`, the same in every run.
fn random_numbers(mut state: u64) -> impl FnMut(f32, f32) -> f32 {
    move |low, high| {
        state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        low + (high - low) * (state >> 40) as f32 / (1 << 24) as f32
    }
}
