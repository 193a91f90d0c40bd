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

/// An image and its labels.
#[derive(Debug, Clone, PartialEq)]
pub struct DeepLabCutImage {
    /// The name relative to the project's folder, `labeled-data/<video>/<file>`. The caller copies
    /// or links the image there.
    pub name: String,
    /// `[width, height]`.
    pub size: [u32; 2],
    /// The samples, each with an entry for each landmark of the schema. Their `image` is ignored.
    pub samples: Vec<LandmarkSample>,
}

/// Writes a project below `root`, creating folders as needed: `config.yaml`, and
/// `labeled-data/<video>/CollectedData_<scorer>.csv` for each folder of images. Images are neither
/// read nor written.
///
/// If an image has several samples, this becomes a project with several animals, `individual1`,
/// `individual2`, …, in the order of each image's samples. The format only stores positions:
/// occluded landmarks are written as labeled, truncated and absent ones as not labeled. Boxes,
/// areas, categories, mirror pairs and sigmas are not written, and samples without labeled
/// landmarks are lost. [`DeepLabCutDataset::open`](super::DeepLabCutDataset::open) reads the same
/// positions back.
///
/// DeepLabCut itself reads labels from HDF files, which `deeplabcut.convertcsv2h5(config,
/// userfeedback=False)` creates from these tables. `config.yaml` has the keys that this function
/// and `create_training_dataset` need, with DeepLabCut's own defaults. Its `video_sets` name a
/// video for each folder (`videos/<video>.avi`), which need not exist for training.
///
/// # Errors
/// - a [dataset error](crate::ErrorKind::Dataset), naming the image, for content that the format
///   cannot represent: no images, a duplicated image or one whose name does not have this form, a
///   scorer or a landmark whose name is empty or has a line break, samples that do not match the
///   schema, positions that are not finite or too far away;
/// - an [I/O error](crate::ErrorKind::Io) if a folder or a file cannot be written.
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

/// The folder in an image's name.
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
        return Err(format!("the scorer '{}' can't be part of a file name", shortened(scorer)));
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

/// What all files of a project share.
pub(super) struct Project<'a> {
    pub(super) schema: &'a LandmarkSchema,
    pub(super) scorer: &'a str,
    /// The maximum number of individuals per image.
    pub(super) individuals: usize,
}

impl Project<'_> {
    /// Writes a table as pandas does: a column for each x and y, a row for each image.
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
                        // With a fraction, as pandas writes floats; they are read back exactly.
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

/// The name of an individual.
pub(super) fn individual(number: usize) -> String {
    format!("individual{}", number + 1)
}
