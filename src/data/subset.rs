//! Part of a dataset.
use std::{
    collections::{HashMap, HashSet},
    fmt,
    sync::Arc,
};

use rand::{SeedableRng, seq::SliceRandom};
use rand_chacha::ChaCha8Rng;

use super::dataset::{LandmarkDataset, images_of};
use crate::{
    Error, ErrorKind,
    landmark::{LandmarkSample, LandmarkSchema},
    random::mix_seed,
};

/// Separates the random choice of images from everything else that uses a run's seed.
const STREAM: u64 = 0x5B5E7;

/// The same for a division.
const DIVISION: u64 = 0xD171DE;

/// Selected samples of a dataset.
///
/// ```
/// use std::sync::Arc;
///
/// use dafe::{data::Subset, prelude::*};
///
/// # use serde_json::json;
/// # let folder = tempfile::tempdir()?;
/// # let path = folder.path().join("kites.json");
/// # let images: Vec<_> =
/// #     (1..=10).map(|id| json!({"id": id, "file_name": format!("{id}.jpg")})).collect();
/// # let kite = |id| {
/// #     json!({"id": id, "image_id": id, "category_id": 1, "bbox": [0, 0, 9, 9],
/// #            "keypoints": [4, 5, 2]})
/// # };
/// # let annotations: Vec<_> = (1..=10).map(kite).collect();
/// # let categories = json!([{"id": 1, "name": "kite", "keypoints": ["top"]}]);
/// # let file = json!({"images": images, "annotations": annotations, "categories": categories});
/// # std::fs::write(&path, file.to_string())?;
/// let kites = Arc::new(CocoDataset::open(&path, "images")?); // Ten images.
/// let [train, val, test] = Subset::divide(kites.clone(), Subset::USUAL_DIVISION, 0)?;
/// assert_eq!([train.len(), val.len(), test.len()], [8, 1, 1]);
/// assert_eq!(Subset::fraction(kites, 0.5, 0)?.len(), 5);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct Subset {
    dataset: Arc<dyn LandmarkDataset>,
    indices: Vec<usize>,
}

impl fmt::Debug for Subset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Subset").field("indices", &self.indices).finish_non_exhaustive()
    }
}

impl Subset {
    /// The usual fractions for training, validation and test of a dataset without splits.
    pub const USUAL_DIVISION: [f64; 3] = [0.8, 0.1, 0.1];

    /// The samples `indices` of `dataset`, in that order.
    ///
    /// # Panics
    /// If an index is not below the dataset's length.
    pub fn new(dataset: Arc<dyn LandmarkDataset>, indices: Vec<usize>) -> Self {
        let len = dataset.len();
        if let Some(index) = indices.iter().find(|&&index| index >= len) {
            panic!("sample {index} of {len}");
        }
        Self { dataset, indices }
    }

    /// A random `fraction` of the images, each with all its samples, in the dataset's order.
    ///
    /// Of `n` images it keeps `fraction · n`, rounded to the nearest (halves up), and at least one.
    /// The choice depends only on the dataset and `seed`; a smaller fraction with the same seed is
    /// a subset of a larger one. The paper trains on half of DeepFashion2 without saying which
    /// half: `fraction(dataset, 0.5, seed)`.
    ///
    /// # Errors
    /// A [configuration error](crate::ErrorKind::Config) unless the fraction is above 0 and at most
    /// 1.
    pub fn fraction(
        dataset: Arc<dyn LandmarkDataset>,
        fraction: f64,
        seed: u64,
    ) -> Result<Self, Error> {
        if !(fraction > 0.0 && fraction <= 1.0) {
            return Err(Error::config(format!("the fraction must be in (0, 1], not {fraction}")));
        }
        let image_of = images(&*dataset);
        let count = image_of.iter().max().map_or(0, |last| last + 1);
        let mut order: Vec<usize> = (0..count).collect();
        order.shuffle(&mut ChaCha8Rng::seed_from_u64(mix_seed(&[seed, STREAM])));
        let wanted = (fraction * count as f64).round().max(1.0) as usize;
        let chosen: HashSet<usize> = order.into_iter().take(wanted).collect();
        let indices = (0..dataset.len()).filter(|&i| chosen.contains(&image_of[i])).collect();
        Ok(Self { dataset, indices })
    }

