//! What the readers of all annotation formats share: names, numbers, JSON's errors, and what to do about problems.
use std::{
    fmt,
    io::{self, Write},
    path::Path,
};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Visitor};

use crate::{
    atomic::write_atomically,
    error::Error,
    geometry::BoundingBox,
    landmark::{Landmark, Visibility},
};

/// What a reader tells while it reads.
///
/// A handler that returns an error ends the reading with it; one that returns `Ok` has it go on.
#[derive(Debug)]
#[non_exhaustive]
pub enum ReadEvent {
    /// How far it is.
    Progress {
        /// Files, or entries of the file, that are read.
        done: usize,
        /// How many there are.
        total: usize,
    },
    /// Something that can't be used. If the reading goes on, it is left out.
    Problem(Error),
}

/// The handler of plain reading: the first problem ends it.
pub(super) fn strictly(event: ReadEvent) -> Result<(), Error> {
    match event {
        ReadEvent::Problem(error) => Err(error),
        ReadEvent::Progress { .. } => Ok(()),
    }
}

/// Refuses a picture's name that could lead out of the dataset's root, on any operating system.
pub(super) fn check_name(name: &str) -> Result<(), String> {
    let drive = name.as_bytes().get(1) == Some(&b':');
    let parent = name.split('/').any(|part| part == "..");
    if name.starts_with('/') || drive || parent || name.contains(['\\', '\0']) {
        return Err(format!(
            "the picture's name '{}' is not a plain path below the root",
            shortened(name)
        ));
    }
    Ok(())
}

/// `text` as a message shows it: in printable characters, and not too many.
pub(super) fn shortened(text: &str) -> String {
    const SHOWN: usize = 80;
    let mut shown: String = text.chars().take(SHOWN).flat_map(char::escape_debug).collect();
    if text.chars().nth(SHOWN).is_some() {
        shown.push('…');
    }
    shown
}

/// A box from its corners, or a message that shows `numbers`, what the file has.
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

/// COCO's form of a box, `[x, y, width, height]`: to `(x + width, y + height)`.
pub(super) fn parse_coco_box(numbers: [f64; 4]) -> Result<BoundingBox, String> {
    let [x, y, width, height] = numbers;
    parse_box([x, y, x + width, y + height].map(|side| side as f32), &numbers)
}

/// The numbers that [`parse_coco_box`] reads as `bounds`. In 64 bits the corner is met again exactly.
pub(super) fn coco_box(bounds: &BoundingBox) -> [f64; 4] {
    let [x1, y1, x2, y2] = [bounds.x1, bounds.y1, bounds.x2, bounds.y2].map(f64::from);
    [x1, y1, x2 - x1, y2 - y1]
}

/// COCO's and DeepFashion2's triplet `x, y, v`, where `v` is 2 for visible, 1 for occluded and 0 for not labelled.
pub(super) fn parse_triplet([x, y, v]: [f32; 3]) -> Result<Landmark, String> {
    let visibility = match v {
        0.0 => return Ok(UNLABELLED),
        1.0 => Visibility::Occluded,
        2.0 => Visibility::Visible,
        _ => return Err(format!("visibility {v} is not 0, 1 or 2")),
    };
    if !(x.abs() <= BoundingBox::MAX_SIDE && y.abs() <= BoundingBox::MAX_SIDE) {
        return Err(format!("at {x}, {y}: too far away"));
    }
    Ok(Landmark::new(x, y, visibility))
}

/// A landmark that a thing of this category has, but nobody labelled here.
pub(super) const UNLABELLED: Landmark =
    Landmark { x: 0.0, y: 0.0, visibility: Visibility::Truncated };

/// The triplet that [`parse_triplet`] reads as `landmark`, or why there is none.
pub(super) fn triplet(landmark: &Landmark) -> Result<[f32; 3], String> {
    let v = match landmark.visibility {
        Visibility::Visible => 2.0,
        Visibility::Occluded => 1.0,
        Visibility::Truncated | Visibility::Absent => return Ok([0.0; 3]),
    };
    let triplet = [landmark.x, landmark.y, v];
    parse_triplet(triplet).map(|_| triplet)
}

/// JSON's error as one of a file's line. The message quotes no more than a little of what the file has.
pub(super) fn json_error(path: &Path, error: &serde_json::Error) -> Error {
    const SHOWN: usize = 200;
    let whole = error.to_string();
    let at = format!(" at line {} column {}", error.line(), error.column());
    let message: String = whole.strip_suffix(&at).unwrap_or(&whole).chars().take(SHOWN).collect();
    let column = error.column();
    // Quotation marks are the message's own, control characters the file's.
    let shown = |c: char| if c == '"' { c.to_string() } else { c.escape_debug().to_string() };
    let message: String = message.chars().map(shown).collect();
    let message = format!("column {column}: {message}");
    Error::Annotation { path: path.into(), line: error.line(), message }
}

/// What names a picture or a landmark.
#[derive(Debug, Clone, PartialEq, Eq)]
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

            fn visit_str<E>(self, name: &str) -> Result<Key, E> {
                Ok(Key::Name(name.into()))
            }
        }
        deserializer.deserialize_any(KeyVisitor)
    }
}

impl Serialize for Key {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Number(number) => number.serialize(serializer),
            Self::Name(name) => name.serialize(serializer),
        }
    }
}

/// Numbers as JSON has them best: whole ones without a fraction.
pub(super) struct Number(pub f32);

impl Serialize for Number {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        // Beyond 2^24 not all whole numbers are f32; −0 is none.
        if self.0.fract() == 0.0 && self.0.abs() < 16_777_216.0 && self.0.to_bits() != 0x8000_0000 {
            serializer.serialize_i64(self.0 as i64)
        } else {
            serializer.serialize_f32(self.0)
        }
    }
}

/// Writes a JSON file, completely or not at all.
pub(super) fn write_json(path: &Path, value: &impl Serialize) -> Result<(), Error> {
    write_atomically(path, |file| {
        serde_json::to_writer(&mut *file, value).map_err(io::Error::from)?;
        file.write_all(b"\n")
    })
}

/// An [`Error::Dataset`], for `map_err`.
pub(super) fn dataset_error<M: fmt::Display>(path: &Path) -> impl Fn(M) -> Error {
    move |message| Error::Dataset { path: path.into(), message: message.to_string() }
}
