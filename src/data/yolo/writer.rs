//! Writing a dataset in Ultralytics' format.
use std::{collections::HashSet, fmt::Write as _, path::Path};

use super::line::Form;
use crate::{
    Error,
    atomic::{create_folder, write_text},
    data::{
        Split,
        annotation::{check_name, dataset_error, shortened},
    },
    geometry::BoundingBox,
    landmark::{Landmark, LandmarkSample, LandmarkSchema, Visibility},
};

/// An image and its labels.
#[derive(Debug, Clone, PartialEq)]
pub struct YoloImage {
    /// The name below `images/<split>/`. The caller copies or links the image there.
    pub name: String,
    /// `[width, height]` of the upright image.
    pub size: [u32; 2],
    /// The samples, each with an entry for each landmark of the schema. Their `image` is ignored.
    pub samples: Vec<LandmarkSample>,
}

/// Writes `data.yaml` and the label files of all splits below `root`, creating folders as needed.
/// Returns the number of labeled landmarks outside of their images.
///
/// The labels of the image `a/0001.jpg` of the training split are written to
/// `labels/train/a/0001.txt`; the image belongs in `images/train/a/0001.jpg`. Images are neither
/// read nor written. Landmarks outside of their images are written as not labeled, because
/// Ultralytics skips images with such landmarks.
///
/// `kpt_shape` covers all landmarks of the schema: absent, truncated and unlabeled ones are written
/// as `0 0 0`. Areas, scores, sigmas and the landmarks of each category can't be represented; a
/// schema without categories gets the class "object".
/// [`YoloDataset::open_with`](super::YoloDataset::open_with) with the schema reads the same
/// landmarks and boxes back, to a thousandth of a pixel. Each file is written atomically, and
/// nothing is written if any sample is invalid.
///
/// ```
/// use dafe::{
///     data::yolo::{YoloImage, write_yolo},
///     landmark::{Landmark, LandmarkSample, Visibility},
///     prelude::*,
/// };
///
/// # let folder = tempfile::tempdir()?;
/// # let root = folder.path();
/// let schema = LandmarkSchema::new(vec!["top".into()], vec![0], vec![])?;
/// let bounds = BoundingBox::new(15.0, 10.0, 45.0, 30.0).unwrap();
/// let top = Landmark::new(30.0, 10.0, Visibility::Visible);
/// let samples = vec![LandmarkSample::new("", bounds, vec![top])];
/// let kite = YoloImage { name: "kite.jpg".into(), size: [60, 40], samples };
/// write_yolo(root, &schema, &[(Split::Train, vec![kite]), (Split::Val, vec![])])?;
///
/// let labels = std::fs::read_to_string(root.join("labels/train/kite.txt"))?;
/// assert_eq!(labels, "0 0.5 0.5 0.5 0.5 0.5 0.25 2\n");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// - a [dataset error](crate::ErrorKind::Dataset), naming the image, for content that the format
///   cannot represent: no training or validation split (it may be empty), a duplicated image in a
///   split, two images with the same label file, a name that leads outside its folder or has no
///   image extension, samples that do not match the schema, a box whose center is outside of its
///   image;
/// - an [I/O error](crate::ErrorKind::Io) if a folder or a file cannot be written.
pub fn write_yolo(
    root: impl AsRef<Path>,
    schema: &LandmarkSchema,
    splits: &[(Split, Vec<YoloImage>)],
) -> Result<usize, Error> {
    let root = root.as_ref();
    let wrong = dataset_error(root);
    let yaml = data_yaml(schema, splits).map_err(&wrong)?;
    let mut files = Vec::new();
    let mut names = HashSet::new();
    let mut outside = 0;
    for (split, images) in splits {
        for image in images {
            let in_image =
                |message: String| wrong(format!("image '{}': {message}", shortened(&image.name)));
            let name = label_name(*split, &image.name).map_err(in_image)?;
            if !names.insert(name.clone()) {
                return Err(in_image(format!("another image has the label file {name}")));
            }
            let mut text = String::new();
            for (number, sample) in (1..).zip(&image.samples) {
                let written = write_sample(&mut text, schema, image, sample);
                outside +=
                    written.map_err(|message| in_image(format!("sample {number}: {message}")))?;
            }
            files.push((name, text));
        }
    }
    for (split, _) in splits {
        create_folder(root.join("images").join(split.name()))?;
        create_folder(root.join("labels").join(split.name()))?;
    }
    for (name, text) in &files {
        let path = root.join(name);
        if let Some(folder) = path.parent() {
            create_folder(folder)?;
        }
        write_text(&path, text)?;
    }
    // Written last: the dataset is complete once this file exists.
    write_text(root.join("data.yaml"), &yaml)?;
    Ok(outside)
}

/// The path of an image's label file relative to the root.
fn label_name(split: Split, image: &str) -> Result<String, String> {
    check_name(image)?;
    let known = ["bmp", "jpeg", "jpg", "png", "tif", "tiff", "webp"];
    let stem = image.rsplit_once('.').filter(|(stem, extension)| {
        let is_known = known.iter().any(|known| extension.eq_ignore_ascii_case(known));
        is_known && !stem.is_empty() && !stem.ends_with('/')
    });
    let Some((stem, _)) = stem else {
        return Err(format!("its name has none of the extensions {}", known.join(", ")));
    };
    if image.split('/').any(|part| part.is_empty() || part == "images" || part.starts_with('.')) {
        return Err("its name has an empty or hidden part, or a folder 'images'".into());
    }
    Ok(format!("labels/{split}/{stem}.txt"))
}

