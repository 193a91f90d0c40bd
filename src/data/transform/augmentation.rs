//! Augmentation options and their random values.
use serde::{Deserialize, Deserializer, Serialize, de::Error as _};

use super::{
    color::ColorJitter,
    degradation::Degradation,
    loose_box::{LooseBox, LooseDraws},
};
use crate::{Error, geometry::BoundingBox, with_fields::with_fields};

/// Augmentation of training images. Each variation is sampled uniformly from its range, for every
/// image in every epoch.
///
/// It is applied to the region that a [`Framing`](super::Framing) derives from the labeled box.
///
/// ```
/// use dafe::data::Augmentation;
///
/// let stronger = Augmentation::default().with_rotation(30.0).with_erase(0.3);
/// stronger.validate()?;
/// let only_flips = Augmentation::none().with_flip(0.5);
/// let error = only_flips.with_color(1.5).validate().unwrap_err();
/// assert!(error.to_string().starts_with("augmentation: color is 1.5"), "{error}");
/// # Ok::<(), dafe::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Augmentation {
    /// Probability of a horizontal flip, 0 to 1.
    pub flip: f64,
    /// Maximum change of the box's size about its center, as a fraction of its sides: 0.15 means
    /// 0.85 to 1.15.
    pub scale: f64,
    /// Maximum rotation about the box's center, in degrees, 0 to 180, in either direction.
    pub rotation: f64,
    /// Probability of a rotation, 0 to 1.
    pub rotation_probability: f64,
    /// Maximum shift of the box, as a fraction of its width and height, 0 to 1.
    pub translation: f64,
    /// Maximum shift of each side of the box independently, as a fraction of the box. Simulates a
    /// detector's inaccurate boxes.
    pub box_jitter: f64,
    /// Brightness, contrast and saturation are each multiplied by 1 − `color` to 1 + `color`; at
    /// least 0 and below 1.
    pub color: f64,
    /// Maximum hue rotation in degrees, 0 to 180, in either direction. 0 by default.
    pub hue: f64,
    /// Red, green and blue are each multiplied by 1 − `tint` to 1 + `tint`; at least 0 and below 1.
    /// 0 by default.
    pub tint: f64,
    /// Maximum standard deviation of a Gaussian blur, in input pixels, 0 to 16. Half of the inputs
    /// are blurred. 0 by default.
    pub blur: f64,
    /// Maximum standard deviation of noise on values from 0 to 255. Half of the inputs get noise. 0
    /// by default.
    pub noise: f64,
    /// Probability of erasing one to three rectangles, 0 to 1. 0 by default.
    pub erase: f64,
    /// Boxes much looser than labeled, applied before the variations above. Off by default.
    pub loose: LooseBox,
    /// Probability of using the whole image instead of the box, 0 to 1. 0 by default.
    ///
    /// The whole image is then varied like a box, except for `loose`. The landmarks are still those
    /// of one sample, so the image must make clear which garment is meant: the largest one, or the
    /// one in the middle.
    pub whole_image: f64,
}

with_fields!(Augmentation {
    with_flip flip: f64,
    with_scale scale: f64,
    with_rotation rotation: f64,
    with_rotation_probability rotation_probability: f64,
    with_translation translation: f64,
    with_box_jitter box_jitter: f64,
    with_color color: f64,
    with_hue hue: f64,
    with_tint tint: f64,
    with_blur blur: f64,
    with_noise noise: f64,
    with_erase erase: f64,
    with_loose loose: LooseBox,
    with_whole_image whole_image: f64,
});

/// An augmentation as stored in a file.
#[derive(Deserialize)]
#[serde(remote = "Augmentation", default = "Augmentation::default", deny_unknown_fields)]
struct Fields {
    flip: f64,
    scale: f64,
    rotation: f64,
    rotation_probability: f64,
    translation: f64,
    box_jitter: f64,
    color: f64,
    hue: f64,
    tint: f64,
    blur: f64,
    noise: f64,
    erase: f64,
    loose: LooseBox,
    whole_image: f64,
}

impl<'de> Deserialize<'de> for Augmentation {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let augmentation = Fields::deserialize(deserializer)?;
        augmentation.validate().map(|()| augmentation).map_err(D::Error::custom)
    }
}

