//! Counts of images, samples and landmarks in a split.
use std::{collections::BTreeMap, fmt};

use dafe::{landmark::Visibility, prelude::*};
use serde::Serialize;

/// The counts of a split.
#[derive(Debug, Serialize)]
pub struct Counts {
    split: Split,
    samples: usize,
    /// The number of different images, and how many of them could be read.
    pub images: usize,
    pub readable: usize,
    /// The smallest and largest width and height in pixels.
    pub smallest: Option<[u32; 2]>,
    pub largest: Option<[u32; 2]>,
    categories: BTreeMap<String, usize>,
    variations: BTreeMap<&'static str, usize>,
    /// Landmarks of the samples' categories, by visibility.
    visibilities: BTreeMap<&'static str, usize>,
}

impl Counts {
    pub fn new(split: Split, dataset: &dyn LandmarkDataset) -> Self {
        let mut counts = Self {
            split,
            samples: dataset.len(),
            images: 0,
            readable: 0,
            smallest: None,
            largest: None,
            categories: BTreeMap::new(),
            variations: BTreeMap::new(),
            visibilities: BTreeMap::new(),
        };
        let categories = dataset.schema().categories();
        for sample in (0..dataset.len()).map(|index| dataset.sample(index)) {
            if let Some(category) = sample.category.and_then(|index| categories.get(index)) {
                *counts.categories.entry(category.name.clone()).or_default() += 1;
            }
            if let Some(variation) = sample.variation_type {
                *counts.variations.entry(variation.name()).or_default() += 1;
            }
            for landmark in &sample.landmarks {
                let name = match landmark.visibility {
                    Visibility::Visible => "visible",
                    Visibility::Occluded => "occluded",
                    Visibility::Truncated => "outside or not labeled",
                    Visibility::Absent => continue,
                };
                *counts.visibilities.entry(name).or_default() += 1;
            }
        }
        counts
    }

    /// Counts an image that could be read.
    pub fn seen(&mut self, size: [u32; 2]) {
        self.readable += 1;
        let each = |old: Option<[u32; 2]>, choose: fn(u32, u32) -> u32| {
            let old = old.unwrap_or(size);
            Some([choose(old[0], size[0]), choose(old[1], size[1])])
        };
        self.smallest = each(self.smallest, u32::min);
        self.largest = each(self.largest, u32::max);
    }
}

impl fmt::Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}: {} samples in {} images", self.split, self.samples, self.images)?;
        write!(f, "  {} can be read", self.readable)?;
        if let (Some([w, h]), Some([width, height])) = (self.smallest, self.largest) {
            write!(f, ", {w} to {width} pixels wide, {h} to {height} high")?;
        }
        writeln!(f)?;
        let categories = self.categories.iter().map(|(name, count)| (name.as_str(), count));
        line(f, "categories", categories)?;
        line(f, "variation types", self.variations.iter().map(|(name, count)| (*name, count)))?;
        line(f, "landmarks", self.visibilities.iter().map(|(name, count)| (*name, count)))
    }
}

/// Writes "  title: a 1, b 2", or nothing if there are no counts.
fn line<'a>(
    f: &mut fmt::Formatter<'_>,
    title: &str,
    counts: impl Iterator<Item = (&'a str, &'a usize)>,
) -> fmt::Result {
    let texts: Vec<_> = counts.map(|(name, count)| format!("{name} {count}")).collect();
    match texts.is_empty() {
        true => Ok(()),
        false => writeln!(f, "  {title}: {}", texts.join(", ")),
    }
}
