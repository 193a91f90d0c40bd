//! Compact storage of an annotation's lists of numbers: box and keypoints.
use std::fmt;

use serde::{
    Deserialize, Deserializer,
    de::{DeserializeSeed, IgnoredAny, MapAccess, SeqAccess, Visitor},
};

use super::loose::{Loose, no_list, other_values};

/// `bbox`: its first four numbers (NaN for null), and what is wrong with it.
#[derive(Debug, Clone, Default)]
pub(super) struct RawBox {
    pub(super) numbers: [f64; 4],
    /// The length of the list; 0 if it is missing.
    pub(super) count: usize,
    /// A value that is not a list of numbers.
    pub(super) wrong: Option<Loose>,
}

impl<'de> Deserialize<'de> for RawBox {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct BoxVisitor;
        impl<'de> Visitor<'de> for BoxVisitor {
            type Value = RawBox;

            no_list!(RawBox, RawBox::other);

            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<RawBox, A::Error> {
                let mut found = RawBox::default();
                while let Some(value) = list.next_element::<Loose>()? {
                    match number(&value) {
                        Some(number) if found.count < 4 => found.numbers[found.count] = number,
                        Some(_) => (),
                        None => found.wrong = Some(value),
                    }
                    found.count += 1;
                }
                Ok(found)
            }
        }
        deserializer.deserialize_any(BoxVisitor)
    }
}

impl RawBox {
    fn other(value: Loose) -> Self {
        Self { wrong: (!value.is_missing()).then_some(value), ..Self::default() }
    }
}

/// A number; NaN for null.
fn number(value: &Loose) -> Option<f64> {
    if value.is_missing() { Some(f64::NAN) } else { value.number() }
}

/// `keypoints`: a list of `x, y, v`, flat or as triplets. Only triplets with `v` other than 0 are
/// stored, because a list of all categories' landmarks is mostly zeros.
#[derive(Debug, Clone, Default)]
pub(super) struct Keypoints {
    /// The number of numbers in the list.
    pub(super) numbers: usize,
    /// Indices, from 0, and triplets; NaN for null.
    pub(super) labeled: Vec<(u32, [f32; 3])>,
    /// Why the value is not a list of triplets.
    pub(super) wrong: Option<Box<str>>,
    /// The triplet being read.
    triplet: [f32; 3],
}

impl Keypoints {
    fn other(value: Loose) -> Self {
        let wrong = (!value.is_missing()).then(|| format!("{value}, not a list of numbers").into());
        Self { wrong, ..Self::default() }
    }

    fn push(&mut self, number: f64) {
        self.triplet[self.numbers % 3] = number as f32;
        self.numbers += 1;
        let is_labeled = self.triplet[2] != 0.0;
        if self.numbers.is_multiple_of(3) && is_labeled {
            // No accepted file has that many.
            let place = u32::try_from(self.numbers / 3 - 1).unwrap_or(u32::MAX);
            self.labeled.push((place, self.triplet));
        }
    }

    fn fail(&mut self, message: impl FnOnce() -> String) {
        if self.wrong.is_none() {
            self.wrong = Some(message().into());
        }
    }
}

impl<'de> Deserialize<'de> for Keypoints {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct KeypointsVisitor;
        impl<'de> Visitor<'de> for KeypointsVisitor {
            type Value = Keypoints;

            no_list!(Keypoints, Keypoints::other);

            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Keypoints, A::Error> {
                let mut keypoints = Keypoints::default();
                while list.next_element_seed(Element(&mut keypoints))?.is_some() {}
                keypoints.labeled.shrink_to_fit();
                Ok(keypoints)
            }
        }
        deserializer.deserialize_any(KeypointsVisitor)
    }
}

/// An element of the list: a number, or a point's list of three numbers.
struct Element<'a>(&'a mut Keypoints);

impl<'de> DeserializeSeed<'de> for Element<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Element<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a number")
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        self.0.push(f64::NAN);
        Ok(())
    }

    fn visit_bool<E>(self, flag: bool) -> Result<(), E> {
        self.0.push(f64::from(u8::from(flag)));
        Ok(())
    }

    fn visit_u64<E>(self, number: u64) -> Result<(), E> {
        self.0.push(number as f64);
        Ok(())
    }

    fn visit_i64<E>(self, number: i64) -> Result<(), E> {
        self.0.push(number as f64);
        Ok(())
    }

    fn visit_f64<E>(self, number: f64) -> Result<(), E> {
        self.0.push(number);
        Ok(())
    }

    fn visit_str<E>(self, text: &str) -> Result<(), E> {
        match text.trim().parse() {
            Ok(number) => self.0.push(number),
            Err(_) => self.0.fail(|| format!("{}, not a number", Loose::Text(text.into()))),
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        let (mut point, mut count) = ([0.0; 3], 0);
        while let Some(value) = list.next_element::<Loose>()? {
            match number(&value) {
                Some(number) if count < 3 => point[count] = number,
                Some(_) => (),
                None => self.0.fail(|| format!("{value}, not a number")),
            }
            count += 1;
        }
        match count {
            3 if self.0.numbers.is_multiple_of(3) => {
                point.into_iter().for_each(|number| self.0.push(number));
            }
            _ => self.0.fail(|| format!("a point of {count} numbers, not x, y, v")),
        }
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        self.0.fail(|| "an object, not a number".into());
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keypoints(json: &str) -> Keypoints {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn points_may_be_lists_of_their_own_and_numbers_texts() {
        let expected = [(0, [1.0, 2.0, 2.0]), (2, [5.5, 6.0, 1.0])];
        for json in [
            "[1, 2, 2, 0, 0, 0, 5.5, 6, 1]",
            "[[1, 2, 2], [0, 0, 0], [5.5, 6, 1]]",
            r#"["1", "2", 2, 9, 9, false, 5.5, 6, true]"#,
            "[1, 2, 2, null, null, 0, 5.5, 6, 1]",
        ] {
            let found = keypoints(json);
            assert_eq!((found.numbers, &found.labeled[..]), (9, &expected[..]), "{json}");
            assert!(found.wrong.is_none());
        }
        assert!(keypoints("null").wrong.is_none() && keypoints("[]").numbers == 0);
    }

    #[test]
    fn what_is_no_list_of_triplets_is_told() {
        for (json, message) in [
            ("[[1, 2], [3, 4], [5, 6]]", "a point of 2 numbers, not x, y, v"),
            ("[1, [1, 2, 2]]", "a point of 3 numbers, not x, y, v"),
            ("[1, \"left\", 2]", "'left', not a number"),
            ("[{}]", "an object, not a number"),
            ("\"1 2 3\"", "'1 2 3', not a list of numbers"),
            ("[[1, [2], 2]]", "a list, not a number"),
        ] {
            assert_eq!(keypoints(json).wrong.as_deref(), Some(message), "{json}");
        }
    }

    #[test]
    fn boxes_keep_four_numbers_and_say_what_else_there_is() {
        let read = |json| serde_json::from_str::<RawBox>(json).unwrap();
        let four = read("[1, \"2\", 3.5, 4]");
        assert_eq!((four.numbers, four.count, four.wrong), ([1.0, 2.0, 3.5, 4.0], 4, None));
        assert_eq!((read("null").count, read("[1, 2, 3, 4, 5]").count), (0, 5));
        assert!(read("[null, 1, 2, 3]").numbers[0].is_nan());
        assert_eq!(read("{}").wrong, Some(Loose::Object));
        assert_eq!(read("[1, \"b\", 2, 3]").wrong, Some(Loose::Text("b".into())));
    }
}
