//! Opening a split of a dataset by the name of its format.
use std::{path::Path, sync::Arc};

#[cfg(feature = "clothing")]
use super::ClothingDataset;
#[cfg(feature = "deeplabcut")]
use super::DeepLabCutDataset;
#[cfg(feature = "yolo")]
use super::YoloDataset;
use super::{
    CocoDataset, DeepFashion2Dataset, FldDataset, LandmarkDataset, Split, Subset,
    annotation::dataset_error,
    coco::{CocoLayout, CocoOptions},
    event::strictly,
};
#[cfg(not(all(feature = "clothing", feature = "deeplabcut", feature = "yolo")))]
use crate::Error;
use crate::{Result, named::named_enum};

/// Dataset formats, each with its usual folders below a root.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum DatasetFormat {
    /// FLD: `Anno/`, `Eval/` and the images they refer to.
    Fld,
    /// DeepFashion-C: FLD without variation types. The files themselves tell the two apart, so
    /// either name opens both.
    DeepFashionC,
    /// DeepFashion2: `train/` and `validation/`, each with `image/` and `annos/`.
    DeepFashion2,
    /// COCO keypoints of any object, in a layout that [`CocoLayout::find`] recognizes.
    Coco,
    /// YOLO-pose: `data.yaml`, images and label files (feature `yolo`).
    Yolo,
    /// DeepLabCut: `labeled-data/*/CollectedData_*.csv` (feature `deeplabcut`).
    DeepLabCut,
    /// The open benchmark: a clone of the Clothing dataset (small). Its labels are compiled in
    /// (feature `clothing`).
    Clothing,
}

named_enum!(DatasetFormat, "dataset format", {
    Fld => "fld",
    DeepFashionC => "deepfashion-c",
    DeepFashion2 => "deepfashion2",
    Coco => "coco",
    Yolo => "yolo",
    DeepLabCut => "deeplabcut",
    Clothing => "clothing",
});

impl DatasetFormat {
    /// Detects the format of the dataset below `root` from its files and folders.
    ///
    /// # Errors
    /// A [dataset error](crate::ErrorKind::Dataset) if no format matches.
    pub fn find(root: impl AsRef<Path>) -> Result<Self> {
        let root = root.as_ref();
        let has = |parts: &[&str]| parts.iter().any(|part| root.join(part).exists());
        let ending = root.extension().unwrap_or_default().to_ascii_lowercase();
        if root.is_file() {
            return match ending.to_str() {
                Some("json") => Ok(Self::Coco),
                Some("yaml" | "yml") => Ok(Self::Yolo),
                Some("csv") => Ok(Self::DeepLabCut),
                _ => Err(dataset_error(root)("a file of none of the dataset formats")),
            };
        }
        if !root.is_dir() {
            return Err(dataset_error(root)("there is no such folder"));
        }
        let annotations = ["Anno", "Anno_coarse", "Anno_fine"];
        if has(&annotations) {
            return Ok(Self::Fld);
        }
        if has(&["train/annos", "validation/annos"]) {
            return Ok(Self::DeepFashion2);
        }
        if has(&["labeled-data"]) || has_file(root, "csv", |name| name.starts_with("CollectedData"))
        {
            return Ok(Self::DeepLabCut);
        }
        if has_file(root, "yaml", |_| true) || has_file(root, "yml", |_| true) {
            return Ok(Self::Yolo);
        }
        match CocoLayout::find(root) {
            // Photographs without any annotation files.
            Err(_) if is_clothing(root) => Ok(Self::Clothing),
            found => found.map(|_| Self::Coco),
        }
    }

    /// The error for a format whose feature is not compiled in.
    #[cfg(not(all(feature = "clothing", feature = "deeplabcut", feature = "yolo")))]
    fn missing(self) -> Error {
        Error::config(format!("this build can't read {self}: build with the feature `{self}`"))
    }
}

/// Whether a folder has all folders of the Clothing dataset, which no other dataset is likely to
/// have.
fn is_clothing(root: &Path) -> bool {
    let classes = [
        "dress",
        "hat",
        "longsleeve",
        "outwear",
        "pants",
        "shirt",
        "shoes",
        "shorts",
        "skirt",
        "t-shirt",
    ];
    let has_all = |folder: &Path| classes.iter().all(|class| folder.join(class).is_dir());
    ["train", "validation", "test"].iter().all(|folder| has_all(&root.join(folder)))
}

