//! The heatmap codec: its sizes and its coordinates.
use serde::{Deserialize, Deserializer, Serialize, de::Error as _};

use crate::{Error, geometry::Alignment};

/// Encodes landmark positions as Gaussian heatmaps and decodes heatmaps to positions.
///
/// Positions are in input pixels, x right, y down. A pixel's integer coordinate is its center.
///
#[cfg_attr(feature = "flex", doc = "```")]
#[cfg_attr(not(feature = "flex"), doc = "```ignore")]
/// use dafe::prelude::*;
///
/// let device = Device::flex();
/// let codec = HeatmapCodec::new([320, 320], 4, 2.0);
/// // One image, one landmark. Cell (20, 10) is centered on input pixel (81.5, 41.5).
/// let positions = Tensor::<3>::from_floats([[[81.5, 41.5]]], &device);
/// let heatmaps = codec.encode(positions, Tensor::ones([1, 1], &device));
/// assert_eq!(heatmaps.dims(), [1, 1, 80, 80]);
///
/// let landmarks = codec.decode(heatmaps, Refinement::None);
/// assert_eq!(landmarks.positions.into_data().try_to_vec::<f32>().unwrap(), [81.5, 41.5]);
/// assert_eq!(landmarks.scores.into_data().try_to_vec::<f32>().unwrap(), [1.0]);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct HeatmapCodec {
    input_size: [usize; 2],
    stride: usize,
    sigma: f64,
    alignment: Alignment,
}

/// The serialized form of a codec.
#[derive(Deserialize)]
#[serde(remote = "HeatmapCodec")]
struct Fields {
    input_size: [usize; 2],
    stride: usize,
    sigma: f64,
    alignment: Alignment,
}

impl<'de> Deserialize<'de> for HeatmapCodec {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let codec = Fields::deserialize(deserializer)?;
        codec.validate().map(|()| codec).map_err(D::Error::custom)
    }
}

impl HeatmapCodec {
    /// The longest side of an input, in pixels. The limit keeps an untrusted file from exhausting
    /// the memory.
    pub const MAX_SIDE: usize = 8192;

    /// The lowest and highest sigma, in heatmap cells. Narrower Gaussians vanish between cells: at
    /// 0.7 cells, in the middle of four cells, a Gaussian with sigma 0.1 is only 10⁻¹¹ high.
    pub const SIGMAS: [f64; 2] = [0.1, Self::MAX_SIDE as f64];

    /// A codec with [`Alignment::HalfPixel`].
    ///
    /// Inputs are of `input_size` (`[width, height]`, pixels), heatmaps are `stride` times smaller
    /// (rounded up), and Gaussians have a standard deviation of `sigma` heatmap cells.
    ///
    /// # Panics
    /// If a size or the stride is 0, a size exceeds [`Self::MAX_SIDE`], or `sigma` is not within
    /// [`Self::SIGMAS`].
    pub fn new(input_size: [usize; 2], stride: usize, sigma: f64) -> Self {
        let codec = Self { input_size, stride, sigma, alignment: Alignment::default() };
        if let Err(error) = codec.validate() {
            panic!("{error}");
        }
        codec
    }

    /// The same codec with another pixel alignment.
    pub fn with_alignment(mut self, alignment: Alignment) -> Self {
        self.alignment = alignment;
        self
    }

    /// The codec for the same inputs with heatmaps `factor` times coarser.
    ///
    /// Sigma stays the same in cells, so the Gaussians are `factor` times as wide in the image:
    /// coarse maps locate a landmark roughly (coarse-to-fine supervision: Li et al., 2019, MSPN),
    /// and no Gaussian is too narrow for its grid.
    ///
    /// # Panics
    /// If `factor` is 0.
    pub fn coarser(&self, factor: usize) -> Self {
        assert!(factor > 0, "factor must be at least 1, not 0");
        Self { stride: self.stride * factor, ..*self }
    }

    /// Checks that the numbers are valid.
    ///
    /// # Errors
    /// A [configuration error](crate::ErrorKind::Config) if a size or the stride is 0, a size
    /// exceeds [`Self::MAX_SIDE`], or sigma is not within [`Self::SIGMAS`].
    pub fn validate(&self) -> Result<(), Error> {
        if self.input_size.contains(&0) || self.stride == 0 {
            return Err(Error::config(format!(
                "a heatmap codec needs sizes and a stride above 0, not {:?} and {}",
                self.input_size, self.stride
            )));
        }
        if self.input_size.iter().any(|&side| side > Self::MAX_SIDE) {
            return Err(Error::config(format!(
                "a network's input has sides of at most {} pixels, not {:?}",
                Self::MAX_SIDE,
                self.input_size
            )));
        }
        let [narrowest, widest] = Self::SIGMAS;
        if !(narrowest..=widest).contains(&self.sigma) {
            return Err(Error::config(format!(
                "sigma must be within {narrowest} and {widest} heatmap cells, not {}",
                self.sigma
            )));
        }
        Ok(())
    }

    /// `[width, height]` of the network's input, in pixels.
    pub fn input_size(&self) -> [usize; 2] {
        self.input_size
    }

    /// `[width, height]` of the heatmaps, in cells.
    pub fn heatmap_size(&self) -> [usize; 2] {
        self.input_size.map(|pixels| pixels.div_ceil(self.stride))
    }

    /// Input pixels per heatmap cell.
    pub fn stride(&self) -> usize {
        self.stride
    }

    /// Standard deviation of the Gaussians, in heatmap cells.
    pub fn sigma(&self) -> f64 {
        self.sigma
    }

    /// The pixel alignment.
    pub fn alignment(&self) -> Alignment {
        self.alignment
    }

    /// `(scale, shift)` for x and for y: heatmap cell = input pixel · scale + shift.
    pub(super) fn axes(&self) -> [(f64, f64); 2] {
        let cells = self.heatmap_size();
        [0, 1].map(|axis| {
            self.alignment.heatmap_axis(self.input_size[axis], cells[axis], self.stride)
        })
    }

    /// x and y of the heatmap's center, in cells: the position given for heatmaps without
    /// information.
    pub(super) fn middle(&self) -> [f64; 2] {
        self.heatmap_size().map(|cells| (cells as f64 - 1.0) / 2.0)
    }
}
