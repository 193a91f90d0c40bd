//! A file's categories after validation: each with the names, mirror pairs, skeleton and sigmas of
//! its keypoints.
use std::{
    collections::{HashMap, HashSet, hash_map::Entry as Place},
    fmt::Display,
};

use super::{
    json::RawCategory,
    loose::{Entry, Id, Loose, LooseList},
};
use crate::{
    data::{Finding, FindingKind, annotation::shortened},
    landmark::mirror::Sides,
};

/// A category with consistent lists; indices of keypoints count from 0.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Category {
    pub(super) id: u64,
    pub(super) name: String,
    pub(super) keypoints: Vec<String>,
    pub(super) mirror: Vec<usize>,
    /// Keypoints whose names contain a side but that have no mirror partner.
    pub(super) unpaired: Vec<usize>,
    pub(super) skeleton: Vec<[usize; 2]>,
    pub(super) sigmas: Option<Vec<f64>>,
}

/// The number of keypoints in the annotations of a category.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct KeypointCount {
    /// `None` if annotations differ.
    pub(super) keypoints: Option<usize>,
    pub(super) annotations: usize,
}

/// Categories, and the keys by which annotations refer to them.
#[derive(Debug, Default)]
pub(super) struct Categories {
    pub(super) all: Vec<Category>,
    /// Indices of the categories by their key in the file.
    pub(super) places: HashMap<Id, usize>,
    pub(super) findings: Vec<Finding>,
}

/// COCO's names of a person's keypoints and the sigmas of its evaluation (0.1 times the constants
/// on its page about keypoint evaluation, as in pycocotools).
const COCO_PERSON: [(&str, f64); 17] = [
    ("nose", 0.026),
    ("left_eye", 0.025),
    ("right_eye", 0.025),
    ("left_ear", 0.035),
    ("right_ear", 0.035),
    ("left_shoulder", 0.079),
    ("right_shoulder", 0.079),
    ("left_elbow", 0.072),
    ("right_elbow", 0.072),
    ("left_wrist", 0.062),
    ("right_wrist", 0.062),
    ("left_hip", 0.107),
    ("right_hip", 0.107),
    ("left_knee", 0.087),
    ("right_knee", 0.087),
    ("left_ankle", 0.089),
    ("right_ankle", 0.089),
];

impl Categories {
    /// Validates the categories of a file whose annotations have `counts` keypoints.
    ///
    /// Invalid entries that only affect rendering or evaluation (skeleton, sigmas) are left out.
    /// Invalid mirror pairs are an error, because training would learn wrong sides.
    pub(super) fn new(
        raw: Vec<Entry<RawCategory>>,
        counts: &HashMap<Option<Id>, KeypointCount>,
    ) -> Result<Self, String> {
        let mut found = Self::default();
        let only = raw.len() == 1;
        let whole = whole_count(&raw);
        let mut taken: HashSet<u64> = raw.iter().filter_map(number).collect();
        let mut names: HashMap<String, usize> = HashMap::new();
        for entry in raw {
            let raw = match entry {
                Entry::Object(raw) => raw,
                Entry::Other(value) => {
                    return Err(format!("categories has {value}, not an object"));
                }
            };
            let key = raw.id.id();
            let count = (key.as_ref().and_then(|key| counts.get(&Some(key.clone()))))
                .or_else(|| counts.get(&None).filter(|_| only));
            let id = match &key {
                Some(Id::Number(number)) => *number,
                _ => found.numbered(&raw.id, &mut taken),
            };
            let name = raw.name.text().unwrap_or_else(|| format!("category {id}"));
            let mut category = found.checked(id, name, &raw, count.copied(), whole)?;
            let times = names.entry(category.name.clone()).or_insert(0);
            *times += 1;
            let key = key.unwrap_or(Id::Number(id));
            match found.places.entry(key) {
                Place::Vacant(place) => place.insert(found.all.len()),
                Place::Occupied(first) if found.all[*first.get()] == category => {
                    let message = "the category is there twice";
                    found.findings.push(in_category(&category, FindingKind::Repeated, message));
                    continue;
                }
                Place::Occupied(_) => {
                    return Err(message_in(id, &category.name, "its number is there twice"));
                }
            };
            if *times > 1 {
                let renamed = format!("{} ({times})", category.name);
                let message = format!("another category has its name: called '{renamed}'");
                found.findings.push(in_category(&category, FindingKind::Names, message));
                category.name = renamed;
            }
            found.all.push(category);
        }
        Ok(found)
    }

    /// Assigns a number to a category without a valid one.
    fn numbered(&mut self, id: &Loose, taken: &mut HashSet<u64>) -> u64 {
        let free = (1..).find(|number| !taken.contains(number)).expect("there are enough");
        taken.insert(free);
        let message = format!("a category's id is {id}: numbered {free}");
        self.findings.push(Finding::new(FindingKind::Number, message));
        free
    }

