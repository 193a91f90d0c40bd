//! JSON values of any type: an unexpected type is a problem of the entry, not of the file.
use std::{fmt, marker::PhantomData};

use serde::{
    Deserialize, Deserializer,
    de::{IgnoredAny, MapAccess, SeqAccess, Visitor, value::MapAccessDeserializer},
};

use crate::{data::annotation::shortened, landmark::bounded};

/// A value of any type. The contents of lists and objects are dropped.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) enum Loose {
    /// Missing or null.
    #[default]
    Missing,
    Bool(bool),
    /// A whole number that is not negative.
    Whole(u64),
    Number(f64),
    Text(String),
    List,
    Object,
}

/// An identifier: a number, or text that is not a number.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Id {
    Number(u64),
    Name(String),
}

/// Up to here, `f64` represents all whole numbers.
const MAX_EXACT: f64 = 9_007_199_254_740_992.0;

impl Loose {
    /// The value as an identifier: 12, 12.0 and "12" are equal.
    pub(super) fn id(&self) -> Option<Id> {
        match self {
            Self::Whole(number) => Some(Id::Number(*number)),
            Self::Number(number) if number.fract() == 0.0 && (0.0..MAX_EXACT).contains(number) => {
                Some(Id::Number(*number as u64))
            }
            Self::Text(text) => Some(match text.parse() {
                // "007" may be different from "7".
                Ok(number) if u64::to_string(&number) == *text => Id::Number(number),
                _ => Id::Name(text.clone()),
            }),
            Self::Number(number) => Some(Id::Name(number.to_string())),
            Self::Missing | Self::Bool(_) | Self::List | Self::Object => None,
        }
    }

    /// The value as a number, which may be written as text.
    pub(super) fn number(&self) -> Option<f64> {
        match self {
            Self::Whole(number) => Some(*number as f64),
            Self::Number(number) => Some(*number),
            Self::Text(text) => text.trim().parse().ok(),
            Self::Bool(flag) => Some(f64::from(u8::from(*flag))),
            Self::Missing | Self::List | Self::Object => None,
        }
    }

    /// The value as text; numbers count as text.
    pub(super) fn text(&self) -> Option<String> {
        match self {
            Self::Text(text) => Some(text.clone()),
            Self::Whole(number) => Some(number.to_string()),
            Self::Number(number) => Some(number.to_string()),
            Self::Missing | Self::Bool(_) | Self::List | Self::Object => None,
        }
    }

    pub(super) fn is_missing(&self) -> bool {
        *self == Self::Missing
    }
}

/// Formats the value for a message.
impl fmt::Display for Loose {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing => f.write_str("missing"),
            Self::Bool(flag) => flag.fmt(f),
            Self::Whole(number) => number.fmt(f),
            Self::Number(number) => number.fmt(f),
            Self::Text(text) => write!(f, "'{}'", shortened(text)),
            Self::List => f.write_str("a list"),
            Self::Object => f.write_str("an object"),
        }
    }
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(number) => number.fmt(f),
            Self::Name(name) => f.write_str(&shortened(name)),
        }
    }
}

impl<'de> Deserialize<'de> for Loose {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(LooseVisitor)
    }
}

/// Implements the visits of all other values for a visitor of lists or objects, with `$other` of
/// the value as result.
macro_rules! other_values {
    ($value:ty, $other:expr) => {
        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a value")
        }

        fn visit_unit<E>(self) -> Result<$value, E> {
            Ok($other(Loose::Missing))
        }

        fn visit_bool<E>(self, flag: bool) -> Result<$value, E> {
            Ok($other(Loose::Bool(flag)))
        }

        fn visit_u64<E>(self, number: u64) -> Result<$value, E> {
            Ok($other(Loose::Whole(number)))
        }

        fn visit_i64<E>(self, number: i64) -> Result<$value, E> {
            Ok($other(Loose::Number(number as f64)))
        }

        fn visit_f64<E>(self, number: f64) -> Result<$value, E> {
            Ok($other(Loose::Number(number)))
        }

        fn visit_str<E>(self, text: &str) -> Result<$value, E> {
            Ok($other(Loose::Text(text.into())))
        }
    };
}
pub(super) use other_values;

