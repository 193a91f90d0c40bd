//! Generated garments as a dataset.
use std::path::Path;

use dafe::data::{DatasetFormat, FldFormat};
use dafe_garments::{
    GarmentDatasetConfig, SceneDatasetConfig, SceneForm, Style, write_garment_dataset,
    write_scene_dataset,
};

use crate::support::{Outcome, Progress};

/// Generates a dataset of garments in a format, once, with the given or default numbers of
/// training, validation and test images. Returns the total number of images.
///
/// # Errors
/// If a file cannot be written, the folder holds another dataset, or garments can't be generated in
/// the format.
pub fn generate(
    format: DatasetFormat,
    root: &Path,
    style: Style,
    seed: u64,
    sizes: [Option<usize>; 3],
) -> Outcome<usize> {
    if format == DatasetFormat::Clothing {
        let message = "clothing is a dataset of photographs and can't be generated: --data FOLDER, \
                       a clone of https://github.com/alexeygrigorev/clothing-dataset-small";
        return Err(message.into());
    }
    let is_of_garments = matches!(format, DatasetFormat::Fld | DatasetFormat::DeepFashionC);
    if !is_of_garments && !matches!(format, DatasetFormat::DeepFashion2 | DatasetFormat::Coco) {
        let message = format!(
            "garments can't be generated as {format}: generate them as coco, then `dafe convert \
             --to {format}`"
        );
        return Err(message.into());
    }
    let progress = Progress::new("generating garments", 1);
    let update = |done, total| progress.update(done, total, "");
    let total = if is_of_garments {
        let mut config = GarmentDatasetConfig { seed, style, ..Default::default() };
        if format == DatasetFormat::DeepFashionC {
            config.form = FldFormat::DeepFashionC;
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

/// Replaces the default sizes by those given, and returns the sum.
fn replace(usual: [&mut usize; 3], given: [Option<usize>; 3]) -> usize {
    let each = usual.into_iter().zip(given).map(|(usual, given)| {
        *usual = given.unwrap_or(*usual);
        *usual
    });
    each.fold(0, usize::saturating_add)
}
