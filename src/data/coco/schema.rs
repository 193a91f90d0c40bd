//! From a file's categories to one schema, and back.
use std::{
    collections::{HashMap, HashSet},
    fmt::Display,
};

use super::json::RawCategory;
use crate::{
    data::annotation::{Key, shortened},
    landmark::{LandmarkCategory, LandmarkSchema, mirror::Sides},
};

/// The schema of a file's categories, those without keypoints left out.
///
/// Categories with the same list of names share their landmarks; others have landmarks of their own, one list after
/// another. Where two lists have a name in common, all names begin with their category's.
pub(super) fn schema_of(categories: &[RawCategory]) -> Result<LandmarkSchema, String> {
    let mut lists: Vec<(usize, &RawCategory)> = Vec::new();
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
    let mut sigmas = Some(Vec::new());
    for (first, category) in lists {
        let wrong = |message: String| in_category(category, message);
        let own = pairs(category).map_err(wrong)?;
        names.extend(category.keypoints.iter().map(|name| match clash {
            true => format!("{} {name}", category.name),
            false => name.clone(),
        }));
        mirror.extend(own.mirror.iter().map(|i| first + i));
        skeleton.extend(own.skeleton.iter().map(|[a, b]| [first + a, first + b]));
        // Sigmas of some landmarks alone are of no use.
        match (&mut sigmas, &category.sigmas) {
            (Some(all), Some(own)) => all.extend(own),
            _ => sigmas = None,
        }
        if let Some(own) =
            category.sigmas.as_ref().filter(|own| own.len() != category.keypoints.len())
        {
            let (landmarks, sigmas) = (category.keypoints.len(), own.len());
            return Err(wrong(format!("{landmarks} keypoints, but {sigmas} sigmas")));
        }
    }
    let schema = LandmarkSchema::new(names, mirror, skeleton)
        .and_then(|schema| schema.with_categories(of_category))
        .and_then(|schema| match sigmas {
            Some(sigmas) if !schema.is_empty() => schema.with_sigmas(sigmas),
            _ => Ok(schema),
        });
    schema.map_err(|error| error.to_string())
}

/// `message` about a category.
fn in_category(category: &RawCategory, message: impl Display) -> String {
    format!("category {} '{}': {message}", category.id, shortened(&category.name))
}

/// A category's mirror table and skeleton, counted from 0.
struct Pairs {
    mirror: Vec<usize>,
    skeleton: Vec<[usize; 2]>,
}

fn pairs(category: &RawCategory) -> Result<Pairs, String> {
    let RawCategory { keypoints, skeleton, flip_pairs, .. } = category;
    let n = keypoints.len();
    let in_pairs = flip_pairs.iter().flatten().flatten();
    let numbers =
        skeleton.iter().flatten().copied().chain(in_pairs.filter_map(|side| match side {
            Key::Number(number) => Some(*number),
            Key::Name(_) => None,
        }));
    // COCO counts from 1. Some tools count from 0, which shows if landmark 0 is in any pair.
    let base = numbers.min().map_or(1, |least| least.min(1));
    let place = |number: u64, list: &str| {
        let place = usize::try_from(number - base).ok().filter(|&place| place < n);
        place.ok_or_else(|| format!("{list} has landmark {number}, counted from {base}, of {n}"))
    };
    let skeleton = skeleton
        .iter()
        .map(|&[a, b]| Ok([place(a, "skeleton")?, place(b, "skeleton")?]))
        .collect::<Result<_, String>>()?;
    let Some(flip_pairs) = flip_pairs else {
        return Ok(Pairs { mirror: Sides::by_name(keypoints).mirror, skeleton });
    };
    let by_name: HashMap<_, _> = keypoints.iter().enumerate().map(|(i, name)| (name, i)).collect();
    let side = |side: &Key| match side {
        Key::Number(number) => place(*number, "flip_pairs"),
        Key::Name(name) => by_name
            .get(name)
            .copied()
            .ok_or_else(|| format!("flip_pairs has '{}', which is no keypoint", shortened(name))),
    };
    let mut mirror: Vec<usize> = (0..n).collect();
    for [a, b] in flip_pairs {
        let (a, b) = (side(a)?, side(b)?);
        if mirror[a] != a || mirror[b] != b {
            let name = &keypoints[if mirror[a] != a { a } else { b }];
            return Err(format!("flip_pairs has '{}' twice", shortened(name)));
        }
        mirror[a] = b;
        mirror[b] = a;
    }
    Ok(Pairs { mirror, skeleton })
}

/// The number of the only category of a schema that has none.
const WHOLE: u64 = 1;

/// The categories that describe `schema` to other tools: one of all landmarks where it has none.
pub(super) fn categories_of(schema: &LandmarkSchema) -> Vec<RawCategory> {
    let landmarks = (0..schema.len()).collect();
    let all = [LandmarkCategory { id: WHOLE, name: "object".into(), landmarks }];
    let categories = if schema.categories().is_empty() { &all[..] } else { schema.categories() };
    let written = categories.iter().map(|category| {
        let own = &category.landmarks;
        let places: HashMap<usize, u64> = own.iter().copied().zip(1..).collect();
        let pair = |a: usize, b: usize| Some([*places.get(&a)?, *places.get(&b)?]);
        let mirrored = own.iter().filter(|&&a| a < schema.mirror()[a]);
        RawCategory {
            id: category.id,
            name: category.name.clone(),
            keypoints: own.iter().map(|&slot| schema.names()[slot].clone()).collect(),
            skeleton: schema.skeleton().iter().filter_map(|&[a, b]| pair(a, b)).collect(),
            flip_pairs: Some(
                mirrored
                    .filter_map(|&a| pair(a, schema.mirror()[a]))
                    .map(|pair| pair.map(Key::Number))
                    .collect(),
            ),
            sigmas: schema.sigmas().map(|all| own.iter().map(|&slot| all[slot]).collect()),
        }
    });
    written.collect()
}

/// Which of the schema's categories each of the file's is: by number, unless the schema has but one or none.
pub(super) struct Assignment(HashMap<u64, Option<usize>>);

/// A category of the file, as the schema has it.
pub(super) enum Assigned {
    /// The schema's category; none where the schema has no categories.
    To(Option<usize>),
    /// It has no keypoints.
    Without,
    /// It is not in the file.
    Unknown,
}

impl Assignment {
    pub(super) fn new(categories: &[RawCategory], schema: &LandmarkSchema) -> Result<Self, String> {
        let own = schema.categories();
        let by_id: HashMap<_, _> = own.iter().enumerate().map(|(i, own)| (own.id, i)).collect();
        let mut assigned = HashMap::with_capacity(categories.len());
        for category in categories {
            let of = if own.len() == 1 && categories.len() == 1 {
                Some(0)
            } else {
                by_id.get(&category.id).copied()
            };
            if assigned.insert(category.id, of).is_some() {
                return Err(in_category(category, "its number is there twice"));
            }
        }
        Ok(Self(assigned))
    }

    pub(super) fn get(&self, id: u64, schema: &LandmarkSchema) -> Assigned {
        match self.0.get(&id) {
            None => Assigned::Unknown,
            Some(_) if schema.categories().is_empty() => Assigned::To(None),
            Some(None) => Assigned::Without,
            Some(of) => Assigned::To(*of),
        }
    }
}

/// Refuses a schema that tells other names than the categories beside it.
pub(super) fn check_agreement(
    categories: &[RawCategory],
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
