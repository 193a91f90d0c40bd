//! Images of several garments, with DeepFashion2's and FLD's annotations.
use dafe::{data::Split, landmark::VariationType};
use image::RgbImage;

use crate::{
    annotation::scene_garment::SceneGarment,
    scene::several::{self, Several},
    style::Style,
};

/// A generated image of one to four garments, worn together or side by side, with their
/// annotations.
#[derive(Debug, Clone, PartialEq)]
pub struct GeneratedScene {
    /// The image.
    pub image: RgbImage,
    /// The image's width and height in pixels, even if the image is empty.
    pub size: [u32; 2],
    /// The labeled garments: those with at least one visible landmark.
    pub garments: Vec<SceneGarment>,
    /// FLD's variation type, the same for all of them.
    pub variation_type: VariationType,
    /// The JPEG quality to save the image with.
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

/// Generates image `index` of `split`, of several garments. The result depends only on the
/// arguments, and is unrelated to [`generate_garment`](crate::generate_garment)'s image of that
/// index.
///
/// All 13 categories occur. Outwear hangs open, and nobody is seen from behind. The exact positions
/// of DeepFashion2's landmarks were reconstructed from the dataset's published figure, the mirror
/// tables of [`LandmarkSchema::deepfashion2`](dafe::landmark::LandmarkSchema::deepfashion2) and the
/// skeleton that MMPose lists, not from the dataset's images.
pub fn generate_scene(style: Style, seed: u64, split: Split, index: u64) -> GeneratedScene {
    let several = several::compose(style, seed, split, index);
    let image = several.shot.develop();
    GeneratedScene::new(several, image)
}

/// [`generate_scene`] without rendering, for its annotations: the image is empty.
pub fn describe_scene(style: Style, seed: u64, split: Split, index: u64) -> GeneratedScene {
    GeneratedScene::new(several::compose(style, seed, split, index), RgbImage::default())
}
