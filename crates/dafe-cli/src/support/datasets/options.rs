//! Values of options about datasets.
use std::str::FromStr;

use clap::{
    ValueEnum,
    builder::{PossibleValuesParser, TypedValueParser},
};
use dafe::{data::DatasetFormat, landmark::ClothesType, prelude::*};
use serde::{Deserialize, Serialize};

/// A parser of formats, which lists them.
pub fn formats() -> impl TypedValueParser<Value = DatasetFormat> {
    parser(|_| true)
}

/// A parser of formats that can be written, which lists them.
pub fn written_formats() -> impl TypedValueParser<Value = DatasetFormat> {
    // Labels of fixed photographs; it can't be written.
    parser(|format| format != DatasetFormat::Clothing)
}

fn parser(is_listed: fn(DatasetFormat) -> bool) -> impl TypedValueParser<Value = DatasetFormat> {
    let listed = DatasetFormat::ALL.iter().filter(|format| is_listed(**format));
    PossibleValuesParser::new(listed.map(|format| format.name()))
        .map(|name| name.parse().expect("one of these names"))
}

/// Built-in landmarks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Landmarks {
    /// FLD's landmarks of upper-body clothes, as in MMPose's `fld_upper_*.json`
    FldUpper,
    /// FLD's landmarks of lower-body clothes
    FldLower,
    /// FLD's landmarks of full-body clothes
    FldFull,
    /// DeepFashion2's 294 landmarks, as in its usual conversions to COCO's format
    Deepfashion2,
}

impl Landmarks {
    pub fn schema(self) -> LandmarkSchema {
        match self {
            Self::FldUpper => LandmarkSchema::fld_of(ClothesType::Upper),
            Self::FldLower => LandmarkSchema::fld_of(ClothesType::Lower),
            Self::FldFull => LandmarkSchema::fld_of(ClothesType::Full),
            Self::Deepfashion2 => LandmarkSchema::deepfashion2_all(),
        }
    }
}

/// The fractions of images for training, validation and testing.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Fractions(pub [f64; 3]);

impl FromStr for Fractions {
    type Err = String;

    /// Parses "0.8,0.1,0.1"; the last may be left out.
    fn from_str(text: &str) -> Result<Self, String> {
        let numbers = text.split(',').map(|number| number.trim().parse::<f64>());
        let fractions = match numbers.collect::<Result<Vec<_>, _>>().as_deref() {
            Ok(&[train, val]) => [train, val, 0.0],
            Ok(&[train, val, test]) => [train, val, test],
            _ => return Err("three numbers are needed, as in 0.8,0.1,0.1".into()),
        };
        let sum: f64 = fractions.iter().sum();
        let valid = fractions.iter().all(|fraction| *fraction >= 0.0)
            && fractions[0] > 0.0
            && fractions[1] > 0.0;
        match valid && (sum - 1.0).abs() < 1e-6 {
            true => Ok(Self(fractions)),
            false => Err("the fractions must add up to 1, and the first two not be 0".into()),
        }
    }
}

/// `--split` of commands that read all splits: short for `--divide`, which `evaluate` has in
/// addition to its own `--split`.
#[derive(Debug, Clone, clap::Args)]
pub struct SplitOption {
    /// Divide a dataset without splits into these fractions, by image, like --divide
    #[arg(long, value_name = "TRAIN,VAL,TEST", conflicts_with = "divide")]
    split: Option<Fractions>,
}

impl SplitOption {
    /// Overrides `--divide`, if it was given.
    pub fn replace(&self, divide: &mut Option<Fractions>) {
        *divide = self.split.or(*divide);
    }
}

/// The names of the splits, in the order of [`Split::ALL`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SplitNames(pub Vec<String>);

impl FromStr for SplitNames {
    type Err = String;

    /// Parses "Train,Validation,Test"; the last may be left out.
    fn from_str(text: &str) -> Result<Self, String> {
        let names: Vec<String> = text.split(',').map(|name| name.trim().to_string()).collect();
        match names.len() {
            2 | 3 if names.iter().all(|name| !name.is_empty()) => Ok(Self(names)),
            _ => Err("two or three names are needed, as in Train,Validation,Test".into()),
        }
    }
}

impl SplitNames {
    /// The name of a split, if it has one.
    pub fn of(&self, split: Split) -> Option<&str> {
        self.0.get(split as usize).map(String::as_str)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fractions_add_up() {
        assert_eq!("0.8,0.1,0.1".parse(), Ok(Fractions([0.8, 0.1, 0.1])));
        assert_eq!("0.9, 0.1".parse(), Ok(Fractions([0.9, 0.1, 0.0])));
        for wrong in ["0.8,0.1", "1,0,0", "a,b,c", "0.5,0.5,0.5", "1", "-1,1,1", "nan,0.5,0.5"] {
            assert!(wrong.parse::<Fractions>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn splits_have_names() {
        let names: SplitNames = "Train,Valid".parse().unwrap();
        assert_eq!((names.of(Split::Val), names.of(Split::Test)), (Some("Valid"), None));
        assert!("a".parse::<SplitNames>().is_err() && "a,,b".parse::<SplitNames>().is_err());
    }
}
