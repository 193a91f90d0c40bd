//! Writing annotations in FLD's format.
use std::{
    collections::HashSet,
    fs,
    io::{self, BufWriter, Write},
    path::Path,
};

use super::{
    format::{ANNOTATION_FOLDERS, BOXES, FldFormat, LANDMARKS, PARTITION, PARTITION_FOLDER},
    rows,
};
use crate::{
    Error, ErrorKind,
    atomic::write_atomically,
    data::{
        Split,
        annotation::{check_name, check_position},
    },
    geometry::BoundingBox,
    landmark::{ClothesType, LandmarkSample, VariationType, Visibility},
};

const NO_VARIATION: &str = "its variation type is not known; the format deepfashion-c has none";

/// Writes `Anno/list_landmarks.txt`, `Anno/list_bbox.txt` and `Eval/list_eval_partition.txt` below
/// `root`, in the order of `rows`, creating folders as needed.
///
/// As in FLD's own files, coordinates are rounded to whole pixels and numbers are padded to three
/// digits. A truncated landmark is written at 0, 0. In the format [`FldFormat::DeepFashionC`],
/// variation types are left out. Each file is written atomically, and nothing is written if any row
/// is invalid.
///
/// # Errors
/// - a [dataset error](crate::ErrorKind::Dataset), naming the image, for content that the format
///   cannot represent: no rows, a duplicated image, a name with white space or one that leads
///   outside the root, an unknown clothes type (or, in the format [`FldFormat::Fld`], variation
///   type), landmarks that do not match the clothes type, positions that are not finite or too far
///   away, a box that is empty when rounded;
/// - an [I/O error](crate::ErrorKind::Io) if a folder or a file cannot be written.
pub fn write_annotations(
    root: impl AsRef<Path>,
    format: FldFormat,
    rows: &[(Split, LandmarkSample)],
) -> Result<(), Error> {
    let root = root.as_ref();
    let wrong = |message| Error::new(ErrorKind::Dataset, message).with_path(root);
    if rows.is_empty() {
        return Err(wrong("there are no images to write".into()));
    }
    let mut names = HashSet::with_capacity(rows.len());
    let mut checked = Vec::with_capacity(rows.len());
    for (split, sample) in rows {
        let row = Row::new(*split, format, sample);
        checked.push(row.map_err(|message| wrong(format!("image '{}': {message}", sample.image)))?);
        if !names.insert(sample.image.as_str()) {
            return Err(wrong(format!("image '{}' is there twice", sample.image)));
        }
    }

    let annotations = root.join(ANNOTATION_FOLDERS[0]);
    let partition = root.join(PARTITION_FOLDER);
    for folder in [&annotations, &partition] {
        fs::create_dir_all(folder).map_err(Error::io("create", folder))?;
    }
    let columns = match format {
        FldFormat::Fld => "image_name clothes_type variation_type",
        FldFormat::DeepFashionC => "image_name clothes_type",
    };
    let triplets: String = (1..=rows::SLOTS)
        .map(|i| {
            format!(" landmark_visibility_{i} landmark_location_x_{i} landmark_location_y_{i}")
        })
        .collect();
    let header = format!("{columns}{triplets}");
    write_table(&annotations.join(LANDMARKS), &header, &checked, Row::write_landmarks)?;
    write_table(&annotations.join(BOXES), "image_name x_1 y_1 x_2 y_2", &checked, Row::write_box)?;
    write_table(
        &partition.join(PARTITION),
        "image_name evaluation_status",
        &checked,
        Row::write_partition,
    )
}

fn write_table<'a>(
    path: &Path,
    header: &str,
    rows: &[Row<'a>],
    write: fn(&Row<'a>, &mut BufWriter<fs::File>) -> io::Result<()>,
) -> Result<(), Error> {
    write_atomically(path, |file| {
        writeln!(file, "{}\n{header}", rows.len())?;
        rows.iter().try_for_each(|row| {
            write(row, file)?;
            writeln!(file)
        })
    })
}

/// A sample that the format can represent.
struct Row<'a> {
    name: &'a str,
    split: Split,
    corners: [i64; 4],
    clothes_type: ClothesType,
    variation_type: Option<VariationType>,
    /// Visibility, x and y.
    landmarks: Vec<(u8, i64, i64)>,
}