/// Whether a folder contains a file with the extension `ending` whose name satisfies `will_do`.
fn has_file(folder: &Path, ending: &str, will_do: impl Fn(&str) -> bool) -> bool {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    entries.map(|entry| entry.path()).any(|path| {
        path.extension().is_some_and(|found| found.eq_ignore_ascii_case(ending))
            && path.file_name().is_some_and(|name| will_do(&name.to_string_lossy()))
            && path.is_file()
    })
}

/// Opens a split of the dataset below `root`, for training, evaluation or inspection. Images are
/// read on demand.
///
/// Garments without labeled landmarks are left out of COCO's training split, because nothing can be
/// learned from them. Datasets without splits (a single COCO file, DeepLabCut) are divided into
/// eight tenths, one tenth and one tenth of the images with seed 0 ([`Subset::divide`]).
///
/// # Errors
/// The first file that cannot be read or the first annotation that cannot be used, as in the
/// formats' own `open`: [`FldDataset::open`], [`DeepFashion2Dataset::open`], [`CocoDataset::open`].
/// Use their `open_with` to skip invalid annotations.
pub fn open(
    format: DatasetFormat,
    root: impl AsRef<Path>,
    split: Split,
) -> Result<Arc<dyn LandmarkDataset>> {
    let root = root.as_ref();
    Ok(match format {
        DatasetFormat::Fld | DatasetFormat::DeepFashionC => {
            Arc::new(FldDataset::open(root, split)?)
        }
        DatasetFormat::DeepFashion2 => Arc::new(DeepFashion2Dataset::open(root, split)?),
        DatasetFormat::Coco => {
            let layout = CocoLayout::find(root)?;
            let place = match &layout {
                CocoLayout::Whole(place) => place,
                CocoLayout::Splits(_) => layout.split(split).ok_or_else(|| {
                    dataset_error(root)(format!("no annotations of the split '{split}'"))
                })?,
            };
            let options = CocoOptions::default().with_other_folders(place.folders.clone());
            let folder = root.join("images");
            let dataset =
                CocoDataset::open_with(&place.annotations, folder, &options, &mut strictly)?;
            match (layout, split) {
                (CocoLayout::Whole(_), _) => part(Arc::new(dataset.labeled_only()), split)?,
                (_, Split::Train) => Arc::new(dataset.labeled_only()),
                (_, Split::Val | Split::Test) => Arc::new(dataset),
            }
        }
        #[cfg(feature = "yolo")]
        DatasetFormat::Yolo => Arc::new(YoloDataset::open(root, split)?),
        #[cfg(not(feature = "yolo"))]
        DatasetFormat::Yolo => return Err(format.missing()),
        #[cfg(feature = "deeplabcut")]
        DatasetFormat::DeepLabCut => part(Arc::new(DeepLabCutDataset::open(root)?), split)?,
        #[cfg(not(feature = "deeplabcut"))]
        DatasetFormat::DeepLabCut => return Err(format.missing()),
        #[cfg(feature = "clothing")]
        DatasetFormat::Clothing => Arc::new(ClothingDataset::open(root, split)?),
        #[cfg(not(feature = "clothing"))]
        DatasetFormat::Clothing => return Err(format.missing()),
    })
}

/// The part of a dataset without splits that serves as `split`.
fn part(dataset: Arc<dyn LandmarkDataset>, split: Split) -> Result<Arc<dyn LandmarkDataset>> {
    let [train, val, test] = Subset::divide(dataset, Subset::USUAL_DIVISION, 0)?;
    Ok(Arc::new(match split {
        Split::Train => train,
        Split::Val => val,
        Split::Test => test,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ErrorKind;

    #[test]
    fn each_format_is_looked_for_where_it_usually_is() {
        let folder = tempfile::tempdir().unwrap();
        for (format, missing) in [
            (DatasetFormat::Fld, "list_landmarks.txt"),
            (DatasetFormat::DeepFashionC, "list_landmarks.txt"),
            (DatasetFormat::DeepFashion2, "train/annos"),
            (DatasetFormat::Coco, "no annotation file"),
        ] {
            let error = open(format, folder.path(), Split::Train).err().unwrap();
            assert!(error.to_string().contains(missing), "{format}: {error}");
            assert!(matches!(error.kind(), ErrorKind::Dataset | ErrorKind::Io), "{error:?}");
        }
    }
}