impl Default for Augmentation {
    /// Flips half of the inputs, rotates half by up to 15°, with mild variations otherwise.
    fn default() -> Self {
        Self {
            flip: 0.5,
            scale: 0.15,
            rotation: 15.0,
            rotation_probability: 0.5,
            translation: 0.05,
            box_jitter: 0.05,
            color: 0.2,
            hue: 0.0,
            tint: 0.0,
            blur: 0.0,
            noise: 0.0,
            erase: 0.0,
            loose: LooseBox::default(),
            whole_image: 0.0,
        }
    }
}

impl Augmentation {
    /// No variation: random transforms equal plain ones.
    pub fn none() -> Self {
        Self {
            flip: 0.0,
            scale: 0.0,
            rotation: 0.0,
            rotation_probability: 0.0,
            translation: 0.0,
            box_jitter: 0.0,
            color: 0.0,
            hue: 0.0,
            tint: 0.0,
            blur: 0.0,
            noise: 0.0,
            erase: 0.0,
            loose: LooseBox::default(),
            whole_image: 0.0,
        }
    }

    /// Checks the range of every value.
    ///
    /// # Errors
    /// A [configuration error](crate::ErrorKind::Config) naming the value that is out of range,
    /// also if `scale` and `box_jitter` together could leave an empty box.
    pub fn validate(&self) -> Result<(), Error> {
        let Self {
            flip,
            scale,
            rotation,
            rotation_probability,
            translation,
            box_jitter,
            color,
            hue,
            tint,
            blur,
            noise,
            erase,
            loose,
            whole_image,
        } = self.clone();
        let bounded = [
            ("flip", flip, 1.0),
            ("rotation_probability", rotation_probability, 1.0),
            ("rotation", rotation, 180.0),
            ("translation", translation, 1.0),
            ("hue", hue, 180.0),
            ("blur", blur, 16.0),
            ("noise", noise, 255.0),
            ("erase", erase, 1.0),
            ("whole_image", whole_image, 1.0),
        ];
        for (name, value, most) in bounded {
            if !(0.0..=most).contains(&value) {
                return Err(Error::config(format!(
                    "augmentation: {name} is {value}, not within 0 and {most}"
                )));
            }
        }
        for (name, value) in
            [("scale", scale), ("box_jitter", box_jitter), ("color", color), ("tint", tint)]
        {
            if !(0.0..1.0).contains(&value) {
                return Err(Error::config(format!(
                    "augmentation: {name} is {value}, not at least 0 and below 1"
                )));
            }
        }
        if scale + 2.0 * box_jitter >= 1.0 {
            let message = "which may leave nothing of a box: scale + 2 box_jitter must be below 1";
            let values = format!("scale is {scale} and box_jitter {box_jitter}");
            return Err(Error::config(format!("augmentation: {values}, {message}")));
        }
        loose.validate()
    }

    /// The region that is cropped: the sample's box or the whole image, before [`Self::vary`].
    pub(super) fn region(
        &self,
        bounds: &BoundingBox,
        whole: &BoundingBox,
        draws: &Draws,
    ) -> BoundingBox {
        match draws.whole_image < self.whole_image {
            true => *whole,
            false => self.loose.vary(bounds, &draws.loose),
        }
    }

    /// The box after scaling, shift and jitter; exactly `bounds` if these are all 0.
    pub(super) fn vary(&self, bounds: &BoundingBox, draws: &Draws) -> BoundingBox {
        let grow = self.scale * draws.scale / 2.0;
        let side = |from: f32, length: f32, moved: f64, jitter: f64, grow: f64| {
            (f64::from(from)
                + f64::from(length) * (self.translation * moved + self.box_jitter * jitter + grow))
                as f32
        };
        let BoundingBox { x1, y1, x2, y2 } = *bounds;
        let (w, h) = (bounds.width(), bounds.height());
        let ([moved_x, moved_y], [left, top, right, bottom]) = (draws.translation, draws.sides);
        BoundingBox::new(
            side(x1, w, moved_x, left, -grow),
            side(y1, h, moved_y, top, -grow),
            side(x2, w, moved_x, right, grow),
            side(y2, h, moved_y, bottom, grow),
        )
        .unwrap_or(*bounds)
    }

    /// The rotation, clockwise on the screen; `None` without rotation.
    pub(super) fn degrees(&self, draws: &Draws) -> Option<f64> {
        (draws.turns < self.rotation_probability && self.rotation != 0.0)
            .then_some(self.rotation * draws.rotation)
    }

