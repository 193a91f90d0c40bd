//! Losses as text, as on command lines: names, weights and numbers.
use std::{fmt, str::FromStr};

use super::{AdaptiveWing, Focal, LandmarkLoss, LossConfig, WeightedLoss, Wing};
use crate::{
    Error,
    named::{NameAndNumbers, find},
};

/// One parameter of a loss.
enum Number<'a> {
    Count(&'a mut usize),
    Real(&'a mut f64),
}

impl fmt::Display for Number<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Count(number) => write!(f, "{number}"),
            Self::Real(number) => write!(f, "{number}"),
        }
    }
}

/// The parameters of a loss, in the order of its JSON.
fn numbers(loss: &mut LandmarkLoss) -> Vec<Number<'_>> {
    fn reals<const N: usize>(numbers: [&mut f64; N]) -> Vec<Number<'_>> {
        numbers.map(Number::Real).into()
    }
    use LandmarkLoss as Loss;
    match loss {
        Loss::Mse | Loss::Bce => Vec::new(),
        Loss::Ohkm { hardest } => vec![Number::Count(hardest)],
        Loss::AdaptiveWing(AdaptiveWing { alpha, omega, epsilon, theta, foreground }) => {
            reals([alpha, omega, epsilon, theta, foreground])
        }
        Loss::Focal(Focal { alpha, beta }) => reals([alpha, beta]),
        Loss::Kl { temperature }
        | Loss::Js { temperature }
        | Loss::SoftArgmaxL1 { temperature } => reals([temperature]),
        Loss::SoftArgmaxSmoothL1 { temperature, threshold } => reals([temperature, threshold]),
        Loss::SoftArgmaxWing { temperature, wing: Wing { omega, epsilon } } => {
            reals([temperature, omega, epsilon])
        }
    }
}

impl fmt::Display for LandmarkLoss {
    /// The name, followed by the parameters, each after a ":", unless all have their default
    /// values.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())?;
        if Self::ALL.contains(self) {
            return Ok(());
        }
        numbers(&mut self.clone()).iter().try_for_each(|number| write!(f, ":{number}"))
    }
}

impl FromStr for LandmarkLoss {
    type Err = Error;

    /// Parses the output of [`Display`](fmt::Display), as in `ohkm:8`. Numbers that are left out
    /// have their default values.
    fn from_str(text: &str) -> Result<Self, Error> {
        let mut given = NameAndNumbers::of(text);
        let mut loss = find("loss", Self::ALL, Self::name, given.name)?;
        for number in numbers(&mut loss) {
            match number {
                Number::Count(number) => given.read(number)?,
                Number::Real(number) => given.read(number)?,
            }
        }
        given.end()?;
        loss.validate().map(|()| loss)
    }
}

impl fmt::Display for LossConfig {
    /// The terms, in the form that can be parsed; [`LossConfig::auxiliary_weight`] is not included.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, WeightedLoss { weight, loss }) in self.terms.iter().enumerate() {
            if index > 0 {
                f.write_str(" + ")?;
            }
            if *weight != 1.0 {
                write!(f, "{weight}*")?;
            }
            write!(f, "{loss}")?;
        }
        Ok(())
    }
}

impl FromStr for LossConfig {
    type Err = Error;

    /// Parses losses separated by "+", each with an optional weight and a "*" before it; the
    /// default weight is 1.
    fn from_str(text: &str) -> Result<Self, Error> {
        let term = |term: &str| {
            let (weight, loss) = match term.split_once('*') {
                None => (1.0, term),
                Some((weight, loss)) => {
                    let weight = weight.trim();
                    let wrong = |_| {
                        Error::config(format!("'{weight}' in the loss '{text}' is not a number"))
                    };
                    (weight.parse().map_err(wrong)?, loss)
                }
            };
            Ok(WeightedLoss { weight, loss: loss.trim().parse()? })
        };
        let terms = terms(text).into_iter().map(term).collect::<Result<_, Error>>()?;
        let config = Self { terms, ..Self::default() };
        config.validate().map(|()| config)
    }
}

/// The terms of a sum, split at each "+" that is not part of a number (`1e+3`).
fn terms(text: &str) -> Vec<&str> {
    let bytes = text.as_bytes();
    let is_in_number = |plus: usize| {
        plus >= 2
            && bytes[plus - 1].eq_ignore_ascii_case(&b'e')
            && matches!(bytes[plus - 2], b'0'..=b'9' | b'.')
            && bytes.get(plus + 1).is_some_and(u8::is_ascii_digit)
    };
    let mut terms = Vec::new();
    let mut start = 0;
    for (plus, _) in text.match_indices('+').filter(|(plus, _)| !is_in_number(*plus)) {
        terms.push(&text[start..plus]);
        start = plus + 1;
    }
    terms.push(&text[start..]);
    terms
}
