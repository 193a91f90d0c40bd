//! Results in the format that COCO's and DeepFashion2's evaluators read.
use std::path::Path;

use serde::{Serialize, Serializer, ser::SerializeSeq};

use crate::{
    Error,
    data::{LandmarkDataset, Number, dataset_error, write_json},
    metric::detection_score,
};

/// The landmarks found for one sample: an entry of a results file.
#[derive(Debug, Clone, PartialEq)]
pub struct LandmarkResult {
    /// The image's id.
    pub image_id: u64,
    /// The category's id.
    pub category_id: u64,
    /// x, y and score for each landmark of the schema; all 0 for those that the category lacks.
    pub keypoints: Vec<[f32; 3]>,
    /// The score of the whole detection.
    pub score: f32,
}

impl LandmarkResult {
    /// Creates the result for sample `index` of `dataset`.
    ///
    /// `positions` (in the image's pixels) and `scores` have one entry for each landmark of the
    /// schema. With a schema without categories, the category is 1.
    ///
    /// The result's score is the [`detection_score`] of the category's landmarks and, if the sample
    /// has one, the score of its detected box.
    ///
    /// # Errors
    /// A [configuration error](crate::ErrorKind::Config) if the dataset has no image ids, or the
    /// sample's category is unknown.
    ///
    /// # Panics
    /// If the number of positions or scores differs from that of landmarks, or `index` is not below
    /// the dataset's length.
    pub fn new(
        dataset: &dyn LandmarkDataset,
        index: usize,
        positions: &[[f32; 2]],
        scores: &[f32],
    ) -> Result<Self, Error> {
        let (schema, sample) = (dataset.schema(), dataset.sample(index));
        let n = schema.len();
        assert!(
            positions.len() == n && scores.len() == n,
            "{} positions and {} scores for {n} landmarks",
            positions.len(),
            scores.len()
        );
        let unknown =
            |what: &str| Error::config(format!("results need {what}: image '{}'", sample.image));
        let image_id =
            dataset.image_id(index).ok_or_else(|| unknown("images that have numbers"))?;
        let category_id = match sample.category {
            Some(category) => schema.categories()[category].id,
            None if schema.categories().is_empty() => 1,
            None => return Err(unknown("the category of each sample")),
        };
        let own = schema.landmarks_of(sample.category);
        let mut keypoints = vec![[0.0; 3]; n];
        for &slot in &own {
            let [x, y] = positions[slot];
            keypoints[slot] = [x, y, scores[slot]];
        }
        let score = detection_score(own.iter().map(|&slot| scores[slot]), sample.score) as f32;
        Ok(Self { image_id, category_id, keypoints, score })
    }
}

/// Writes results as `[{image_id, category_id, keypoints, score}, …]`, atomically.
///
/// `keypoints` is `x, y, score` for each landmark of the schema: 294 for DeepFashion2, whose
/// `image_id` is the number in the image's name.
///
/// ```
/// use dafe::predict::{LandmarkResult, write_results};
///
/// # let folder = tempfile::tempdir()?;
/// # let path = folder.path().join("results.json");
/// let keypoints = vec![[40.0, 60.5, 0.75], [0.0; 3]];
/// let result = LandmarkResult { image_id: 17, category_id: 1, keypoints, score: 0.75 };
/// write_results(&path, &[result])?;
/// assert_eq!(
///     std::fs::read_to_string(&path)?.trim(),
///     r#"[{"image_id":17,"category_id":1,"keypoints":[40,60.5,0.75,0,0,0],"score":0.75}]"#
/// );
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// A [dataset error](crate::ErrorKind::Dataset) naming the entry and landmark if a number is not
/// finite, which JSON cannot represent; an [I/O error](crate::ErrorKind::Io) if the file cannot be
/// written.
pub fn write_results(path: impl AsRef<Path>, results: &[LandmarkResult]) -> Result<(), Error> {
    let path = path.as_ref();
    for (i, result) in results.iter().enumerate() {
        let LandmarkResult { image_id, category_id, .. } = result;
        let wrong = |what: String| {
            let entry = format!("result {} (image {image_id}, category {category_id})", i + 1);
            dataset_error(path)(format!("{entry}: {what}"))
        };
        if !result.score.is_finite() {
            return Err(wrong(format!("its score is {}", result.score)));
        }
        let finite = |numbers: &[f32; 3]| numbers.iter().all(|number| number.is_finite());
        if let Some(at) = result.keypoints.iter().position(|numbers| !finite(numbers)) {
            return Err(wrong(format!("landmark {} is {:?}", at + 1, result.keypoints[at])));
        }
    }
    write_json(path, &results)
}