    pub(super) fn flips(&self, draws: &Draws) -> bool {
        draws.flips < self.flip
    }

    pub(super) fn color_jitter(&self, draws: &Draws) -> ColorJitter {
        let [brightness, contrast, saturation] =
            draws.color.map(|draw| (1.0 + self.color * draw) as f32);
        let hue = (self.hue * draws.hue) as f32;
        let tint = draws.tint.map(|draw| (1.0 + self.tint * draw) as f32);
        ColorJitter { brightness, contrast, saturation, hue, tint }
    }

    pub(super) fn degradation(&self, draws: &Draws, seed: u64) -> Degradation {
        // 0 for half of the values.
        let half = |draw: f64, most: f64| (most * draw.max(0.0)) as f32;
        let erased = match draws.erases < self.erase {
            true => 1 + (3.0 * draws.erased) as usize,
            false => 0,
        };
        let [blur, noise] = [half(draws.blur, self.blur), half(draws.noise, self.noise)];
        match (erased, blur, noise) {
            (0, 0.0, 0.0) => Degradation::NONE,
            _ => Degradation { erased, blur, noise, seed },
        }
    }
}

/// The random values of one transform, independent of any strength: `flips`, `turns`,
/// `whole_image`, `erases` and `erased` are from 0 to 1, the others from −1 to 1 unless noted
/// otherwise.
pub(super) struct Draws {
    flips: f64,
    turns: f64,
    rotation: f64,
    scale: f64,
    translation: [f64; 2],
    sides: [f64; 4],
    color: [f64; 3],
    loose: LooseDraws,
    whole_image: f64,
    hue: f64,
    tint: [f64; 3],
    blur: f64,
    noise: f64,
    erases: f64,
    erased: f64,
}

