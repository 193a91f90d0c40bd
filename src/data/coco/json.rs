//! The JSON of a COCO-keypoints file, read as a stream: only what is kept of an entry is ever held in memory.
use std::fmt;

use serde::{
    Deserialize, Deserializer, Serialize,
    de::{Error as _, SeqAccess, Unexpected, Visitor},
};

use crate::{
    data::annotation::Key,
    landmark::{LandmarkSchema, bounded},
};

/// The largest annotation file that is read, in bytes. COCO's own are below 300 MB; DeepFashion2's 294 landmarks an
/// item make some of 1.5 GB.
pub const MAX_COCO_BYTES: u64 = 4 << 30;

/// A whole file.
#[derive(Deserialize)]
pub(super) struct RawFile {
    pub(super) images: Vec<RawImage>,
    pub(super) annotations: Vec<RawAnnotation>,
    #[serde(deserialize_with = "categories")]
    pub(super) categories: Vec<RawCategory>,
    /// This crate's own: the schema as it was, with landmarks that several categories share.
    #[serde(default, deserialize_with = "landmark_schema")]
    pub(super) landmark_schema: Option<LandmarkSchema>,
}

/// A schema, whose errors say that they are about it.
fn landmark_schema<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<LandmarkSchema>, D::Error> {
    let named = |error| D::Error::custom(format_args!("landmark_schema: {error}"));
    Option::deserialize(deserializer).map_err(named)
}

#[derive(Deserialize)]
pub(super) struct RawImage {
    pub(super) id: u64,
    pub(super) file_name: String,
}

#[derive(Deserialize)]
pub(super) struct RawAnnotation {
    pub(super) id: u64,
    pub(super) image_id: u64,
    pub(super) category_id: u64,
    pub(super) bbox: [f64; 4],
    pub(super) keypoints: Option<Keypoints>,
    pub(super) area: Option<f32>,
    #[serde(default)]
    pub(super) iscrowd: Flag,
}

#[derive(Serialize, Deserialize)]
pub(super) struct RawCategory {
    pub(super) id: u64,
    pub(super) name: String,
    #[serde(default, deserialize_with = "bounded::list")]
    pub(super) keypoints: Vec<String>,
    #[serde(default, deserialize_with = "bounded::list")]
    pub(super) skeleton: Vec<[u64; 2]>,
    #[serde(default, deserialize_with = "bounded::optional_list")]
    pub(super) flip_pairs: Option<Vec<[Key; 2]>>,
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "bounded::optional_list"
    )]
    pub(super) sigmas: Option<Vec<f64>>,
}

impl RawCategory {
    /// How much it has of what the limit counts, itself among them.
    fn entries(&self) -> usize {
        let pairs = self.flip_pairs.as_ref().map_or(0, Vec::len);
        let sigmas = self.sigmas.as_ref().map_or(0, Vec::len);
        1 + self.keypoints.len() + self.skeleton.len() + pairs + sigmas
    }
}

/// Categories whose lists are within the limit together.
fn categories<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<RawCategory>, D::Error> {
    bounded::counted(deserializer, RawCategory::entries)
}

/// 0 or 1, or a boolean.
#[derive(Clone, Copy, Default)]
pub(super) struct Flag(pub(super) bool);

impl<'de> Deserialize<'de> for Flag {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct FlagVisitor;
        impl Visitor<'_> for FlagVisitor {
            type Value = Flag;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("0 or 1")
            }

            fn visit_bool<E>(self, flag: bool) -> Result<Flag, E> {
                Ok(Flag(flag))
            }

            fn visit_u64<E: serde::de::Error>(self, number: u64) -> Result<Flag, E> {
                match number {
                    0 | 1 => Ok(Flag(number == 1)),
                    _ => Err(E::invalid_value(Unexpected::Unsigned(number), &self)),
                }
            }
        }
        deserializer.deserialize_any(FlagVisitor)
    }
}

/// An annotation's list of `x, y, v`, of which only the triplets with `v` other than 0 are kept: most of a list of all
/// categories' landmarks is zeros.
pub(super) struct Keypoints {
    /// How many numbers the list has.
    pub(super) numbers: usize,
    /// Places, from 0, and triplets.
    pub(super) labelled: Vec<(u32, [f32; 3])>,
}

impl<'de> Deserialize<'de> for Keypoints {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_seq(KeypointsVisitor)
    }
}

struct KeypointsVisitor;

impl<'de> Visitor<'de> for KeypointsVisitor {
    type Value = Keypoints;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of numbers")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Keypoints, A::Error> {
        let mut keypoints = Keypoints { numbers: 0, labelled: Vec::new() };
        let mut triplet = [0.0; 3];
        while let Some(number) = list.next_element()? {
            triplet[keypoints.numbers % 3] = number;
            keypoints.numbers += 1;
            if keypoints.numbers.is_multiple_of(3) && triplet[2] != 0.0 {
                let place = u32::try_from(keypoints.numbers / 3 - 1).map_err(A::Error::custom)?;
                keypoints.labelled.push((place, triplet));
            }
        }
        keypoints.labelled.shrink_to_fit();
        Ok(keypoints)
    }
}