/// Adds a sample's line and returns the number of its landmarks outside of the image.
fn write_sample(
    text: &mut String,
    schema: &LandmarkSchema,
    image: &YoloImage,
    sample: &LandmarkSample,
) -> Result<usize, String> {
    let (found, needed) = (sample.landmarks.len(), schema.len());
    if found != needed {
        return Err(format!("{found} landmarks instead of {needed}"));
    }
    let class = match (sample.category, schema.categories().len()) {
        (Some(class), count) if class < count => class,
        (Some(class), count) if count > 0 || class > 0 => {
            return Err(format!("there is no category {class}"));
        }
        (None, 1..) => return Err("its category is not known".into()),
        _ => 0,
    };
    let [width, height] = image.size.map(f64::from);
    if !(width > 0.0 && height > 0.0) {
        return Err("the image has no pixels".into());
    }
    let BoundingBox { x1, y1, x2, y2 } = sample.bounding_box;
    let corners = [x1, y1, x2, y2].map(f64::from);
    let valid = BoundingBox::new(x1, y1, x2, y2).is_some();
    let [x1, y1, x2, y2] = corners;
    let (x, y) = ((x1 + x2) / 2.0 / width, (y1 + y2) / 2.0 / height);
    if !(valid && (0.0..=1.0).contains(&x) && (0.0..=1.0).contains(&y)) {
        let [width, height] = image.size;
        return Err(format!(
            "the box {corners:?} is empty, or its center is outside of the image of {width} × {height}"
        ));
    }
    let mut line = class.to_string();
    for number in [x, y, (x2 - x1) / width, (y2 - y1) / height] {
        push(&mut line, number);
    }
    let mut outside = 0;
    for landmark in &sample.landmarks {
        let code = match landmark.visibility {
            Visibility::Visible => 2,
            Visibility::Occluded => 1,
            Visibility::Truncated | Visibility::Absent => 0,
        };
        match place(landmark, [width, height]) {
            Some([x, y]) if code > 0 => {
                push(&mut line, x);
                push(&mut line, y);
                let _ = write!(line, " {code}");
            }
            _ => {
                outside += usize::from(code > 0);
                line.push_str(" 0 0 0");
            }
        }
    }
    // Lines that can't be read back are rejected, for example a box many times larger than its
    // image.
    let form = Form { landmarks: needed, has_visibility: true, classes: class + 1 };
    form.parse(&line)?;
    text.push_str(&line);
    text.push('\n');
    Ok(outside)
}

/// A landmark's position as fractions, if it is inside the image. A position of 0, 0, which means
/// "not labeled" to many tools, is shifted slightly.
fn place(landmark: &Landmark, [width, height]: [f64; 2]) -> Option<[f64; 2]> {
    const LEAST: f64 = 1e-9;
    let (x, y) = (f64::from(landmark.x) / width, f64::from(landmark.y) / height);
    let inside = (0.0..=1.0).contains(&x) && (0.0..=1.0).contains(&y);
    inside.then_some(if x < LEAST && y < LEAST { [LEAST, y] } else { [x, y] })
}

/// Adds a number with at most nine decimals, which is a 30,000th of a pixel in the largest images.
fn push(line: &mut String, number: f64) {
    let _ = write!(line, " {number:.9}");
    let kept = line.trim_end_matches('0').trim_end_matches('.').len();
    line.truncate(kept);
}

/// `data.yaml`. Names are quoted as JSON, which is valid YAML.
fn data_yaml(
    schema: &LandmarkSchema,
    splits: &[(Split, Vec<YoloImage>)],
) -> Result<String, String> {
    if schema.is_empty() {
        return Err("the schema has no landmarks".into());
    }
    let mut text =
        String::from("# Read by Ultralytics and dafe. The folders are relative to this file's.\n");
    for &split in Split::ALL {
        match splits.iter().filter(|(own, _)| *own == split).count() {
            0 if split == Split::Test => (),
            0 => return Err(format!("there is no split '{split}', which the format requires")),
            1 => {
                let _ = writeln!(text, "{split}: images/{split}");
            }
            _ => return Err(format!("the split '{split}' is there twice")),
        }
    }
    let quoted = |name: &str| serde_json::Value::from(name).to_string();
    let _ = writeln!(text, "kpt_shape: [{}, 3]", schema.len());
    let _ = writeln!(text, "flip_idx: {:?}", schema.mirror());
    let mut classes: Vec<&str> =
        schema.categories().iter().map(|category| category.name.as_str()).collect();
    if classes.is_empty() {
        classes.push("object");
    }
    text.push_str("names:\n");
    for (class, name) in classes.iter().enumerate() {
        let _ = writeln!(text, "  {class}: {}", quoted(name));
    }
    text.push_str("kpt_names:\n");
    let names: Vec<_> = schema.names().iter().map(|name| quoted(name)).collect();
    for class in 0..classes.len() {
        let _ = writeln!(text, "  {class}: [{}]", names.join(", "));
    }
    if !schema.skeleton().is_empty() {
        // Counted from 0 or 1, so that a reader can detect the base.
        let last = schema.skeleton().iter().flatten().any(|&place| place + 1 == schema.len());
        let base = usize::from(last);
        let lines: Vec<_> =
            schema.skeleton().iter().map(|pair| pair.map(|place| place + base)).collect();
        let _ = writeln!(text, "skeleton: {lines:?}");
    }
    Ok(text)
}