impl Serialize for LandmarkResult {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Entry<'a> {
            image_id: u64,
            category_id: u64,
            keypoints: Flat<'a>,
            score: f32,
        }
        let Self { image_id, category_id, ref keypoints, score } = *self;
        Entry { image_id, category_id, keypoints: Flat(keypoints), score }.serialize(serializer)
    }
}

/// Serialized as one flat list.
struct Flat<'a>(&'a [[f32; 3]]);

impl Serialize for Flat<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut list = serializer.serialize_seq(Some(3 * self.0.len()))?;
        self.0.iter().flatten().try_for_each(|&number| list.serialize_element(&Number(number)))?;
        list.end()
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::data::{
        CocoDataset,
        coco::tests::{OnDisk, file},
    };

    fn coco() -> CocoDataset {
        let on_disk = OnDisk::new(file().to_string());
        CocoDataset::open(on_disk.path(), on_disk.folder()).unwrap()
    }

    #[test]
    fn results_have_the_categorys_own_landmarks_and_zeros() {
        let dataset = coco();
        let positions = [[1.0, 2.0], [3.0, 4.5], [5.0, 6.0], [7.0, 8.0], [9.0, 10.0]];
        let scores = [0.5, 0.25, 0.75, 1.0, 0.0];
        let cat = LandmarkResult::new(&dataset, 0, &positions, &scores).unwrap();
        let door = LandmarkResult::new(&dataset, 1, &positions, &scores).unwrap();
        assert_eq!((cat.score, door.score), (0.5, 0.5));
        let on_disk = OnDisk::new("");
        write_results(on_disk.path(), &[cat, door]).unwrap();
        assert_eq!(
            fs::read_to_string(on_disk.path()).unwrap(),
            "[{\"image_id\":7,\"category_id\":2,\"keypoints\":[1,2,0.5,3,4.5,0.25,5,6,0.75,0,0,0,0,0,0],\"score\":0.5},\
         {\"image_id\":4,\"category_id\":3,\"keypoints\":[0,0,0,0,0,0,0,0,0,7,8,1,9,10,0],\"score\":0.5}]\n"
        );
    }

    #[test]
    fn results_that_json_cannot_hold_are_refused() {
        let mut result = LandmarkResult {
            image_id: 5,
            category_id: 8,
            keypoints: vec![[0.0; 3]; 294],
            score: 1.0,
        };
        let refused = |result: &LandmarkResult, message: &str| {
            let on_disk = OnDisk::new("old");
            let good = LandmarkResult { keypoints: vec![], score: 0.0, ..result.clone() };
            let error = write_results(on_disk.path(), &[good, result.clone()]).unwrap_err();
            let at = "a.json: result 2 (image 5, category 8): ";
            assert_eq!(on_disk.plain(&error), format!("{at}{message}"));
            assert_eq!(fs::read(on_disk.path()).unwrap(), b"old");
        };
        result.score = f32::NAN;
        refused(&result, "its score is NaN");
        result.score = 1.0;
        result.keypoints[293] = [1.0, f32::NEG_INFINITY, 0.5];
        refused(&result, "landmark 294 is [1.0, -inf, 0.5]");
    }

    #[test]
    #[should_panic(expected = "4 positions and 5 scores for 5 landmarks")]
    fn results_of_other_landmarks_are_a_programmers_mistake() {
        let _ = LandmarkResult::new(&coco(), 0, &[[0.0; 2]; 4], &[0.0; 5]);
    }
}
