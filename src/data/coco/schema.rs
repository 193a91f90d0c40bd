//! Conversion of a file's categories to a schema and back.
use std::collections::{HashMap, HashSet};

use serde::Serialize;

use super::categories::{Category, message_in};
use crate::{
    data::{Finding, FindingKind, annotation::shortened},
    landmark::{LandmarkCategory, LandmarkSchema},
};

/// The schema of a file's categories.
pub(super) struct FileSchema {
    pub(super) schema: LandmarkSchema,
    /// Landmarks whose names contain a side but that have no mirror partner.
    pub(super) unpaired: Vec<usize>,
}

/// The schema of a file's categories, without those that have no keypoints.
///
/// Categories with the same list of names share their landmarks; others have separate landmarks,
/// one list after another. If two lists have a name in common, all names are prefixed with their
/// category's name.
pub(super) fn schema_of(categories: &[Category]) -> Result<FileSchema, String> {
    let mut lists: Vec<(usize, &Category)> = Vec::new();
    let mut places = HashMap::new();
    let (mut of_category, mut next) = (Vec::new(), 0);
    for category in categories.iter().filter(|category| !category.keypoints.is_empty()) {
        let first = *places.entry(category.keypoints.as_slice()).or_insert_with(|| {
            lists.push((next, category));
            next += category.keypoints.len();
            next - category.keypoints.len()
        });
        of_category.push(LandmarkCategory {
            id: category.id,
            name: category.name.clone(),
            landmarks: (first..first + category.keypoints.len()).collect(),
        });
    }
    let mut seen = HashSet::new();
    let clash = lists.iter().any(|(_, category)| {
        let own: HashSet<_> = category.keypoints.iter().collect();
        own.into_iter().any(|name| !seen.insert(name))
    });
    let (mut names, mut mirror, mut skeleton) = (Vec::new(), Vec::new(), Vec::new());
    let (mut sigmas, mut unpaired) = (Some(Vec::new()), Vec::new());
    for (first, category) in lists {
        names.extend(category.keypoints.iter().map(|name| match clash {
            true => format!("{} {name}", category.name),
            false => name.clone(),
        }));
        mirror.extend(category.mirror.iter().map(|i| first + i));
        unpaired.extend(category.unpaired.iter().map(|i| first + i));
        skeleton.extend(category.skeleton.iter().map(|[a, b]| [first + a, first + b]));
        // Sigmas of only some landmarks are useless.
        match (&mut sigmas, &category.sigmas) {
            (Some(all), Some(own)) => all.extend(own),
            _ => sigmas = None,
        }
    }
    let schema = LandmarkSchema::new(names, mirror, skeleton)
        .and_then(|schema| schema.with_categories(of_category))
        .and_then(|schema| match sigmas {
            Some(sigmas) if !schema.is_empty() => schema.with_sigmas(sigmas),
            _ => Ok(schema),
        });
    let schema = schema.map_err(|error| error.to_string())?;
    Ok(FileSchema { schema, unpaired })
}

/// The number of the only category that is written for a schema without categories.
const WHOLE: u64 = 1;

/// How mirror pairs are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Pairs {
    /// By number, counted from 1, like skeletons.
    Numbers,
    /// By name, so that users can complete them.
    Names,
}

/// A keypoint of a pair.
#[derive(Debug, Clone, Copy, Serialize)]
#[serde(untagged)]
enum Side<'a> {
    Number(usize),
    Name(&'a str),
}

/// A category as written.
#[derive(Debug, Serialize)]
pub(super) struct WrittenCategory<'a> {
    pub(super) id: u64,
    name: &'a str,
    keypoints: Vec<&'a str>,
    /// Counted from 1.
    skeleton: Vec<[usize; 2]>,
    flip_pairs: Vec<[Side<'a>; 2]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sigmas: Option<Vec<f64>>,
}

/// The categories that describe `schema` to other tools. If it has no categories, a single one with
/// all landmarks.
pub(super) fn categories_of(schema: &LandmarkSchema, pairs: Pairs) -> Vec<WrittenCategory<'_>> {
    let how = pairs;
    let all: Vec<usize> = (0..schema.len()).collect();
    let names = schema.names();
    let written = |id, name, own: &[usize]| {
        let places: HashMap<usize, usize> = own.iter().copied().zip(1..).collect();
        let line = |[a, b]: &[usize; 2]| Some([*places.get(a)?, *places.get(b)?]);
        let pairs = own.iter().map(|&a| [a, schema.mirror()[a]]);
        let pairs = pairs.filter(|[a, b]| a < b && places.contains_key(b));
        let side = |slot: usize| match how {
            Pairs::Numbers => Side::Number(places[&slot]),
            Pairs::Names => Side::Name(&names[slot]),
        };
        WrittenCategory {
            id,
            name,
            keypoints: own.iter().map(|&slot| names[slot].as_str()).collect(),
            skeleton: schema.skeleton().iter().filter_map(line).collect(),
            flip_pairs: pairs.map(|pair| pair.map(side)).collect(),
            sigmas: schema.sigmas().map(|all| own.iter().map(|&slot| all[slot]).collect()),
        }
    };
    match schema.categories() {
        [] => vec![written(WHOLE, "object", &all)],
        categories => {
            categories.iter().map(|own| written(own.id, &own.name, &own.landmarks)).collect()
        }
    }
}

