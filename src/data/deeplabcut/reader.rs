//! Reading a project's tables, one after another.
use std::{
    collections::{HashMap, HashSet},
    fs,
    path::Path,
};

use super::{
    DeepLabCutDataset,
    files::Files,
    head::{self, Head, SINGLE},
    row::{Labeled, found_name},
    schema::Landmarks,
};
use crate::{
    Error, ErrorKind,
    data::{
        Finding, FindingKind, ReadEvent, ReadOptions,
        annotation::{dataset_error, shortened},
        derived_box::{BoxSource, check_margin, derive_box},
        items::Item,
        labeled_images::LabeledImages,
    },
    landmark::{Landmark, Visibility},
};

/// Maximum number of images. Projects have a few thousand.
const MAX_IMAGES: usize = 10_000_000;
/// Rows between two progress reports.
const REPORT_EVERY: usize = 1000;

pub(super) fn read(
    path: &Path,
    options: &ReadOptions,
    on_event: &mut dyn FnMut(ReadEvent) -> Result<(), Error>,
) -> Result<DeepLabCutDataset, Error> {
    check_margin(options.box_margin)?;
    let Files { root, config, tables } = Files::find(path, on_event)?;
    let mut heads = Vec::with_capacity(tables.len());
    let mut total = 0;
    for table in &tables {
        heads.push(head::open(table)?.1);
        total += fs::metadata(table).map_err(Error::io("read", table))?.len();
    }
    let landmarks = Landmarks::new(&heads, &config, options.schema.as_ref())?;
    for finding in landmarks.findings {
        let about = if config.file.is_file() { &config.file } else { &root };
        on_event(ReadEvent::Finding(finding.at(|place| place.with_path(about))))?;
    }
    let (schema, unpaired) = (landmarks.schema, landmarks.unpaired);
    let labels = LabeledImages::empty(&root, schema, unpaired, options.orientation);
    let mut reading = Reading {
        labels,
        places: landmarks.places,
        categories: landmarks.categories,
        margin: options.box_margin,
        seen: HashSet::new(),
        done: 0,
        total,
    };
    for (table, head) in tables.iter().zip(&heads) {
        reading.table(table, head, on_event)?;
    }
    reading.progress(true, on_event)?;
    if reading.labels.items.len() == 0 {
        return Err(dataset_error(path)("nothing is labeled"));
    }
    reading.labels.items.shrink_to_fit();
    Ok(DeepLabCutDataset { labels: reading.labels })
}

/// The state of reading a project.
struct Reading {
    labels: LabeledImages,
    /// The index of each body part in the schema.
    places: HashMap<String, usize>,
    /// The categories of animals and of unique body parts.
    categories: [Option<usize>; 2],
    margin: f32,
    /// The images read so far.
    seen: HashSet<String>,
    /// Bytes read.
    done: u64,
    total: u64,
}

impl Reading {
    /// Adds a table's rows.
    fn table(
        &mut self,
        table: &Path,
        head: &Head,
        on_event: &mut dyn FnMut(ReadEvent) -> Result<(), Error>,
    ) -> Result<(), Error> {
        // The head has been read before; it is read again to get to the rows.
        let (mut lines, again) = head::open(table)?;
        if again.columns != head.columns {
            return Err(dataset_error(table)("the file has changed while it was read"));
        }
        let slots: Vec<usize> = head.parts.iter().map(|part| self.places[part]).collect();
        let (first, mut made) = (lines.number + 1, 0);
        loop {
            let count = lines.advance()?;
            if count == 0 {
                break;
            }
            self.done += count;
            let number = lines.number;
            let at = |place: Error| place.with_path(table).with_line(number);
            let row = match lines.text() {
                Ok(text) if text.trim().is_empty() => continue,
                // A line with the names of the index, which pandas writes if there are any.
                Ok(text) if number == first && is_index_names(text, head) => continue,
                Ok(text) => head.row(text),
                Err(message) => Err(message),
            };
            let added =
                row.and_then(|(name, labeled)| self.row(table, head, &slots, name, &labeled));
            match added {
                Ok(findings) => {
                    made += findings.boxes;
                    for message in findings.whole_images {
                        let finding = Finding::new(FindingKind::BoxOfImage, message).at(at);
                        on_event(ReadEvent::Finding(finding))?;
                    }
                    for problem in findings.problems {
                        on_event(ReadEvent::Problem(problem))?;
                    }
                }
                Err(message) => {
                    let error = Error::new(ErrorKind::Annotation, message);
                    on_event(ReadEvent::Problem(at(error)))?;
                }
            }
            if self.labels.images.len() > MAX_IMAGES {
                let message = format!("more than {MAX_IMAGES} images");
                return Err(dataset_error(table)(message).with_kind(ErrorKind::Limit));
            }
            if number.is_multiple_of(REPORT_EVERY) {
                self.progress(false, on_event)?;
            }
        }
        if made > 0 {
            let message = format!("DeepLabCut has no boxes: {made} are made from the landmarks");
            let finding = Finding::new(FindingKind::BoxFromLandmarks, message);
            on_event(ReadEvent::Finding(finding.at(|place| place.with_path(table))))?;
        }
        Ok(())
    }

