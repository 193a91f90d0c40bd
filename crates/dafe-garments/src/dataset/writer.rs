//! Writes generated images as datasets on disk: the code shared by all formats.
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

/// A dataset format: what is generated, and the paths of images and annotations relative to the
/// root.
pub(crate) trait DatasetForm: Copy + Sync {
    /// A generated image with its annotations.
    type Generated;
    /// Data of an image that is kept until all images are done.
    type Entry: Send;

    /// The generator's name and version. The version is raised whenever the same configuration
    /// gives different images, so that older datasets are not mistaken for new ones.
    const GENERATOR: (&str, u32);

    /// The name in configurations.
    fn name(self) -> &'static str;

    /// The path of image `index` of `split`.
    fn image(self, split: Split, index: u64) -> String;

    /// The annotation files that image `index` of `split` is in.
    fn annotations(self, split: Split, index: u64) -> Vec<String>;

    /// Generates an image.
    fn generate(style: Style, seed: u64, split: Split, index: u64) -> Self::Generated;

    /// [`Self::generate`] without rendering.
    fn describe(style: Style, seed: u64, split: Split, index: u64) -> Self::Generated;

    /// The image, and its JPEG quality.
    fn jpeg(generated: &Self::Generated) -> (&RgbImage, u8);

    /// Returns an image's annotation for [`Self::annotate`], or writes it.
    fn note(
        self,
        root: &Path,
        split: Split,
        index: u64,
        generated: Self::Generated,
    ) -> Result<Self::Entry, Error>;

    /// Writes the annotation files that cover many images, in the images' order.
    fn annotate(self, root: &Path, entries: Vec<Self::Entry>) -> Result<(), Error>;
}

/// A configuration as one line of JSON; two configurations are equal exactly if their texts are.
pub(crate) fn to_json<F: DatasetForm>(config: &DatasetConfig<F>) -> String {
    let DatasetConfig { seed, train, val, test, form, style } = config;
    let ((generator, version), form) = (F::GENERATOR, form.name());
    let style = style.name();
    format!(
        "{{\"{generator}\": {version}, \"seed\": {seed}, \"train\": {train}, \"val\": {val}, \
         \"test\": {test}, \"form\": \"{form}\", \"style\": \"{style}\"}}\n"
    )
}

/// Writes the dataset with `config` to `root`: images, then annotations, then
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
        // All images of a split are in one folder.
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