    fn checked(
        &mut self,
        id: u64,
        name: String,
        raw: &RawCategory,
        count: Option<KeypointCount>,
        whole: usize,
    ) -> Result<Category, String> {
        let mut category = Category {
            id,
            name,
            keypoints: Vec::new(),
            mirror: Vec::new(),
            unpaired: Vec::new(),
            skeleton: Vec::new(),
            sigmas: None,
        };
        category.keypoints = self.names(&category, raw, count, whole);
        let n = category.keypoints.len();
        let base = base(raw);
        let wrong = |message: String| message_in(id, &category.name, message);
        let told = told_mirror(raw, &category.keypoints, base).map_err(wrong)?;
        match told {
            Some(mirror) => category.mirror = mirror,
            None => {
                let Sides { mirror, unpaired } = Sides::by_name(&category.keypoints);
                (category.mirror, category.unpaired) = (mirror, unpaired);
            }
        }
        let place = |value: &Loose| place(value, base).filter(|&place| place < n);
        let lines = raw.skeleton.elements();
        let line = |line: &LooseList<Loose>| match line.elements() {
            [a, b] => Some([place(a)?, place(b)?]),
            _ => None,
        };
        category.skeleton = lines.iter().filter_map(line).collect();
        if n > 0 && category.skeleton.len() < lines.len() {
            let (left_out, all) = (lines.len() - category.skeleton.len(), lines.len());
            let message = format!(
                "{left_out} of the skeleton's {all} lines name no keypoint of the {n}: not rendered"
            );
            self.findings.push(in_category(&category, FindingKind::Skeleton, message));
        }
        category.sigmas = self.sigmas(&category, raw);
        Ok(category)
    }

    /// The keypoints' names, as many as annotations have keypoints.
    fn names(
        &mut self,
        category: &Category,
        raw: &RawCategory,
        count: Option<KeypointCount>,
        whole: usize,
    ) -> Vec<String> {
        let given = raw.keypoints.elements().iter().zip(1..);
        let mut names: Vec<String> =
            given.map(|(name, i)| name.text().unwrap_or_else(|| i.to_string())).collect();
        let numbers = |from: usize, to: usize| (from + 1..=to).map(|i| i.to_string());
        let has = names.len();
        let mut tell = |message: String| {
            self.findings.push(in_category(category, FindingKind::Names, message));
        };
        match count {
            Some(KeypointCount { keypoints: Some(n), .. }) if has == 0 => {
                names.extend(numbers(0, n));
                tell(format!("it names no keypoints: called 1 to {n}"));
            }
            // A single annotation with another count may itself be wrong, but not all of several.
            Some(KeypointCount { keypoints: Some(n), annotations: 2.. })
                if n != has && n != whole =>
            {
                names.truncate(n);
                names.extend(numbers(has, n));
                let rest = if n < has { "the first are taken" } else { "the others are numbered" };
                tell(format!("it names {has} keypoints, all annotations have {n}: {rest}"));
            }
            _ => (),
        }
        let mut seen: HashSet<String> = HashSet::with_capacity(names.len());
        for name in &mut names {
            if seen.contains(name) {
                let renamed = (2..).map(|i| format!("{name} ({i})"));
                let renamed = renamed.into_iter().find(|renamed| !seen.contains(renamed));
                let renamed = renamed.expect("there are enough");
                tell(format!("two keypoints are '{}': called '{renamed}'", shortened(name)));
                *name = renamed;
            }
            seen.insert(name.clone());
        }
        names
    }

    fn sigmas(&mut self, category: &Category, raw: &RawCategory) -> Option<Vec<f64>> {
        let n = category.keypoints.len();
        let (key, list) = match raw.sigmas.is_given() {
            true => ("sigmas", &raw.sigmas),
            false => ("keypoint_oks_sigmas", &raw.keypoint_oks_sigmas),
        };
        if n == 0 {
            return None;
        }
        if !list.is_given() {
            let is_person = category.keypoints.iter().eq(COCO_PERSON.iter().map(|(name, _)| name));
            let message = "it has no sigmas: COCO's own for these keypoints are taken";
            return is_person.then(|| {
                self.findings.push(in_category(category, FindingKind::Sigmas, message));
                COCO_PERSON.map(|(_, sigma)| sigma).to_vec()
            });
        }
        let values: Vec<f64> = list.elements().iter().filter_map(Loose::number).collect();
        let usable = values.len() == n && values.iter().all(|s| s.is_finite() && *s > 0.0);
        if !usable {
            let found = list.elements().len();
            let message = format!(
                "{key} has {found} entries for {n} keypoints, or one that is not a positive number: not used"
            );
            self.findings.push(in_category(category, FindingKind::Sigmas, message));
        }
        usable.then_some(values)
    }
}