impl WrittenCategory<'_> {
    /// The category that reading it back returns.
    pub(super) fn read(&self) -> Category {
        let n = self.keypoints.len();
        let places: HashMap<_, _> = self.keypoints.iter().zip(0..).collect();
        let mut mirror: Vec<usize> = (0..n).collect();
        let place = |side| match side {
            Side::Number(number) => number - 1,
            Side::Name(name) => places[&name],
        };
        for [a, b] in self.flip_pairs.iter().map(|pair| pair.map(place)) {
            (mirror[a], mirror[b]) = (b, a);
        }
        Category {
            id: self.id,
            name: self.name.into(),
            keypoints: self.keypoints.iter().map(|&name| name.into()).collect(),
            mirror,
            unpaired: Vec::new(),
            skeleton: self.skeleton.iter().map(|line| line.map(|number| number - 1)).collect(),
            sigmas: self.sigmas.clone(),
        }
    }
}

/// The assignment of a file's categories and their keypoints to a schema.
pub(super) struct Assignment {
    /// In the file's order; `None` for categories without keypoints.
    pub(super) categories: Vec<Option<Assigned>>,
    pub(super) findings: Vec<Finding>,
}

/// A category of the file, assigned to the schema.
pub(super) struct Assigned {
    /// The schema's category; `None` if the schema has no categories.
    pub(super) category: Option<usize>,
    /// The landmark in the schema for each of the file's keypoints.
    pub(super) slots: Vec<usize>,
}

impl Assignment {
    /// Matches by number, or by name if the name has another number; if file and schema have one
    /// category each, these are matched.
    pub(super) fn new(categories: &[Category], schema: &LandmarkSchema) -> Self {
        let own = schema.categories();
        let by_id: HashMap<_, _> = own.iter().zip(0..).map(|(own, i)| (own.id, i)).collect();
        let by_name: HashMap<_, _> = own.iter().zip(0..).map(|(own, i)| (&own.name, i)).collect();
        let mut assignment = Self { categories: Vec::new(), findings: Vec::new() };
        for category in categories {
            let found = match own.len() {
                0 => Some(None),
                1 if categories.len() == 1 => Some(Some(0)),
                _ => (by_name.get(&category.name).or_else(|| by_id.get(&category.id)))
                    .map(|&place| Some(place)),
            };
            let assigned = found.map(|found| {
                let landmarks = schema.landmarks_of(found);
                let slots = assignment.slots(category, &landmarks, schema);
                Assigned { category: found, slots }
            });
            assignment.categories.push(assigned);
        }
        assignment
    }

    /// The landmarks of the category's keypoints: matched by name in any order, otherwise in the
    /// schema's order.
    fn slots(
        &mut self,
        category: &Category,
        landmarks: &[usize],
        schema: &LandmarkSchema,
    ) -> Vec<usize> {
        let by_name: HashMap<&String, usize> =
            landmarks.iter().map(|&slot| (&schema.names()[slot], slot)).collect();
        let named: Option<Vec<usize>> =
            category.keypoints.iter().map(|name| by_name.get(name).copied()).collect();
        let is_numbered = category.keypoints.iter().all(|name| name.parse::<u64>().is_ok());
        match named {
            Some(slots) if slots.len() == landmarks.len() => slots,
            _ if is_numbered || category.keypoints.len() != landmarks.len() => landmarks.to_vec(),
            _ => {
                let pairs = category.keypoints.iter().zip(landmarks);
                let mut differ = pairs.filter(|&(name, &slot)| *name != schema.names()[slot]);
                // The schema's own names may be prefixed with their category.
                let prefixed = |name: &str, slot: usize| {
                    schema.names()[slot].strip_suffix(name).is_some_and(|rest| rest.ends_with(' '))
                };
                if let Some((name, &slot)) = differ.find(|&(name, &slot)| !prefixed(name, slot)) {
                    let message = format!(
                        "the file calls a keypoint '{}' that is '{}' in the schema: taken in the \
                         schema's order",
                        shortened(name),
                        shortened(&schema.names()[slot])
                    );
                    let message = message_in(category.id, &category.name, message);
                    self.findings.push(Finding::new(FindingKind::Names, message));
                }
                landmarks.to_vec()
            }
        }
    }
}

/// Rejects a schema whose names differ from the categories in the same file.
pub(super) fn check_agreement(
    categories: &[Category],
    schema: &LandmarkSchema,
) -> Result<(), String> {
    let own = schema.categories();
    let names = |category: &LandmarkCategory, names: &[String]| {
        let own = category.landmarks.iter().map(|&slot| &schema.names()[slot]);
        own.eq(names)
    };
    let same = match categories {
        [only] if own.is_empty() => only.id == WHOLE && only.keypoints == schema.names(),
        _ => {
            own.len() == categories.len()
                && own.iter().zip(categories).all(|(a, b)| a.id == b.id && names(a, &b.keypoints))
        }
    };
    if same { Ok(()) } else { Err("landmark_schema and the categories disagree".into()) }
}
