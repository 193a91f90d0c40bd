//! Random boxes that are much looser than labeled ones.
use serde::{Deserialize, Serialize};

use crate::{Error, geometry::BoundingBox};

/// Randomly makes a training image's box much looser or tighter than labeled.
///
/// Simulates the boxes of a detector or a first pass over a whole image. A network trained only on
/// tight crops performs poorly on such regions.
///
/// ```
/// use dafe::data::{Augmentation, LooseBox};
///
/// let loose = LooseBox { probability: 0.3, ..LooseBox::default() };
/// assert_eq!(loose.scale, [0.8, 2.0]);
/// Augmentation::default().with_loose(loose).validate()?;
/// # Ok::<(), dafe::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LooseBox {
    /// Probability of a loose box, 0 to 1.
    pub probability: f64,
    /// The minimum and maximum factor by which the box grows about its center, sampled
    /// log-uniformly: halving is as likely as doubling.
    pub scale: [f64; 2],
    /// Maximum shift of the box, as a fraction of its labeled width and height, 0 to 1.
    pub shift: f64,
}

impl Default for LooseBox {
    /// Probability 0. If the probability is raised: scaled by 0.8 to 2 and shifted by up to a
    /// quarter.
    fn default() -> Self {
        Self { probability: 0.0, scale: [0.8, 2.0], shift: 0.25 }
    }
}

impl LooseBox {
    /// The maximum factor. Beyond it, nothing of the garment is visible.
    pub const MAX_SCALE: f64 = 16.0;

    /// Checks the range of every value.
    pub(super) fn validate(&self) -> Result<(), Error> {
        let Self { probability, scale: [least, greatest], shift } = *self;
        for (name, value) in [("probability", probability), ("shift", shift)] {
            if !(0.0..=1.0).contains(&value) {
                return Err(Error::config(format!(
                    "augmentation: loose.{name} is {value}, not within 0 and 1"
                )));
            }
        }
        let most = Self::MAX_SCALE;
        if !(least > 0.0 && least <= greatest && greatest <= most) {
            return Err(Error::config(format!(
                "augmentation: loose.scale is {least} to {greatest}, not an ascending range above 0 and up to {most}"
            )));
        }
        Ok(())
    }

    /// `bounds` after scaling and shift, or unchanged if `draws` say so.
    pub(super) fn vary(&self, bounds: &BoundingBox, draws: &LooseDraws) -> BoundingBox {
        if draws.loosens >= self.probability {
            return *bounds;
        }
        let [least, greatest] = self.scale;
        let half = least * (greatest / least).powf(draws.scale) / 2.0;
        let axis = |from: f32, length: f32, moved: f64| {
            let (from, length) = (f64::from(from), f64::from(length));
            let center = from + length * (0.5 + self.shift * moved);
            [(center - length * half) as f32, (center + length * half) as f32]
        };
        let [x1, x2] = axis(bounds.x1, bounds.width(), draws.shift[0]);
        let [y1, y2] = axis(bounds.y1, bounds.height(), draws.shift[1]);
        BoundingBox::new(x1, y1, x2, y2).unwrap_or(*bounds)
    }
}

/// The random values of one loose box, independent of any strength: `loosens` and `scale` are from
/// 0 to 1, `shift` from −1 to 1.
pub(super) struct LooseDraws {
    pub loosens: f64,
    pub scale: f64,
    pub shift: [f64; 2],
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bounds() -> BoundingBox {
        BoundingBox::new(100.0, 50.0, 200.0, 90.0).unwrap()
    }

    #[test]
    fn boxes_grow_and_move_as_documented() {
        let loose = LooseBox { probability: 0.5, scale: [0.5, 2.0], shift: 0.25 };
        let vary =
            |loosens, scale, shift| loose.vary(&bounds(), &LooseDraws { loosens, scale, shift });
        // The geometric mean of the range: the size is unchanged; shifted by a quarter to the
        // right, by an eighth up.
        let moved = BoundingBox { x1: 125.0, y1: 45.0, x2: 225.0, y2: 85.0 };
        assert_eq!(vary(0.0, 0.5, [1.0, -0.5]), moved);
        // Twice as large about the center (150, 70), and half as large.
        let large = BoundingBox { x1: 50.0, y1: 30.0, x2: 250.0, y2: 110.0 };
        assert_eq!(vary(0.49, 1.0, [0.0; 2]), large);
        let small = BoundingBox { x1: 125.0, y1: 60.0, x2: 175.0, y2: 80.0 };
        assert_eq!(vary(0.0, 0.0, [0.0; 2]), small);
        assert_eq!(vary(0.5, 1.0, [1.0; 2]), bounds());
        // Never at probability 0, even for a value of 0.
        let never = LooseBox { probability: 0.0, ..loose };
        assert_eq!(
            never.vary(&bounds(), &LooseDraws { loosens: 0.0, scale: 1.0, shift: [1.0; 2] }),
            bounds()
        );
        // No box can be that large: it is kept.
        let huge = BoundingBox::new(0.0, 0.0, 50_000.0, 50_000.0).unwrap();
        let draws = LooseDraws { loosens: 0.0, scale: 1.0, shift: [0.0; 2] };
        assert_eq!(loose.vary(&huge, &draws), huge);
    }

    #[test]
    fn validation_names_the_value() {
        let check = |loose: LooseBox, message: &str| {
            let error = loose.validate().unwrap_err().to_string();
            assert_eq!(error, format!("augmentation: loose.{message}"));
        };
        let usual = LooseBox::default();
        check(LooseBox { probability: 1.5, ..usual }, "probability is 1.5, not within 0 and 1");
        check(LooseBox { shift: f64::NAN, ..usual }, "shift is NaN, not within 0 and 1");
        let range = "not an ascending range above 0 and up to 16";
        check(LooseBox { scale: [2.0, 0.8], ..usual }, &format!("scale is 2 to 0.8, {range}"));
        check(LooseBox { scale: [0.0, 1.0], ..usual }, &format!("scale is 0 to 1, {range}"));
        check(LooseBox { scale: [1.0, 17.0], ..usual }, &format!("scale is 1 to 17, {range}"));
        check(LooseBox { scale: [f64::NAN, 2.0], ..usual }, &format!("scale is NaN to 2, {range}"));
        usual.validate().unwrap();
        LooseBox { probability: 1.0, scale: [1.0, 1.0], shift: 1.0 }.validate().unwrap();
    }
}
