//! Derives a schema from `data.yaml`, or matches its classes with a given one.
use std::collections::HashSet;

use super::config::Config;
use crate::{
    Error,
    data::{Finding, FindingKind, annotation::shortened, yaml::Lenient},
    landmark::{LandmarkCategory, LandmarkSchema, mirror::Sides},
};

/// The landmarks of a dataset, and the categories of its classes.
pub(super) struct Landmarks {
    pub(super) schema: LandmarkSchema,
    pub(super) unpaired: Vec<usize>,
    /// The schema's category of each class.
    pub(super) categories: Vec<usize>,
    pub(super) findings: Vec<Finding>,
}

impl Landmarks {
    pub(super) fn new(config: &Config, given: Option<&LandmarkSchema>) -> Result<Self, Error> {
        match given {
            Some(schema) => Self::given(config, schema),
            None => Self::of_file(config),
        }
    }

    fn given(config: &Config, schema: &LandmarkSchema) -> Result<Self, Error> {
        let wrong = |message: String| Error::config(message).with_path(&config.file);
        if schema.len() != config.landmarks {
            let (own, given) = (config.landmarks, schema.len());
            return Err(wrong(format!("{own} landmarks, but the given schema has {given}")));
        }
        let mut schema = schema.clone();
        let mut findings = Vec::new();
        let categories = if schema.categories().is_empty() {
            schema = schema.with_categories(categories(config, &mut findings))?;
            (0..config.classes.len()).collect()
        } else {
            assign(config, &schema).map_err(wrong)?
        };
        Ok(Self { schema, unpaired: Vec::new(), categories, findings })
    }

    fn of_file(config: &Config) -> Result<Self, Error> {
        let mut findings = Vec::new();
        let names = names(config, &mut findings);
        let Sides { mirror: by_name, unpaired } = Sides::by_name(&names);
        let has_pairs = by_name.iter().enumerate().any(|(i, &other)| other != i);
        let (mirror, unpaired) = match &config.flip {
            None => {
                if !unpaired.is_empty() {
                    let shown: Vec<_> =
                        unpaired.iter().take(5).map(|&i| shortened(&names[i])).collect();
                    let message = format!("no mirror partner by name for {}", shown.join(", "));
                    findings.push(Finding::new(FindingKind::MirrorPairs, message));
                }
                (by_name, unpaired)
            }
            Some(flip) => {
                // Roboflow writes this for any landmarks.
                if has_pairs && flip.iter().enumerate().all(|(i, &other)| other == i) {
                    let message = "flip_idx pairs no landmarks, though their names say left and \
                                   right: it is used, so flipped images mix up left and right";
                    findings.push(Finding::new(FindingKind::MirrorPairs, message));
                }
                (flip.clone(), Vec::new())
            }
        };
        let skeleton = skeleton(config, &mut findings);
        let wrong = |error: Error| error.with_path(&config.file);
        let categories = categories(config, &mut findings);
        let schema = LandmarkSchema::new(names, mirror, skeleton)
            .and_then(|schema| schema.with_categories(categories))
            .map_err(wrong)?;
        let categories = (0..config.classes.len()).collect();
        Ok(Self { schema, unpaired, categories, findings })
    }
}

/// The classes, each with all landmarks.
fn categories(config: &Config, findings: &mut Vec<Finding>) -> Vec<LandmarkCategory> {
    let names = told_apart(config.classes.clone(), "class", findings);
    let category =
        |(id, name)| LandmarkCategory { id, name, landmarks: (0..config.landmarks).collect() };
    (0..).zip(names).map(category).collect()
}

/// Matches each class with a category of the schema: by name; by number if no name is known; if
/// both have only one, these are matched.
fn assign(config: &Config, schema: &LandmarkSchema) -> Result<Vec<usize>, String> {
    let own = schema.categories();
    if own.len() == 1 && config.classes.len() == 1 {
        return Ok(vec![0]);
    }
    let same = |a: &str, b: &str| a.trim().eq_ignore_ascii_case(b.trim());
    let by_name = |class: &String| own.iter().position(|category| same(&category.name, class));
    let named = config.classes.iter().any(|class| by_name(class).is_some());
    let found = |(number, class): (u64, &String)| {
        let by_number = || own.iter().position(|category| category.id == number);
        let place = if named { by_name(class) } else { by_number() };
        place.ok_or_else(|| {
            format!("class {number} '{}' is not a category of the given schema", shortened(class))
        })
    };
    let assigned: Vec<usize> = (0..).zip(&config.classes).map(found).collect::<Result<_, _>>()?;
    let distinct: HashSet<_> = assigned.iter().collect();
    match distinct.len() == assigned.len() {
        true => Ok(assigned),
        false => Err("two classes are the same category of the given schema".into()),
    }
}

/// The landmark names from the file, or numbers.
fn names(config: &Config, findings: &mut Vec<Finding>) -> Vec<String> {
    let n = config.landmarks;
    let mut found = |message: String| findings.push(Finding::new(FindingKind::Names, message));
    let numbered = || (1..=n).map(|number| number.to_string()).collect();
    let Some((class, first)) = config.landmark_names.first() else {
        found(format!("no kpt_names: the landmarks are called '1' to '{n}'"));
        return numbered();
    };
    if first.len() != n {
        let count = first.len();
        found(format!("kpt_names has {count} names for {n} landmarks: called '1' to '{n}'"));
        return numbered();
    }
    if let Some((other, _)) = config.landmark_names.iter().find(|(_, names)| names != first) {
        let message = format!(
            "kpt_names of class {other} differ from those of class {class}, which are used"
        );
        found(message);
    }
    told_apart(first.clone(), "landmark", findings)
}

/// Makes duplicated names unique.
fn told_apart(mut names: Vec<String>, what: &str, findings: &mut Vec<Finding>) -> Vec<String> {
    let all: HashSet<String> = names.iter().cloned().collect();
    let mut seen = HashSet::with_capacity(names.len());
    for (place, name) in names.iter_mut().enumerate() {
        if !seen.insert(name.clone()) {
            let numbered = (place + 1..).map(|number| format!("{name} {number}"));
            let fresh =
                numbered.into_iter().find(|name| !all.contains(name) && !seen.contains(name));
            let fresh = fresh.unwrap_or_default();
            let (was, now) = (shortened(name), shortened(&fresh));
            let message = format!("{what} '{was}' is there twice: the second is called '{now}'");
            findings.push(Finding::new(FindingKind::Names, message));
            seen.insert(fresh.clone());
            *name = fresh;
        }
    }
    names
}

/// The skeleton, without lines that do not join two landmarks.
fn skeleton(config: &Config, findings: &mut Vec<Finding>) -> Vec<[usize; 2]> {
    let mut found = |message: String| findings.push(Finding::new(FindingKind::Skeleton, message));
    let pairs = match &config.skeleton {
        None => return Vec::new(),
        Some(Lenient::As(pairs)) => pairs,
        Some(Lenient::Other(_)) => {
            found("skeleton is not a list of pairs: no lines are rendered".into());
            return Vec::new();
        }
    };
    let n = config.landmarks as u64;
    let base = u64::from(pairs.iter().flatten().any(|&number| number == n));
    let mut lines = Vec::with_capacity(pairs.len());
    for pair in pairs {
        let place = |number: u64| number.checked_sub(base).filter(|&place| place < n);
        match pair.map(place) {
            [Some(a), Some(b)] => lines.push([a as usize, b as usize]),
            _ => {
                let [a, b] = pair;
                found(format!("the line {a}, {b} joins no two of {n} landmarks: not rendered"));
            }
        }
    }
    lines
}
