//! Images of one garment, with FLD's annotations.
use dafe::{
    data::Split,
    geometry::BoundingBox,
    landmark::{ClothesType, Landmark, LandmarkSample, VariationType},
};
use image::RgbImage;

use crate::{
    scene::single::{self, Single},
    style::Style,
};

/// A generated image of a garment, with its annotations.
#[derive(Debug, Clone, PartialEq)]
pub struct GeneratedGarment {
    /// The image.
    pub image: RgbImage,
    /// The garment's box, about as loose as FLD's.
    pub bounding_box: BoundingBox,
    /// FLD's eight landmarks; those that the clothes type lacks are absent.
    pub landmarks: Vec<Landmark>,
    /// The clothes type.
    pub clothes_type: ClothesType,
    /// The variation type.
    pub variation_type: VariationType,
    /// The JPEG quality to save the image with.
    pub jpeg_quality: u8,
}

impl GeneratedGarment {
    /// The annotations as a dataset's sample in the image of that name.
    pub fn sample(&self, image: impl Into<String>) -> LandmarkSample {
        LandmarkSample {
            category: Some(self.clothes_type as usize),
            variation_type: Some(self.variation_type),
            ..LandmarkSample::new(image, self.bounding_box, self.landmarks.clone())
        }
    }

    /// Combines the annotations of `single` with its image.
    pub(crate) fn new(single: Single, image: RgbImage) -> Self {
        Self {
            image,
            bounding_box: single.bounding_box,
            landmarks: single.landmarks,
            clothes_type: single.clothes_type,
            variation_type: single.variation_type,
            jpeg_quality: single.shot.finish.jpeg_quality,
        }
    }
}

/// Generates image `index` of `split`, of one garment. The result depends only on the arguments.
pub fn generate_garment(style: Style, seed: u64, split: Split, index: u64) -> GeneratedGarment {
    let single = single::compose(style, seed, split, index);
    let image = single.shot.develop();
    GeneratedGarment::new(single, image)
}

/// [`generate_garment`] without rendering: the image is empty.
pub(crate) fn describe_garment(
    style: Style,
    seed: u64,
    split: Split,
    index: u64,
) -> GeneratedGarment {
    GeneratedGarment::new(single::compose(style, seed, split, index), RgbImage::default())
}
