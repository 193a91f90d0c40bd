//! Reads the files of a dataset's splits, in any format.
use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use dafe::{
    Error, ErrorKind,
    data::{
        ClothingDataset, CocoDataset, DatasetFormat, DeepFashion2Dataset, DeepLabCutDataset,
        ReadEvent, ReadOptions, YoloDataset,
        coco::{CocoLayout, CocoOptions, CocoPlace, VisibilityCode},
        deepfashion2::annotation_name,
        image::Orientation,
    },
    prelude::*,
};

use super::DatasetArgs;

/// A handler of readers' events.
pub type OnEvent<'a> = &'a mut dyn FnMut(ReadEvent) -> Result<(), Error>;

/// The splits for which there are files.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Available {
    pub splits: [bool; 3],
    /// Whether one file, or one set of files, covers all splits.
    pub whole: bool,
}

/// Settings shared by all of a dataset's files: splits that don't determine them use those of
/// others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Settled {
    pub orientation: Orientation,
    pub visibility: VisibilityCode,
}

/// Where COCO files with other than the usual names are searched for.
const NAMED_PLACES: [&str; 4] = [
    "annotations/{split}.json",
    "annotations/person_keypoints_{split}.json",
    "{split}/_annotations.coco.json",
    "{split}.json",
];

impl DatasetArgs {
    /// Finds the splits that exist.
    ///
    /// # Errors
    /// If nothing is found, or the files are ambiguous.
    pub fn available(&self, root: &Path, format: DatasetFormat) -> Result<Available, Error> {
        let of = |has: &dyn Fn(Split) -> bool| Available {
            splits: [Split::Train, Split::Val, Split::Test].map(has),
            whole: false,
        };
        let found = match format {
            DatasetFormat::DeepFashion2 => {
                of(&|split| self.deepfashion2_annotations(root, split).is_dir())
            }
            DatasetFormat::Coco => {
                let mut places = [const { None }; 3];
                for (place, &split) in places.iter_mut().zip(Split::ALL) {
                    *place = self.coco_place(root, Some(split))?;
                }
                let whole = self.coco_place(root, None)?.is_some();
                Available { splits: places.map(|place| place.is_some()), whole }
            }
            DatasetFormat::Yolo => {
                let splits = YoloDataset::splits(root)?;
                of(&|split| splits.contains(&split))
            }
            DatasetFormat::DeepLabCut => Available { whole: true, ..Available::default() },
            // FLD's files cover all splits; which exist is known after reading them. The labels of
            // `clothing` have all three.
            _ => Available { splits: [true; 3], whole: false },
        };
        match found == Available::default() {
            true => Err(Error::new(ErrorKind::Dataset, self.nothing(format)).with_path(root)),
            false => Ok(found),
        }
    }

    /// A message that there are no annotations, with the paths that were tried.
    fn nothing(&self, format: DatasetFormat) -> String {
        let tried = match (format, &self.annotations) {
            (DatasetFormat::Coco, Some(annotations)) => annotations.clone(),
            (DatasetFormat::Coco, None) => NAMED_PLACES.join(", "),
            (DatasetFormat::DeepFashion2, _) => "train/annos, validation/annos, test/annos".into(),
            (DatasetFormat::Yolo, _) => "the splits of data.yaml".into(),
            _ => return "no annotations".into(),
        };
        format!("no annotations; tried {tried}")
    }

