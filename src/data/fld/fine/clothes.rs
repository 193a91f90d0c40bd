//! The clothes type of a garment, from its category or its landmarks.
use std::path::{Path, PathBuf};

use super::super::{
    format::{ANNOTATION_FOLDERS, CATEGORIES, FINE_FOLDER},
    rows::{SLOTS, read_file},
};
use crate::{
    Error,
    data::{annotation::shortened, event::Reporter},
    landmark::ClothesType,
};

/// The file of categories, if it exists.
pub(super) fn find(root: &Path) -> Option<PathBuf> {
    let folders = [FINE_FOLDER].into_iter().chain(ANNOTATION_FOLDERS);
    let mut paths = folders.map(|folder| root.join(folder).join(CATEGORIES));
    paths.find(|path| path.is_file())
}

/// The clothes types of the categories, numbered from 1.
pub(super) struct Categories(Vec<Option<ClothesType>>);

impl Categories {
    /// The 50 categories of DeepFashion.
    pub(super) fn usual() -> Self {
        let type_of = |number| match number {
            1..=20 => ClothesType::Upper,
            21..=36 => ClothesType::Lower,
            _ => ClothesType::Full,
        };
        Self((1..=50).map(|number| Some(type_of(number))).collect())
    }

    /// Reads `list_category_cloth.txt`: two heading lines, then rows of `category_name
    /// category_type`, the first of which is category 1. A category whose row can't be read has no
    /// type; this is reported to `reporter`.
    pub(super) fn read(path: &Path, reporter: &mut Reporter<'_>) -> Result<Self, Error> {
        let mut types = Vec::new();
        read_file(path, reporter, |line, row| {
            types.resize(line - 2, None);
            let text = row.split_ascii_whitespace().next_back().unwrap_or_default();
            let found = text.parse().ok().and_then(ClothesType::from_number);
            types[line - 3] = found;
            found
                .map(drop)
                .ok_or_else(|| format!("clothes type '{}' is not 1, 2 or 3", shortened(text)))
        })?;
        Ok(Self(types))
    }

    /// The type of the category `number`.
    pub(super) fn of(&self, number: usize) -> Result<ClothesType, String> {
        let found = number.checked_sub(1).and_then(|index| self.0.get(index));
        let found = found
            .ok_or_else(|| format!("the category {number} is not one of 1 to {}", self.0.len()))?;
        found.ok_or_else(|| format!("the category {number} has no clothes type in {CATEGORIES}"))
    }
}

/// The clothes type that has these landmarks.
pub(super) fn infer(landmarks: &[Option<[f32; 2]>; SLOTS]) -> Result<ClothesType, String> {
    // The slots of collars and sleeves, waistlines, and hems.
    let [upper, waist] = [0..4, 4..6].map(|slots| landmarks[slots].iter().any(Option::is_some));
    match (upper, waist) {
        (true, true) => Ok(ClothesType::Full),
        (true, false) => Ok(ClothesType::Upper),
        (false, true) => Ok(ClothesType::Lower),
        (false, false) => {
            Err("no collar, sleeve or waistline has a position, so that its clothes \
                               type can't be inferred, and no file says its category"
                .into())
        }
    }
}
