//! Lists read from untrusted files, with a limit on their length: a few characters of a small file
//! may take much memory.
use std::{fmt, marker::PhantomData};

use serde::{
    Deserialize, Deserializer,
    de::{Error as _, SeqAccess, Visitor},
};

/// The maximum number of entries in a list about landmarks: names, pairs, categories. The usual
/// conversions of DeepFashion2 have some 8,000 in all.
const MAX_ENTRIES: usize = 1_000_000;

/// Deserializes a list within the limit.
pub(crate) fn list<'de, T, D>(deserializer: D) -> Result<Vec<T>, D::Error>
where
    T: Deserialize<'de>,
    D: Deserializer<'de>,
{
    counted(deserializer, |_: &T| 1)
}

/// Deserializes a list within the limit, or null.
pub(crate) fn optional_list<'de, T, D>(deserializer: D) -> Result<Option<Vec<T>>, D::Error>
where
    T: Deserialize<'de>,
    D: Deserializer<'de>,
{
    #[derive(Deserialize)]
    #[serde(bound = "T: Deserialize<'de>")]
    struct List<T>(#[serde(deserialize_with = "list")] Vec<T>);
    Ok(Option::<List<T>>::deserialize(deserializer)?.map(|list| list.0))
}

/// Deserializes a list whose elements have at most the limit of `entries` together.
pub(crate) fn counted<'de, T, D>(
    deserializer: D,
    entries: impl Fn(&T) -> usize,
) -> Result<Vec<T>, D::Error>
where
    T: Deserialize<'de>,
    D: Deserializer<'de>,
{
    deserializer.deserialize_seq(Bounded { entries, of: PhantomData })
}

struct Bounded<T, F> {
    entries: F,
    of: PhantomData<T>,
}

impl<'de, T: Deserialize<'de>, F: Fn(&T) -> usize> Visitor<'de> for Bounded<T, F> {
    type Value = Vec<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<Vec<T>, A::Error> {
        elements(list, self.entries)
    }
}

/// The elements of a list that have at most the limit of `entries` together.
pub(crate) fn elements<'de, T: Deserialize<'de>, A: SeqAccess<'de>>(
    mut list: A,
    entries: impl Fn(&T) -> usize,
) -> Result<Vec<T>, A::Error> {
    let (mut all, mut count) = (Vec::new(), 0);
    while let Some(next) = list.next_element()? {
        count += entries(&next);
        if count > MAX_ENTRIES {
            let message = format_args!("more than {MAX_ENTRIES} names, pairs or sigmas");
            return Err(A::Error::custom(message));
        }
        all.push(next);
    }
    Ok(all)
}
