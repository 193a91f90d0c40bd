//! Reading a split: label files and image sizes, in parallel with results in order.
use std::{collections::HashSet, path::Path};

use super::{
    YoloDataset,
    config::Config,
    images::{self, Images},
    labels::{Labels, label_path, report_orphans},
    line::{Form, Line, Seen},
    schema::Landmarks,
};
use crate::{
    Error, ErrorKind,
    data::{
        Finding, FindingKind, ReadEvent, ReadOptions, Split,
        annotation::{check_position, dataset_error},
        derived_box::{BoxSource, check_margin, derive_box},
        image::ImageFile,
        items::Item,
        labeled_images::LabeledImages,
        parallel::in_order,
    },
    geometry::BoundingBox,
    landmark::{Landmark, Visibility},
};

pub(super) fn read(
    path: &Path,
    split: Split,
    options: &ReadOptions,
    on_event: &mut dyn FnMut(ReadEvent) -> Result<(), Error>,
) -> Result<YoloDataset, Error> {
    check_margin(options.box_margin)?;
    let config = Config::open(path)?;
    let landmarks = Landmarks::new(&config, options.schema.as_ref())?;
    for finding in landmarks.findings {
        on_event(ReadEvent::Finding(finding.at(|place| place.with_path(&config.file))))?;
    }
    let Images { root, names, folders } = images::list(&config, split, on_event)?;
    let form = Form {
        landmarks: config.landmarks,
        has_visibility: config.has_visibility,
        classes: config.classes.len(),
    };
    let (schema, unpaired) = (landmarks.schema, landmarks.unpaired);
    let labels = LabeledImages {
        images: names,
        ..LabeledImages::empty(&root, schema, unpaired, options.orientation)
    };
    let mut reading = Reading {
        split,
        labels,
        categories: &landmarks.categories,
        margin: options.box_margin,
        twos: 0,
        ones: 0,
        confidences: 0,
    };
    let (total, mut used) = (reading.labels.images.len(), HashSet::new());
    let mut done = 0;
    let files: Vec<ImageFile> =
        reading.labels.images.iter().map(|name| reading.labels.file_of(name)).collect();
    in_order(
        total,
        |index| Labels::read(&files[index], &form),
        |(path, labels)| {
            match labels {
                Ok(labels) => reading.add(done, &path, labels, on_event)?,
                Err(problem) => on_event(ReadEvent::Problem(problem))?,
            }
            used.insert(path);
            done += 1;
            on_event(ReadEvent::Progress { done, total })
        },
    )?;
    report_orphans(&folders, &used, on_event)?;
    reading.tell_visibility(&config.file, on_event)?;
    if reading.labels.items.len() == 0 {
        let first = std::path::absolute(&files[0].path).unwrap_or_default();
        let message = format!(
            "no image of the split '{split}' has labels that can be used; looked for {} and others",
            label_path(&first).display()
        );
        return Err(dataset_error(&config.file)(message));
    }
    reading.labels.items.shrink_to_fit();
    Ok(YoloDataset { split, labels: reading.labels })
}

/// The state of reading a split.
struct Reading<'a> {
    split: Split,
    labels: LabeledImages,
    /// The category of each class.
    categories: &'a [usize],
    margin: f32,
    /// Counts of landmarks by visibility.
    twos: usize,
    ones: usize,
    confidences: usize,
}

