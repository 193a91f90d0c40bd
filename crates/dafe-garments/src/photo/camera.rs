//! Effects of cameras and the web: blotches of color noise, and repeated JPEG compression.
use image::RgbImage;

use super::{chances, jpeg};
use crate::{
    noise::spectrum::{Field, Spectrum},
    random::{bits::Bits, dice::Dice},
};

/// What happens to an image after exposure.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Camera {
    /// The strength of color blotches, of 255.
    blotches: f32,
    /// The size of blotches, in pixels.
    grain: f32,
    /// The qualities of earlier JPEG compressions, 0 for none.
    generations: [u8; 2],
    seed: u64,
}

impl Camera {
    /// Chooses effects at random.
    pub fn new(dice: &mut Dice) -> Self {
        let blotches = if dice.chance(chances::BLOTCHES) { dice.range(3.0, 18.0) } else { 0.0 };
        let mut quality = |chance: f32| {
            if dice.chance(chance) { dice.range(25.0, 85.0) as u8 } else { 0 }
        };
        let generations = chances::GENERATIONS.map(&mut quality);
        Self { blotches, grain: dice.range(2.0, 7.0), generations, seed: dice.number() }
    }

    /// Applies the effects.
    pub fn process(&self, mut image: RgbImage) -> RgbImage {
        let mut bits = Bits::new(self.seed);
        if self.blotches > 0.0 {
            self.blotch(&mut bits, &mut image);
        }
        for quality in self.generations.into_iter().filter(|quality| *quality > 0) {
            let cut = [0, 1].map(|_| ((bits.signed() * 0.5 + 0.5) * 7.0) as usize);
            image = jpeg::saved(&image, quality, cut);
        }
        image
    }

    /// Red and blue vary, green in the opposite direction.
    fn blotch(&self, bits: &mut Bits, image: &mut RgbImage) {
        let (width, height) = (image.width() as usize, image.height() as usize);
        let spectrum = Spectrum { cell: [self.grain; 2], octaves: 2, gain: 0.8 };
        let [red, blue] = [0, 1].map(|_| Field::new(bits, width, height, spectrum));
        for (pixel, (r, b)) in image.pixels_mut().zip(red.values.iter().zip(&blue.values)) {
            // Dark parts are noisier.
            let strength = self.blotches * (1.3 - f32::from(pixel[1]) / 255.0);
            let (r, b) = (r * strength, b * strength);
            for (value, off) in pixel.0.iter_mut().zip([r, -0.35 * (r + b), b]) {
                // The cast saturates.
                *value = (f32::from(*value) + off + 0.5) as u8;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blotches_change_colors_and_hardly_the_light() {
        let camera = Camera { blotches: 15.0, grain: 4.0, generations: [0; 2], seed: 3 };
        let gray = RgbImage::from_pixel(64, 64, image::Rgb([60; 3]));
        let found = camera.process(gray);
        let mean = |c: usize| found.pixels().map(|p| f32::from(p[c])).sum::<f32>() / 4096.0;
        assert!((0..3).all(|c| (mean(c) - 60.0).abs() < 3.0));
        assert!(found.pixels().any(|p| p[0].abs_diff(p[2]) > 10));
    }
}
