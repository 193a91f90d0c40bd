//! A baseline that doesn't look at the image; every network should beat it.
use std::{borrow::Borrow, collections::BTreeMap};

use serde::{Deserialize, Serialize};

use crate::landmark::{LandmarkSample, Visibility};

/// Predicts each landmark at its mean position relative to the box, over the training samples of
/// the same category.
///
/// ```
/// use dafe::{
///     landmark::{Landmark, LandmarkSample, Visibility},
///     metric::MeanBaseline,
///     prelude::*,
/// };
///
/// let in_box = |[x1, y1, x2, y2]: [f32; 4], x, y| {
///     let bounds = BoundingBox::new(x1, y1, x2, y2).unwrap();
///     LandmarkSample::new("kite.jpg", bounds, vec![Landmark::new(x, y, Visibility::Visible)])
/// };
/// // A quarter of the way across and half of the way down, in a box twice as large too.
/// let baseline = MeanBaseline::fit([in_box([0.0, 0.0, 40.0, 40.0], 10.0, 20.0)]);
/// assert_eq!(baseline.predict(&in_box([0.0, 0.0, 80.0, 80.0], 0.0, 0.0)), [[20.0, 40.0]]);
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MeanBaseline {
    /// For each category (`None` where it isn't known), each landmark's mean position; `(0, 0)` is
    /// the box's top left, `(1, 1)` its bottom right.
    means: Vec<(Option<usize>, Vec<[f64; 2]>)>,
}

impl MeanBaseline {
    /// Fits the means to the visible landmarks of `samples`; a landmark without any gets the box's
    /// center.
    pub fn fit(samples: impl IntoIterator<Item = impl Borrow<LandmarkSample>>) -> Self {
        let mut sums: BTreeMap<_, Vec<[f64; 3]>> = BTreeMap::new();
        for sample in samples {
            let sample = sample.borrow();
            let bounds = &sample.bounding_box;
            let sums = sums
                .entry(sample.category)
                .or_insert_with(|| vec![[0.0; 3]; sample.landmarks.len()]);
            for (sum, landmark) in sums.iter_mut().zip(&sample.landmarks) {
                if landmark.visibility == Visibility::Visible {
                    sum[0] += f64::from((landmark.x - bounds.x1) / bounds.width());
                    sum[1] += f64::from((landmark.y - bounds.y1) / bounds.height());
                    sum[2] += 1.0;
                }
            }
        }
        let mean = |[x, y, count]: [f64; 3]| match count {
            0.0 => [0.5, 0.5],
            _ => [x / count, y / count],
        };
        let means = sums
            .into_iter()
            .map(|(category, sums)| (category, sums.into_iter().map(mean).collect()))
            .collect();
        Self { means }
    }

    /// Predicts `[x, y]` of each landmark in the image's pixels, from the sample's box and category
    /// alone. The box's center if the category did not occur in training.
    pub fn predict(&self, sample: &LandmarkSample) -> Vec<[f32; 2]> {
        let bounds = &sample.bounding_box;
        let position = |mean: &[f64; 2]| {
            [
                bounds.x1 + mean[0] as f32 * bounds.width(),
                bounds.y1 + mean[1] as f32 * bounds.height(),
            ]
        };
        match self.means.iter().find(|(category, _)| *category == sample.category) {
            Some((_, means)) => means.iter().map(position).collect(),
            None => vec![position(&[0.5, 0.5]); sample.landmarks.len()],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        geometry::BoundingBox,
        landmark::{ClothesType, Landmark},
    };

    fn sample(bounds: [f32; 4], landmark: Landmark, kind: ClothesType) -> LandmarkSample {
        let [x1, y1, x2, y2] = bounds;
        let bounding_box = BoundingBox::new(x1, y1, x2, y2).unwrap();
        LandmarkSample {
            category: Some(kind as usize),
            ..LandmarkSample::new("", bounding_box, vec![landmark])
        }
    }

    #[test]
    fn predicts_the_mean_position_in_the_box_for_the_category() {
        let at = |x, y, visibility| Landmark::new(x, y, visibility);
        let train = [
            // A quarter and three quarters of the width, both at half the height; the occluded one
            // does not count.
            sample([0., 0., 100., 100.], at(25., 50., Visibility::Visible), ClothesType::Upper),
            sample([100., 0., 300., 10.], at(250., 5., Visibility::Visible), ClothesType::Upper),
            sample([0., 0., 100., 100.], at(0., 0., Visibility::Occluded), ClothesType::Upper),
            sample([0., 0., 100., 100.], at(10., 10., Visibility::Visible), ClothesType::Lower),
            LandmarkSample {
                category: None,
                ..sample([0., 0., 10., 10.], at(1., 2., Visibility::Visible), ClothesType::Full)
            },
        ];
        let baseline = MeanBaseline::fit(&train);
        let test = sample([10., 20., 20., 40.], Landmark::ABSENT, ClothesType::Upper);
        assert_eq!(baseline.predict(&test), [[15.0, 30.0]]);
        let saved = serde_json::to_string(&baseline).unwrap();
        assert_eq!(serde_json::from_str::<MeanBaseline>(&saved).unwrap(), baseline);
        let unseen = sample([0., 0., 10., 20.], Landmark::ABSENT, ClothesType::Full);
        assert_eq!(baseline.predict(&unseen), [[5.0, 10.0]]);
    }
}