impl Reading<'_> {
    /// Adds the annotations of image `index`.
    fn add(
        &mut self,
        index: usize,
        path: &Path,
        labels: Labels,
        on_event: &mut dyn FnMut(ReadEvent) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let Labels { size, lines, repeated } = labels;
        let finding = |kind, message: String, line| {
            let finding = Finding::new(kind, message);
            ReadEvent::Finding(finding.at(|place| place.with_path(path).with_line(line)))
        };
        for line in repeated {
            let message = "a line that is there twice: used once";
            on_event(finding(FindingKind::Repeated, message.into(), line))?;
        }
        for (number, line) in lines {
            let added = line.and_then(|line| {
                let of_box = self.item(index, &line, size).map_err(|message| {
                    let error = Error::new(ErrorKind::Annotation, message);
                    error.with_path(path).with_line(number)
                })?;
                Ok(line.findings.into_iter().chain(of_box))
            });
            match added {
                Ok(findings) => {
                    for (kind, message) in findings {
                        on_event(finding(kind, message, number))?;
                    }
                }
                Err(problem) => on_event(ReadEvent::Problem(problem))?,
            }
        }
        Ok(())
    }

    /// Adds one annotation in an image of `size`, and returns what is unusual about it.
    fn item(
        &mut self,
        image: usize,
        line: &Line,
        size: [u32; 2],
    ) -> Result<Option<(FindingKind, String)>, String> {
        let [width, height] = size.map(f64::from);
        let category = self.categories[line.class];
        let schema = &self.labels.schema;
        let of_category = &schema.categories()[category];
        let mut labeled = Vec::with_capacity(line.labeled.len());
        for &(slot, [x, y], seen) in &line.labeled {
            let has_all = of_category.landmarks.len() == schema.len();
            if !has_all && !of_category.landmarks.contains(&(slot as usize)) {
                return Err(format!(
                    "landmark {} is labeled, but {} does not have it",
                    slot + 1,
                    of_category.name
                ));
            }
            let visibility = match seen {
                Seen::One => Visibility::Occluded,
                Seen::Two | Seen::Confidence => Visibility::Visible,
            };
            let (x, y) = ((x * width) as f32, (y * height) as f32);
            check_position(x, y).map_err(|message| format!("landmark {}: {message}", slot + 1))?;
            labeled.push((slot, Landmark::new(x, y, visibility)));
        }
        let [cx, cy, w, h] = line.bounds;
        let corner = |center: f64, side: f64, pixels: f64| ((center + side) * pixels) as f32;
        let bounds = BoundingBox::new(
            corner(cx, -w / 2.0, width),
            corner(cy, -h / 2.0, height),
            corner(cx, w / 2.0, width),
            corner(cy, h / 2.0, height),
        );
        let (bounding_box, finding) = match bounds {
            Some(bounds) => (bounds, None),
            None if labeled.is_empty() => {
                let message = "neither a box nor a landmark: left out".into();
                return Ok(Some((FindingKind::Unlabeled, message)));
            }
            None => {
                let points = labeled.iter().map(|(_, landmark)| [landmark.x, landmark.y]);
                let derived = derive_box(points, self.margin, Some(size));
                let (bounds, source) =
                    derived.ok_or_else(|| format!("the box {w} × {h} is empty"))?;
                let (kind, from) = match source {
                    BoxSource::Landmarks => (FindingKind::BoxFromLandmarks, "its landmarks"),
                    BoxSource::Image => (FindingKind::BoxOfImage, "the whole image"),
                };
                (bounds, Some((kind, format!("the box {w} × {h} is empty: made from {from}"))))
            }
        };
        for (_, _, seen) in &line.labeled {
            match seen {
                Seen::One => self.ones += 1,
                Seen::Two => self.twos += 1,
                Seen::Confidence => self.confidences += 1,
            }
        }
        let item = Item { image, category: Some(category), bounding_box };
        self.labels.items.push(item, labeled);
        Ok(finding)
    }

    /// If no landmark has a 2, a 1 means labeled.
    fn tell_visibility(
        &mut self,
        file: &Path,
        on_event: &mut dyn FnMut(ReadEvent) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let split = self.split;
        let mut found = |message: String| {
            let finding = Finding::new(FindingKind::VisibilityCode, message);
            on_event(ReadEvent::Finding(finding.at(|place| place.with_path(file))))
        };
        if self.confidences > 0 {
            let count = self.confidences;
            found(format!(
                "{count} landmarks of the split '{split}' have visibilities between 0 and 1: taken \
                 as visible"
            ))?;
        }
        if self.twos == 0 && self.ones > 0 {
            for landmark in self.labels.items.landmarks_mut() {
                landmark.visibility = Visibility::Visible;
            }
            found(format!(
                "all visibilities of the split '{split}' are 0 or 1, none is 2: 1 is taken as \
                 visible"
            ))?;
        }
        Ok(())
    }
}
