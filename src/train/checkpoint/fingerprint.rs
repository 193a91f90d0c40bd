//! Detects whether a resumed run still has the data that it started with.
use std::{fmt, path::Path};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::{
    Error, data::LandmarkDataset, detector::DataOrigin, geometry::BoundingBox, landmark::Visibility,
};

/// The fingerprints of both splits of a run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::train) struct DataFingerprint {
    pub train: Fingerprint,
    pub val: Fingerprint,
}

impl DataFingerprint {
    /// An error naming the first split that has changed, if any, in the run of `folder`.
    pub fn refuse_other(&self, now: &Self, folder: &Path) -> Result<(), Error> {
        for (split, was, now) in
            [("training", &self.train, &now.train), ("validation", &self.val, &now.val)]
        {
            if was != now {
                return Err(Error::config(format!(
                    "{} holds a run on other {split} data ({was}; now {now}); nothing was changed. If this is meant, \
                     accept-changed-data resumes with these",
                    folder.display()
                )));
            }
        }
        Ok(())
    }
}

/// A fingerprint of a split's samples: image names, boxes, categories, landmarks, and their order.
/// Image contents are not included.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::train) struct Fingerprint {
    samples: usize,
    sha256: String,
}

impl Fingerprint {
    pub fn of(dataset: &dyn LandmarkDataset) -> Self {
        let mut hash = Sha256::new();
        for (name, mirrored) in dataset.schema().names().iter().zip(dataset.schema().mirror()) {
            hash.update(name);
            hash.update([0]);
            hash.update((*mirrored as u64).to_le_bytes());
        }
        for sample in (0..dataset.len()).map(|index| dataset.sample(index)) {
            let BoundingBox { x1, y1, x2, y2 } = sample.bounding_box;
            hash.update(&sample.image);
            hash.update([0]);
            [x1, y1, x2, y2].iter().for_each(|side| hash.update(side.to_le_bytes()));
            hash.update(sample.category.map_or(u64::MAX, |category| category as u64).to_le_bytes());
            for (slot, landmark) in (0u32..).zip(&sample.landmarks) {
                // DeepFashion2's samples have about 25 of 294 landmarks.
                if landmark.visibility != Visibility::Absent {
                    hash.update(slot.to_le_bytes());
                    hash.update(landmark.x.to_le_bytes());
                    hash.update(landmark.y.to_le_bytes());
                    hash.update([landmark.visibility as u8]);
                }
            }
        }
        Self { samples: dataset.len(), sha256: format!("{:x}", hash.finalize()) }
    }

    /// The origin that is stored in a model's file.
    pub fn origin(&self, split: &str) -> DataOrigin {
        DataOrigin { split: split.into(), samples: self.samples, sha256: self.sha256.clone() }
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Enough digits to distinguish two fingerprints.
        write!(f, "{} samples, {:.12}", self.samples, self.sha256)
    }
}
