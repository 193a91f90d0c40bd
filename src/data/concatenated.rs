//! Several datasets as one.
use std::{fmt, sync::Arc};

use image::RgbImage;

use super::{DatasetImage, LandmarkDataset, image::ImageFile};
use crate::{
    Error, ErrorKind,
    landmark::{LandmarkSample, LandmarkSchema},
};

/// Several datasets with the same landmarks, one after another.
///
/// Use it to train on all of them at once, for example on generated images and photographs. Samples
/// of a part can be repeated, which gives a small dataset more weight beside a large one.
///
/// Image names are prefixed with the part's number, as in `"1:img/a.jpg"`, because two parts may
/// have images of the same name.
///
/// ```
/// use std::sync::Arc;
///
/// use dafe::{data::Concatenated, prelude::*};
///
/// # let folder = tempfile::tempdir()?;
/// # let path = folder.path().join("kites.json");
/// # std::fs::write(&path, r#"{
/// #     "images": [{"id": 1, "file_name": "kite.jpg"}],
/// #     "annotations": [{"id": 1, "image_id": 1, "category_id": 1, "bbox": [0, 0, 9, 9],
/// #                      "keypoints": [4, 5, 2]}],
/// #     "categories": [{"id": 1, "name": "kite", "keypoints": ["top"]}]
/// # }"#)?;
/// let generated = Arc::new(CocoDataset::open(&path, "generated")?);
/// let photographs = Arc::new(CocoDataset::open(&path, "photographs")?);
/// let both = Concatenated::new(vec![(generated, 1), (photographs, 3)])?;
/// let images: Vec<_> = (0..both.len()).map(|index| both.sample(index).image).collect();
/// assert_eq!(images, ["0:kite.jpg", "1:kite.jpg", "1:kite.jpg", "1:kite.jpg"]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct Concatenated {
    parts: Vec<Part>,
    unpaired: Vec<usize>,
}

#[derive(Clone)]
struct Part {
    dataset: Arc<dyn LandmarkDataset>,
    repeats: usize,
}

impl Part {
    fn len(&self) -> usize {
        self.dataset.len() * self.repeats
    }
}

impl fmt::Debug for Concatenated {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let parts = self.parts.iter().map(|part| (part.dataset.len(), part.repeats));
        f.debug_list().entries(parts).finish()
    }
}

impl Concatenated {
    /// Concatenates `parts`, each with the number of times that its samples appear in an epoch.
    ///
    /// # Errors
    /// A [dataset error](crate::ErrorKind::Dataset) if the parts' landmarks differ or there are no
    /// parts.
    pub fn new(parts: Vec<(Arc<dyn LandmarkDataset>, usize)>) -> Result<Self, Error> {
        let refused = |message: String| Err(Error::new(ErrorKind::Dataset, message));
        let Some((first, _)) = parts.first() else {
            return refused("no datasets to concatenate".into());
        };
        let schema = first.schema();
        for (number, (part, _)) in parts.iter().enumerate() {
            if part.schema() != schema {
                return refused(format!(
                    "dataset {number} has other landmarks than dataset 0: {:?}, not {:?}",
                    part.schema().names(),
                    schema.names()
                ));
            }
        }
        let mut unpaired: Vec<_> =
            parts.iter().flat_map(|(part, _)| part.unpaired_landmarks()).copied().collect();
        unpaired.sort_unstable();
        unpaired.dedup();
        let parts = parts.into_iter().map(|(dataset, repeats)| Part { dataset, repeats });
        Ok(Self { parts: parts.collect(), unpaired })
    }

    /// The number of the part that contains sample `index`, the part, and the sample's index in it.
    ///
    /// # Panics
    /// If `index` is not below the length.
    fn find(&self, index: usize) -> (usize, &Part, usize) {
        let mut rest = index;
        for (number, part) in self.parts.iter().enumerate() {
            match rest.checked_sub(part.len()) {
                Some(beyond) => rest = beyond,
                None => return (number, part, rest % part.dataset.len()),
            }
        }
        panic!("sample {index} of {}", self.len())
    }

    /// The part that contains an image, and the image's name in that part.
    fn image_of<'a>(&self, image: &'a str) -> Option<(&Part, &'a str)> {
        let (number, image) = image.split_once(':')?;
        Some((self.parts.get(number.parse::<usize>().ok()?)?, image))
    }
}