impl Draws {
    /// Always consumes the same number of values from `uniform` (0 to 1), in the order of the
    /// fields.
    pub(super) fn from_uniform(mut uniform: impl FnMut() -> f64) -> Self {
        let signed = |uniform: f64| 2.0 * uniform - 1.0;
        Self {
            flips: uniform(),
            turns: uniform(),
            rotation: signed(uniform()),
            scale: signed(uniform()),
            translation: [(); 2].map(|()| signed(uniform())),
            sides: [(); 4].map(|()| signed(uniform())),
            color: [(); 3].map(|()| signed(uniform())),
            loose: LooseDraws {
                loosens: uniform(),
                scale: uniform(),
                shift: [(); 2].map(|()| signed(uniform())),
            },
            whole_image: uniform(),
            hue: signed(uniform()),
            tint: [(); 3].map(|()| signed(uniform())),
            blur: signed(uniform()),
            noise: signed(uniform()),
            erases: uniform(),
            // Below 1, so there are at most three.
            erased: uniform(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fixed(value: f64) -> Draws {
        Draws::from_uniform(|| value)
    }

    #[test]
    fn boxes_vary_as_documented() {
        let bounds = BoundingBox::new(100.0, 50.0, 200.0, 100.0).unwrap();
        // A value of 1: 20 % larger (±10 % per side), shifted by 10 %, every side shifted by 5 % to
        // the right or down.
        let strong =
            Augmentation { scale: 0.2, translation: 0.1, box_jitter: 0.05, ..Augmentation::none() };
        let varied = strong.vary(&bounds, &fixed(1.0));
        assert_eq!(varied, BoundingBox { x1: 105.0, y1: 52.5, x2: 225.0, y2: 112.5 });
        // A value of 0 (−1 when signed): 20 % smaller, shifted to the left and up.
        let varied = strong.vary(&bounds, &fixed(0.0));
        assert_eq!(varied, BoundingBox { x1: 95.0, y1: 47.5, x2: 175.0, y2: 87.5 });
        assert_eq!(Augmentation::none().vary(&bounds, &fixed(0.3)), bounds);
        // The result would be empty: the box is kept.
        let too_strong = Augmentation { scale: 1.0, ..Augmentation::none() };
        assert_eq!(too_strong.vary(&bounds, &fixed(0.0)), bounds);
    }

    #[test]
    fn whole_images_take_the_place_of_boxes_loose_ones_among_them() {
        let bounds = BoundingBox::new(100.0, 50.0, 200.0, 100.0).unwrap();
        let whole = BoundingBox::whole(300, 400);
        let loose = LooseBox { probability: 0.5, scale: [0.25, 4.0], shift: 0.25 };
        let region = |whole_image, draw| {
            let augmentation = Augmentation { loose, whole_image, ..Augmentation::none() };
            augmentation.region(&bounds, &whole, &fixed(draw))
        };
        // ¼·16^¼ = ½ of the sides, about (150 − 12.5, 75 − 6.25).
        let loosened = BoundingBox { x1: 112.5, y1: 56.25, x2: 162.5, y2: 81.25 };
        assert_eq!(region(0.25, 0.25), loosened);
        assert_eq!(region(0.26, 0.25), whole);
        assert_eq!(region(0.25, 0.75), bounds);
    }

    #[test]
    fn half_of_the_inputs_are_degraded_by_up_to_the_strength() {
        let strong =
            Augmentation { blur: 2.0, noise: 20.0, erase: 0.8, hue: 90.0, ..Augmentation::none() };
        let degraded = |draw| strong.degradation(&fixed(draw), 5);
        assert_eq!(degraded(0.25), Degradation { erased: 1, blur: 0.0, noise: 0.0, seed: 5 });
        assert_eq!(degraded(0.75), Degradation { erased: 3, blur: 1.0, noise: 10.0, seed: 5 });
        assert_eq!(degraded(0.9).erased, 0);
        assert_eq!(strong.color_jitter(&fixed(0.75)).hue, 45.0);
        assert_eq!(Augmentation::none().degradation(&fixed(0.75), 0), Degradation::NONE);
    }

    #[test]
    fn validation_names_the_value() {
        let check = |change: fn(&mut Augmentation), message: &str| {
            let mut augmentation = Augmentation::default();
            change(&mut augmentation);
            let error = augmentation.validate().unwrap_err().to_string();
            assert_eq!(error, format!("augmentation: {message}"));
        };
        check(|a| a.flip = 1.5, "flip is 1.5, not within 0 and 1");
        check(|a| a.rotation = -1.0, "rotation is -1, not within 0 and 180");
        check(
            |a| a.rotation_probability = f64::NAN,
            "rotation_probability is NaN, not within 0 and 1",
        );
        check(|a| a.translation = 2.0, "translation is 2, not within 0 and 1");
        check(|a| a.scale = 1.0, "scale is 1, not at least 0 and below 1");
        check(|a| a.color = -0.1, "color is -0.1, not at least 0 and below 1");
        check(|a| a.hue = 200.0, "hue is 200, not within 0 and 180");
        check(|a| a.tint = 1.0, "tint is 1, not at least 0 and below 1");
        check(|a| a.blur = f64::INFINITY, "blur is inf, not within 0 and 16");
        check(|a| a.noise = -2.0, "noise is -2, not within 0 and 255");
        check(|a| a.erase = 1.2, "erase is 1.2, not within 0 and 1");
        check(|a| a.whole_image = 2.0, "whole_image is 2, not within 0 and 1");
        check(|a| a.loose.shift = -1.0, "loose.shift is -1, not within 0 and 1");
        check(
            |a| a.box_jitter = 0.45,
            "scale is 0.15 and box_jitter 0.45, which may leave nothing of a box: scale + 2 box_jitter must be below 1",
        );
        Augmentation::default().validate().unwrap();
        Augmentation::none().validate().unwrap();
    }

    #[test]
    fn configuration_files_may_name_some_values_only() {
        let read: Augmentation = serde_json::from_str(r#"{"flip": 0.25}"#).unwrap();
        assert_eq!(read, Augmentation { flip: 0.25, ..Augmentation::default() });
        // Files of older runs, without loose boxes, can be read.
        assert_eq!((read.loose.probability, read.whole_image), (0.0, 0.0));
        let read: Augmentation =
            serde_json::from_str(r#"{"loose": {"probability": 0.5}}"#).unwrap();
        assert_eq!(read.loose, LooseBox { probability: 0.5, ..LooseBox::default() });
        assert!(serde_json::from_str::<Augmentation>(r#"{"loose": {"chance": 0.5}}"#).is_err());
        assert!(serde_json::from_str::<Augmentation>(r#"{"flips": 0.25}"#).is_err());
    }
}
