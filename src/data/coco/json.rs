//! The JSON of a COCO-keypoints file, read as a stream: only what is kept of an entry is ever held in memory.
use std::{fmt, marker::PhantomData};

use serde::{
    Deserialize, Deserializer, Serialize,
    de::{Error as _, SeqAccess, Unexpected, Visitor},
};

use crate::{data::annotation::Key, landmark::LandmarkSchema};

/// The largest annotation file that is read, in bytes. COCO's own are below 300 MB; DeepFashion2's 294 landmarks an
/// item make some of 1.5 GB.
pub const MAX_COCO_BYTES: u64 = 4 << 30;

/// The most names, skeleton lines, mirror pairs and sigmas that all categories may have together: DeepFashion2's usual conversions
/// have some 8,000.
const MAX_CATEGORY_ENTRIES: usize = 1_000_000;

/// A whole file.
#[derive(Deserialize)]
pub(super) struct RawFile {
    pub(super) images: Vec<RawImage>,
    pub(super) annotations: Vec<RawAnnotation>,
    #[serde(deserialize_with = "bounded_categories")]
    pub(super) categories: Vec<RawCategory>,
    /// This crate's own: the schema as it was, with landmarks that several categories share.
    pub(super) landmark_schema: Option<LandmarkSchema>,
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
    #[serde(default, deserialize_with = "bounded")]
    pub(super) keypoints: Vec<String>,
    #[serde(default, deserialize_with = "bounded")]
    pub(super) skeleton: Vec<[u64; 2]>,
    #[serde(default, deserialize_with = "bounded_option")]
    pub(super) flip_pairs: Option<Vec<[Key; 2]>>,
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "bounded_option")]
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

/// A list within the limit.
fn bounded<'de, T, D>(deserializer: D) -> Result<Vec<T>, D::Error>
where
    T: Deserialize<'de>,
    D: Deserializer<'de>,
{
    deserializer.deserialize_seq(Bounded { entries: |_: &T| 1, of: PhantomData })
}

/// A list within the limit, or null.
fn bounded_option<'de, T, D>(deserializer: D) -> Result<Option<Vec<T>>, D::Error>
where
    T: Deserialize<'de>,
    D: Deserializer<'de>,
{
    #[derive(Deserialize)]
    #[serde(bound = "T: Deserialize<'de>")]
    struct List<T>(#[serde(deserialize_with = "bounded")] Vec<T>);
    Ok(Option::<List<T>>::deserialize(deserializer)?.map(|list| list.0))
}

/// Categories whose lists are within the limit together.
fn bounded_categories<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Vec<RawCategory>, D::Error> {
    deserializer.deserialize_seq(Bounded { entries: RawCategory::entries, of: PhantomData })
}

/// Reads a list until there are more entries than the limit.
struct Bounded<T, F> {
    /// How many an element counts for.
    entries: F,
    of: PhantomData<T>,
}

impl<'de, T: Deserialize<'de>, F: Fn(&T) -> usize> Visitor<'de> for Bounded<T, F> {
    type Value = Vec<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Vec<T>, A::Error> {
        let (mut all, mut entries) = (Vec::new(), 0);
        while let Some(next) = list.next_element()? {
            entries += (self.entries)(&next);
            if entries > MAX_CATEGORY_ENTRIES {
                let most = MAX_CATEGORY_ENTRIES;
                return Err(A::Error::custom(format_args!(
                    "more than {most} names, pairs and sigmas of categories"
                )));
            }
            all.push(next);
        }
        Ok(all)
    }
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
