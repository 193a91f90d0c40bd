//! Reading one annotation of a COCO-keypoints file.
use std::collections::{HashMap, HashSet};

use super::{
    CocoAnnotation, CocoDataset, Stored,
    json::RawAnnotation,
    loose::{Entry, Id, Loose},
    reader::Told,
    schema::Assigned,
    visibility::Visibilities,
};
use crate::{
    Error, ErrorKind,
    data::{
        Finding, FindingKind,
        annotation::{check_position, parse_coco_box, shortened},
        derived_box::{BoxSource, derive_box},
        image::ImageFile,
    },
    geometry::BoundingBox,
    landmark::Landmark,
};

/// The state needed for reading annotations.
pub(super) struct Reader {
    /// The assignment of each of the file's categories; `None` for those without keypoints.
    pub(super) assigned: Vec<Option<Assigned>>,
    pub(super) category_places: HashMap<Id, usize>,
    pub(super) image_places: HashMap<Id, u32>,
    /// Images that can't be used; this has been reported.
    pub(super) refused: HashSet<Id>,
    /// The landmarks of each of the schema's categories, in order.
    pub(super) own: Vec<Vec<usize>>,
    pub(super) visibilities: Visibilities,
    pub(super) box_margin: f32,
}

/// The findings of one annotation; their place is added at the end.
type Findings = Vec<(FindingKind, String)>;

impl Reader {
    /// Adds an annotation to the dataset, or reports why it can't be used. `number` is its position
    /// in the list, from 1; `ids` are those of the previous annotations.
    pub(super) fn add(
        &self,
        dataset: &mut CocoDataset,
        entry: Entry<RawAnnotation>,
        number: u64,
        ids: &mut HashSet<Id>,
        tell: &mut dyn FnMut(Told) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let raw = match entry {
            Entry::Object(raw) => raw,
            Entry::Other(value) => {
                let problem = unusable(format!("an entry of annotations is {value}"));
                return tell(Told::Problem(problem.with_annotation(format!("number {number}"))));
            }
        };
        let mut findings = Findings::new();
        let id = self.id(&raw, number, ids, &mut findings);
        let key = raw.image_id.id();
        let is_refused = key.as_ref().is_some_and(|key| self.refused.contains(key));
        let place = key.and_then(|key| self.image_places.get(&key).copied());
        let image = match place {
            Some(place) => dataset.images[place as usize].name.clone(),
            None => raw.image_id.to_string(),
        };
        let (first, items) = (dataset.labeled.len(), dataset.items.len());
        let shown = match raw.id.id() {
            Some(id) => id.to_string(),
            None => format!("number {number}"),
        };
        // A rejected image has already been reported.
        let read = match is_refused {
            true => Ok(()),
            false => self.read(dataset, &raw, place, id, &mut findings),
        };
        if let Err(problem) = read {
            dataset.labeled.truncate(first);
            dataset.items.truncate(items);
            return tell(Told::Problem(problem.with_annotation(shown).with_image(image)));
        }
        findings.into_iter().try_for_each(|(kind, message)| {
            let found = Finding::new(kind, message);
            tell(Told::Finding(found.at(|place| place.with_annotation(&shown).with_image(&image))))
        })
    }

    /// The annotation's number, or its position in the list if it has none.
    fn id(
        &self,
        raw: &RawAnnotation,
        number: u64,
        ids: &mut HashSet<Id>,
        findings: &mut Findings,
    ) -> u64 {
        let Some(id) = raw.id.id() else {
            let message = format!("id is {}: numbered {number}", raw.id);
            findings.push((FindingKind::Number, message));
            return number;
        };
        let own = match &id {
            Id::Number(own) => *own,
            Id::Name(_) => number,
        };
        if !ids.insert(id) {
            let message = "another annotation has its id: both are used".to_string();
            findings.push((FindingKind::Number, message));
        }
        own
    }

    fn read(
        &self,
        dataset: &mut CocoDataset,
        raw: &RawAnnotation,
        image: Option<u32>,
        id: u64,
        findings: &mut Findings,
    ) -> Result<(), Error> {
        let missing = || unusable(format!("image_id is {}: not in the file", raw.image_id));
        let image = image.ok_or_else(missing)?;
        let (category_id, assigned) = match self.category(&raw.category_id)? {
            Some(found) => found,
            None => {
                dataset.without_keypoints += 1;
                return Ok(());
            }
        };
        if let Some(wrong) = &raw.keypoints.wrong {
            return Err(unusable(format!("keypoints: {wrong}")));
        }
        if raw.keypoints.numbers == 0 {
            dataset.without_keypoints += 1;
            return Ok(());
        }
        let first = dataset.labeled.len();
        self.landmarks(dataset, raw, assigned, findings)?;
        let num_keypoints = (dataset.labeled.len() - first) as u32;
        let Some(bounding_box) = self.bounding_box(dataset, raw, image, first, findings)? else {
            // Useless for both training and evaluation: nothing is labeled, not even the box.
            findings.push((FindingKind::Unlabeled, "no labeled keypoint and no box".into()));
            dataset.without_keypoints += 1;
            return Ok(());
        };
        dataset.unlabeled += usize::from(num_keypoints == 0);
        dataset.items.push(Stored {
            image,
            category: assigned.category,
            bounding_box,
            annotation: CocoAnnotation {
                id,
                category_id,
                area: area(&raw.area, findings),
                is_crowd: raw.iscrowd.number().is_some_and(|flag| flag != 0.0),
                num_keypoints,
            },
            first,
        });
        Ok(())
    }