    /// Divides the dataset into training, validation and test parts that share no images.
    ///
    /// Each part has the given fraction of the images, each image with all its samples, in the
    /// dataset's order. The choice depends only on the dataset and `seed`. Images with the same
    /// name are in the same part. Validation and test have `fraction · n` of `n` images, rounded to
    /// the nearest, and at least one unless their fraction is 0; training has the rest.
    ///
    /// # Errors
    /// A [configuration error](crate::ErrorKind::Config) unless no fraction is negative, the first
    /// is above 0, and they add up to 1; a [dataset error](crate::ErrorKind::Dataset) if there are
    /// too few images.
    pub fn divide(
        dataset: Arc<dyn LandmarkDataset>,
        fractions: [f64; 3],
        seed: u64,
    ) -> Result<[Self; 3], Error> {
        let sum: f64 = fractions.iter().sum();
        let valid = fractions.iter().all(|fraction| *fraction >= 0.0) && fractions[0] > 0.0;
        if !valid || (sum - 1.0).abs() > 1e-6 {
            let [train, val, test] = fractions;
            let message =
                format!("fractions of a division add up to 1, not {train}, {val}, {test}");
            return Err(Error::config(message));
        }
        let mut places = HashMap::new();
        let image_of: Vec<usize> = (0..dataset.len())
            .map(|sample| {
                let next = places.len();
                *places.entry(dataset.sample(sample).image).or_insert(next)
            })
            .collect();
        let count = places.len();
        let size = |fraction: f64| match fraction {
            0.0 => 0,
            fraction => ((fraction * count as f64).round() as usize).max(1),
        };
        let [_, val, test] = fractions.map(size);
        if val + test >= count {
            let message = format!("{count} images are too few to be divided into three parts");
            return Err(Error::new(ErrorKind::Dataset, message));
        }
        let mut order: Vec<usize> = (0..count).collect();
        order.shuffle(&mut ChaCha8Rng::seed_from_u64(mix_seed(&[seed, DIVISION])));
        let mut part_of = vec![0; count];
        order[..test].iter().for_each(|&image| part_of[image] = 2);
        order[test..test + val].iter().for_each(|&image| part_of[image] = 1);
        Ok([0, 1, 2].map(|part| {
            let of_part = |&sample: &usize| part_of[image_of[sample]] == part;
            let indices = (0..dataset.len()).filter(of_part).collect();
            Self { dataset: dataset.clone(), indices }
        }))
    }

    /// The indices of the samples in the whole dataset.
    pub fn indices(&self) -> &[usize] {
        &self.indices
    }

    /// The whole dataset.
    pub fn dataset(&self) -> &Arc<dyn LandmarkDataset> {
        &self.dataset
    }
}

impl LandmarkDataset for Subset {
    fn schema(&self) -> &LandmarkSchema {
        self.dataset.schema()
    }

    fn len(&self) -> usize {
        self.indices.len()
    }

    fn sample(&self, index: usize) -> LandmarkSample {
        self.dataset.sample(self.indices[index])
    }

    fn image_id(&self, index: usize) -> Option<u64> {
        self.dataset.image_id(self.indices[index])
    }

    images_of!(dataset);
}

