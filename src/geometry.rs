//! Boxes, affine transforms and the three pixel alignments: everything that maps positions between
//! an image, its crop at the network's input and the heatmaps. All other modules take their
//! geometry from here.
//!
//! ```
//! use dafe::{geometry::Alignment, prelude::*};
//!
//! let bounds = BoundingBox::new(100.0, 50.0, 260.0, 210.0).unwrap(); // 160 × 160 pixels
//! let to_input = Alignment::HalfPixel.crop(&bounds, [320, 320]);
//! // (120 − 100 + ½) · 320/160 − ½ and (90 − 50 + ½) · 320/160 − ½.
//! assert_eq!(to_input.apply([120.0, 90.0]), [40.5, 80.5]);
//! assert_eq!(to_input.inverse().unwrap().apply([40.5, 80.5]), [120.0, 90.0]);
//! ```
//!
//! Coordinates are pixels, x right, y down, and **a pixel's integer coordinate is its center**: the
//! top-left pixel covers −½..½. Only boxes are counted from the image's edge: see [`BoundingBox`].
use serde::{Deserialize, Serialize};

use crate::named::named_enum;

/// A box from `(x1, y1)` to `(x2, y2)`, in pixels of its image; its width is `x2 − x1`.
///
/// Its sides lie on the edges of pixels, not on their centers: the box of the first pixel is from 0
/// to 1. Boxes are used as annotated: they may touch or leave the image.
///
/// ```
/// use dafe::geometry::BoundingBox;
///
/// let bounds = BoundingBox::new(-10.0, 20.0, 90.0, 70.0).unwrap();
/// assert_eq!([bounds.width(), bounds.height()], [100.0, 50.0]);
/// assert_eq!(bounds.center(), [40.0, 45.0]);
/// assert_eq!(BoundingBox::new(90.0, 20.0, -10.0, 70.0), None);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct BoundingBox {
    /// Left.
    pub x1: f32,
    /// Top.
    pub y1: f32,
    /// Right.
    pub x2: f32,
    /// Bottom.
    pub y2: f32,
}

impl BoundingBox {
    /// The longest side a box may have, in pixels.
    pub const MAX_SIDE: f32 = 65_536.0;

    /// A box from its corners; `None` unless it is valid.
    ///
    /// A valid box is finite and of positive size, and no side or coordinate exceeds
    /// [`Self::MAX_SIDE`].
    pub fn new(x1: f32, y1: f32, x2: f32, y2: f32) -> Option<Self> {
        let valid = [x1, y1, x2, y2].iter().all(|v| v.abs() <= Self::MAX_SIDE)
            && x2 > x1
            && y2 > y1
            && x2 - x1 <= Self::MAX_SIDE
            && y2 - y1 <= Self::MAX_SIDE;
        valid.then_some(Self { x1, y1, x2, y2 })
    }

    /// The box of a whole image of `width` × `height` pixels.
    pub fn whole(width: u32, height: u32) -> Self {
        Self { x1: 0.0, y1: 0.0, x2: width as f32, y2: height as f32 }
    }

    /// The smallest box around `points`.
    ///
    /// `None` for fewer than two points, for points on a vertical or horizontal line, and for
    /// points that no valid box contains.
    pub fn spanned_by(points: impl IntoIterator<Item = [f32; 2]>) -> Option<Self> {
        let none = [f32::INFINITY, f32::INFINITY, f32::NEG_INFINITY, f32::NEG_INFINITY];
        let [x1, y1, x2, y2] = points
            .into_iter()
            .fold(none, |[x1, y1, x2, y2], [x, y]| [x1.min(x), y1.min(y), x2.max(x), y2.max(y)]);
        Self::new(x1, y1, x2, y2)
    }

    /// `x2 − x1`.
    pub fn width(&self) -> f32 {
        self.x2 - self.x1
    }

    /// `y2 − y1`.
    pub fn height(&self) -> f32 {
        self.y2 - self.y1
    }

    /// The center, `[x, y]`.
    pub fn center(&self) -> [f32; 2] {
        [(self.x1 + self.x2) / 2.0, (self.y1 + self.y2) / 2.0]
    }

