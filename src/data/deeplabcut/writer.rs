//! Writing a project.
use std::{
    collections::{BTreeMap, HashSet},
    io,
    path::Path,
};

use super::files::{LABELED_DATA, PREFIX};
use crate::{
    Error,
    atomic::{create_folder, write_atomically, write_text},
    data::annotation::{check_name, check_position, dataset_error, shortened},
    landmark::{LandmarkSample, LandmarkSchema},
};

/// An image, and what is labelled in it.
#[derive(Debug, Clone, PartialEq)]
pub struct DeepLabCutImage {
    /// Its name below the project's folder, `labeled-data/<video>/<file>`, where the caller copies
    /// or links it.
    pub name: String,
    /// `[width, height]`.
    pub size: [u32; 2],
    /// Each with an entry for each landmark of the schema. Their `image` is not looked at.
    pub samples: Vec<LandmarkSample>,
}

/// Writes a project below `root`, making the folders where needed: `config.yaml`, and of each
/// folder of images `labeled-data/<video>/CollectedData_<scorer>.csv`. Images are neither read nor
/// written.
///
/// Where an image has several samples, it is a project with several animals, `individual1`,
/// `individual2`, …, in the order of each image's samples. The form holds positions alone: occluded
/// landmarks are written as labelled, truncated and absent ones as not labelled; boxes, areas,
/// categories, mirror pairs and sigmas are not written, and a sample without labelled landmarks is
/// lost. [`DeepLabCutDataset::open`](super::DeepLabCutDataset::open) reads the same positions
/// again.
///
/// DeepLabCut itself reads labels from HDF files: `deeplabcut.convertcsv2h5(config,
/// userfeedback=False)` makes them of these tables. `config.yaml` has what that and
/// `create_training_dataset` ask for, with DeepLabCut's own defaults; its `video_sets` name a video
/// for each folder (`videos/<video>.avi`), which need not be there for training.
///
/// # Errors
/// - a [dataset error](crate::ErrorKind::Dataset), naming the image, for what the form cannot hold:
///   no images, an image that is there twice or whose name is not of this form, a scorer or a
///   landmark whose name has a line break or is empty, samples that are not of this schema,
///   positions that are not finite or too far away;
/// - an [I/O error](crate::ErrorKind::Io) where a folder or a file cannot be written.
pub fn write_deeplabcut(
    root: impl AsRef<Path>,
    schema: &LandmarkSchema,
    scorer: &str,
    images: &[DeepLabCutImage],
) -> Result<(), Error> {
    let root = root.as_ref();
    let wrong = dataset_error::<String>(root);
    check_words(schema, scorer).map_err(&wrong)?;
    if images.is_empty() {
        return Err(wrong("there are no images to write".into()));
    }
    let mut videos: BTreeMap<&str, Vec<&DeepLabCutImage>> = BTreeMap::new();
    let mut names = HashSet::new();
    for image in images {
        let in_image =
            |message: String| wrong(format!("image '{}': {message}", shortened(&image.name)));
        let video = video_of(&image.name).map_err(in_image)?;
        if !names.insert(image.name.as_str()) {
            return Err(in_image("it is there twice".into()));
        }
        for (number, sample) in (1..).zip(&image.samples) {
            check_sample(schema, sample)
                .map_err(|message| in_image(format!("sample {number}: {message}")))?;
        }
        videos.entry(video).or_default().push(image);
    }
    let individuals = images.iter().map(|image| image.samples.len()).max().unwrap_or(0).max(1);
    let project = Project { schema, scorer, individuals };
    let config = project.config(root, &videos)?;
    for (video, images) in &videos {
        let folder = root.join(LABELED_DATA).join(video);
        create_folder(&folder)?;
        write_atomically(folder.join(format!("{PREFIX}{scorer}.csv")), |file| {
            project.write_table(file, images)
        })?;
    }
    write_text(root.join("config.yaml"), &config)
}

