//! Images of several garments, with DeepFashion2's annotation and FLD's.
use dafe::{data::Split, landmark::VariationType};
use image::RgbImage;

use crate::{
    annotation::scene_garment::SceneGarment,
    scene::several::{self, Several},
    style::Style,
};

/// A generated image of one to four garments, worn together or side by side, with all of their
/// annotations.
#[derive(Debug, Clone, PartialEq)]
pub struct GeneratedScene {
    /// The image.
    pub image: RgbImage,
    /// Its width and height in pixels, even where the image is empty.
    pub size: [u32; 2],
    /// The labelled garments: those that show at least one of their landmarks.
    pub garments: Vec<SceneGarment>,
    /// FLD's variation type, for all of them.
    pub variation_type: VariationType,
    /// The JPEG quality that the image is to be saved with.
    pub jpeg_quality: u8,
}

impl GeneratedScene {
    fn new(several: Several, image: RgbImage) -> Self {
        Self {
            image,
            size: several.shot.size.into(),
            garments: several.garments,
            variation_type: several.variation_type,
            jpeg_quality: several.shot.finish.jpeg_quality,
        }
    }
}

/// Generates image `index` of `split`, of several garments: a pure function of its arguments, and
/// independent of [`generate_garment`](crate::generate_garment)'s image of that index.
///
/// All 13 categories occur. Outwear hangs open, and nobody is seen from behind. Where exactly
/// DeepFashion2's landmarks lie was reconstructed from the dataset's published figure, the mirror
/// tables of [`LandmarkSchema::deepfashion2`](dafe::landmark::LandmarkSchema::deepfashion2) and the
/// skeleton that MMPose lists, not from the dataset's images.
pub fn generate_scene(style: Style, seed: u64, split: Split, index: u64) -> GeneratedScene {
    let several = several::compose(style, seed, split, index);
    let image = several.shot.develop();
    GeneratedScene::new(several, image)
}

/// [`generate_scene`] without the painting, for its annotations: the image is empty.
pub fn describe_scene(style: Style, seed: u64, split: Split, index: u64) -> GeneratedScene {
    GeneratedScene::new(several::compose(style, seed, split, index), RgbImage::default())
}
