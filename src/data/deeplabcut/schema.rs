//! Derives a schema from the tables' body parts, or matches them with a given one.
use std::collections::{HashMap, HashSet};

use super::{
    config::Config,
    head::{Head, SINGLE},
};
use crate::{
    Error,
    data::{Finding, FindingKind, annotation::shortened},
    landmark::{LandmarkCategory, LandmarkSchema, mirror::Sides},
};

/// The landmarks of a project, and the indices of its body parts among them.
pub(super) struct Landmarks {
    pub(super) schema: LandmarkSchema,
    pub(super) unpaired: Vec<usize>,
    pub(super) places: HashMap<String, usize>,
    /// The categories of animals and of unique body parts.
    pub(super) categories: [Option<usize>; 2],
    pub(super) findings: Vec<Finding>,
}

impl Landmarks {
    pub(super) fn new(
        heads: &[Head],
        config: &Config,
        given: Option<&LandmarkSchema>,
    ) -> Result<Self, Error> {
        let parts = Parts::of(heads);
        match given {
            Some(schema) => parts.in_given(schema),
            None => parts.own(config),
        }
    }
}

/// The body parts of all tables in order of first appearance: those of animals, and the unique
/// ones.
struct Parts {
    animal: Vec<String>,
    single: Vec<String>,
}

impl Parts {
    fn of(heads: &[Head]) -> Self {
        let mut parts = [Vec::new(), Vec::new()];
        let mut seen = HashSet::new();
        for head in heads {
            for point in &head.points {
                let is_single = head.individuals[point.individual] == SINGLE;
                let name = &head.parts[point.part];
                if seen.insert((is_single, name)) {
                    parts[usize::from(is_single)].push(name.clone());
                }
            }
        }
        let [animal, single] = parts;
        // The only individual happens to be named "single".
        if animal.is_empty() {
            Self { animal: single, single: animal }
        } else {
            Self { animal, single }
        }
    }

    /// Matches the body parts with a given schema.
    fn in_given(self, schema: &LandmarkSchema) -> Result<Landmarks, Error> {
        let by_name: HashMap<&str, usize> =
            schema.names().iter().enumerate().map(|(i, name)| (name.trim(), i)).collect();
        let mut places = HashMap::new();
        for name in self.animal.iter().chain(&self.single) {
            let Some(&place) = by_name.get(name.as_str()) else {
                let message = format!("the given schema has no landmark '{}'", shortened(name));
                return Err(Error::config(message));
            };
            places.insert(name.clone(), place);
        }
        // The only category that has all of them.
        let category = |names: &[String]| {
            let has_all = |category: &LandmarkCategory| {
                let own: HashSet<_> = category.landmarks.iter().collect();
                names.iter().all(|name| own.contains(&places[name]))
            };
            let mut all = schema.categories().iter().enumerate().filter(|(_, own)| has_all(own));
            let first = all.next().map(|(place, _)| place);
            if all.next().is_some() { None } else { first }
        };
        let categories = [category(&self.animal), category(&self.single)];
        for (names, category) in [&self.animal, &self.single].into_iter().zip(categories) {
            if category.is_none() && !schema.categories().is_empty() && !names.is_empty() {
                let message =
                    "the given schema has no category, or several, with all of the body parts";
                return Err(Error::config(message));
            }
        }
        let (schema, unpaired) = (schema.clone(), Vec::new());
        Ok(Landmarks { schema, unpaired, places, categories, findings: Vec::new() })
    }

    /// Derives a schema from the body parts.
    fn own(mut self, config: &Config) -> Result<Landmarks, Error> {
        let order: HashMap<&String, usize> =
            config.names().enumerate().map(|(place, name)| (name, place)).collect();
        let all: HashSet<&String> = self.animal.iter().chain(&self.single).collect();
        if all.len() == order.len() && all.iter().all(|name| order.contains_key(name)) {
            for names in [&mut self.animal, &mut self.single] {
                names.sort_by_key(|name| order[name]);
            }
        }
        let mut places = HashMap::new();
        let mut names = Vec::new();
        for name in self.animal.iter().chain(&self.single) {
            places.entry(name.clone()).or_insert_with(|| {
                names.push(name.clone());
                names.len() - 1
            });
        }
        let mut findings = Vec::new();
        let Sides { mirror, unpaired } = Sides::by_name(&names);
        if !unpaired.is_empty() {
            let shown: Vec<_> = unpaired.iter().take(5).map(|&i| shortened(&names[i])).collect();
            let message = format!("no mirror partner by name for {}", shown.join(", "));
            findings.push(Finding::new(FindingKind::MirrorPairs, message));
        }
        let skeleton = skeleton(config, &places, &mut findings);
        let mut schema = LandmarkSchema::new(names, mirror, skeleton)?;
        let mut categories = [None, None];
        if !self.single.is_empty() {
            let category = |id, name: &str, own: &[String]| LandmarkCategory {
                id,
                name: name.into(),
                landmarks: own.iter().map(|name| places[name]).collect(),
            };
            let all = vec![category(1, "animal", &self.animal), category(2, SINGLE, &self.single)];
            schema = schema.with_categories(all)?;
            categories = [Some(0), Some(1)];
        }
        Ok(Landmarks { schema, unpaired, places, categories, findings })
    }
}

/// The configuration's skeleton, without lines that do not join two landmarks.
fn skeleton(
    config: &Config,
    places: &HashMap<String, usize>,
    findings: &mut Vec<Finding>,
) -> Vec<[usize; 2]> {
    let mut lines = Vec::new();
    for names in config.skeleton.iter().flatten() {
        let found: Option<Vec<usize>> =
            names.iter().map(|name| places.get(name).copied()).collect();
        match found.as_deref() {
            Some(&[a, b]) => lines.push([a, b]),
            _ => {
                let names: Vec<_> = names.iter().take(3).map(|name| shortened(name)).collect();
                let message =
                    format!("the line {} joins no two landmarks: not rendered", names.join(", "));
                findings.push(Finding::new(FindingKind::Skeleton, message));
            }
        }
    }
    lines
}
