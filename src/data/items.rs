//! Compact storage of annotations: only the labeled landmarks are kept; samples are built on
//! demand.
use super::annotation::unlabeled;
use crate::{
    geometry::BoundingBox,
    landmark::{Landmark, LandmarkSample, LandmarkSchema},
};

/// A dataset's annotations, in order.
#[derive(Debug, Clone, Default)]
pub(super) struct Items {
    items: Vec<(Item, usize)>,
    /// The labeled landmarks of all items and their indices in the schema, item after item. Each
    /// entry of `items` holds the end of its range here.
    labeled: Vec<(u32, Landmark)>,
}

/// An annotation without its landmarks.
#[derive(Debug, Clone, Copy)]
pub(super) struct Item {
    /// Index of the image.
    pub(super) image: usize,
    /// Index of the category in the schema.
    pub(super) category: Option<usize>,
    pub(super) bounding_box: BoundingBox,
}

impl Items {
    pub(super) fn len(&self) -> usize {
        self.items.len()
    }

    /// Adds an item with its labeled landmarks, each with its index in the schema.
    pub(super) fn push(&mut self, item: Item, labeled: impl IntoIterator<Item = (u32, Landmark)>) {
        self.labeled.extend(labeled);
        self.items.push((item, self.labeled.len()));
    }

    /// Item `index`.
    pub(super) fn get(&self, index: usize) -> &Item {
        &self.items[index].0
    }

    /// All labeled landmarks.
    #[cfg(feature = "yolo")]
    pub(super) fn landmarks_mut(&mut self) -> impl Iterator<Item = &mut Landmark> {
        self.labeled.iter_mut().map(|(_, landmark)| landmark)
    }

    /// Builds the sample of item `index` in the image named `image`.
    pub(super) fn sample(
        &self,
        index: usize,
        image: impl Into<String>,
        schema: &LandmarkSchema,
    ) -> LandmarkSample {
        let Item { category, bounding_box, .. } = *self.get(index);
        let mut landmarks = unlabeled(schema, category);
        for &(slot, landmark) in self.labeled_of(index) {
            landmarks[slot as usize] = landmark;
        }
        LandmarkSample { category, ..LandmarkSample::new(image, bounding_box, landmarks) }
    }

    /// Only the items with at least one labeled landmark.
    #[cfg(feature = "yolo")]
    pub(super) fn labeled_only(self) -> Self {
        let mut kept = Self::default();
        for index in 0..self.len() {
            let own = self.labeled_of(index);
            if !own.is_empty() {
                kept.push(*self.get(index), own.iter().copied());
            }
        }
        kept
    }

    pub(super) fn shrink_to_fit(&mut self) {
        self.items.shrink_to_fit();
        self.labeled.shrink_to_fit();
    }

    fn labeled_of(&self, index: usize) -> &[(u32, Landmark)] {
        let first = index.checked_sub(1).map_or(0, |before| self.items[before].1);
        &self.labeled[first..self.items[index].1]
    }
}