/// The name of an image of part `number`.
fn name(number: usize, image: &str) -> String {
    format!("{number}:{image}")
}

impl LandmarkDataset for Concatenated {
    fn schema(&self) -> &LandmarkSchema {
        self.parts[0].dataset.schema()
    }

    fn len(&self) -> usize {
        self.parts.iter().map(Part::len).sum()
    }

    fn sample(&self, index: usize) -> LandmarkSample {
        let (number, part, index) = self.find(index);
        let sample = part.dataset.sample(index);
        LandmarkSample { image: name(number, &sample.image), ..sample }
    }

    fn images(&self) -> Vec<DatasetImage> {
        let parts = self.parts.iter().enumerate();
        let images = parts.flat_map(|(number, part)| {
            let images = part.dataset.images().into_iter();
            images.map(move |image| DatasetImage {
                image: name(number, &image.image),
                image_id: None,
            })
        });
        images.collect()
    }

    fn image_file(&self, image: &str) -> Option<ImageFile> {
        let (part, image) = self.image_of(image)?;
        part.dataset.image_file(image)
    }

    fn unpaired_landmarks(&self) -> &[usize] {
        &self.unpaired
    }

    fn read_image(&self, image: &str) -> Result<RgbImage, Error> {
        match self.image_of(image) {
            Some((part, image)) => part.dataset.read_image(image),
            None => {
                let message = format!("there is no image {image}");
                Err(Error::new(ErrorKind::Dataset, message))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{geometry::BoundingBox, landmark::Landmark};

    /// Images of one color, named `"0"` to `count` − 1.
    struct Plain {
        schema: LandmarkSchema,
        count: usize,
        color: u8,
    }

    impl LandmarkDataset for Plain {
        fn schema(&self) -> &LandmarkSchema {
            &self.schema
        }

        fn len(&self) -> usize {
            self.count
        }

        fn sample(&self, index: usize) -> LandmarkSample {
            let landmarks = vec![Landmark::ABSENT; self.schema.len()];
            LandmarkSample::new(index.to_string(), BoundingBox::whole(1, 1), landmarks)
        }

        fn read_image(&self, _: &str) -> Result<RgbImage, Error> {
            Ok(RgbImage::from_pixel(1, 1, image::Rgb([self.color; 3])))
        }
    }

    fn plain(landmarks: usize, count: usize, color: u8) -> Arc<dyn LandmarkDataset> {
        let names = (0..landmarks).map(|i| format!("tip{i}")).collect();
        let schema = LandmarkSchema::new(names, (0..landmarks).collect(), vec![]).unwrap();
        Arc::new(Plain { schema, count, color })
    }

    #[test]
    fn every_part_has_its_samples_as_often_as_was_asked_for() {
        let parts = vec![(plain(1, 3, 10), 1), (plain(1, 0, 0), 5), (plain(1, 2, 20), 3)];
        let all = Concatenated::new(parts).unwrap();
        assert_eq!(all.len(), 9);
        let names: Vec<_> = (0..9).map(|index| all.sample(index).image).collect();
        assert_eq!(names, ["0:0", "0:1", "0:2", "2:0", "2:1", "2:0", "2:1", "2:0", "2:1"]);
        let colors = (0..9).map(|index| all.image(index).unwrap()[(0, 0)].0[0]);
        assert_eq!(colors.collect::<Vec<_>>(), [10, 10, 10, 20, 20, 20, 20, 20, 20]);
        let images: Vec<_> = all.images().into_iter().map(|image| image.image).collect();
        assert_eq!(images, ["0:0", "0:1", "0:2", "2:0", "2:1"]);
        assert!(all.read_image("7:0").unwrap_err().to_string().contains("no image 7:0"));
    }

    #[test]
    fn other_landmarks_and_no_datasets_are_refused() {
        let error = Concatenated::new(vec![(plain(1, 1, 0), 1), (plain(2, 1, 0), 1)]).unwrap_err();
        let expected =
            "dataset 1 has other landmarks than dataset 0: [\"tip0\", \"tip1\"], not [\"tip0\"]";
        assert_eq!(error.to_string(), expected);
        assert!(Concatenated::new(vec![]).is_err());
    }

    #[test]
    #[should_panic(expected = "sample 3 of 3")]
    fn an_index_beyond_the_end_is_a_programmers_mistake() {
        Concatenated::new(vec![(plain(1, 3, 0), 1)]).unwrap().sample(3);
    }
}