    /// Adds an image with its individuals.
    fn row(
        &mut self,
        table: &Path,
        head: &Head,
        slots: &[usize],
        name: String,
        labeled: &Labeled<'_>,
    ) -> Result<Made, String> {
        let name = found_name(&self.labels.root, table, name);
        if !self.seen.insert(name.clone()) {
            return Err(format!("'{}' appears a second time", shortened(&name)));
        }
        let image = self.labels.images.len();
        let mut of: Vec<Vec<(u32, Landmark)>> = vec![Vec::new(); head.individuals.len()];
        for (point, [x, y]) in labeled {
            let landmark = Landmark::new(*x, *y, Visibility::Visible);
            of[point.individual].push((slots[point.part] as u32, landmark));
        }
        let (mut made, mut items) = (Made::default(), Vec::new());
        for (individual, own) in head.individuals.iter().zip(of) {
            if own.is_empty() {
                continue;
            }
            let points = || own.iter().map(|(_, landmark)| [landmark.x, landmark.y]);
            let derived = match derive_box(points(), self.margin, None) {
                Some(derived) => Some(derived),
                None => match self.labels.file_of(&name).header() {
                    Ok(header) => derive_box(points(), self.margin, Some(header.size)),
                    Err(problem) => {
                        made.problems.push(problem);
                        continue;
                    }
                },
            };
            let (bounding_box, source) =
                derived.ok_or("no box can hold the landmarks: they are too far away")?;
            match source {
                BoxSource::Landmarks => made.boxes += 1,
                BoxSource::Image => {
                    let of = if individual.is_empty() { "it" } else { individual };
                    made.whole_images.push(format!(
                        "fewer than two points of {}: its box is the whole image",
                        shortened(of)
                    ));
                }
            }
            let category = self.categories[usize::from(individual == SINGLE)];
            // Without any animals, these are treated as animals.
            let category = category.or(self.categories[0]);
            items.push((Item { image, category, bounding_box }, own));
        }
        self.labels.images.push(name);
        for (item, own) in items {
            self.labels.items.push(item, own);
        }
        Ok(made)
    }

    fn progress(
        &mut self,
        is_end: bool,
        on_event: &mut dyn FnMut(ReadEvent) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let count = |bytes| usize::try_from(bytes).unwrap_or(usize::MAX);
        // The file may have grown since its size was queried.
        let done = if is_end { self.total } else { self.done.min(self.total) };
        on_event(ReadEvent::Progress { done: count(done), total: count(self.total) })
    }
}

/// What was derived or skipped in a row.
#[derive(Default)]
struct Made {
    /// The number of boxes derived from landmarks.
    boxes: usize,
    whole_images: Vec<String>,
    /// Problems of individuals that are left out.
    problems: Vec<Error>,
}

fn is_index_names(text: &str, head: &Head) -> bool {
    let names_no_image = |index: &str| !index.contains(['.', '/', '\\']);
    text.split(',').count() == head.columns
        && text.split(',').take(head.index).all(names_no_image)
        && text.split(',').skip(head.index).all(|cell| cell.trim().is_empty())
}