    /// The annotation's category: its number and its assignment in the schema, if any.
    fn category(&self, value: &Loose) -> Result<Option<(u64, &Assigned)>, Error> {
        let with_keypoints = || self.assigned.iter().flatten();
        let place = match value.id() {
            Some(key) => self.category_places.get(&key).copied(),
            // The category may be omitted if there is only one.
            None if with_keypoints().count() == 1 => self.assigned.iter().position(Option::is_some),
            None => None,
        };
        let unknown = || unusable(format!("category_id is {value}: not in the file"));
        let place = place.ok_or_else(unknown)?;
        let number = match value.id() {
            Some(Id::Number(number)) => number,
            _ => place as u64 + 1,
        };
        Ok(self.assigned[place].as_ref().map(|assigned| (number, assigned)))
    }

    fn landmarks(
        &self,
        dataset: &mut CocoDataset,
        raw: &RawAnnotation,
        assigned: &Assigned,
        findings: &mut Findings,
    ) -> Result<(), Error> {
        let (found, needed) = (raw.keypoints.numbers, assigned.slots.len());
        let slots = match dataset.schema.len() {
            _ if found == 3 * needed => Some(&assigned.slots),
            whole if found == 3 * whole => None,
            _ => {
                let message =
                    format!("keypoints has {found} numbers, not 3 for each of {needed} landmarks");
                return Err(unusable(message));
            }
        };
        let mut without_position = 0;
        for &(place, [x, y, v]) in &raw.keypoints.labeled {
            let slot = slots.map_or(place as usize, |slots| slots[place as usize]);
            let named = |message: String| {
                unusable(format!("keypoints: {message}"))
                    .with_landmark(shortened(&dataset.schema.names()[slot]))
            };
            if x.is_nan() || y.is_nan() {
                without_position += usize::from(!v.is_nan());
                continue;
            }
            let Some(visibility) = self.visibilities.read(v).map_err(named)? else { continue };
            let is_foreign = |category: usize| self.own[category].binary_search(&slot).is_err();
            if assigned.category.is_some_and(is_foreign) {
                return Err(named("labeled, though its category has no such landmark".into()));
            }
            check_position(x, y).map_err(named)?;
            dataset.labeled.push((slot as u32, Landmark::new(x, y, visibility)));
        }
        if without_position > 0 {
            let message =
                format!("{without_position} keypoints are labeled, but have no x and y: not used");
            findings.push((FindingKind::Position, message));
        }
        Ok(())
    }

    /// The annotation's box, a box derived from its landmarks, or the whole image.
    fn bounding_box(
        &self,
        dataset: &CocoDataset,
        raw: &RawAnnotation,
        image: u32,
        first: usize,
        findings: &mut Findings,
    ) -> Result<Option<BoundingBox>, Error> {
        let [x, y, width, height] = raw.bbox.numbers;
        let shown = match (&raw.bbox.wrong, raw.bbox.count) {
            (Some(value), _) => return Err(unusable(format!("bbox: {value}, not four numbers"))),
            (None, 0) => "bbox is missing".to_string(),
            (None, 4) if width > 0.0 && height > 0.0 && x.is_finite() && y.is_finite() => {
                let bounds = parse_coco_box(raw.bbox.numbers);
                return bounds.map(Some).map_err(|message| unusable(format!("bbox: {message}")));
            }
            (None, 4) => format!("bbox {:?} is empty", raw.bbox.numbers),
            (None, count) => {
                return Err(unusable(format!("bbox has {count} numbers, not x, y, width, height")));
            }
        };
        let labeled = &dataset.labeled[first..];
        if labeled.is_empty() && raw.bbox.count == 0 {
            return Ok(None);
        }
        let points = labeled.iter().map(|(_, landmark)| [landmark.x, landmark.y]);
        let size = || {
            let entry = &dataset.images[image as usize];
            let file = || ImageFile::new(dataset.folder.join(&entry.name)).header().ok();
            entry.size.or_else(|| file().map(|header| header.size))
        };
        let derived = derive_box(points.clone(), self.box_margin, None)
            .or_else(|| derive_box(points, self.box_margin, size()));
        match derived {
            Some((bounds, BoxSource::Landmarks)) => {
                let message = format!("{shown}: made from the landmarks");
                findings.push((FindingKind::BoxFromLandmarks, message));
                Ok(Some(bounds))
            }
            Some((bounds, BoxSource::Image)) => {
                let message = format!("{shown}: the whole image is used");
                findings.push((FindingKind::BoxOfImage, message));
                Ok(Some(bounds))
            }
            None => Err(unusable(format!(
                "{shown}, fewer than two landmarks are labeled, and the image's size is not known"
            ))),
        }
    }
}

/// The error of an annotation that can't be used.
fn unusable(message: impl Into<String>) -> Error {
    Error::new(ErrorKind::Annotation, message)
}

/// An area that OKS can use.
fn area(value: &Loose, findings: &mut Findings) -> Option<f32> {
    let area = value.number().map(|area| area as f32);
    let usable = area.filter(|area| area.is_finite() && *area > 0.0);
    if usable.is_none() && !value.is_missing() {
        let message = format!("area is {value}: the box's area is used");
        findings.push((FindingKind::Area, message));
    }
    usable
}
