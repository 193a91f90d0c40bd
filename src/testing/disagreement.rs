//! Comparing the recorded values of two devices.
use std::fmt;

use burn::tensor::{Device, TensorData};

use super::run::Recorded;

/// How much values may differ: by `absolute`, plus `relative` times the largest value of their
/// tensor.
///
/// It is relative to the largest value because rounding errors are: in single precision, a sum of K
/// products in any order has an error of about √K · 6·10⁻⁸ of its terms, even if they cancel. A
/// gradient may cancel as a whole, for example that of a bias or a scale before a batch
/// normalization. For gradients, `absolute` is therefore multiplied by the largest of all
/// gradients, or by 1 if that is larger.
///
/// The default is 10⁻⁴ relative and 10⁻⁵ absolute: 3·10⁻⁶ for the 2304 products of a 3×3
/// convolution of 256 channels, the same again for exponentials and divisions on a GPU, and several
/// layers forward and backward. A kernel tap in the wrong place causes 10⁻² and more.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Tolerance {
    /// The tolerance for any value; for gradients, multiplied by the largest of all gradients if
    /// that is above 1.
    pub absolute: f64,
    /// The tolerance relative to the largest finite value of the reference's tensor.
    pub relative: f64,
}

impl Default for Tolerance {
    fn default() -> Self {
        Self { absolute: 1e-5, relative: 1e-4 }
    }
}

/// A disagreement of two devices.
#[derive(Debug, Clone, PartialEq)]
pub struct Disagreement {
    /// The device that differs.
    pub device: Device,
    /// The reference device.
    pub reference: Device,
    /// The value that differs: an output, "the gradient of …" with the name of the input or
    /// parameter, a running statistic.
    pub what: String,
    /// How it differs.
    pub mismatch: Mismatch,
}

/// How two devices' results differ.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Mismatch {
    /// Values differ by more than the tolerance.
    Values {
        /// Index of the largest difference, along each axis.
        index: Vec<usize>,
        /// The device's value.
        found: f64,
        /// The reference's value.
        expected: f64,
        /// The allowed difference.
        allowed: f64,
        /// The number of values that differ too much.
        count: usize,
        /// The number of values in the tensor.
        of: usize,
    },
    /// Both have the same infinity or NaN, which can't be compared.
    NotFinite {
        /// Index of the first one, along each axis.
        index: Vec<usize>,
        /// The value of both.
        value: f64,
        /// The number of such values.
        count: usize,
        /// The number of values in the tensor.
        of: usize,
    },
    /// Shapes differ.
    Shapes {
        /// The device's shape.
        found: Vec<usize>,
        /// The reference's shape.
        expected: Vec<usize>,
    },
    /// Only one of them has a gradient.
    Presence {
        /// Whether the device has it.
        found: bool,
    },
    /// The program records something else, or nothing more, on the device.
    Program {
        /// What it records instead.
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

/// The first difference, with the name of the value.
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

/// The largest absolute finite value.
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

/// The distance of two values: infinite if only one is infinite or NaN, or the infinities differ.
fn distance(expected: f64, found: f64) -> f64 {
    let same = expected == found || expected.is_nan() && found.is_nan();
    match (same, (expected - found).abs()) {
        (true, _) => 0.0,
        (false, apart) if apart.is_finite() => apart,
        _ => f64::INFINITY,
    }
}

/// The index of the `i`-th value along each axis.
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
