//! The error of each sample.
use dafe::metric::LandmarkMetric;

use super::{
    Measured,
    table::{Cell, Table, grouped},
};

/// The most samples in the table: those with the largest errors.
const MOST: usize = 500;

/// The error of a sample with at least one scored landmark.
#[derive(Clone)]
pub struct SampleError {
    /// Its index among the predictions.
    pub index: usize,
    /// The mean normalized error of its scored landmarks.
    pub ne: f64,
    /// The number of scored landmarks.
    pub landmarks: usize,
    /// The landmark with the largest normalized error, and that error.
    pub farthest: (usize, f64),
}

/// The errors of all such samples, largest first.
pub struct SampleErrors(Vec<SampleError>);

impl SampleErrors {
    pub fn of(measured: &Measured<'_>) -> Self {
        let protocol = measured.args.protocol();
        // A detector's boxes have no ground truth of their own.
        let samples = measured.report.errors().samples().filter(|_| measured.args.boxes.is_none());
        let of = |(index, errors): (usize, &[_])| {
            let scored: Vec<(usize, f64)> = (errors.iter())
                .filter_map(|error: &dafe::metric::LandmarkDistance| {
                    Some((error.landmark, protocol.value(error)?))
                })
                .collect();
            let farthest = scored.iter().copied().max_by(|a, b| a.1.total_cmp(&b.1))?;
            let ne = protocol.sample_mean(errors)?;
            Some(SampleError { index, ne, landmarks: scored.len(), farthest })
        };
        let mut errors: Vec<_> = samples.enumerate().filter_map(of).collect();
        errors.sort_by(|a, b| b.ne.total_cmp(&a.ne));
        Self(errors)
    }

    pub fn worst(&self, count: usize) -> Vec<SampleError> {
        self.0.iter().take(count).cloned().collect()
    }

    /// The samples with the smallest errors, excluding the `count` with the largest.
    pub fn best(&self, count: usize) -> Vec<SampleError> {
        let rest = &self.0[count.min(self.0.len())..];
        rest.iter().rev().take(count).cloned().collect()
    }

    pub fn table(&self, measured: &Measured<'_>) -> Option<Table> {
        let (schema, total) = (measured.dataset.schema(), self.0.len());
        let note = match total > MOST {
            true => format!("The largest errors: {MOST} of {} samples.", grouped(total as u64)),
            false => String::new(),
        };
        let columns = [
            "image",
            "category",
            "variation type",
            "#NE",
            "#landmarks",
            "worst landmark",
            "#its NE",
        ];
        let mut table = Table::new("Samples", note, &columns).folded();
        for error in self.0.iter().take(MOST) {
            let sample = measured.dataset.sample(measured.found.predictions[error.index].index);
            let category = sample.category.and_then(|one| schema.categories().get(one));
            let variation = sample.variation_type.map_or("", |variation| variation.name());
            table.push([
                Cell::text(&sample.image),
                Cell::text(category.map_or("", |category| &category.name)),
                Cell::text(variation),
                Cell::number(Some(error.ne)),
                Cell::count(error.landmarks as u64),
                Cell::text(&schema.names()[error.farthest.0]),
                Cell::number(Some(error.farthest.1)),
            ]);
        }
        table.unless_empty()
    }
}
