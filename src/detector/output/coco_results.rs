//! COCO keypoint results.
use std::io::{self, Write};

use serde::Serialize;

use super::image_detections::{GarmentDetection, ImageDetections};
use crate::{
    detector::detection::Detection, landmark::LandmarkSchema, metric::detection_score,
    predict::LandmarkResult,
};

/// Writes results as `[{image_id, category_id, keypoints, score}, …]`. `keypoints` has x, y and
/// score of each of the schema's landmarks, 0 for those that the category lacks.
///
/// [`Self::document`] writes one object with `results`, `images` and `categories`. [`Self::list`]
/// writes only the list, for pycocotools' `loadRes`; `images` and `categories` ([`Self::index`])
/// then go to another file, for pycocotools' `COCO`.
///
/// ```
/// use dafe::{
///     detector::{
///         DetectedLandmark,
///         output::{CocoResults, ImageDetections},
///     },
///     prelude::*,
/// };
///
/// # let bounding_box = BoundingBox::new(10.0, 20.0, 110.0, 220.0).unwrap();
/// # let tip = DetectedLandmark { index: 0, name: "tip".into(), x: 40.5, y: 30.0, score: 0.75,
/// #     confidence: None, visibility: None };
/// # let detection = Detection { landmarks: vec![tip], category: None, bounding_box };
/// let schema = LandmarkSchema::new(vec!["tip".into()], vec![0], vec![]).unwrap();
/// let mut results = CocoResults::list(Vec::new(), &schema)?;
/// results.add(17, &ImageDetections::new("kite.jpg", [120, 240], [detection]))?;
/// let text = String::from_utf8(results.finish()?).unwrap();
/// let result = r#"{"image_id":17,"category_id":1,"keypoints":[40.5,30,0.75],"score":0.75}"#;
/// assert_eq!(text, format!("[\n{result}\n]\n"));
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Debug)]
pub struct CocoResults<W> {
    writer: W,
    schema: LandmarkSchema,
    whole: bool,
    images: Vec<Image>,
    is_empty: bool,
}

/// The images and categories that the ids in results refer to, as COCO's annotations list them.
#[derive(Debug, Serialize)]
pub struct CocoIndex<'a> {
    images: &'a [Image],
    categories: Vec<Category<'a>>,
}

#[derive(Debug, Serialize)]
struct Image {
    id: u64,
    file_name: String,
    width: u32,
    height: u32,
}

#[derive(Debug, Serialize)]
struct Category<'a> {
    id: u64,
    name: &'a str,
    keypoints: &'a [String],
    /// Pairs of landmarks, counted from 1.
    skeleton: Vec<[usize; 2]>,
}

impl<W: Write> CocoResults<W> {
    /// Starts the list alone, as pycocotools' `loadRes` reads it.
    ///
    /// # Errors
    /// If writing fails.
    pub fn list(writer: W, schema: &LandmarkSchema) -> io::Result<Self> {
        Self::begin(writer, schema, false)
    }

    /// Starts a document with the results and the images and categories that their ids refer to.
    ///
    /// # Errors
    /// If writing fails.
    pub fn document(writer: W, schema: &LandmarkSchema) -> io::Result<Self> {
        Self::begin(writer, schema, true)
    }

    fn begin(mut writer: W, schema: &LandmarkSchema, whole: bool) -> io::Result<Self> {
        writer.write_all(if whole { b"{\"results\":[" } else { b"[" })?;
        Ok(Self { writer, schema: schema.clone(), whole, images: Vec::new(), is_empty: true })
    }

    /// Adds the detections of one image, with the image's id.
    ///
    /// # Errors
    /// If a garment's category is not known, or writing fails.
    pub fn add(&mut self, id: u64, image: &ImageDetections) -> io::Result<()> {
        let &ImageDetections { width, height, .. } = image;
        self.images.push(Image { id, file_name: image.image.clone(), width, height });
        for garment in &image.detections {
            let result = coco_result(id, garment, &self.schema).ok_or_else(|| {
                let message = "no category was inferred, and COCO's results need one: specify it \
                               (CategoryChoice::Known; dafe detect --category)";
                io::Error::other(format!("{}: {message}", image.image))
            })?;
            self.writer.write_all(if self.is_empty { b"\n" } else { b",\n" })?;
            self.is_empty = false;
            serde_json::to_writer(&mut self.writer, &result)?;
        }
        Ok(())
    }

    /// Flushes the underlying writer.
    ///
    /// # Errors
    /// If writing fails.
    pub fn flush(&mut self) -> io::Result<()> {
        self.writer.flush()
    }

    /// Ends the list or the document, and returns the writer.
    ///
    /// # Errors
    /// If writing fails.
    pub fn finish(mut self) -> io::Result<W> {
        self.writer.write_all(b"\n]")?;
        if self.whole {
            let index = serde_json::to_string(&self.index())?;
            // Without its opening brace: its keys continue the document's object.
            write!(self.writer, ",\n{}", &index[1..])?;
        }
        self.writer.write_all(b"\n")?;
        self.writer.flush()?;
        Ok(self.writer)
    }

    /// The images added so far, and the categories.
    pub fn index(&self) -> CocoIndex<'_> {
        let (keypoints, skeleton) = (self.schema.names(), self.schema.skeleton());
        let skeleton: Vec<_> =
            skeleton.iter().map(|pair| pair.map(|landmark| landmark + 1)).collect();
        let category = |id, name| Category { id, name, keypoints, skeleton: skeleton.clone() };
        let known = self.schema.categories().iter();
        let mut categories: Vec<_> = known.map(|own| category(own.id, own.name.as_str())).collect();
        if categories.is_empty() {
            categories.push(category(1, "thing"));
        }
        CocoIndex { images: &self.images, categories }
    }
}

/// The COCO result of one garment of the image `image_id`.
///
/// `None` if its category is not known although the schema has several. With a schema without
/// categories, the category is 1.
///
/// The result's score is the [`detection_score`] of the landmarks' scores and, if there is one, of
/// the box's score.
pub fn coco_result(
    image_id: u64,
    garment: &GarmentDetection,
    schema: &LandmarkSchema,
) -> Option<LandmarkResult> {
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
