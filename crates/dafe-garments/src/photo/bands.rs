//! Plain bands around an image that change its shape, for example to a square, as shops and
//! datasets add them.
use image::{Rgb, RgbImage};

use super::chances;
use crate::{
    color::{Color, hex},
    geometry::point::{Pt, pt},
    random::dice::Dice,
};

/// Bands to add around an image.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Bands {
    /// The image's size without the bands.
    pub inner: (u32, u32),
    /// The widths at the left and the top.
    pub before: (u32, u32),
    /// The widths at the right and the bottom.
    pub after: (u32, u32),
    color: Color,
}

impl Bands {
    /// Chooses bands, mostly none.
    pub fn new(dice: &mut Dice, inner: (u32, u32), background: Color) -> Option<Self> {
        if !dice.chance(chances::BANDS) {
            return None;
        }
        let (w, h) = (inner.0 as f32, inner.1 as f32);
        let longest = w.max(h);
        let all_round = pt(w, h) * dice.range(1.04, 1.25);
        let whole = dice.weighted(&[
            (0.65, pt(longest, longest)),
            (0.12, pt(w.max(h * 0.75), h.max(w / 0.75))),
            (0.08, pt(w.max(h * 1.33), h)),
            (0.15, all_round),
        ]);
        let fraction = if dice.chance(0.85) { 0.5 } else { dice.range(0.0, 1.0) };
        let split = |whole: f32, inner: u32| {
            let bands = whole as u32 - inner.min(whole as u32);
            let before = (bands as f32 * fraction) as u32;
            (before, bands - before)
        };
        let (left, right) = split(whole.x, inner.0);
        let (top, bottom) = split(whole.y, inner.1);
        let gray = dice.range(0xd0 as f32, 0xf6 as f32);
        let color = dice.weighted(&[
            (0.36, hex(0xffffff)),
            (0.34, Color { r: gray, g: gray, b: gray }),
            (0.1, hex(0x000000)),
            (0.2, background),
        ]);
        Some(Self { inner, before: (left, top), after: (right, bottom), color })
    }

    /// The image's size with the bands.
    pub fn outer(&self) -> (u32, u32) {
        let whole = |inner: u32, before: u32, after: u32| before + inner + after;
        (
            whole(self.inner.0, self.before.0, self.after.0),
            whole(self.inner.1, self.before.1, self.after.1),
        )
    }

    /// How far the bands move the image's contents.
    pub fn shift(&self) -> Pt {
        pt(self.before.0 as f32, self.before.1 as f32)
    }

    /// Paints the bands over an image that already has the outer size.
    pub fn lay(&self, image: &mut RgbImage) {
        let color = Rgb([self.color.r, self.color.g, self.color.b].map(|v| v as u8));
        let (across, down) = (
            self.before.0..self.before.0 + self.inner.0,
            self.before.1..self.before.1 + self.inner.1,
        );
        for (x, y, pixel) in image.enumerate_pixels_mut() {
            if !across.contains(&x) || !down.contains(&y) {
                *pixel = color;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bands_cover_all_but_the_image() {
        let bands = Bands { inner: (3, 4), before: (2, 0), after: (1, 1), color: hex(0x102030) };
        assert_eq!(bands.outer(), (6, 5));
        assert_eq!(bands.shift(), pt(2.0, 0.0));
        let mut image = RgbImage::from_pixel(6, 5, Rgb([200; 3]));
        bands.lay(&mut image);
        let inner = image.enumerate_pixels().filter(|p| p.2.0 == [200; 3]);
        let inner: Vec<_> = inner.map(|(x, y, _)| (x, y)).collect();
        assert_eq!(inner.len(), 12);
        assert!(inner.iter().all(|&(x, y)| (2..5).contains(&x) && y < 4));
        assert_eq!(image.get_pixel(0, 0).0, [0x10, 0x20, 0x30]);
    }
}
