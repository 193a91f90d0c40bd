//! Values of `data.yaml` that can be written in several ways.
use std::fmt;

use serde::{
    Deserialize, Deserializer,
    de::{MapAccess, SeqAccess, Visitor},
};

use crate::landmark::bounded;

/// Maximum number of classes, folders or name lists.
const MAX: usize = 1_000_000;

/// One string, or several.
#[derive(Debug, Default)]
pub(super) struct Strings(pub(super) Vec<String>);

impl<'de> Deserialize<'de> for Strings {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct StringsVisitor;
        impl<'de> Visitor<'de> for StringsVisitor {
            type Value = Strings;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a path, or a list of paths")
            }

            fn visit_unit<E>(self) -> Result<Strings, E> {
                Ok(Strings::default())
            }

            fn visit_str<E>(self, text: &str) -> Result<Strings, E> {
                let is_there = !text.is_empty();
                Ok(Strings(is_there.then(|| text.into()).into_iter().collect()))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<Strings, A::Error> {
                elements(list).map(Strings)
            }
        }
        deserializer.deserialize_any(StringsVisitor)
    }
}

/// The classes' numbers and names, sorted: from a list, or from a map.
#[derive(Debug)]
pub(super) struct ClassNames(pub(super) Vec<(u64, String)>);

impl<'de> Deserialize<'de> for ClassNames {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct NamesVisitor;
        impl<'de> Visitor<'de> for NamesVisitor {
            type Value = ClassNames;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list of names, or a map from numbers to names")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<ClassNames, A::Error> {
                Ok(ClassNames((0..).zip(elements(list)?).collect()))
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<ClassNames, A::Error> {
                entries(map).map(ClassNames)
            }
        }
        deserializer.deserialize_any(NamesVisitor)
    }
}

/// The landmark names by class: one list for all, or a map from classes to lists.
#[derive(Debug)]
pub(super) struct LandmarkNames(pub(super) Vec<(u64, Vec<String>)>);

impl<'de> Deserialize<'de> for LandmarkNames {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        struct List(#[serde(deserialize_with = "bounded::list")] Vec<String>);

        struct NamesVisitor;
        impl<'de> Visitor<'de> for NamesVisitor {
            type Value = LandmarkNames;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list of names, or a map from classes to lists of names")
            }

            fn visit_unit<E>(self) -> Result<LandmarkNames, E> {
                Ok(LandmarkNames(Vec::new()))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<LandmarkNames, A::Error> {
                Ok(LandmarkNames(vec![(0, elements(list)?)]))
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<LandmarkNames, A::Error> {
                let lists = entries(map)?.into_iter();
                Ok(LandmarkNames(lists.map(|(class, list): (_, List)| (class, list.0)).collect()))
            }
        }
        deserializer.deserialize_any(NamesVisitor)
    }
}

fn elements<'de, T: Deserialize<'de>, A: SeqAccess<'de>>(mut list: A) -> Result<Vec<T>, A::Error> {
    let mut all = Vec::new();
    while let Some(next) = list.next_element()? {
        all.push(next);
        check(all.len())?;
    }
    Ok(all)
}

fn entries<'de, T: Deserialize<'de>, A: MapAccess<'de>>(
    mut map: A,
) -> Result<Vec<(u64, T)>, A::Error> {
    let mut all = Vec::new();
    while let Some(next) = map.next_entry()? {
        all.push(next);
        check(all.len())?;
    }
    all.sort_by_key(|(number, _)| *number);
    Ok(all)
}

fn check<E: serde::de::Error>(count: usize) -> Result<(), E> {
    if count > MAX { Err(E::custom(format_args!("more than {MAX} entries"))) } else { Ok(()) }
}
