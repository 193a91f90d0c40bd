//! Enums whose values have names on command lines and in files.
use std::{
    fmt,
    iter::Peekable,
    str::{FromStr, Split},
};

use crate::{Error, Result};

/// The value in `all` with this `name`; `what` says in the error what kind of value it is.
pub(crate) fn find<T: Clone>(
    what: &str,
    all: &[T],
    name_of: impl Fn(&T) -> &'static str,
    name: &str,
) -> Result<T> {
    let found = all.iter().find(|candidate| name_of(candidate) == name);
    found.cloned().ok_or_else(|| Error::parse(what, name, all.iter().map(name_of)))
}

/// A name followed by numbers, separated by ":", as in `soft-argmax:0.1:11`.
pub(crate) struct NameAndNumbers<'a> {
    text: &'a str,
    pub name: &'a str,
    parts: Peekable<Split<'a, char>>,
}

impl<'a> NameAndNumbers<'a> {
    pub fn of(text: &'a str) -> Self {
        let mut parts = text.split(':').peekable();
        Self { text, name: parts.next().unwrap_or_default(), parts }
    }

    /// Reads the next number into `number`, if there is one.
    pub fn read<T: FromStr>(&mut self, number: &mut T) -> Result<()> {
        let Some(part) = self.parts.next() else { return Ok(()) };
        let text = self.text;
        let wrong = |_| Error::config(format!("'{part}' in '{text}' is not a valid number"));
        *number = part.parse().map_err(wrong)?;
        Ok(())
    }

    /// Consumes the next part if it is this word; returns whether it was.
    pub fn read_word(&mut self, word: &str) -> bool {
        self.parts.next_if_eq(&word).is_some()
    }

    /// Fails if there are parts left.
    pub fn end(mut self) -> Result<()> {
        let text = self.text;
        self.parts.next().map_or(Ok(()), |more| {
            Err(Error::config(format!("'{more}' is one number too many in '{text}'")))
        })
    }
}

/// Deserializes a value from its name.
pub(crate) struct NameVisitor<T> {
    /// What kind of value it is, for messages.
    pub what: &'static str,
    pub read: fn(&str) -> Result<T>,
}

impl<T> serde::de::Visitor<'_> for NameVisitor<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the name of a {}", self.what)
    }

    fn visit_str<E: serde::de::Error>(self, name: &str) -> Result<T, E> {
        (self.read)(name).map_err(E::custom)
    }
}

/// Gives an enum `ALL`, `name`, `Display`, `FromStr`, `Serialize` and `Deserialize`, all with the
/// same names. The text after the type says what kind of value it is, for errors.
macro_rules! named_enum {
    ($type:ident, $what:literal, { $($variant:ident => $name:literal),+ $(,)? }) => {
        impl $type {
            /// All values.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// Its name in files and on command lines, in kebab-case.
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $name),+
                }
            }
        }

        impl ::std::fmt::Display for $type {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.pad(self.name())
            }
        }

        impl ::std::str::FromStr for $type {
            type Err = $crate::Error;

            /// The value with this [name](Self::name).
            fn from_str(name: &str) -> $crate::Result<Self> {
                $crate::named::find($what, Self::ALL, |value| value.name(), name)
            }
        }

        impl ::serde::Serialize for $type {
            fn serialize<S: ::serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.name())
            }
        }

        impl<'de> ::serde::Deserialize<'de> for $type {
            fn deserialize<D: ::serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let read = <Self as ::std::str::FromStr>::from_str;
                deserializer.deserialize_str($crate::named::NameVisitor { what: $what, read })
            }
        }
    };
}
pub(crate) use named_enum;

#[cfg(test)]
mod tests {
    use crate::{ErrorKind, backbone::ResidualKind, model::Preset};

    #[test]
    fn names_are_read_as_they_are_written_and_others_are_refused_with_those_known() {
        for preset in Preset::ALL {
            assert_eq!(preset.to_string().parse::<Preset>().unwrap(), *preset);
        }
        let error = "huge".parse::<Preset>().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Parse);
        assert_eq!(error.value(), Some("huge"));
        assert_eq!(error.known(), ["nano", "lite", "small", "paper"]);
        assert_eq!(error.to_string(), "unknown preset 'huge'; there are nano, lite, small, paper");
        assert_eq!(format!("{:>10}|", ResidualKind::Basic), "     basic|");
    }
}
