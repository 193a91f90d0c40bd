//! A split of a dataset by the name of its format.
use std::{path::Path, sync::Arc};

use super::{CocoDataset, DeepFashion2Dataset, FldDataset, LandmarkDataset, Split};
use crate::{Result, named::named_enum};

/// The formats of datasets, each with its usual folders below a root.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum DatasetFormat {
    /// FLD: `Anno/`, `Eval/` and the images that they name.
    Fld,
    /// DeepFashion-C: the same without variation types. The files say which of the two it is, so
    /// that either name opens both.
    DeepFashionC,
    /// DeepFashion2: `train/` and `validation/`, each with `image/` and `annos/`.
    DeepFashion2,
    /// COCO keypoints, of any object: `annotations/train.json` (`val`, `test`) and `images/`. Other
    /// places: [`CocoDataset::open`].
    Coco,
}

named_enum!(DatasetFormat, "dataset format", {
    Fld => "fld",
    DeepFashionC => "deepfashion-c",
    DeepFashion2 => "deepfashion2",
    Coco => "coco",
});

/// Opens a split of the dataset below `root`, for training, evaluation or a look at it. Images are
/// read when they are asked for.
///
/// Of COCO's training split, garments without a labelled landmark are left out: nothing can be
/// learned from them.
///
/// # Errors
/// The first file that cannot be read and the first annotation that cannot be used, as the formats'
/// own `open`: [`FldDataset::open`], [`DeepFashion2Dataset::open`], [`CocoDataset::open`]. Their
/// `open_with` can leave bad annotations out.
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
            let annotations = root.join("annotations").join(format!("{split}.json"));
            let dataset = CocoDataset::open(annotations, root.join("images"))?;
            match split {
                Split::Train => Arc::new(dataset.labelled_only()),
                Split::Val | Split::Test => Arc::new(dataset),
            }
        }
    })
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
            (DatasetFormat::Coco, "annotations/train.json"),
        ] {
            let error = open(format, folder.path(), Split::Train).err().unwrap();
            assert!(error.to_string().contains(missing), "{format}: {error}");
            assert!(matches!(error.kind(), ErrorKind::Dataset | ErrorKind::Io), "{error:?}");
        }
    }
}
