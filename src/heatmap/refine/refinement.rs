//! The refinement methods by name.
use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

use crate::{
    Error,
    heatmap::soft_argmax::{TEMPERATURES, check_temperature},
    named::{NameAndNumbers, find},
};

/// How a position between cells is computed from the values around the highest cell.
/// `docs/decoding.md` compares all methods.
///
/// [`Display`](fmt::Display) and [`FromStr`] write and read the name and the parameters, as in
/// `dark:11` and `soft-argmax:0.1:11`; parameters that are left out are those in [`Self::ALL`].
/// Files contain the same text.
///
/// ```
/// use dafe::heatmap::Refinement;
///
/// assert_eq!("dark".parse::<Refinement>()?, Refinement::Dark { kernel: 11 });
/// assert_eq!(Refinement::Dark { kernel: 17 }.to_string(), "dark:17");
/// # Ok::<(), dafe::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Default)]
#[non_exhaustive]
pub enum Refinement {
    /// No refinement: the center of the highest cell, as in the paper. The error is at most half a
    /// cell on each axis.
    None,
    /// A quarter of a cell towards the higher neighbor, on each axis (Newell et al., 2016). The
    /// default.
    #[default]
    QuarterOffset,
    /// [`Self::QuarterOffset`] under the conditions of MMPose 1.x, for its checkpoints.
    ///
    /// There is no offset along an axis if the highest cell is among its first two cells or its
    /// last one, or in the first cell of the other axis. A map without a positive value gives cell
    /// (−1, −1), as in MMPose.
    MmposeQuarterOffset,
    /// Distribution-aware coordinate decoding (DARK; Zhang et al., 2020). The map is smoothed with
    /// a Gaussian kernel, and one Newton step leads from the highest cell to the maximum of the
    /// map's logarithm. This is exact for a Gaussian.
    ///
    /// Equal to [`Self::MmposeDark`] away from the border, except for two kinds of steps: those
    /// that do not lead to a maximum are not taken, and those of more than two cells are clamped.
    /// Where the kernel and the derivatives would extend beyond the border, each axis is treated
    /// separately: along it, five cells on the map are smoothed with the largest kernel that fits,
    /// and the result is the top of the least-squares Gaussian through them. Maps with a side of
    /// less than five cells are not refined.
    Dark {
        /// Side of the smoothing kernel in cells, odd: 11 suits σ 2, 17 suits σ 3; 1 turns
        /// smoothing off.
        kernel: usize,
    },
    /// DARK as in MMPose 1.x (`refine_keypoints_dark`). It smooths with zeros beyond the border and
    /// does not refine a highest cell in the outermost two cells. A map without a positive value
    /// gives cell (−1, −1).
    MmposeDark {
        /// Side of the smoothing kernel in cells, odd: 11 for MMPose's σ 2, 17 for its σ 3.
        kernel: usize,
    },
    /// DARK as in MMPose 1.x for Unbiased Data Processing (`refine_keypoints_dark_udp`; Huang et
    /// al., 2020), for checkpoints with [`Alignment::Udp`](crate::geometry::Alignment::Udp).
    ///
    /// Derivatives span one cell, values are clamped to 10⁻³..50, and the map's edge is repeated
    /// beyond the border.
    DarkUdp {
        /// Side of the smoothing kernel in cells, odd: 11 for MMPose's σ 2, 17 for its σ 3.
        kernel: usize,
    },
    /// The mean position weighted by `softmax(map / temperature)` (integral regression; Sun et al.,
    /// 2018), as computed by [`soft_argmax`](crate::heatmap::soft_argmax). The positions are
    /// differentiable.
    SoftArgmax {
        /// Divisor of the values, the inverse of MMPose's `beta`. The higher it is, the more of the
        /// map counts.
        temperature: f64,
        /// Side, in cells and odd, of the square window around the highest cell; `None` uses the
        /// whole map, and so does a window as wide and high as the map.
        window: Option<usize>,
    },
}

