//! The JSON of a COCO keypoints file, read as a stream that holds only the required parts of an
//! entry in memory. Values of an entry never cause errors here.
use serde::{Deserialize, Deserializer, de::Error as _};

use super::{
    VisibilityCode,
    loose::{Entry, Loose, LooseList},
    numbers::{Keypoints, RawBox},
};
use crate::landmark::{LandmarkSchema, bounded};

/// Maximum size of an annotation file, in bytes. COCO's own files are below 300 MB; some with
/// DeepFashion2's 294 landmarks per garment have 1.5 GB.
pub const MAX_COCO_BYTES: u64 = 4 << 30;

/// A whole file.
#[derive(Deserialize)]
pub(super) struct RawFile {
    pub(super) images: Vec<Entry<RawImage>>,
    pub(super) annotations: Vec<Entry<RawAnnotation>>,
    #[serde(default, deserialize_with = "categories")]
    pub(super) categories: Vec<Entry<RawCategory>>,
    /// A key of this crate: the original schema, with landmarks that several categories share.
    #[serde(default, deserialize_with = "landmark_schema")]
    pub(super) landmark_schema: Option<LandmarkSchema>,
    /// A key of this crate, written if the code of the visibilities would be ambiguous.
    #[serde(default)]
    pub(super) visibility_code: Option<VisibilityCode>,
}

/// A file with categories only.
#[derive(Deserialize)]
pub(super) struct RawSchemaFile {
    #[serde(deserialize_with = "categories")]
    pub(super) categories: Vec<Entry<RawCategory>>,
    #[serde(default, deserialize_with = "landmark_schema")]
    pub(super) landmark_schema: Option<LandmarkSchema>,
}

/// Deserializes a schema; errors mention the key.
fn landmark_schema<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<LandmarkSchema>, D::Error> {
    let named = |error| D::Error::custom(format_args!("landmark_schema: {error}"));
    Option::deserialize(deserializer).map_err(named)
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct RawImage {
    pub(super) id: Loose,
    pub(super) file_name: Loose,
    pub(super) width: Loose,
    pub(super) height: Loose,
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct RawAnnotation {
    pub(super) id: Loose,
    pub(super) image_id: Loose,
    pub(super) category_id: Loose,
    pub(super) bbox: RawBox,
    pub(super) keypoints: Keypoints,
    pub(super) area: Loose,
    pub(super) iscrowd: Loose,
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct RawCategory {
    pub(super) id: Loose,
    pub(super) name: Loose,
    pub(super) keypoints: LooseList<Loose>,
    pub(super) skeleton: LooseList<LooseList<Loose>>,
    pub(super) flip_pairs: LooseList<LooseList<Loose>>,
    /// Ultralytics' version of `flip_pairs`: the mirror partner of each keypoint, from 0.
    pub(super) flip_idx: LooseList<Loose>,
    pub(super) sigmas: LooseList<Loose>,
    /// RF-DETR's name for `sigmas`.
    pub(super) keypoint_oks_sigmas: LooseList<Loose>,
}

impl RawCategory {
    /// The number of entries that count towards the limit, including the category itself.
    fn entries(entry: &Entry<Self>) -> usize {
        let Entry::Object(category) = entry else { return 1 };
        let lists = [
            &category.keypoints,
            &category.flip_idx,
            &category.sigmas,
            &category.keypoint_oks_sigmas,
        ];
        let pairs = [&category.skeleton, &category.flip_pairs];
        let pair = |pair: &LooseList<Loose>| 1 + pair.elements().len() / 2;
        1 + lists.iter().map(|list| list.elements().len()).sum::<usize>()
            + pairs.iter().flat_map(|list| list.elements()).map(pair).sum::<usize>()
    }
}

/// Deserializes categories whose lists are within the limit together; empty if the value is null.
fn categories<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Vec<Entry<RawCategory>>, D::Error> {
    bounded::counted(deserializer, RawCategory::entries)
}
