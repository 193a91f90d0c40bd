//! Writes drawn pictures as datasets on disk: what the trees of all forms have in common.
use std::{
    fs,
    path::Path,
    sync::atomic::{AtomicUsize, Ordering},
};

use image::RgbImage;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::{
    dice::Style,
    tree_folder::{FINISHED, TreeFolder, check_count},
};
use crate::{
    data::{Split, picture::write_jpeg},
    error::Error,
};

/// What a tree of drawn pictures holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TreeConfig<Form> {
    /// Every picture follows from this, its split and its number.
    pub seed: u64,
    /// Pictures to train on.
    pub train: usize,
    /// Pictures to validate on.
    pub val: usize,
    /// Pictures to test on.
    pub test: usize,
    /// The form of the annotations.
    pub form: Form,
    /// What the pictures may show.
    #[serde(default)]
    pub style: Style,
}

impl<Form> TreeConfig<Form> {
    /// The file that says a tree is finished, and of which config.
    pub const FILE: &str = FINISHED;

    /// Every picture: split and number, counted from 0.
    fn pictures(&self) -> Vec<(Split, u64)> {
        let of = |split, count: usize| (0..count as u64).map(move |index| (split, index));
        of(Split::Train, self.train)
            .chain(of(Split::Val, self.val))
            .chain(of(Split::Test, self.test))
            .collect()
    }
}

/// A form of trees: what is drawn, and where pictures and annotations lie, relative to the root.
pub(super) trait TreeForm: Copy + Sync {
    /// A picture, with all that is known of it.
    type Drawn;
    /// What is kept of a picture until all are there.
    type Entry: Send;

    /// What draws the pictures, and a number that is raised whenever the same config draws others: older trees are not
    /// taken for new ones.
    const GENERATOR: (&str, u32);

    /// Its name in configs.
    fn name(self) -> &'static str;

    /// Where picture `index` of `split` lies.
    fn picture(self, split: Split, index: u64) -> String;

    /// The files of annotations that picture `index` of `split` is in.
    fn annotations(self, split: Split, index: u64) -> Vec<String>;

    /// Draws a picture.
    fn draw(style: Style, seed: u64, split: Split, index: u64) -> Self::Drawn;

    /// [`Self::draw`] without the painting.
    fn describe(style: Style, seed: u64, split: Split, index: u64) -> Self::Drawn;

    /// The picture, and the JPEG quality to save it with.
    fn jpeg(drawn: &Self::Drawn) -> (&RgbImage, u8);

    /// Notes what is in a picture, or writes it.
    fn note(
        self,
        root: &Path,
        split: Split,
        index: u64,
        drawn: Self::Drawn,
    ) -> Result<Self::Entry, Error>;

    /// Writes the annotations that are about many pictures, in the pictures' order.
    fn annotate(self, root: &Path, entries: Vec<Self::Entry>) -> Result<(), Error>;
}

/// A config's JSON, one line: two configs are equal exactly when their texts are.
pub(super) fn to_json<F: TreeForm>(config: &TreeConfig<F>) -> String {
    let TreeConfig { seed, train, val, test, form, style } = config;
    let ((generator, version), form) = (F::GENERATOR, form.name());
    let style = style.name();
    format!(
        "{{\"{generator}\": {version}, \"seed\": {seed}, \"train\": {train}, \"val\": {val}, \"test\": {test}, \
         \"form\": \"{form}\", \"style\": \"{style}\"}}\n"
    )
}

/// Writes the tree that `config` describes under `root`: pictures, then annotations, then [`TreeConfig::FILE`].
pub(super) fn write_tree<F: TreeForm>(
    root: &Path,
    config: &TreeConfig<F>,
    progress: &(dyn Fn(usize, usize) + Sync),
) -> Result<(), Error> {
    check_count([config.train, config.val, config.test])?;
    let (form, pictures) = (config.form, config.pictures());
    let files = pictures.iter().flat_map(|&(split, index)| {
        form.annotations(split, index).into_iter().chain([form.picture(split, index)])
    });
    let Some(folder) = TreeFolder::begin(root, &to_json(config), files)? else {
        progress(pictures.len(), pictures.len());
        return Ok(());
    };
    for &(split, index) in &pictures {
        // A split's pictures share a folder.
        if index == 0 {
            let path = root.join(form.picture(split, index));
            let parent = path.parent().unwrap_or(root);
            fs::create_dir_all(parent).map_err(Error::io("create", parent))?;
        }
    }
    let done = AtomicUsize::new(0);
    let entries = pictures
        .par_iter()
        .map(|&(split, index)| {
            let path = root.join(form.picture(split, index));
            let drawn = if path.is_file() {
                F::describe(config.style, config.seed, split, index)
            } else {
                let drawn = F::draw(config.style, config.seed, split, index);
                let (image, quality) = F::jpeg(&drawn);
                write_jpeg(&path, image, quality)?;
                drawn
            };
            let entry = form.note(root, split, index, drawn)?;
            progress(done.fetch_add(1, Ordering::Relaxed) + 1, pictures.len());
            Ok(entry)
        })
        .collect::<Result<Vec<_>, Error>>()?;
    form.annotate(root, entries)?;
    folder.finish()
}
