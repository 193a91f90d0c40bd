//! The ways to find a position between cells, by name.
use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

use crate::{
    Error,
    heatmap::soft_argmax::{TEMPERATURES, check_temperature},
    named::{NameAndNumbers, find},
};

/// How a position between cells is found from the values around the highest one. `docs/decoding.md` measures them all.
///
/// [`Display`](fmt::Display) and [`FromStr`] write and read the name and the numbers, as in `dark:11` and
/// `soft-argmax:0.1:11`; numbers left out are those of [`Self::ALL`]. That text is what files hold,
/// too.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
#[non_exhaustive]
pub enum Refinement {
    /// Not at all: the highest cell's center, as in the paper. At most half a cell wrong on each
    /// axis.
    None,
    /// A quarter of a cell towards the higher neighbor, on each axis (Newell et al., 2016). The
    /// default.
    #[default]
    QuarterOffset,
    /// [`Self::QuarterOffset`] under MMPose's (1.x) own conditions: none along an axis on whose first two cells or last
    /// the highest one lies, and none at all on the other axis' first. A map without a positive value says "nowhere",
    /// which MMPose puts at cell (−1, −1). For its checkpoints.
    MmposeQuarterOffset,
    /// Distribution-aware (DARK; Zhang et al., 2020): the map is smoothed by a Gaussian kernel, and one of Newton's steps
    /// leads from the highest cell to where its logarithm is highest, which for a Gaussian is exact.
    ///
    /// Equal to [`Self::MmposeDark`] away from the border, but for steps that lead to no maximum or more than two cells far: the
    /// first are not taken, the second cut. Where kernel and derivatives would reach beyond the border, each axis is looked at by
    /// itself: along it, five cells on the map are smoothed by the largest kernel that fits there, and the top of the
    /// Gaussian through them is taken, by least squares. Maps of less than five cells a side are not refined.
    Dark {
        /// The smoothing kernel's side in cells, odd: 11 suits σ 2, 17 σ 3. 1 smooths not at all.
        kernel: usize,
    },
    /// DARK as MMPose (1.x) has it (`refine_keypoints_dark`), which smooths with zeros beyond the border and leaves a highest cell
    /// on the outermost two cells where it is. A map without a positive value says "nowhere": cell (−1, −1).
    MmposeDark {
        /// The smoothing kernel's side in cells, odd: 11 for MMPose's σ 2, 17 for its σ 3.
        kernel: usize,
    },
    /// DARK as MMPose (1.x) has it for unbiased data processing (`refine_keypoints_dark_udp`; Huang et al., 2020):
    /// derivatives one cell wide, values below 10⁻³ and above 50 cut, the map's edge repeated beyond it. For checkpoints with
    /// [`Alignment::Udp`](crate::geometry::Alignment::Udp).
    DarkUdp {
        /// The smoothing kernel's side in cells, odd: 11 for MMPose's σ 2, 17 for its σ 3.
        kernel: usize,
    },
    /// The mean position by the weights `softmax(map / temperature)` (integral regression; Sun et al., 2018), as
    /// [`soft_argmax`](crate::heatmap::soft_argmax) finds it. Its positions are differentiable.
    SoftArgmax {
        /// What the values are divided by, the inverse of MMPose's `beta`. The higher, the more of the map counts.
        temperature: f64,
        /// The side, in cells and odd, of the square around the highest cell that counts; `None` for the whole map, as is a
        /// square that is as wide and high as the map.
        window: Option<usize>,
    },
}

impl Refinement {
    /// One of each, with numbers that suit Gaussians of σ 2 with a peak of 1.
    pub const ALL: &'static [Self] = &[
        Self::None,
        Self::QuarterOffset,
        Self::MmposeQuarterOffset,
        Self::Dark { kernel: 11 },
        Self::MmposeDark { kernel: 11 },
        Self::DarkUdp { kernel: 11 },
        Self::SoftArgmax { temperature: 0.1, window: Some(Self::USUAL_WINDOW) },
    ];

    /// The window of a soft argmax where none is named.
    const USUAL_WINDOW: usize = 11;

    /// The longest side of a kernel or window, in cells: enough for σ 8, and of a map of 80×80 cells at most half is gathered
    /// for each landmark.
    pub const MAX_SIDE: usize = 49;

    /// The lowest and highest temperature.
    pub const TEMPERATURES: [f64; 2] = TEMPERATURES;

    /// Its name in files and on command lines: "none", "quarter-offset", "dark", …
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

    /// Whether it asks if values are above 0, or takes their logarithm; the others only compare them.
    pub fn needs_positive_values(self) -> bool {
        !matches!(self, Self::None | Self::QuarterOffset | Self::SoftArgmax { .. })
    }

    /// Whether the numbers can work.
    ///
    /// # Errors
    /// A [configuration error](crate::ErrorKind::Config) if a kernel's or window's side is even or
    /// not within 1 and [`Self::MAX_SIDE`], or a temperature not within [`Self::TEMPERATURES`].
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

/// In a window's place on command lines: the whole map.
const WHOLE: &str = "all";

impl FromStr for Refinement {
    type Err = Error;

    /// Reads what [`Display`](fmt::Display) writes. A soft argmax' window can be `all`, the whole map.
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
