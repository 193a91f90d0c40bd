//! The region of an image that a network sees for a box.
use image::RgbImage;

use super::{
    padding::PADDING,
    resample::{resample, sample_bilinear},
};
use crate::{
    geometry::{Affine, BoundingBox},
    named::named_enum,
};

/// How a labeled or detected box becomes a network's input.
///
/// ```
/// use dafe::{data::Framing, geometry::BoundingBox};
///
/// // A square input for a box of 60 × 100: 1.2 times its height.
/// let bounds = BoundingBox::new(20.0, 0.0, 80.0, 100.0).unwrap();
/// let region = Framing::Padded.region(&bounds, [90, 100], [128, 128]);
/// assert_eq!([region.width(), region.height()].map(f32::round), [120.0, 120.0]);
/// assert_eq!(region.center(), bounds.center());
/// assert_eq!(Framing::Stretch.region(&bounds, [90, 100], [128, 128]), bounds);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Framing {
    /// The box itself, stretched to the input as in the paper. Antialiased, with [`PADDING`] around
    /// the image. The default.
    #[default]
    Stretch,
    /// The box with its surroundings, in its own proportions. The box grows to 1.2 times its size
    /// and then, on its shorter side, to the input's aspect ratio. Antialiased, with [`PADDING`]
    /// around the image. Shows a garment's edges even if its box is tight.
    Padded,
    /// The framing of MMPose's datasets. The box is cut to the image (to the centers of the
    /// outermost pixels), grows to 1.25 times its size and then, on its shorter side, to the
    /// input's aspect ratio. Sampled bilinearly without antialiasing, with black around the image.
    Mmpose,
}

named_enum!(Framing, "framing", { Stretch => "stretch", Padded => "padded", Mmpose => "mmpose" });

/// Size of the regions relative to the box.
const PADDED: f32 = 1.2;
const MMPOSE_PADDED: f32 = 1.25;

impl Framing {
    /// The region that the network sees, for an image and an input of the given sizes (`[width,
    /// height]`).
    ///
    /// [`Self::Mmpose`] uses the whole box if nothing is left of it within the image.
    pub fn region(self, bounds: &BoundingBox, image: [u32; 2], input: [usize; 2]) -> BoundingBox {
        match self {
            Self::Stretch => return *bounds,
            Self::Padded => return grown(bounds, PADDED, input),
            Self::Mmpose => {}
        }
        let [right, bottom] = image.map(|side| side.saturating_sub(1) as f32);
        let cut = BoundingBox::new(
            bounds.x1.clamp(0.0, right),
            bounds.y1.clamp(0.0, bottom),
            bounds.x2.clamp(0.0, right),
            bounds.y2.clamp(0.0, bottom),
        );
        grown(&cut.unwrap_or(*bounds), MMPOSE_PADDED, input)
    }

    /// Samples the image through `affine` at `size` (`[width, height]`).
    pub(super) fn sample(self, image: &RgbImage, affine: &Affine, size: [usize; 2]) -> RgbImage {
        match self {
            Self::Stretch | Self::Padded => resample(image, affine, size, PADDING),
            Self::Mmpose => sample_bilinear(image, affine, size, [0; 3]),
        }
    }
}

/// Scales `bounds` by `times`, then extends one side to the input's aspect ratio.
fn grown(bounds: &BoundingBox, times: f32, input: [usize; 2]) -> BoundingBox {
    let aspect = input[0] as f32 / input[1] as f32;
    let [x, y] = bounds.center();
    let (w, h) = (bounds.width() * times, bounds.height() * times);
    let (w, h) = (w.max(h * aspect), h.max(w / aspect));
    BoundingBox { x1: x - w / 2.0, y1: y - h / 2.0, x2: x + w / 2.0, y2: y + h / 2.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn padded_regions_by_hand() {
        let bounds = BoundingBox::new(20.0, 0.0, 80.0, 100.0).unwrap();
        let check = |input, expected: [f32; 4]| {
            let BoundingBox { x1, y1, x2, y2 } = Framing::Padded.region(&bounds, [90, 100], input);
            for (found, expected) in [x1, y1, x2, y2].into_iter().zip(expected) {
                // 1.2 is not exact as a float.
                assert!((found - expected).abs() < 1e-4, "{found} {expected}");
            }
        };
        // 60 × 100, ×1.2 = 72 × 120; square, so 120 wide; center (50, 50). The part outside of the
        // image is kept.
        check([128, 128], [-10.0, -10.0, 110.0, 110.0]);
        // An input twice as wide as high: 72 is too narrow for a height of 120.
        check([256, 128], [-70.0, -10.0, 170.0, 110.0]);
    }

    #[test]
    fn mmposes_region_by_hand() {
        // Cut to 0..99 × 10..109: 99 × 99, ×1.25 = 123.75 square; aspect 192:256, so 165 high;
        // center (49.5, 59.5).
        let bounds = BoundingBox::new(-20.0, 10.0, 99.0, 109.0).unwrap();
        let region = Framing::Mmpose.region(&bounds, [100, 200], [192, 256]);
        let expected = BoundingBox { x1: -12.375, y1: -23.0, x2: 111.375, y2: 142.0 };
        assert_eq!(region, expected);
        // 40 × 100: 50 × 125, so 93.75 wide.
        let bounds = BoundingBox::new(10.0, 20.0, 50.0, 120.0).unwrap();
        let region = Framing::Mmpose.region(&bounds, [200, 200], [192, 256]);
        assert_eq!([region.width(), region.height()], [93.75, 125.0]);
        assert_eq!(region.center(), [30.0, 70.0]);
        // Entirely outside: the box is kept.
        let bounds = BoundingBox::new(300.0, 0.0, 340.0, 100.0).unwrap();
        let region = Framing::Mmpose.region(&bounds, [200, 200], [192, 256]);
        assert_eq!(region.center(), [320.0, 50.0]);
        assert_eq!(Framing::Stretch.region(&bounds, [9, 9], [192, 256]), bounds);
    }
}
