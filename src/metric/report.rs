//! Normalized error broken down by category and variation type, ready to print and to save.
use std::{collections::BTreeMap, fmt};

use serde::{Deserialize, Serialize};

use super::NormalizedError;
use crate::landmark::{LandmarkSample, LandmarkSchema, VariationType};

/// Collects the normalized error over a split, as a whole and by group.
#[derive(Debug, Clone)]
pub struct NormalizedErrorReport {
    names: Vec<String>,
    categories: Vec<String>,
    pictures: u64,
    all: NormalizedError,
    by_category: BTreeMap<usize, NormalizedError>,
    by_variation: BTreeMap<VariationType, NormalizedError>,
}

impl NormalizedErrorReport {
    /// An empty report for the landmarks of `schema`.
    pub fn new(schema: &LandmarkSchema) -> Self {
        Self {
            names: schema.names().to_vec(),
            categories: schema.categories().iter().map(|category| category.name.clone()).collect(),
            pictures: 0,
            all: NormalizedError::new(schema.len()),
            by_category: BTreeMap::new(),
            by_variation: BTreeMap::new(),
        }
    }

    /// Scores one picture: predicted `[x, y]` in its pixels.
    ///
    /// # Panics
    /// If the numbers of landmarks differ.
    pub fn update(&mut self, predicted: &[[f32; 2]], sample: &LandmarkSample) {
        let n = self.names.len();
        let score = |error: &mut NormalizedError| {
            error.update(predicted, &sample.landmarks, &sample.bounding_box);
        };
        score(&mut self.all);
        if let Some(category) = sample.category {
            score(self.by_category.entry(category).or_insert_with(|| NormalizedError::new(n)));
        }
        if let Some(variation) = sample.variation_type {
            score(self.by_variation.entry(variation).or_insert_with(|| NormalizedError::new(n)));
        }
        self.pictures += 1;
    }

    /// The headline; `None` if no visible landmark was scored.
    pub fn ne(&self) -> Option<f64> {
        self.all.average()
    }

    /// The report's numbers, to save.
    pub fn summary(&self) -> NormalizedErrorSummary {
        let named = |error: &NormalizedError| -> BTreeMap<String, Option<f64>> {
            self.names.iter().cloned().zip(error.per_landmark()).collect()
        };
        NormalizedErrorSummary {
            pictures: self.pictures,
            ne: self.all.average(),
            ne_per_landmark: named(&self.all),
            counts: self.names.iter().cloned().zip(self.all.counts().iter().copied()).collect(),
            ne_by_category: by_name(&self.by_category, |&category| self.category(category)),
            ne_by_variation: by_name(&self.by_variation, |variation| variation.name()),
        }
    }
}

fn by_name<'a, K>(
    groups: &BTreeMap<K, NormalizedError>,
    name: impl Fn(&K) -> &'a str,
) -> BTreeMap<String, Option<f64>> {
    groups.iter().map(|(key, error)| (name(key).to_string(), error.average())).collect()
}

/// The numbers of a [`NormalizedErrorReport`], by name.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct NormalizedErrorSummary {
    /// Pictures scored.
    pub pictures: u64,
    /// The headline; `None` if no visible landmark was scored.
    pub ne: Option<f64>,
    /// By landmark.
    pub ne_per_landmark: BTreeMap<String, Option<f64>>,
    /// Visible instances scored, by landmark.
    pub counts: BTreeMap<String, u64>,
    /// The headline of each category (FLD's clothes types) alone.
    pub ne_by_category: BTreeMap<String, Option<f64>>,
    /// The headline of each variation type alone.
    pub ne_by_variation: BTreeMap<String, Option<f64>>,
}

/// The paper's table layout: one column a landmark pair (left right), then the average; then a row for each group.
impl fmt::Display for NormalizedErrorReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:<16}", "")?;
        for name in &self.names {
            write!(f, "{:>16}", name)?;
        }
        writeln!(f, "{:>9}", "Avg.")?;
        self.row(f, "all", &self.all)?;
        write!(f, "{:<16}", "  visible")?;
        for count in self.all.counts() {
            write!(f, "{count:>16}")?;
        }
        writeln!(f, "{:>9}", self.all.counts().iter().sum::<u64>())?;
        for (&category, error) in &self.by_category {
            self.row(f, self.category(category), error)?;
        }
        for (variation, error) in &self.by_variation {
            self.row(f, variation.name(), error)?;
        }
        Ok(())
    }
}

impl NormalizedErrorReport {
    /// The name of a category, which samples from elsewhere may have without the schema's having it.
    fn category(&self, index: usize) -> &str {
        self.categories.get(index).map_or("unknown", String::as_str)
    }

    fn row(&self, f: &mut fmt::Formatter<'_>, title: &str, error: &NormalizedError) -> fmt::Result {
        let cell =
            |value: Option<f64>| value.map_or("-".to_string(), |value| format!("{value:.4}"));
        write!(f, "{title:<16}")?;
        for value in error.per_landmark() {
            write!(f, "{:>16}", cell(value))?;
        }
        writeln!(f, "{:>9}", cell(error.average()))
    }
}
