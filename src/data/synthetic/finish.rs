//! The photograph's side of a picture: light, contrast, blur, noise.
use image::RgbImage;
use tiny_skia::Pixmap;

use super::dice::Dice;

/// Spreads each pixel over its neighbours, by a share of up to 1.
fn soften(map: &mut Pixmap, share: f32) {
    let row = map.width() as usize * 4;
    let side = (share * 0.3 * 256.0) as u32;
    let middle = 256 - 2 * side;
    let sharp = map.data().to_vec();
    let spread = |out: &mut [u8], before: &[u8], at: &[u8], after: &[u8]| {
        for (((out, a), b), c) in out.iter_mut().zip(before).zip(at).zip(after) {
            *out = ((u32::from(*a) * side + u32::from(*b) * middle + u32::from(*c) * side + 128)
                >> 8) as u8;
        }
    };
    let length = sharp.len();
    spread(
        &mut map.data_mut()[row..length - row],
        &sharp[..length - 2 * row],
        &sharp[row..],
        &sharp[2 * row..],
    );
    let tall = map.data().to_vec();
    spread(&mut map.data_mut()[4..length - 4], &tall[..length - 8], &tall[4..], &tall[8..]);
}

/// How a picture is taken.
#[derive(Debug, Clone, Copy)]
pub(super) struct Finish {
    /// Brighter towards a corner by this much, each way.
    pub slope: [f32; 2],
    pub brightness: f32,
    pub contrast: f32,
    /// Red and blue against green.
    pub warmth: f32,
    /// Share of a blurred copy mixed in, 0 for a sharp picture.
    pub blur: f32,
    pub noise: f32,
    pub seed: u64,
    pub jpeg_quality: u8,
}

impl Finish {
    /// Chooses; `shop` pictures are clean and bright.
    pub fn new(dice: &mut Dice, shop: bool) -> Self {
        let wild = if shop { 0.35 } else { 1.0 };
        Self {
            slope: [dice.bell(0.22 * wild), dice.bell(0.18 * wild)],
            brightness: 1.04 + dice.bell(0.14 * wild),
            contrast: 1.0 + dice.bell(0.16 * wild),
            warmth: dice.bell(0.07 * wild),
            blur: if dice.chance(0.4) { dice.range(0.1, 0.75) } else { 0.0 },
            noise: if dice.chance(0.6) { dice.range(0.5, 7.0) * wild } else { 0.0 },
            seed: dice.number() | 1,
            jpeg_quality: if dice.chance(0.15) {
                dice.range(45.0, 70.0)
            } else {
                dice.range(72.0, 95.0)
            } as u8,
        }
    }

    /// Develops the canvas.
    pub fn develop(&self, mut map: Pixmap) -> RgbImage {
        let (width, height) = (map.width(), map.height());
        if self.blur > 0.0 {
            soften(&mut map, self.blur);
        }
        let (columns, rows) = (width as usize, height as usize);
        let mut out = vec![0; columns * rows * 3];
        let gain = self.brightness * self.contrast;
        let tint = [1.0 + self.warmth, 1.0, 1.0 - self.warmth];
        let grain = self.noise * 1.6 / 255.0;
        let mut bits = self.seed;
        let lines = map.data().chunks_exact(columns * 4).zip(out.chunks_exact_mut(columns * 3));
        for (y, (line, developed)) in lines.enumerate() {
            let row = 1.0 + self.slope[1] * (y as f32 / rows as f32 - 0.5) - self.slope[0] * 0.5;
            let step = self.slope[0] / columns as f32;
            let pixels = line.chunks_exact(4).zip(developed.chunks_exact_mut(3));
            for (x, (pixel, to)) in pixels.enumerate() {
                let light = gain * (row + step * x as f32);
                // A xorshift generator: two of its uniform bytes make triangular noise.
                bits ^= bits << 13;
                bits ^= bits >> 7;
                bits ^= bits << 17;
                let byte = |shift: u32| ((bits >> shift) & 255) as i32;
                let noise = |shift: u32| (byte(shift) + byte(shift + 8) - 255) as f32 * grain;
                let base = 128.5 - 128.0 * self.contrast + noise(0);
                for c in 0..3 {
                    let own = 0.5 * noise(16 + 8 * c as u32);
                    // The cast saturates.
                    to[c] = (f32::from(pixel[c]) * light * tint[c] + base + own) as u8;
                }
            }
        }
        // The buffer has one entry for each channel of each pixel, so this cannot fail.
        RgbImage::from_raw(width, height, out).unwrap_or_default()
    }
}