impl<'a> Row<'a> {
    fn new(split: Split, format: FldFormat, sample: &'a LandmarkSample) -> Result<Self, String> {
        let name = sample.image.as_str();
        check_name(name)?;
        if name.is_empty() || name.contains(|c: char| c.is_ascii_whitespace()) {
            return Err("a name must not be empty or contain white space".into());
        }
        let BoundingBox { x1, y1, x2, y2 } = sample.bounding_box;
        let rounded =
            BoundingBox::new(x1.round(), y1.round(), x2.round(), y2.round()).ok_or_else(|| {
                format!("the box {x1} {y1} {x2} {y2}, rounded, is empty or too large")
            })?;
        let corners = [rounded.x1, rounded.y1, rounded.x2, rounded.y2].map(|side| side as i64);
        let kind = sample.category.and_then(|category| ClothesType::ALL.get(category).copied());
        let clothes_type = kind.ok_or("its clothes type is not known")?;
        let variation_type = match format {
            FldFormat::Fld => Some(sample.variation_type.ok_or(NO_VARIATION)?),
            FldFormat::DeepFashionC => None,
        };
        Ok(Self {
            name,
            split,
            corners,
            clothes_type,
            variation_type,
            landmarks: triplets(sample, clothes_type)?,
        })
    }

    fn write_landmarks(&self, file: &mut BufWriter<fs::File>) -> io::Result<()> {
        write!(file, "{} {}", self.name, self.clothes_type.number())?;
        if let Some(variation) = self.variation_type {
            write!(file, " {}", variation.number())?;
        }
        self.landmarks
            .iter()
            .try_for_each(|(visibility, x, y)| write!(file, " {visibility} {x:03} {y:03}"))
    }

    fn write_box(&self, file: &mut BufWriter<fs::File>) -> io::Result<()> {
        write!(file, "{}", self.name)?;
        self.corners.iter().try_for_each(|side| write!(file, " {side:03}"))
    }

    fn write_partition(&self, file: &mut BufWriter<fs::File>) -> io::Result<()> {
        write!(file, "{} {}", self.name, self.split)
    }
}

/// The landmarks of this clothes type, as the format's numbers.
fn triplets(
    sample: &LandmarkSample,
    clothes_type: ClothesType,
) -> Result<Vec<(u8, i64, i64)>, String> {
    let kind = clothes_type.name();
    if sample.landmarks.len() != rows::SLOTS {
        return Err(format!("{} landmarks instead of {}", sample.landmarks.len(), rows::SLOTS));
    }
    let slots = clothes_type.slots();
    for (slot, landmark) in sample.landmarks.iter().enumerate() {
        match (slots.contains(&slot), landmark.visibility) {
            (true, Visibility::Absent) => {
                return Err(format!("clothes type {kind} needs landmark {slot}"));
            }
            (false, Visibility::Absent) => (),
            (false, _) => return Err(format!("clothes type {kind} has no landmark {slot}")),
            (true, visibility) if !visibility.has_position() => (),
            (true, _) if check_position(landmark.x, landmark.y).is_ok() => (),
            (true, _) => {
                return Err(format!("landmark {slot} is at {}, {}", landmark.x, landmark.y));
            }
        }
    }
    let triplet = |slot: &usize| {
        let landmark = &sample.landmarks[*slot];
        let (x, y) = (landmark.x.round() as i64, landmark.y.round() as i64);
        match landmark.visibility {
            Visibility::Visible => (0, x, y),
            Visibility::Occluded => (1, x, y),
            Visibility::Truncated | Visibility::Absent => (2, 0, 0),
        }
    };
    Ok(slots.iter().map(triplet).collect())
}
