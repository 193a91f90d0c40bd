//! Names and numbers in annotation files, shared by the readers and writers of all formats.
use std::{fmt, path::Path};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Visitor};

use crate::{
    Error, ErrorKind,
    geometry::BoundingBox,
    landmark::{Landmark, LandmarkSchema, Visibility},
};

/// Rejects image names that could lead outside the dataset's root on any operating system.
pub(super) fn check_name(name: &str) -> Result<(), String> {
    let drive = name.as_bytes().get(1) == Some(&b':');
    let parent = name.split('/').any(|part| part == "..");
    if name.starts_with('/') || drive || parent || name.contains(['\\', '\0']) {
        return Err(format!(
            "the image's name '{}' is not a plain path below the root",
            shortened(name)
        ));
    }
    Ok(())
}

/// Shortens `text` for a message and escapes unprintable characters.
pub(super) fn shortened(text: &str) -> String {
    const SHOWN: usize = 80;
    let mut shown: String = text.chars().take(SHOWN).flat_map(char::escape_debug).collect();
    if text.chars().nth(SHOWN).is_some() {
        shown.push('…');
    }
    shown
}

/// Builds a box from its corners. The error message quotes `numbers`, the file's original values.
pub(super) fn parse_box(
    [x1, y1, x2, y2]: [f32; 4],
    numbers: &impl fmt::Debug,
) -> Result<BoundingBox, String> {
    BoundingBox::new(x1, y1, x2, y2).ok_or_else(|| {
        let empty = x2 <= x1 || y2 <= y1;
        let reason = if empty { "is empty" } else { "is too large or too far away" };
        format!("the box {numbers:?} {reason}")
    })
}

/// Builds a box from COCO's `[x, y, width, height]`.
pub(super) fn parse_coco_box(numbers: [f64; 4]) -> Result<BoundingBox, String> {
    let [x, y, width, height] = numbers;
    parse_box([x, y, x + width, y + height].map(|side| side as f32), &numbers)
}

/// The inverse of [`parse_coco_box`]. In 64 bits it restores the corners exactly.
pub(super) fn coco_box(bounds: &BoundingBox) -> [f64; 4] {
    let [x1, y1, x2, y2] = [bounds.x1, bounds.y1, bounds.x2, bounds.y2].map(f64::from);
    [x1, y1, x2 - x1, y2 - y1]
}

/// Parses the triplet `x, y, v` of COCO and DeepFashion2. `v` is 2 for visible, 1 for occluded and
/// 0 for not labeled.
pub(super) fn parse_triplet([x, y, v]: [f32; 3]) -> Result<Landmark, String> {
    let visibility = match v {
        0.0 => return Ok(UNLABELED),
        1.0 => Visibility::Occluded,
        2.0 => Visibility::Visible,
        _ => return Err(format!("visibility {v} is not 0, 1 or 2")),
    };
    check_position(x, y)?;
    Ok(Landmark::new(x, y, visibility))
}

/// Rejects coordinates that are not in or near an image.
pub(super) fn check_position(x: f32, y: f32) -> Result<(), String> {
    match x.abs() <= BoundingBox::MAX_SIDE && y.abs() <= BoundingBox::MAX_SIDE {
        true => Ok(()),
        false => Err(format!("at {x}, {y}: too far away")),
    }
}

/// Rejects negative and non-finite areas.
pub(super) fn check_area(area: f32) -> Result<(), String> {
    match area.is_finite() && area >= 0.0 {
        true => Ok(()),
        false => Err(format!("its area is {area}")),
    }
}

/// A landmark that the category has but that is not labeled on this garment.
pub(super) const UNLABELED: Landmark =
    Landmark { x: 0.0, y: 0.0, visibility: Visibility::Truncated };

/// The landmarks of a garment with no labeled landmarks.
pub(super) fn unlabeled(schema: &LandmarkSchema, category: Option<usize>) -> Vec<Landmark> {
    let Some(category) = category else { return vec![UNLABELED; schema.len()] };
    let mut landmarks = vec![Landmark::ABSENT; schema.len()];
    for &slot in &schema.categories()[category].landmarks {
        landmarks[slot] = UNLABELED;
    }
    landmarks
}

/// The inverse of [`parse_triplet`]. An error if the landmark can't be written.
pub(super) fn triplet(landmark: &Landmark) -> Result<[f32; 3], String> {
    let v = match landmark.visibility {
        Visibility::Visible => 2.0,
        Visibility::Occluded => 1.0,
        Visibility::Truncated | Visibility::Absent => return Ok([0.0; 3]),
    };
    let triplet = [landmark.x, landmark.y, v];
    parse_triplet(triplet).map(|_| triplet)
}

/// An image's key: 12, 12.0 and "12" are equal.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Key {
    Number(u64),
    Name(String),
}

impl<'de> Deserialize<'de> for Key {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct KeyVisitor;
        impl Visitor<'_> for KeyVisitor {
            type Value = Key;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a name or a number")
            }

            fn visit_u64<E>(self, number: u64) -> Result<Key, E> {
                Ok(Key::Number(number))
            }

            fn visit_i64<E>(self, number: i64) -> Result<Key, E> {
                Ok(Key::Name(number.to_string()))
            }

            fn visit_f64<E>(self, number: f64) -> Result<Key, E> {
                // All whole numbers up to 2^53 are exact in f64.
                let is_whole =
                    number.fract() == 0.0 && (0.0..9_007_199_254_740_992.0).contains(&number);
                Ok(if is_whole {
                    Key::Number(number as u64)
                } else {
                    Key::Name(number.to_string())
                })
            }

            fn visit_str<E>(self, name: &str) -> Result<Key, E> {
                Ok(match name.parse() {
                    // "007" may name a different image than "7".
                    Ok(number) if u64::to_string(&number) == name => Key::Number(number),
                    _ => Key::Name(name.into()),
                })
            }
        }
        deserializer.deserialize_any(KeyVisitor)
    }
}

impl fmt::Display for Key {
    /// Formats the key for a message.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(number) => number.fmt(f),
            Self::Name(name) => write!(f, "'{}'", shortened(name)),
        }
    }
}

/// A number that is serialized without a fraction if it is whole.
pub(crate) struct Number(pub f32);

impl Serialize for Number {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        // Not all whole numbers above 2^24 are exact in f32; −0 has no integer form.
        if self.0.fract() == 0.0 && self.0.abs() < 16_777_216.0 && self.0.to_bits() != 0x8000_0000 {
            serializer.serialize_i64(self.0 as i64)
        } else {
            serializer.serialize_f32(self.0)
        }
    }
}

/// A [dataset error](crate::ErrorKind::Dataset), for `map_err`.
pub(crate) fn dataset_error<M: fmt::Display>(path: &Path) -> impl Fn(M) -> Error {
    move |message| Error::new(ErrorKind::Dataset, message.to_string()).with_path(path)
}
