//! COCO's keypoint results, and what their numbers mean.
use std::io::{self, Write};

use dafe::{metric::detection_score, predict::LandmarkResult, prelude::*};
use serde::Serialize;

use crate::detect::record::{Garment, Record};

/// Results, as `[{image_id, category_id, keypoints, score}, …]`: `keypoints` has x, y and score of
/// each of the schema's landmarks, 0 for those that the category lacks.
///
/// In a document of its own, the list is `results`, and `images` and `categories` follow; else
/// these are another document's ([`Self::numbers`]), which pycocotools' COCO reads, and its loadRes
/// the list.
pub struct Coco<W: Write> {
    writer: W,
    schema: LandmarkSchema,
    whole: bool,
    images: Vec<Image>,
    is_empty: bool,
}

/// What the numbers in results mean.
#[derive(Serialize)]
pub struct Numbers<'a> {
    images: &'a [Image],
    categories: Vec<Category<'a>>,
}

#[derive(Serialize)]
struct Image {
    id: u64,
    file_name: String,
    width: u32,
    height: u32,
}

#[derive(Serialize)]
struct Category<'a> {
    id: u64,
    name: &'a str,
    keypoints: &'a [String],
    /// Pairs of landmarks, counted from 1.
    skeleton: Vec<[usize; 2]>,
}

impl<W: Write> Coco<W> {
    /// Begins the list, or the document that it is in.
    pub fn begin(mut writer: W, schema: LandmarkSchema, whole: bool) -> io::Result<Self> {
        writer.write_all(if whole { b"{\"results\":[" } else { b"[" })?;
        Ok(Self { writer, schema, whole, images: Vec::new(), is_empty: true })
    }

    pub fn add(&mut self, id: u64, record: &Record) -> io::Result<()> {
        let &Record { width, height, .. } = record;
        self.images.push(Image { id, file_name: record.picture.clone(), width, height });
        for garment in &record.detections {
            let result = result(id, garment, &self.schema).ok_or_else(|| {
                let message = "no category was found, and COCO's results need one: --category";
                io::Error::other(format!("{}: {message}", record.picture))
            })?;
            self.writer.write_all(if self.is_empty { b"\n" } else { b",\n" })?;
            self.is_empty = false;
            serde_json::to_writer(&mut self.writer, &result)?;
        }
        Ok(())
    }

    pub fn flush(&mut self) -> io::Result<()> {
        self.writer.flush()
    }

    pub fn finish(&mut self) -> io::Result<()> {
        self.writer.write_all(b"\n]")?;
        if self.whole {
            let numbers = serde_json::to_string(&self.numbers())?;
            // Its own opening brace makes way.
            write!(self.writer, ",\n{}", &numbers[1..])?;
        }
        self.writer.write_all(b"\n")
    }

    pub fn numbers(&self) -> Numbers<'_> {
        let (keypoints, skeleton) = (self.schema.names(), self.schema.skeleton());
        let skeleton: Vec<_> =
            skeleton.iter().map(|pair| pair.map(|landmark| landmark + 1)).collect();
        let category = |id, name| Category { id, name, keypoints, skeleton: skeleton.clone() };
        let mut categories: Vec<_> = self
            .schema
            .categories()
            .iter()
            .map(|own| category(own.id, own.name.as_str()))
            .collect();
        if categories.is_empty() {
            categories.push(category(1, "thing"));
        }
        Numbers { images: &self.images, categories }
    }
}

/// None if the garment's category is not known.
fn result(image_id: u64, garment: &Garment, schema: &LandmarkSchema) -> Option<LandmarkResult> {
    let Detection { landmarks, category, .. } = &garment.detection;
    let category_id = match (category, schema.categories()) {
        (_, []) => 1,
        (Some(category), known) => known.get(category.index)?.id,
        (None, [only]) => only.id,
        (None, _) => return None,
    };
    let mut keypoints = vec![[0.0; 3]; schema.len()];
    for found in landmarks {
        *keypoints.get_mut(found.index)? = [found.x, found.y, found.score];
    }
    let scores = landmarks.iter().map(|found| found.score);
    let score = detection_score(scores, garment.box_score) as f32;
    Some(LandmarkResult { image_id, category_id, keypoints, score })
}