    /// Reads a split, or everything if the dataset has no splits.
    ///
    /// # Errors
    /// The handler's errors, and those of files that can't be read.
    pub fn read(
        &self,
        root: &Path,
        format: DatasetFormat,
        split: Option<Split>,
        mut settled: Settled,
        on_event: OnEvent<'_>,
    ) -> Result<(Arc<dyn LandmarkDataset>, Settled), Error> {
        let named = split.unwrap_or(Split::Train);
        let dataset: Arc<dyn LandmarkDataset> = match format {
            DatasetFormat::DeepFashion2 => Arc::new(
                DeepFashion2Dataset::open_with(root, named, on_event)?
                    .with_orientation(self.orientation),
            ),
            DatasetFormat::Coco => {
                let place = self.coco_place(root, split)?.ok_or_else(|| {
                    Error::new(ErrorKind::Dataset, self.nothing(format)).with_path(root)
                })?;
                let mut folders = place.folders.into_iter();
                let folder = folders.next().unwrap_or_else(|| root.into());
                let options = self.coco_options(settled)?.with_other_folders(folders.collect());
                let dataset =
                    CocoDataset::open_with(place.annotations, folder, &options, on_event)?;
                settled.orientation = dataset.orientation();
                // A split with occluded and visible landmarks determines what 1 means in all
                // splits.
                if dataset.visibility_code() == Some(VisibilityCode::Coco) {
                    settled.visibility = VisibilityCode::Coco;
                }
                // A garment without labeled landmarks can't be trained on, but average precision
                // has to know it in order to ignore it.
                match split {
                    Some(Split::Val | Split::Test) => Arc::new(dataset),
                    Some(Split::Train) | None => Arc::new(dataset.labeled_only()),
                }
            }
            DatasetFormat::Yolo => {
                let mut options = ReadOptions::default()
                    .with_schema(self.schema()?)
                    .with_orientation(self.orientation);
                options.box_margin = self.box_margin.unwrap_or(options.box_margin);
                let dataset = YoloDataset::open_with(root, named, &options, on_event)?;
                match named {
                    Split::Train => Arc::new(dataset.labeled_only()),
                    Split::Val | Split::Test => Arc::new(dataset),
                }
            }
            DatasetFormat::DeepLabCut => {
                let mut options = ReadOptions::default()
                    .with_schema(self.schema()?)
                    .with_orientation(self.orientation);
                options.box_margin = self.box_margin.unwrap_or(options.box_margin);
                Arc::new(DeepLabCutDataset::open_with(root, &options, on_event)?)
            }
            DatasetFormat::Clothing => Arc::new(ClothingDataset::open_with(root, named, on_event)?),
            _ => Arc::new(FldDataset::open(root, named)?.with_orientation(self.orientation)),
        };
        Ok((dataset, settled))
    }

    fn coco_options(&self, settled: Settled) -> Result<CocoOptions, Error> {
        let mut options = CocoOptions::default()
            .with_schema(self.schema()?)
            .with_visibility(settled.visibility)
            .with_orientation(settled.orientation)
            .with_allow_unpaired(self.allow_unpaired);
        options.box_margin = self.box_margin.unwrap_or(options.box_margin);
        Ok(options)
    }

    /// The annotations of a COCO split, or those of all splits; `None` if there is no such file.
    fn coco_place(&self, root: &Path, split: Option<Split>) -> Result<Option<CocoPlace>, Error> {
        let templates: Vec<&str> = match (&self.annotations, &self.split_names) {
            (Some(template), _) => vec![template],
            (None, Some(_)) => NAMED_PLACES.to_vec(),
            (None, None) => {
                let layout = CocoLayout::find(root)?;
                let place = match (split, layout) {
                    (None, CocoLayout::Whole(place)) => Some(place),
                    (None, _) => None,
                    (Some(split), layout) => layout.split(split).cloned(),
                };
                return Ok(place.map(|place| self.with_images(root, place)));
            }
        };
        let Some(split) = split else {
            let whole = templates.iter().find(|template| !template.contains("{split}"));
            let file = whole.map(|template| root.join(template)).filter(|file| file.is_file());
            return Ok(file.map(|file| self.with_images(root, CocoPlace::new(root, &file, None))));
        };
        let names: Vec<&str> = match &self.split_names {
            Some(names) => names.of(split).into_iter().collect(),
            None => split.usual_names().to_vec(),
        };
        for template in templates.iter().filter(|template| template.contains("{split}")) {
            for name in &names {
                let file = root.join(template.replace("{split}", name));
                if file.is_file() {
                    let place = CocoPlace::new(root, &file, Some(name));
                    return Ok(Some(self.with_images(root, place)));
                }
            }
        }
        Ok(None)
    }

    /// Sets the folder of images, if one was given.
    fn with_images(&self, root: &Path, place: CocoPlace) -> CocoPlace {
        let Some(images) = &self.images else { return place };
        let base = if root.is_file() { root.parent().unwrap_or(root) } else { root };
        let folder =
            base.join(images.replace("{split}", place.split_name.as_deref().unwrap_or_default()));
        CocoPlace { folders: vec![folder], ..place }
    }

    /// The annotations of a split of DeepFashion2.
    pub fn deepfashion2_annotations(&self, root: &Path, split: Split) -> PathBuf {
        let file = root.join(annotation_name(split, 1));
        file.parent().unwrap_or(root).into()
    }
}
