//! Checks every image once, on all processors: whether it can be read, whether it has the labeled
//! size, and whether its labels lie inside it.
use std::{
    collections::HashMap,
    sync::{
        atomic::{AtomicUsize, Ordering},
        mpsc,
    },
    thread,
};

use dafe::{
    Error,
    data::{FindingKind, image::ImageFile},
    landmark::{LandmarkSample, Visibility},
    prelude::*,
};

use super::{Counts, copies::ImageEntry};
use crate::support::{
    Progress,
    datasets::{Example, Findings, Kind, fingerprint, samples_by_image},
};

/// A split whose images are checked.
pub struct Looking<'a> {
    pub dataset: &'a dyn LandmarkDataset,
    pub split: Split,
    pub workers: usize,
    /// Whether to decode pixels, or only read headers.
    pub decode: bool,
}

/// The result of checking an image file.
#[derive(Default)]
struct Look {
    size: Option<[u32; 2]>,
    findings: Vec<(Kind, String)>,
    problem: Option<Error>,
    fingerprint: Option<(u64, [u8; 32])>,
}

impl Looking<'_> {
    /// Checks all images; adds the results to `counts` and `findings` in the images' order.
    pub fn look(&self, counts: &mut Counts, findings: &mut Findings) -> Vec<ImageEntry> {
        let images = samples_by_image(self.dataset);
        counts.images = images.len();
        let what = if self.decode { "decoding" } else { "reading headers of" };
        let progress = Progress::new(&format!("{what} {}", self.split), images.len());
        let next = AtomicUsize::new(0);
        let mut found = Vec::with_capacity(images.len());
        thread::scope(|scope| {
            let (sender, receiver) = mpsc::channel();
            for _ in 0..self.workers {
                let (sender, next, images) = (sender.clone(), &next, &images);
                scope.spawn(move || {
                    while let Some((image, _)) = images.get(next.fetch_add(1, Ordering::Relaxed)) {
                        if sender.send((image, self.look_at(image))).is_err() {
                            return;
                        }
                    }
                });
            }
            drop(sender);
            for one in receiver {
                found.push(one);
                progress.update(found.len(), images.len(), "");
            }
        });
        progress.done();
        let looks: HashMap<&String, Look> = found.into_iter().collect();
        self.report(&images, looks, counts, findings)
    }

    fn look_at(&self, image: &str) -> Look {
        let Some(file) = self.dataset.image_file(image) else {
            // A dataset without files: only its pixels can be checked.
            let read = self.dataset.read_image(image);
            let size = read.as_ref().ok().map(|read| [read.width(), read.height()]);
            return Look { size, problem: read.err(), ..Look::default() };
        };
        let mut look = match self.header(&file) {
            Ok(look) => look,
            Err(error) => return Look { problem: Some(error), ..Look::default() },
        };
        if self.decode {
            match file.check() {
                Ok(checked) => {
                    let warnings = checked.warnings.into_iter();
                    look.findings.extend(warnings.map(|warning| (Kind::EndMarker, warning)));
                }
                Err(error) => look = Look { problem: Some(error), ..Look::default() },
            }
        }
        look.fingerprint = fingerprint(&file.path);
        look
    }

    /// Checks the size and EXIF orientation in the image's header.
    fn header(&self, file: &ImageFile) -> Result<Look, Error> {
        let header = file.header()?;
        let mut look = Look { size: Some(header.size), ..Look::default() };
        let turned = |what: &str| format!("its EXIF orientation turns it: {what}");
        if header.read_as_stored {
            let message = turned("read as stored, since the annotations have its stored size");
            look.findings.push((Kind::Found(FindingKind::Orientation), message));
        } else if header.is_turned {
            look.findings.push((Kind::Turned, turned("read upright")));
        }
        let sizes = [header.stored_size, header.upright_size];
        if let Some([width, height]) = file.labeled_size.filter(|size| !sizes.contains(size)) {
            let [w, h] = header.upright_size;
            let message = format!("{w} × {h} pixels, the annotations say {width} × {height}");
            look.findings.push((Kind::Found(FindingKind::Size), message));
        }
        Ok(look)
    }

    fn report(
        &self,
        images: &[(String, Vec<usize>)],
        mut looks: HashMap<&String, Look>,
        counts: &mut Counts,
        findings: &mut Findings,
    ) -> Vec<ImageEntry> {
        let mut files = Vec::with_capacity(images.len());
        for (image, samples) in images {
            let look = looks.remove(image).unwrap_or_default();
            if let Some(problem) = &look.problem {
                findings.add(Kind::Image, Example::of(problem).in_image(image));
            }
            for (kind, message) in look.findings {
                findings.add(kind, Example::of_image(image, message));
            }
            if let Some(size) = look.size {
                counts.seen(size);
                for &index in samples {
                    let names = self.dataset.schema().names();
                    note_what_lies_outside(&self.dataset.sample(index), names, size, findings);
                }
            }
            if let Some(file) = self.dataset.image_file(image) {
                let (split, path) = (self.split, file.path);
                files.push(ImageEntry {
                    split,
                    image: image.clone(),
                    path,
                    fingerprint: look.fingerprint,
                });
            }
        }
        files
    }
}

fn note_what_lies_outside(
    sample: &LandmarkSample,
    names: &[String],
    size: [u32; 2],
    findings: &mut Findings,
) {
    let [width, height] = size.map(|side| side as f32);
    let outside = |x: f32, y: f32| x < -0.5 || y < -0.5 || x > width + 0.5 || y > height + 0.5;
    let bounds = &sample.bounding_box;
    let image = &sample.image;
    if bounds.x2 <= 0.0 || bounds.y2 <= 0.0 || bounds.x1 >= width || bounds.y1 >= height {
        let message = format!("the box lies outside of the image's {width} × {height} pixels");
        findings.add(Kind::BoxOutside, Example::of_image(image, message));
    }
    for (name, landmark) in names.iter().zip(&sample.landmarks) {
        if landmark.visibility == Visibility::Visible && outside(landmark.x, landmark.y) {
            let (x, y) = (landmark.x, landmark.y);
            let message = format!(
                "landmark '{name}' is visible at ({x}, {y}), outside of the image's {width} × \
                 {height} pixels"
            );
            findings.add(Kind::Outside, Example::of_image(image, message));
        }
    }
}
