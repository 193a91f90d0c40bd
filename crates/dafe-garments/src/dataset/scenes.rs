//! Writes generated images of several garments as a dataset in DeepFashion2's format or as COCO
//! keypoints.
use std::path::Path;

use dafe::{
    Error,
    atomic::create_folder,
    data::{
        Split,
        coco::{CocoImage, write_coco},
        deepfashion2::{self, DeepFashion2Image, write_annotation},
    },
    landmark::{LandmarkSample, LandmarkSchema},
};
use image::RgbImage;
use serde::{Deserialize, Serialize};

use super::{
    config::DatasetConfig,
    writer::{DatasetForm, write_dataset},
};
use crate::{
    annotation::scene_garment::SceneGarment,
    generate::scene::{GeneratedScene, describe_scene, generate_scene},
    style::Style,
};

/// The format of a dataset of images with several garments.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SceneForm {
    /// DeepFashion2's format with its landmarks: `train/`, `validation/` and `test/`, each with
    /// `image/` and `annos/`.
    DeepFashion2,
    /// COCO keypoints with FLD's eight landmarks: `annotations/{train,val,test}.json` and
    /// `images/`. The categories are FLD's clothes types.
    Coco,
}

/// The configuration of a dataset of images with several garments.
pub type SceneDatasetConfig = DatasetConfig<SceneForm>;

impl Default for SceneDatasetConfig {
    fn default() -> Self {
        Self {
            seed: 0,
            train: 3000,
            val: 200,
            test: 400,
            form: SceneForm::DeepFashion2,
            style: Style::Usual,
        }
    }
}

/// Writes the dataset with `config` to `root`: images, then annotations.
///
/// Files are written atomically. A finished dataset with the same configuration is left alone, an
/// interrupted one is completed; nothing is deleted. `progress` is called with the number of images
/// done and their total, from any thread.
///
/// # Errors
/// If the configuration asks for no images or more than ten million, another dataset or one with
/// another configuration exists, or a file or folder cannot be written.
pub fn write_scene_dataset(
    root: &Path,
    config: &SceneDatasetConfig,
    progress: &(dyn Fn(usize, usize) + Sync),
) -> Result<(), Error> {
    write_dataset(root, config, progress)
}

impl DatasetForm for SceneForm {
    type Generated = GeneratedScene;
    /// For COCO; each of DeepFashion2's images has its own annotation file.
    type Entry = Option<(Split, CocoImage)>;

    const GENERATOR: (&str, u32) = ("scene_generator", 3);

    fn name(self) -> &'static str {
        match self {
            Self::DeepFashion2 => "deepfashion2",
            Self::Coco => "coco",
        }
    }

    fn image(self, split: Split, index: u64) -> String {
        match self {
            Self::DeepFashion2 => deepfashion2::image_name(split, number(index)),
            Self::Coco => format!("images/{}", coco_name(split, index)),
        }
    }

    fn annotations(self, split: Split, index: u64) -> Vec<String> {
        match self {
            Self::DeepFashion2 => vec![deepfashion2::annotation_name(split, number(index))],
            // One file per split, listed with its first image.
            Self::Coco if index == 0 => vec![coco_annotations(split)],
            Self::Coco => Vec::new(),
        }
    }

    fn generate(style: Style, seed: u64, split: Split, index: u64) -> GeneratedScene {
        generate_scene(style, seed, split, index)
    }

    fn describe(style: Style, seed: u64, split: Split, index: u64) -> GeneratedScene {
        describe_scene(style, seed, split, index)
    }

    fn jpeg(generated: &GeneratedScene) -> (&RgbImage, u8) {
        (&generated.image, generated.jpeg_quality)
    }

    fn note(
        self,
        root: &Path,
        split: Split,
        index: u64,
        scene: GeneratedScene,
    ) -> Result<Self::Entry, Error> {
        match self {
            Self::DeepFashion2 => {
                let items = scene.garments.into_iter().map(|garment| garment.item).collect();
                let image = DeepFashion2Image { items, ..Default::default() };
                write_annotation(root, split, number(index), &image)?;
                Ok(None)
            }
            Self::Coco => Ok(Some((split, coco_image(split, index, scene)))),
        }
    }

    fn annotate(self, root: &Path, entries: Vec<Self::Entry>) -> Result<(), Error> {
        let mut splits = [const { Vec::new() }; 3];
        for (split, image) in entries.into_iter().flatten() {
            splits[split as usize].push(image);
        }
        for (split, images) in Split::ALL.iter().copied().zip(splits) {
            if !images.is_empty() {
                create_folder(root.join(COCO_ANNOTATIONS))?;
                let path = root.join(coco_annotations(split));
                write_coco(&path, &LandmarkSchema::fld(), &images)?;
            }
        }
        Ok(())
    }
}

/// DeepFashion2 counts a split's images from 1.
fn number(index: u64) -> u32 {
    index as u32 + 1
}

/// The folder of COCO's annotation files.
const COCO_ANNOTATIONS: &str = "annotations";

fn coco_annotations(split: Split) -> String {
    format!("{COCO_ANNOTATIONS}/{}.json", split.name())
}

fn coco_name(split: Split, index: u64) -> String {
    format!("{}_{:06}.jpg", split.name(), index + 1)
}

fn coco_image(split: Split, index: u64, scene: GeneratedScene) -> CocoImage {
    let (file_name, variation_type) = (coco_name(split, index), Some(scene.variation_type));
    let sample = |garment: SceneGarment| LandmarkSample {
        category: Some(garment.clothes_type as usize),
        variation_type,
        ..LandmarkSample::new(&file_name, garment.item.bounding_box, garment.fld_landmarks)
    };
    let samples = scene.garments.into_iter().map(sample).collect();
    CocoImage { id: index + 1, file_name, size: Some(scene.size), samples }
}