/// The folder in the name of an image.
fn video_of(name: &str) -> Result<&str, String> {
    check_name(name)?;
    match name.split('/').collect::<Vec<_>>()[..] {
        [LABELED_DATA, video, file]
            if !video.is_empty() && !file.is_empty() && !video.starts_with('.') =>
        {
            match name.contains(['\n', '\r', '"']) || name.ends_with('.') {
                false => Ok(video),
                true => Err("its name has a line break or a quotation mark".into()),
            }
        }
        _ => Err(format!("its name is not {LABELED_DATA}/<video>/<file>")),
    }
}

fn check_words(schema: &LandmarkSchema, scorer: &str) -> Result<(), String> {
    if schema.is_empty() {
        return Err("the schema has no landmarks".into());
    }
    let is_file_name = !scorer.contains(['/', '\\', ':']) && scorer.trim() == scorer;
    if scorer.is_empty() || !is_file_name || scorer.chars().any(char::is_control) {
        return Err(format!("the scorer '{}' is no part of a file's name", shortened(scorer)));
    }
    for name in schema.names() {
        if name.trim().is_empty() || name.trim() != name || name.chars().any(char::is_control) {
            let name = shortened(name);
            return Err(format!(
                "landmark '{name}': its name is empty, or has spaces around it or a line break"
            ));
        }
    }
    Ok(())
}

fn check_sample(schema: &LandmarkSchema, sample: &LandmarkSample) -> Result<(), String> {
    let (found, needed) = (sample.landmarks.len(), schema.len());
    if found != needed {
        return Err(format!("{found} landmarks instead of {needed}"));
    }
    for (landmark, name) in sample.landmarks.iter().zip(schema.names()) {
        if landmark.visibility.has_position() {
            check_position(landmark.x, landmark.y)
                .map_err(|message| format!("landmark '{}': {message}", shortened(name)))?;
        }
    }
    Ok(())
}

/// What the files of a project have in common.
pub(super) struct Project<'a> {
    pub(super) schema: &'a LandmarkSchema,
    pub(super) scorer: &'a str,
    /// How many there are in an image at most.
    pub(super) individuals: usize,
}

impl Project<'_> {
    /// A table as pandas writes it: a column for each x and y, a row for each image.
    fn write_table(&self, file: impl io::Write, images: &[&DeepLabCutImage]) -> io::Result<()> {
        let mut writer = csv::Writer::from_writer(file);
        let names = self.schema.names();
        let columns = self.individuals * names.len();
        let level = |name: &str, cell: &dyn Fn(usize) -> String| {
            let cells = (0..columns).flat_map(|column| [cell(column), cell(column)]);
            [name.to_owned()].into_iter().chain(cells).collect::<Vec<_>>()
        };
        writer.write_record(level("scorer", &|_| self.scorer.into()))?;
        if self.individuals > 1 {
            let of = |column: usize| individual(column / names.len());
            writer.write_record(level("individuals", &of))?;
        }
        writer.write_record(level("bodyparts", &|column| names[column % names.len()].clone()))?;
        let axes = ["x", "y"].into_iter().cycle().take(2 * columns);
        writer.write_record(["coords"].into_iter().chain(axes))?;
        for image in images {
            let mut cells = vec![image.name.clone()];
            for number in 0..self.individuals {
                let Some(sample) = image.samples.get(number) else {
                    cells.extend(std::iter::repeat_n(String::new(), 2 * names.len()));
                    continue;
                };
                for landmark in &sample.landmarks {
                    match landmark.visibility.has_position() {
                        // With a fraction, as pandas writes floats, and read again exactly.
                        true => cells.extend([landmark.x, landmark.y].map(|at| format!("{at:?}"))),
                        false => cells.extend([String::new(), String::new()]),
                    }
                }
            }
            writer.write_record(&cells)?;
        }
        writer.flush()
    }
}

/// What an individual is called.
pub(super) fn individual(number: usize) -> String {
    format!("individual{}", number + 1)
}