/// The image of each sample, numbered from 0 in order of first appearance.
fn images(dataset: &dyn LandmarkDataset) -> Vec<usize> {
    let (mut numbers, mut names) = (HashMap::new(), HashMap::new());
    let mut next = 0;
    let mut fresh = || {
        next += 1;
        next - 1
    };
    (0..dataset.len())
        .map(|sample| match dataset.image_id(sample) {
            Some(number) => *numbers.entry(number).or_insert_with(&mut fresh),
            None => *names.entry(dataset.sample(sample).image).or_insert_with(&mut fresh),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use image::RgbImage;

    use super::*;
    use crate::{geometry::BoundingBox, landmark::Landmark};

    /// Samples of images by name or number; the category identifies the sample.
    struct Fake {
        schema: LandmarkSchema,
        images: Vec<u64>,
        numbered: bool,
    }

    impl LandmarkDataset for Fake {
        fn schema(&self) -> &LandmarkSchema {
            &self.schema
        }

        fn len(&self) -> usize {
            self.images.len()
        }

        fn sample(&self, index: usize) -> LandmarkSample {
            let image = format!("{}.jpg", self.images[index]);
            let landmarks = vec![Landmark::ABSENT];
            LandmarkSample {
                category: Some(index),
                ..LandmarkSample::new(image, BoundingBox::whole(1, 1), landmarks)
            }
        }

        fn image_id(&self, index: usize) -> Option<u64> {
            self.numbered.then(|| self.images[index])
        }

        fn read_image(&self, _: &str) -> Result<RgbImage, Error> {
            unreachable!("no image is looked at")
        }
    }

    fn fake(images: impl IntoIterator<Item = u64>, numbered: bool) -> Arc<dyn LandmarkDataset> {
        let schema = LandmarkSchema::new(vec!["tip".into()], vec![0], vec![]).unwrap();
        Arc::new(Fake { schema, images: images.into_iter().collect(), numbered })
    }

    #[test]
    fn images_are_drawn_whole_and_in_order() {
        for numbered in [false, true] {
            // 101 images with one to three samples each, not next to each other.
            let whole =
                fake((0..303).map(|i| i * 7 % 101 % (if i < 101 { 200 } else { 70 })), numbered);
            let half = Subset::fraction(whole.clone(), 0.5, 3).unwrap();
            let name = |i: usize| whole.sample(i).image;
            let chosen: HashSet<_> = half.indices().iter().map(|&i| name(i)).collect();
            assert_eq!(chosen.len(), 51, "50.5, rounded up");
            let of_chosen: Vec<_> = (0..303).filter(|&i| chosen.contains(&name(i))).collect();
            assert_eq!(half.indices(), of_chosen);
            assert_eq!(half.sample(9).category, Some(half.indices()[9]));
            assert_eq!(half.image_id(9), whole.image_id(half.indices()[9]));
        }
    }

    #[test]
    fn the_draw_is_seeded_and_smaller_ones_are_parts_of_larger_ones() {
        let whole = fake(0..1000, true);
        let draw =
            |fraction, seed| Subset::fraction(whole.clone(), fraction, seed).unwrap().indices;
        assert_eq!(draw(0.5, 1), draw(0.5, 1));
        assert_ne!(draw(0.5, 1), draw(0.5, 2));
        let (half, third) = (draw(0.5, 1), draw(1.0 / 3.0, 1));
        assert_eq!((half.len(), third.len()), (500, 333));
        assert!(third.iter().all(|i| half.binary_search(i).is_ok()));
        // Neither the first half nor every other image: about half of each half.
        let low = half.iter().filter(|&&i| i < 500).count();
        assert!((200..300).contains(&low), "{low}");
        assert_eq!(draw(1e-9, 1).len(), 1);
        assert_eq!(draw(1.0, 1), (0..1000).collect::<Vec<_>>());
        assert!(Subset::fraction(fake([], true), 0.5, 1).unwrap().is_empty());
    }

    #[test]
    fn a_division_has_every_image_once_and_whole() {
        // Two samples per image, under two numbers, as in merged files.
        let whole = fake((0..200).map(|i| i % 100), false);
        let parts = Subset::divide(whole.clone(), [0.8, 0.1, 0.1], 0).unwrap();
        assert_eq!(parts.each_ref().map(|part| part.indices.len()), [160, 20, 20]);
        let mut all: Vec<usize> = parts.iter().flat_map(|part| part.indices.clone()).collect();
        all.sort_unstable();
        assert_eq!(all, (0..200).collect::<Vec<_>>());
        for part in &parts {
            assert!(part.indices.iter().all(|i| part.indices.contains(&((i + 100) % 200))));
        }
        let again = Subset::divide(whole.clone(), [0.8, 0.1, 0.1], 0).unwrap();
        let other = Subset::divide(whole.clone(), [0.8, 0.1, 0.1], 1).unwrap();
        assert_eq!(parts[2].indices, again[2].indices);
        assert_ne!(parts[2].indices, other[2].indices);
        // With few images, each part has one.
        let few = Subset::divide(fake(0..3, true), [0.9, 0.05, 0.05], 0).unwrap();
        assert_eq!(few.map(|part| part.indices.len()), [1, 1, 1]);
        let two = Subset::divide(whole, [0.75, 0.25, 0.0], 0).unwrap();
        assert_eq!(two.map(|part| part.indices.len()), [150, 50, 0]);
    }

    #[test]
    fn divisions_that_are_none_are_refused() {
        let message = |images: u64, fractions| {
            Subset::divide(fake(0..images, true), fractions, 0).err().unwrap().to_string()
        };
        let sum = "fractions of a division add up to 1, not 0.8, 0.1, 0.2";
        assert_eq!(message(9, [0.8, 0.1, 0.2]), sum);
        assert!(message(9, [1.2, -0.1, -0.1]).contains("add up to 1"));
        assert!(message(9, [f64::NAN, 0.5, 0.5]).contains("add up to 1"));
        let few = "2 images are too few to be divided into three parts";
        assert_eq!(message(2, [0.8, 0.1, 0.1]), few);
    }

    #[test]
    fn fractions_that_are_none_are_refused() {
        for fraction in [0.0, -0.5, 1.5, f64::NAN] {
            let error = Subset::fraction(fake(0..9, true), fraction, 0).err().unwrap();
            let message = format!("the fraction must be in (0, 1], not {fraction}");
            assert_eq!(error.to_string(), message);
        }
    }

    #[test]
    #[should_panic(expected = "sample 9 of 9")]
    fn indices_beyond_the_end_are_a_programmers_mistake() {
        Subset::new(fake(0..9, true), vec![8, 9]);
    }
}