struct LooseVisitor;

impl<'de> Visitor<'de> for LooseVisitor {
    type Value = Loose;

    other_values!(Loose, std::convert::identity);

    fn visit_string<E>(self, text: String) -> Result<Loose, E> {
        Ok(Loose::Text(text))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Loose, A::Error> {
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Loose::List)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Loose, A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Loose::Object)
    }
}

/// A list, or the value in its place: missing, or not a list.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum LooseList<T> {
    List(Vec<T>),
    Other(Loose),
}

impl<T> Default for LooseList<T> {
    fn default() -> Self {
        Self::Other(Loose::Missing)
    }
}

impl<T> LooseList<T> {
    /// The list's elements; empty if it is missing or not a list.
    pub(super) fn elements(&self) -> &[T] {
        match self {
            Self::List(list) => list,
            Self::Other(_) => &[],
        }
    }

    /// Whether the key exists with a value other than null.
    pub(super) fn is_given(&self) -> bool {
        !matches!(self, Self::Other(Loose::Missing))
    }
}

/// Implements the visits of all other values for a visitor of lists.
macro_rules! no_list {
    ($value:ty, $other:expr) => {
        other_values!($value, $other);

        fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<$value, A::Error> {
            while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
            Ok($other(Loose::Object))
        }
    };
}
pub(super) use no_list;

/// An object, or the value in its place.
#[derive(Debug)]
pub(super) enum Entry<T> {
    Object(T),
    Other(Loose),
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Entry<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct EntryVisitor<T>(PhantomData<T>);
        impl<'de, T: Deserialize<'de>> Visitor<'de> for EntryVisitor<T> {
            type Value = Entry<T>;

            other_values!(Entry<T>, Entry::Other);

            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Entry<T>, A::Error> {
                while list.next_element::<IgnoredAny>()?.is_some() {}
                Ok(Entry::Other(Loose::List))
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Entry<T>, A::Error> {
                T::deserialize(MapAccessDeserializer::new(map)).map(Entry::Object)
            }
        }
        deserializer.deserialize_any(EntryVisitor(PhantomData))
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for LooseList<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct ListVisitor<T>(PhantomData<T>);
        impl<'de, T: Deserialize<'de>> Visitor<'de> for ListVisitor<T> {
            type Value = LooseList<T>;

            no_list!(LooseList<T>, LooseList::Other);

            fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<LooseList<T>, A::Error> {
                bounded::elements(list, |_| 1).map(LooseList::List)
            }
        }
        deserializer.deserialize_any(ListVisitor(PhantomData))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn loose(json: &str) -> Loose {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn identifiers_are_the_same_in_all_spellings() {
        let twelve = Some(Id::Number(12));
        assert_eq!(
            [loose("12").id(), loose("12.0").id(), loose("\"12\"").id()],
            [(); 3].map(|()| twelve.clone())
        );
        assert_eq!(loose("\"012\"").id(), Some(Id::Name("012".into())));
        assert_eq!(loose("-3").id(), Some(Id::Name("-3".into())));
        assert_eq!(loose("18446744073709551615").id(), Some(Id::Number(u64::MAX)));
        for none in ["null", "true", "[1]", "{}"] {
            assert_eq!(loose(none).id(), None);
        }
    }

    #[test]
    fn numbers_may_be_texts_and_nothing_is_an_error() {
        assert_eq!(loose("\" 1.5 \"").number(), Some(1.5));
        assert_eq!(loose("true").number(), Some(1.0));
        assert_eq!(loose("\"wide\"").number(), None);
        let shown = ["null", "[1, [2]]", "{\"a\": 1}", "\"x\\ny\"", "-2"]
            .map(|json| loose(json).to_string());
        assert_eq!(shown, ["missing", "a list", "an object", "'x\\ny'", "-2"]);
        let list: LooseList<Loose> = serde_json::from_str("[1, null]").unwrap();
        assert_eq!(list.elements(), [Loose::Whole(1), Loose::Missing]);
        let other: LooseList<Loose> = serde_json::from_str("{\"a\": [1]}").unwrap();
        assert!(other.is_given() && other.elements().is_empty());
    }
}
