//! Comparing what two devices list, and what they disagree on.
use std::fmt;

use burn::tensor::{Device, TensorData};

use super::run::Recorded;

/// How far values may be apart: by `absolute`, and by `relative` times the largest value of the tensor that they are in.
///
/// Relative to the largest value, because rounding is: a sum of K products, in whatever order, is
/// off by some √K · 6·10⁻⁸ of its terms in single precision, also where the terms cancel. A
/// gradient may cancel as a whole: that of a bias or a scale before a batch normalization. So
/// `absolute` counts for each unit of the largest of all gradients there, or of 1.
///
/// The default is 10⁻⁴ relative and 10⁻⁵ absolute: 3·10⁻⁶ for the 2304 products of a 3×3 convolution of 256 channels, as
/// much again for exponentials and divisions of a GPU, and several layers there and back. A tap in the wrong place makes
/// 10⁻² and more.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Tolerance {
    /// What is allowed anywhere; for gradients, times the largest of them all, if that is more than 1.
    pub absolute: f64,
    /// What is allowed for each unit of the largest finite value of the reference's tensor.
    pub relative: f64,
}

impl Default for Tolerance {
    fn default() -> Self {
        Self { absolute: 1e-5, relative: 1e-4 }
    }
}

/// Two devices that disagree.
#[derive(Debug, Clone, PartialEq)]
pub struct Disagreement {
    /// The device that differs.
    pub device: Device,
    /// The device that it differs from.
    pub reference: Device,
    /// What differs: an output, "the gradient of …" with the input's or parameter's name, a running statistic.
    pub what: String,
    /// How.
    pub mismatch: Mismatch,
}

/// How two devices' results differ.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Mismatch {
    /// Values are too far apart.
    Values {
        /// Where they are furthest apart: an index for each axis.
        index: Vec<usize>,
        /// The device's value there.
        found: f64,
        /// The reference's.
        expected: f64,
        /// How far they could have been apart.
        allowed: f64,
        /// How many values are too far apart.
        count: usize,
        /// Of how many.
        of: usize,
    },
    /// Both have the same infinity, or no number at all: nothing that a comparison of numbers could tell apart.
    NotFinite {
        /// Where first: an index for each axis.
        index: Vec<usize>,
        /// What both have there.
        value: f64,
        /// How many such values there are.
        count: usize,
        /// Of how many.
        of: usize,
    },
    /// Shapes differ.
    Shapes {
        /// The device's.
        found: Vec<usize>,
        /// The reference's.
        expected: Vec<usize>,
    },
    /// One has a gradient where the other has none.
    Presence {
        /// Whether the device has it.
        found: bool,
    },
    /// The program lists something else, or nothing more, on the device.
    Program {
        /// What it lists there.
        found: Option<String>,
    },
}

impl fmt::Display for Disagreement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { device, reference, what, mismatch } = self;
        match mismatch {
            Mismatch::Values { index, found, expected, allowed, count, of } => {
                let apart = (found - expected).abs();
                write!(
                    f,
                    "{what}{index:?} is {found} on {device:?}, {expected} on {reference:?}: {apart:.1e} apart, \
                     {allowed:.1e} allowed ({count} of {of} values differ)"
                )
            }
            Mismatch::NotFinite { index, value, count, of } => write!(
                f,
                "{what}{index:?} is {value} on {device:?} and on {reference:?}: nothing to compare ({count} of {of} values \
                 are not finite)"
            ),
            Mismatch::Shapes { found, expected } => {
                write!(f, "{what} is {found:?} on {device:?}, {expected:?} on {reference:?}")
            }
            Mismatch::Presence { found: true } => {
                write!(f, "{what} is there on {device:?}, not on {reference:?}")
            }
            Mismatch::Presence { found: false } => {
                write!(f, "{what} is there on {reference:?}, not on {device:?}")
            }
            Mismatch::Program { found } => {
                let found = found.as_deref().unwrap_or("nothing");
                write!(f, "the program lists {what} on {reference:?}, {found} on {device:?}")
            }
        }
    }
}

impl std::error::Error for Disagreement {}

/// The first difference, and of what.
pub(super) fn first(
    expected: &[Recorded],
    found: &[Recorded],
    tolerance: Tolerance,
) -> Option<(String, Mismatch)> {
    let more = found.get(expected.len()).map(|more| {
        let found = Some(more.what.clone());
        ("nothing more".to_string(), Mismatch::Program { found })
    });
    let gradients = expected.iter().filter(|recorded| recorded.is_gradient);
    let largest = gradients.filter_map(|gradient| gradient.values.as_ref()).map(largest);
    let steepest = largest.fold(1.0, f64::max);
    let pairs = expected.iter().enumerate().map(|(i, expected)| (expected, found.get(i)));
    let mut differences = pairs.filter_map(|(expected, found)| {
        let mismatch = match found {
            Some(found) if found.what == expected.what => match (&expected.values, &found.values) {
                (Some(values), Some(found)) => {
                    let unit = if expected.is_gradient { steepest } else { 1.0 };
                    compare(values, found, tolerance.absolute * unit, tolerance.relative)?
                }
                (None, None) => return None,
                (_, found) => Mismatch::Presence { found: found.is_some() },
            },
            other => Mismatch::Program { found: other.map(|other| other.what.clone()) },
        };
        Some((expected.what.clone(), mismatch))
    });
    differences.next().or(more)
}

/// The largest finite value, without its sign.
fn largest(values: &TensorData) -> f64 {
    values.iter::<f64>().map(f64::abs).filter(|value| value.is_finite()).fold(0.0, f64::max)
}

fn compare(
    expected: &TensorData,
    found: &TensorData,
    absolute: f64,
    relative: f64,
) -> Option<Mismatch> {
    let shape: Vec<usize> = expected.shape().to_vec();
    if found.shape() != expected.shape() {
        return Some(Mismatch::Shapes { found: found.shape().to_vec(), expected: shape });
    }
    let allowed = match expected.dtype().is_float() {
        true => absolute + relative * largest(expected),
        false => 0.0,
    };
    let mut count = 0;
    let mut furthest: Option<(usize, f64, f64, f64)> = None;
    for (i, (expected, found)) in expected.iter::<f64>().zip(found.iter::<f64>()).enumerate() {
        let apart = distance(expected, found);
        if apart > allowed {
            count += 1;
            if furthest.is_none_or(|(.., most)| apart > most) {
                furthest = Some((i, expected, found, apart));
            }
        }
    }
    let of = shape.iter().product();
    let Some((i, expected, found, _)) = furthest else {
        let mut strange =
            expected.iter::<f64>().enumerate().filter(|(_, value)| !value.is_finite());
        let (i, value) = strange.next()?;
        let (index, count) = (unravel(i, &shape), 1 + strange.count());
        return Some(Mismatch::NotFinite { index, value, count, of });
    };
    Some(Mismatch::Values { index: unravel(i, &shape), found, expected, allowed, count, of })
}

/// How far two values are apart: infinitely if just one is an infinity or not a number, or the infinities differ.
fn distance(expected: f64, found: f64) -> f64 {
    let same = expected == found || expected.is_nan() && found.is_nan();
    match (same, (expected - found).abs()) {
        (true, _) => 0.0,
        (false, apart) if apart.is_finite() => apart,
        _ => f64::INFINITY,
    }
}

/// The index along each axis of the `i`-th value.
fn unravel(mut i: usize, shape: &[usize]) -> Vec<usize> {
    let mut index: Vec<usize> = shape
        .iter()
        .rev()
        .map(|side| {
            let at = i % side;
            i /= side;
            at
        })
        .collect();
    index.reverse();
    index
}
