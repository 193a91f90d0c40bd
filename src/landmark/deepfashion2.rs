//! DeepFashion2's 13 categories: which of its 294 landmarks each has, and how they mirror.
use std::{fmt, ops::Range, str::FromStr};

use serde::{Deserialize, Serialize};

use super::LandmarkSchema;
use crate::error::Error;

/// A category of DeepFashion2.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs, reason = "DeepFashion2's own terms")]
pub enum DeepFashion2Category {
    ShortSleeveTop,
    LongSleeveTop,
    ShortSleeveOutwear,
    LongSleeveOutwear,
    Vest,
    Sling,
    Shorts,
    Trousers,
    Skirt,
    ShortSleeveDress,
    LongSleeveDress,
    VestDress,
    SlingDress,
}

/// Name and mirror table of each category, in the order of the data set's numbers. A table's entry `i` is the landmark
/// that `i` becomes in a mirrored picture; the tables' lengths add up to the landmarks' ranges.
const CATEGORIES: [(&str, &[usize]); 13] = [
    (
        "short-sleeve-top",
        &[0, 5, 4, 3, 2, 1, 24, 23, 22, 21, 20, 19, 18, 17, 16, 15, 14, 13, 12, 11, 10, 9, 8, 7, 6],
    ),
    (
        "long-sleeve-top",
        &[
            0, 5, 4, 3, 2, 1, 32, 31, 30, 29, 28, 27, 26, 25, 24, 23, 22, 21, 20, 19, 18, 17, 16,
            15, 14, 13, 12, 11, 10, 9, 8, 7, 6,
        ],
    ),
    (
        "short-sleeve-outwear",
        &[
            0, 5, 4, 25, 2, 1, 24, 23, 22, 21, 20, 19, 18, 17, 16, 28, 14, 13, 12, 11, 10, 9, 8, 7,
            6, 3, 29, 30, 15, 26, 27,
        ],
    ),
    (
        "long-sleeve-outwear",
        &[
            0, 5, 4, 33, 2, 1, 32, 31, 30, 29, 28, 27, 26, 25, 24, 23, 22, 21, 20, 36, 18, 17, 16,
            15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 3, 37, 38, 19, 34, 35,
        ],
    ),
    ("vest", &[0, 5, 4, 3, 2, 1, 14, 13, 12, 11, 10, 9, 8, 7, 6]),
    ("sling", &[0, 5, 4, 3, 2, 1, 14, 13, 12, 11, 10, 9, 8, 7, 6]),
    ("shorts", &[2, 1, 0, 9, 8, 7, 6, 5, 4, 3]),
    ("trousers", &[2, 1, 0, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3]),
    ("skirt", &[2, 1, 0, 7, 6, 5, 4, 3]),
    (
        "short-sleeve-dress",
        &[
            0, 5, 4, 3, 2, 1, 28, 27, 26, 25, 24, 23, 22, 21, 20, 19, 18, 17, 16, 15, 14, 13, 12,
            11, 10, 9, 8, 7, 6,
        ],
    ),
    (
        "long-sleeve-dress",
        &[
            0, 5, 4, 3, 2, 1, 36, 35, 34, 33, 32, 31, 30, 29, 28, 27, 26, 25, 24, 23, 22, 21, 20,
            19, 18, 17, 16, 15, 14, 13, 12, 11, 10, 9, 8, 7, 6,
        ],
    ),
    ("vest-dress", &[0, 5, 4, 3, 2, 1, 18, 17, 16, 15, 14, 13, 12, 11, 10, 9, 8, 7, 6]),
    ("sling-dress", &[0, 5, 4, 3, 2, 1, 18, 17, 16, 15, 14, 13, 12, 11, 10, 9, 8, 7, 6]),
];

impl DeepFashion2Category {
    /// All, in the order of the data set's numbers.
    pub const ALL: [Self; 13] = [
        Self::ShortSleeveTop,
        Self::LongSleeveTop,
        Self::ShortSleeveOutwear,
        Self::LongSleeveOutwear,
        Self::Vest,
        Self::Sling,
        Self::Shorts,
        Self::Trousers,
        Self::Skirt,
        Self::ShortSleeveDress,
        Self::LongSleeveDress,
        Self::VestDress,
        Self::SlingDress,
    ];

    /// Landmarks of all categories together.
    pub const LANDMARKS: usize = 294;

    /// Its name: "short-sleeve-top", …
    pub fn name(self) -> &'static str {
        CATEGORIES[self as usize].0
    }

    /// Its range in the vector of all categories' landmarks.
    pub fn landmarks(self) -> Range<usize> {
        let count = |(_, mirror): &(&str, &[usize])| mirror.len();
        let first = CATEGORIES[..self as usize].iter().map(count).sum();
        first..first + count(&CATEGORIES[self as usize])
    }
}

impl fmt::Display for DeepFashion2Category {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for DeepFashion2Category {
    type Err = Error;

    fn from_str(name: &str) -> Result<Self, Error> {
        Self::ALL.into_iter().find(|category| category.name() == name).ok_or_else(|| {
            let known: Vec<_> = Self::ALL.iter().map(|category| category.name()).collect();
            Error::Config(format!("unknown category '{name}'; there are {}", known.join(", ")))
        })
    }
}

impl LandmarkSchema {
    /// The landmarks of one category of DeepFashion2, numbered from 1 as in the data set; without a skeleton.
    pub fn deepfashion2(category: DeepFashion2Category) -> Self {
        let (name, mirror) = CATEGORIES[category as usize];
        Self {
            names: (1..=mirror.len()).map(|number| format!("{name} {number}")).collect(),
            mirror: mirror.to_vec(),
            skeleton: Vec::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ranges_make_up_all_landmarks_and_mirror_themselves() {
        let mut next = 0;
        for category in DeepFashion2Category::ALL {
            let range = category.landmarks();
            assert_eq!(range.start, next);
            next = range.end;
            let schema = LandmarkSchema::deepfashion2(category);
            assert_eq!(schema.len(), range.len());
            schema.validate().unwrap();
            assert_eq!(category.name().parse::<DeepFashion2Category>().unwrap(), category);
        }
        assert_eq!(next, DeepFashion2Category::LANDMARKS);
        // As the data set's papers and tools have it: trousers are 14 landmarks from 168 on.
        assert_eq!(DeepFashion2Category::Trousers.landmarks(), 168..182);
        assert!("trouser".parse::<DeepFashion2Category>().is_err());
    }
}
