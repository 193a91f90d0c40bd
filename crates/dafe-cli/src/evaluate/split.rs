//! The evaluated split.
use std::{path::Path, sync::Arc};

use dafe::{
    data::{ClothingDataset, DatasetFormat, DeepFashion2Dataset},
    landmark::{ClothesType, DeepFashion2Category},
    prelude::*,
};

use super::args::Args;
use crate::support::{
    Outcome,
    datasets::{OpenSplit, Opener},
    output::tell,
};

/// The split for the model: whole, or only the garments of the one category whose landmarks it
/// predicts.
pub fn dataset_for(args: &Args, detector: &LandmarkDetector, root: &Path) -> Outcome<OpenSplit> {
    let known = &detector.config().schema;
    let mut opener = Opener::new(&args.dataset, root, false)?;
    let opened = opener.open(args.split);
    opener.tell();
    let OpenSplit { split, dataset } = opened?;
    let (kinds, all) = (known.categories(), dataset.schema().categories());
    // A schema without categories applies to all of them; files of one category may name it as they
    // like.
    let same = kinds.is_empty() || kinds == all || (kinds.len() == 1 && all.len() == 1);
    if known.names() == dataset.schema().names() && same {
        return Ok(OpenSplit { split, dataset });
    }
    let of = |schema: LandmarkSchema| schema.names() == known.names();
    let fld = ClothesType::ALL.iter().copied().find(|&kind| of(LandmarkSchema::fld_of(kind)));
    let deepfashion2 = DeepFashion2Category::ALL
        .iter()
        .copied()
        .find(|&one| of(LandmarkSchema::deepfashion2(one)));
    let (name, dataset): (_, Arc<dyn LandmarkDataset>) = match (opener.format, fld, deepfashion2) {
        (DatasetFormat::Fld | DatasetFormat::DeepFashionC, Some(kind), _) => {
            (kind.name(), Arc::new(FldDataset::open(root, split)?.of_type(kind)?))
        }
        (DatasetFormat::Clothing, Some(kind), _) => {
            (kind.name(), Arc::new(ClothingDataset::open(root, split)?.of_type(kind)?))
        }
        (DatasetFormat::DeepFashion2, _, Some(category)) => {
            let all = DeepFashion2Dataset::open(root, split)?;
            (category.name(), Arc::new(all.of_category(category)?))
        }
        _ => {
            let names = known.names().join(", ");
            return Err(format!("the model's landmarks are not the dataset's: {names}").into());
        }
    };
    tell(format_args!("the model is for {name} clothes; others are not measured"));
    Ok(OpenSplit { split, dataset })
}
