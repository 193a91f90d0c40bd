//! Writes generated images as datasets on disk: what the datasets of all forms have in common.
use std::{
    path::Path,
    sync::atomic::{AtomicUsize, Ordering},
};

use dafe::{
    Error,
    atomic::create_folder,
    data::{Split, image::write_jpeg},
};
use image::RgbImage;
use rayon::prelude::*;

use super::{
    config::DatasetConfig,
    folder::{DatasetFolder, check_count},
};
use crate::style::Style;

/// A form of datasets: what is generated, and where images and annotations lie, relative to the
/// root.
pub(crate) trait DatasetForm: Copy + Sync {
    /// An image, with all that is known of it.
    type Generated;
    /// What is kept of an image until all are there.
    type Entry: Send;

    /// What generates the images, and a number that is raised whenever the same config gives
    /// others: older datasets are not taken for new ones.
    const GENERATOR: (&str, u32);

    /// Its name in configs.
    fn name(self) -> &'static str;

    /// Where image `index` of `split` lies.
    fn image(self, split: Split, index: u64) -> String;

    /// The files of annotations that image `index` of `split` is in.
    fn annotations(self, split: Split, index: u64) -> Vec<String>;

    /// Generates an image.
    fn generate(style: Style, seed: u64, split: Split, index: u64) -> Self::Generated;

    /// [`Self::generate`] without the painting.
    fn describe(style: Style, seed: u64, split: Split, index: u64) -> Self::Generated;

    /// The image, and the JPEG quality to save it with.
    fn jpeg(generated: &Self::Generated) -> (&RgbImage, u8);

    /// Notes what is in an image, or writes it.
    fn note(
        self,
        root: &Path,
        split: Split,
        index: u64,
        generated: Self::Generated,
    ) -> Result<Self::Entry, Error>;

    /// Writes the annotations that are about many images, in the images' order.
    fn annotate(self, root: &Path, entries: Vec<Self::Entry>) -> Result<(), Error>;
}

/// A config's JSON, one line: two configs are equal exactly when their texts are.
pub(crate) fn to_json<F: DatasetForm>(config: &DatasetConfig<F>) -> String {
    let DatasetConfig { seed, train, val, test, form, style } = config;
    let ((generator, version), form) = (F::GENERATOR, form.name());
    let style = style.name();
    format!(
        "{{\"{generator}\": {version}, \"seed\": {seed}, \"train\": {train}, \"val\": {val}, \
         \"test\": {test}, \"form\": \"{form}\", \"style\": \"{style}\"}}\n"
    )
}

/// Writes the dataset that `config` describes under `root`: images, then annotations, then
/// [`DatasetConfig::FILE`].
pub(crate) fn write_dataset<F: DatasetForm>(
    root: &Path,
    config: &DatasetConfig<F>,
    progress: &(dyn Fn(usize, usize) + Sync),
) -> Result<(), Error> {
    check_count([config.train, config.val, config.test])?;
    let (form, images) = (config.form, config.images());
    let files = images.iter().flat_map(|&(split, index)| {
        form.annotations(split, index).into_iter().chain([form.image(split, index)])
    });
    let Some(folder) = DatasetFolder::begin(root, &to_json(config), files)? else {
        progress(images.len(), images.len());
        return Ok(());
    };
    for &(split, index) in &images {
        // A split's images are in one folder.
        if index == 0 {
            let path = root.join(form.image(split, index));
            let parent = path.parent().unwrap_or(root);
            create_folder(parent)?;
        }
    }
    let done = AtomicUsize::new(0);
    let entries = images
        .par_iter()
        .map(|&(split, index)| {
            let path = root.join(form.image(split, index));
            let generated = if path.is_file() {
                F::describe(config.style, config.seed, split, index)
            } else {
                let generated = F::generate(config.style, config.seed, split, index);
                let (image, quality) = F::jpeg(&generated);
                write_jpeg(&path, image, quality)?;
                generated
            };
            let entry = form.note(root, split, index, generated)?;
            progress(done.fetch_add(1, Ordering::Relaxed) + 1, images.len());
            Ok(entry)
        })
        .collect::<Result<Vec<_>, Error>>()?;
    form.annotate(root, entries)?;
    folder.finish()
}
