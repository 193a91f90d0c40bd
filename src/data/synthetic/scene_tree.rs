//! Writes drawn pictures of several garments as a dataset in DeepFashion2's form or as COCO keypoints.
use std::{
    fs,
    path::Path,
    sync::atomic::{AtomicUsize, Ordering},
};

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::{
    DrawnScene, SceneGarment, describe_scene, draw_scene,
    tree_folder::{TreeFolder, check_count},
};
use crate::{
    data::{
        Split,
        coco::{CocoPicture, write_coco},
        deepfashion2::{
            self, DeepFashion2Attributes, DeepFashion2Item, DeepFashion2Picture, write_annotation,
        },
        picture::write_jpeg,
    },
    error::Error,
    landmark::{LandmarkSample, LandmarkSchema},
};

/// Raised whenever the same config draws other pictures, so that older trees are not taken for new ones.
const GENERATOR: u32 = 1;

/// The form of a tree of pictures with several garments.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SceneForm {
    /// DeepFashion2's, with its landmarks: `train/`, `validation/` and `test/`, each with `image/` and `annos/`.
    DeepFashion2,
    /// COCO keypoints, with FLD's eight landmarks: `annotations/{train,val,test}.json` and `images/`. The categories are
    /// FLD's clothes types.
    Coco,
}

/// What a tree of pictures with several garments holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SceneTreeConfig {
    /// Every picture follows from this, its split and its number.
    pub seed: u64,
    /// Pictures to train on.
    pub train: usize,
    /// Pictures to validate on.
    pub val: usize,
    /// Pictures to test on.
    pub test: usize,
    /// The form of the annotations.
    pub form: SceneForm,
}

impl Default for SceneTreeConfig {
    fn default() -> Self {
        Self { seed: 0, train: 3000, val: 200, test: 400, form: SceneForm::DeepFashion2 }
    }
}

impl SceneTreeConfig {
    /// Its JSON, one line: two configs are equal exactly when their texts are.
    fn to_json(&self) -> String {
        let Self { seed, train, val, test, form } = self;
        let form = match form {
            SceneForm::DeepFashion2 => "deepfashion2",
            SceneForm::Coco => "coco",
        };
        format!(
            "{{\"scene_generator\": {GENERATOR}, \"seed\": {seed}, \"train\": {train}, \"val\": {val}, \
             \"test\": {test}, \"form\": \"{form}\"}}\n"
        )
    }

    /// Every picture: split and number, counted from 0.
    fn pictures(&self) -> Vec<(Split, u64)> {
        [(Split::Train, self.train), (Split::Val, self.val), (Split::Test, self.test)]
            .into_iter()
            .flat_map(|(split, count)| (0..count as u64).map(move |index| (split, index)))
            .collect()
    }
}

/// Writes the tree that `config` describes under `root`: pictures, then annotations.
///
/// Every file appears under its name only when complete. A finished tree of the same config is left alone, an interrupted
/// one completed; nothing is deleted. `progress` hears how many of all pictures are there, from any thread.
///
/// # Errors
/// The config asks for no pictures, or more than ten million; a tree of another config, or another data set, is there already, or a file or folder
/// cannot be written.
pub fn write_scene_tree(
    root: &Path,
    config: &SceneTreeConfig,
    progress: &(dyn Fn(usize, usize) + Sync),
) -> Result<(), Error> {
    check_count([config.train, config.val, config.test])?;
    let (form, pictures) = (config.form, config.pictures());
    let annotations = Split::ALL.map(annotation_file);
    let names = pictures.iter().map(|&(split, index)| picture_name(form, split, index));
    let files = annotations.into_iter().chain(names);
    let Some(folder) = TreeFolder::begin(root, &config.to_json(), files)? else {
        progress(pictures.len(), pictures.len());
        return Ok(());
    };
    for &(split, index) in &pictures {
        // A picture's folder, made once for all: the first of each split is enough.
        if index == 0 {
            let path = root.join(picture_name(form, split, index));
            let parent = path.parent().unwrap_or(root);
            fs::create_dir_all(parent).map_err(Error::io("create", parent))?;
        }
    }
    let done = AtomicUsize::new(0);
    let coco = pictures
        .par_iter()
        .map(|&(split, index)| {
            let path = root.join(picture_name(form, split, index));
            let scene = if path.is_file() {
                describe_scene(config.seed, split, index)
            } else {
                let scene = draw_scene(config.seed, split, index);
                write_jpeg(&path, &scene.image, scene.jpeg_quality)?;
                scene
            };
            let entry = match form {
                SceneForm::DeepFashion2 => {
                    let items = scene.garments.into_iter().map(item).collect();
                    let picture = DeepFashion2Picture { items, ..Default::default() };
                    write_annotation(root, split, index as u32 + 1, &picture)?;
                    None
                }
                SceneForm::Coco => Some((split, coco_picture(split, index, scene))),
            };
            progress(done.fetch_add(1, Ordering::Relaxed) + 1, pictures.len());
            Ok(entry)
        })
        .collect::<Result<Vec<_>, Error>>()?;
    if form == SceneForm::Coco {
        let mut splits = Split::ALL.map(|_| Vec::new());
        for (split, picture) in coco.into_iter().flatten() {
            splits[split as usize].push(picture);
        }
        let parent = root.join(ANNOTATIONS);
        fs::create_dir_all(&parent).map_err(Error::io("create", &parent))?;
        for (split, pictures) in Split::ALL.into_iter().zip(splits) {
            if !pictures.is_empty() {
                write_coco(&root.join(annotation_file(split)), &LandmarkSchema::fld(), &pictures)?;
            }
        }
    }
    folder.finish()
}

/// The folder of COCO's files.
const ANNOTATIONS: &str = "annotations";

fn annotation_file(split: Split) -> String {
    format!("{ANNOTATIONS}/{}.json", split.name())
}

fn picture_name(form: SceneForm, split: Split, index: u64) -> String {
    match form {
        SceneForm::DeepFashion2 => deepfashion2::picture_name(split, index as u32 + 1),
        SceneForm::Coco => format!("images/{}", coco_name(split, index)),
    }
}

fn coco_name(split: Split, index: u64) -> String {
    format!("{}_{:06}.jpg", split.name(), index + 1)
}

fn item(garment: SceneGarment) -> DeepFashion2Item {
    let from = garment.attributes;
    DeepFashion2Item {
        category: garment.category,
        bounding_box: garment.bounding_box,
        landmarks: garment.landmarks,
        attributes: DeepFashion2Attributes {
            style: Some(from.style),
            scale: Some(from.scale),
            occlusion: Some(from.occlusion),
            zoom_in: Some(from.zoom_in),
            viewpoint: Some(from.viewpoint),
        },
    }
}

fn coco_picture(split: Split, index: u64, scene: DrawnScene) -> CocoPicture {
    let variation_type = Some(scene.variation_type);
    let sample = |garment: SceneGarment| LandmarkSample {
        image: coco_name(split, index),
        bounding_box: garment.bounding_box,
        landmarks: garment.fld_landmarks,
        category: Some(garment.clothes_type as usize),
        variation_type,
        score: None,
    };
    CocoPicture {
        id: index + 1,
        file_name: coco_name(split, index),
        size: None,
        samples: scene.garments.into_iter().map(sample).collect(),
    }
}