impl Refinement {
    /// One of each, with parameters that suit Gaussians of σ 2 with a peak of 1.
    pub const ALL: &'static [Self] = &[
        Self::None,
        Self::QuarterOffset,
        Self::MmposeQuarterOffset,
        Self::Dark { kernel: 11 },
        Self::MmposeDark { kernel: 11 },
        Self::DarkUdp { kernel: 11 },
        Self::SoftArgmax { temperature: 0.1, window: Some(Self::USUAL_WINDOW) },
    ];

    /// The default window of a soft-argmax.
    const USUAL_WINDOW: usize = 11;

    /// The longest side of a kernel or window, in cells. It is enough for σ 8, and for each
    /// landmark at most half of a map of 80×80 cells is gathered.
    pub const MAX_SIDE: usize = 49;

    /// The lowest and highest temperature.
    pub const TEMPERATURES: [f64; 2] = TEMPERATURES;

    /// Its name in files and on command lines, such as "none", "quarter-offset" or "dark".
    pub fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::QuarterOffset => "quarter-offset",
            Self::MmposeQuarterOffset => "mmpose-quarter-offset",
            Self::Dark { .. } => "dark",
            Self::MmposeDark { .. } => "mmpose-dark",
            Self::DarkUdp { .. } => "dark-udp",
            Self::SoftArgmax { .. } => "soft-argmax",
        }
    }

    /// Whether the method needs positive values, because it checks their sign or takes their
    /// logarithm. The other methods only compare values.
    pub fn needs_positive_values(self) -> bool {
        !matches!(self, Self::None | Self::QuarterOffset | Self::SoftArgmax { .. })
    }

    /// Checks that the parameters are valid.
    ///
    /// # Errors
    /// A [configuration error](crate::ErrorKind::Config) if the side of a kernel or window is even
    /// or not within 1 and [`Self::MAX_SIDE`], or if a temperature is not within
    /// [`Self::TEMPERATURES`].
    pub fn validate(self) -> Result<(), Error> {
        let side = match self {
            Self::None | Self::QuarterOffset | Self::MmposeQuarterOffset => None,
            Self::Dark { kernel } | Self::MmposeDark { kernel } | Self::DarkUdp { kernel } => {
                Some(kernel)
            }
            Self::SoftArgmax { temperature, window } => {
                check_temperature(self.name(), temperature)?;
                window
            }
        };
        match side {
            Some(side) if side % 2 == 0 || side > Self::MAX_SIDE => Err(Error::config(format!(
                "{} needs an odd number of cells up to {}, not {side}",
                self.name(),
                Self::MAX_SIDE
            ))),
            _ => Ok(()),
        }
    }
}

impl fmt::Display for Refinement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())?;
        match self {
            Self::None | Self::QuarterOffset | Self::MmposeQuarterOffset => Ok(()),
            Self::Dark { kernel } | Self::MmposeDark { kernel } | Self::DarkUdp { kernel } => {
                write!(f, ":{kernel}")
            }
            Self::SoftArgmax { temperature, window: Some(side) } => {
                write!(f, ":{temperature}:{side}")
            }
            Self::SoftArgmax { temperature, window: None } => write!(f, ":{temperature}:{WHOLE}"),
        }
    }
}

/// Stands for the whole map in place of a window on command lines.
const WHOLE: &str = "all";

impl FromStr for Refinement {
    type Err = Error;

    /// Parses the output of [`Display`](fmt::Display). The window of a soft-argmax can be `all`,
    /// the whole map.
    fn from_str(text: &str) -> Result<Self, Error> {
        let mut given = NameAndNumbers::of(text);
        let mut refinement =
            find("refinement", Self::ALL, |found: &Self| found.name(), given.name)?;
        match &mut refinement {
            Self::None | Self::QuarterOffset | Self::MmposeQuarterOffset => {}
            Self::Dark { kernel } | Self::MmposeDark { kernel } | Self::DarkUdp { kernel } => {
                given.read(kernel)?;
            }
            Self::SoftArgmax { temperature, window } => {
                given.read(temperature)?;
                match given.read_word(WHOLE) {
                    true => *window = None,
                    false => window.iter_mut().try_for_each(|side| given.read(side))?,
                }
            }
        }
        given.end()?;
        refinement.validate()?;
        Ok(refinement)
    }
}

impl Serialize for Refinement {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Refinement {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_numbers_are_read_as_they_are_written() {
        let whole = Refinement::SoftArgmax { temperature: 0.25, window: None };
        for refinement in Refinement::ALL.iter().copied().chain([whole]) {
            assert_eq!(refinement.to_string().parse::<Refinement>().unwrap(), refinement);
            assert!(refinement.validate().is_ok());
        }
        for &refinement in Refinement::ALL {
            assert_eq!(refinement.name().parse::<Refinement>().unwrap(), refinement);
        }
        assert_eq!("dark:17".parse::<Refinement>().unwrap(), Refinement::Dark { kernel: 17 });
        assert_eq!("soft-argmax:0.25:all".parse::<Refinement>().unwrap(), whole);
    }

    #[test]
    fn impossible_numbers_are_refused_by_name() {
        for (text, reason) in [
            ("", "unknown refinement ''"),
            ("darker", "unknown refinement 'darker'; there are none, quarter-offset"),
            ("none:3", "'3' is one number too many"),
            ("dark:", "'' in 'dark:'"),
            ("dark:x", "'x' in 'dark:x'"),
            ("dark:10", "dark needs an odd number of cells up to 49, not 10"),
            ("dark:0", "not 0"),
            ("dark-udp:51", "not 51"),
            ("soft-argmax:0", "must be within 0.0001 and 10000, not 0"),
            ("soft-argmax:NaN", "not NaN"),
            ("soft-argmax:0.1:4", "not 4"),
            ("soft-argmax:0.1:5:6", "'6' is one number too many"),
        ] {
            let error = text.parse::<Refinement>().unwrap_err().to_string();
            assert!(error.contains(reason), "'{text}': {error}");
        }
    }
}