    /// Intersection over union (IoU) with another box, 0..=1: 0 if they only touch, 1 if they are
    /// equal.
    ///
    /// ```
    /// use dafe::geometry::BoundingBox;
    ///
    /// let left = BoundingBox::new(0.0, 0.0, 30.0, 10.0).unwrap();
    /// let right = BoundingBox::new(20.0, -5.0, 40.0, 10.0).unwrap();
    /// // 10 × 10 of 300 + 300 − 100.
    /// assert_eq!(left.iou(&right), 0.2);
    /// assert_eq!(left.iou(&BoundingBox::new(30.0, 0.0, 40.0, 10.0).unwrap()), 0.0);
    /// ```
    pub fn iou(&self, other: &Self) -> f32 {
        let width = self.x2.min(other.x2) - self.x1.max(other.x1);
        let height = self.y2.min(other.y2) - self.y1.max(other.y1);
        let area = |one: &Self| one.width() * one.height();
        let both = width.max(0.0) * height.max(0.0);
        both / (area(self) + area(other) - both)
    }
}

/// How continuous coordinates are mapped between pixel grids of different sizes.
///
/// For a box `(x1, y1, w, h)`, a network input `W` pixels wide and a heatmap `w_h` cells wide at
/// stride `s` (and likewise vertically):
///
/// | | crop to the input | input to heatmap | flip of the input | flip of the heatmap |
/// |---|---|---|---|---|
/// | `HalfPixel` | `u = (x − x1 + ½)·W/w − ½` | `h = (u + ½)/s − ½` | `W−1−u` | `w_h−1−h` |
/// | `Legacy` | `u = (x − x1)·W/w` | `h = u/s` | `W−1−u` | `w_h−1−h`, one column late |
/// | `Udp` | `u = (x − x1)·(W−1)/w` | `h = u·(w_h−1)/(W−1)` | `W−1−u` | `w_h−1−h` |
///
/// "One column late" is why flip tests of `Legacy` checkpoints shift the flipped heatmap by one
/// column.
///
/// ```
/// use dafe::geometry::Alignment;
///
/// // Scale and shift from 320 input pixels to 80 cells of stride 4.
/// let axis = |alignment: Alignment| alignment.heatmap_axis(320, 80, 4);
/// assert_eq!(axis(Alignment::HalfPixel), (0.25, -0.375));
/// assert_eq!(axis(Alignment::Legacy), (0.25, 0.0));
/// assert_eq!(axis(Alignment::Udp), (79.0 / 319.0, 0.0));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Alignment {
    /// Pixels are areas, and grids share their outer edges (align_corners = false). The default.
    #[default]
    HalfPixel,
    /// Grids share the center of the first pixel: the classic codec of MMPose and SimpleBaseline.
    Legacy,
    /// Grids share the centers of the first and the last pixel (align_corners = true): Unbiased
    /// Data Processing (UDP; Huang et al., 2020).
    Udp,
}

named_enum!(Alignment, "alignment", {
    HalfPixel => "half-pixel",
    Legacy => "legacy",
    Udp => "udp",
});

impl Alignment {
    /// The transform from image coordinates to a network input of `size` (`[width, height]`,
    /// pixels) cropped to `bounds`.
    pub fn crop(self, bounds: &BoundingBox, size: [usize; 2]) -> Affine {
        let axis = |from: f32, length: f32, pixels: usize| {
            let (from, length, pixels) = (f64::from(from), f64::from(length), pixels as f64);
            let scale = match self {
                Self::HalfPixel | Self::Legacy => pixels / length,
                Self::Udp => (pixels - 1.0) / length,
            };
            let shift = match self {
                Self::HalfPixel => (0.5 - from) * scale - 0.5,
                Self::Legacy | Self::Udp => -from * scale,
            };
            (scale, shift)
        };
        let (sx, tx) = axis(bounds.x1, bounds.width(), size[0]);
        let (sy, ty) = axis(bounds.y1, bounds.height(), size[1]);
        Affine { xx: sx, xy: 0.0, x0: tx, yx: 0.0, yy: sy, y0: ty }
    }

