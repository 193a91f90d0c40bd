//! Generated garments as a dataset.
use std::path::Path;

use dafe::data::{DatasetFormat, FldForm};
use dafe_garments::{
    GarmentDatasetConfig, SceneDatasetConfig, SceneForm, Style, write_garment_dataset,
    write_scene_dataset,
};

use crate::support::{Outcome, Progress};

/// Generates a tree of garments in a format, once, with so many images for training, validation and
/// test, or as many as are usual. Returns how many there are in all.
///
/// # Errors
/// If a file cannot be written, the folder holds another tree, or garments are not generated in the
/// format.
pub fn generate(
    format: DatasetFormat,
    root: &Path,
    style: Style,
    seed: u64,
    sizes: [Option<usize>; 3],
) -> Outcome<usize> {
    if format == DatasetFormat::Clothing {
        let message = "clothing is of photographs, and none are generated: --data FOLDER, a clone \
                       of https://github.com/alexeygrigorev/clothing-dataset-small";
        return Err(message.into());
    }
    let is_of_garments = matches!(format, DatasetFormat::Fld | DatasetFormat::DeepFashionC);
    if !is_of_garments && !matches!(format, DatasetFormat::DeepFashion2 | DatasetFormat::Coco) {
        let message = format!(
            "garments are not generated as {format}: generate them as coco, and `dafe convert --to \
             {format}`"
        );
        return Err(message.into());
    }
    let progress = Progress::new("generating garments", 1);
    let update = |done, total| progress.update(done, total, "");
    let total = if is_of_garments {
        let mut config = GarmentDatasetConfig { seed, style, ..Default::default() };
        if format == DatasetFormat::DeepFashionC {
            config.form = FldForm::DeepFashionC;
        }
        let own = [&mut config.train, &mut config.val, &mut config.test];
        let total = replace(own, sizes);
        write_garment_dataset(root, &config, &update)?;
        total
    } else {
        let mut config = SceneDatasetConfig { seed, style, ..Default::default() };
        if format == DatasetFormat::Coco {
            config.form = SceneForm::Coco;
        }
        let own = [&mut config.train, &mut config.val, &mut config.test];
        let total = replace(own, sizes);
        write_scene_dataset(root, &config, &update)?;
        total
    };
    progress.done();
    Ok(total)
}

/// Puts the sizes that are given in the place of the usual ones, and adds them up.
fn replace(usual: [&mut usize; 3], given: [Option<usize>; 3]) -> usize {
    let each = usual.into_iter().zip(given).map(|(usual, given)| {
        *usual = given.unwrap_or(*usual);
        *usual
    });
    each.fold(0, usize::saturating_add)
}