fn number(entry: &Entry<RawCategory>) -> Option<u64> {
    match entry {
        Entry::Object(RawCategory { id, .. }) => match id.id()? {
            Id::Number(number) => Some(number),
            Id::Name(_) => None,
        },
        Entry::Other(_) => None,
    }
}

/// The number of keypoints in all distinct lists together, which annotations may also contain.
fn whole_count(raw: &[Entry<RawCategory>]) -> usize {
    let mut seen = HashSet::new();
    let lists = raw.iter().filter_map(|entry| match entry {
        Entry::Object(raw) => Some(raw.keypoints.elements()),
        Entry::Other(_) => None,
    });
    let names = |list: &[Loose]| list.iter().map(Loose::text).collect::<Vec<_>>();
    lists.filter(|list| seen.insert(names(list))).map(<[Loose]>::len).sum()
}

/// The base of keypoint numbers. COCO counts from 1; some tools count from 0, which is detected by
/// keypoint 0 in any pair.
fn base(raw: &RawCategory) -> u64 {
    let pairs = raw.skeleton.elements().iter().chain(raw.flip_pairs.elements());
    let zero = |value: &Loose| value.id() == Some(Id::Number(0));
    u64::from(!pairs.flat_map(|pair| pair.elements()).any(zero))
}

/// The index for a keypoint number.
fn place(value: &Loose, base: u64) -> Option<usize> {
    match value.id()? {
        Id::Number(number) => usize::try_from(number.checked_sub(base)?).ok(),
        Id::Name(_) => None,
    }
}

/// The category's own mirror table, if it has one.
fn told_mirror(
    raw: &RawCategory,
    names: &[String],
    base: u64,
) -> Result<Option<Vec<usize>>, String> {
    let pairs = raw.flip_pairs.is_given().then(|| mirror_of_pairs(raw, names, base)).transpose()?;
    let index = raw.flip_idx.is_given().then(|| mirror_of_index(raw, names.len())).transpose()?;
    match (pairs, index) {
        (Some(pairs), Some(index)) if pairs != index => {
            Err("flip_pairs and flip_idx disagree".into())
        }
        (pairs, index) => Ok(pairs.or(index)),
    }
}

fn mirror_of_pairs(raw: &RawCategory, names: &[String], base: u64) -> Result<Vec<usize>, String> {
    let n = names.len();
    let by_name: HashMap<_, _> = names.iter().zip(0..).collect();
    let side = |value: &Loose| match value {
        Loose::Text(name) => by_name.get(name).copied().ok_or_else(|| {
            format!("flip_pairs has '{}', which is not a keypoint", shortened(name))
        }),
        number => place(number, base).filter(|&place| place < n).ok_or_else(|| {
            format!("flip_pairs has keypoint {number}, counted from {base}, of {n}")
        }),
    };
    let mut mirror: Vec<usize> = (0..n).collect();
    for pair in raw.flip_pairs.elements() {
        let [a, b] = pair.elements() else {
            let found = pair.elements().len();
            return Err(format!("flip_pairs has an entry of {found} keypoints, not a pair"));
        };
        let (a, b) = (side(a)?, side(b)?);
        if mirror[a] != a || mirror[b] != b {
            let name = &names[if mirror[a] != a { a } else { b }];
            return Err(format!("flip_pairs has '{}' twice", shortened(name)));
        }
        mirror[a] = b;
        mirror[b] = a;
    }
    Ok(mirror)
}

fn mirror_of_index(raw: &RawCategory, n: usize) -> Result<Vec<usize>, String> {
    let index = raw.flip_idx.elements();
    if index.len() != n {
        return Err(format!("flip_idx has {} entries for {n} keypoints", index.len()));
    }
    let place = |value: &Loose| {
        let place = place(value, 0).filter(|&place| place < n);
        place.ok_or_else(|| format!("flip_idx has {value}, counted from 0, of {n}"))
    };
    let mirror = index.iter().map(place).collect::<Result<Vec<_>, _>>()?;
    match mirror.iter().enumerate().find(|&(i, &other)| mirror[other] != i) {
        Some((i, other)) => Err(format!("flip_idx: {i} and {other} don't mirror each other")),
        None => Ok(mirror),
    }
}

fn in_category(category: &Category, kind: FindingKind, message: impl Display) -> Finding {
    Finding::new(kind, message_in(category.id, &category.name, message))
}

/// Adds the category to `message`.
pub(super) fn message_in(id: u64, name: &str, message: impl Display) -> String {
    format!("category {id} '{}': {message}", shortened(name))
}