    /// `(scale, shift)` from input to heatmap along one axis: `h = u·scale + shift`.
    ///
    /// The input has `input` pixels, the heatmap `cells` cells, and `stride` is the stride between
    /// them.
    pub fn heatmap_axis(self, input: usize, cells: usize, stride: usize) -> (f64, f64) {
        let stride = stride as f64;
        match self {
            Self::HalfPixel => (1.0 / stride, 0.5 / stride - 0.5),
            Self::Legacy => (1.0 / stride, 0.0),
            // A single pixel has no extent between centers: any scale maps 0 to 0.
            Self::Udp if input <= 1 => (1.0, 0.0),
            Self::Udp => ((cells as f64 - 1.0) / (input as f64 - 1.0), 0.0),
        }
    }
}

/// An affine transform of the plane: `x' = xx·x + xy·y + x0`, `y' = yx·x + yy·y + y0`.
///
/// ```
/// use dafe::geometry::Affine;
///
/// let flip = Affine::flip(320);
/// assert_eq!(flip.apply([0.0, 50.0]), [319.0, 50.0]);
/// assert_eq!(flip.then(&flip), Affine::IDENTITY);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[allow(missing_docs, reason = "the formula above names them all")]
pub struct Affine {
    pub xx: f64,
    pub xy: f64,
    pub x0: f64,
    pub yx: f64,
    pub yy: f64,
    pub y0: f64,
}

impl Affine {
    /// The identity transform.
    pub const IDENTITY: Self = Self { xx: 1.0, xy: 0.0, x0: 0.0, yx: 0.0, yy: 1.0, y0: 0.0 };

    /// Rotates by `degrees` (clockwise on screen, since y points down) and scales by `scale`, about
    /// `center`.
    pub fn similarity(center: [f32; 2], degrees: f64, scale: f64) -> Self {
        let (sin, cos) = degrees.to_radians().sin_cos();
        let [cx, cy] = center.map(f64::from);
        let (c, s) = (scale * cos, scale * sin);
        Self { xx: c, xy: -s, x0: cx - c * cx + s * cy, yx: s, yy: c, y0: cy - s * cx - c * cy }
    }

    /// Mirrors a grid of `width` pixels left to right: `u' = W−1−u`.
    pub fn flip(width: usize) -> Self {
        Self { xx: -1.0, x0: width as f64 - 1.0, ..Self::IDENTITY }
    }

    /// The composition: first `self`, then `next`.
    pub fn then(&self, next: &Self) -> Self {
        Self {
            xx: next.xx * self.xx + next.xy * self.yx,
            xy: next.xx * self.xy + next.xy * self.yy,
            x0: next.xx * self.x0 + next.xy * self.y0 + next.x0,
            yx: next.yx * self.xx + next.yy * self.yx,
            yy: next.yx * self.xy + next.yy * self.yy,
            y0: next.yx * self.x0 + next.yy * self.y0 + next.y0,
        }
    }

    /// The inverse transform; `None` if this transform is singular.
    pub fn inverse(&self) -> Option<Self> {
        let det = self.xx * self.yy - self.xy * self.yx;
        if !det.is_finite() || det.abs() < 1e-12 {
            return None;
        }
        let (xx, xy, yx, yy) = (self.yy / det, -self.xy / det, -self.yx / det, self.xx / det);
        Some(Self {
            xx,
            xy,
            x0: -(xx * self.x0 + xy * self.y0),
            yx,
            yy,
            y0: -(yx * self.x0 + yy * self.y0),
        })
    }

    /// The transformed point `[x, y]`.
    pub fn apply(&self, [x, y]: [f64; 2]) -> [f64; 2] {
        [self.xx * x + self.xy * y + self.x0, self.yx * x + self.yy * y + self.y0]
    }

    /// [`Self::apply`] for the `f32` coordinates of landmarks.
    pub fn apply_f32(&self, point: [f32; 2]) -> [f32; 2] {
        self.apply(point.map(f64::from)).map(|coordinate| coordinate as f32)
    }
}
