//! The photographic part of an image: light, tone curve, color, blur, noise.
use image::RgbImage;
use tiny_skia::Pixmap;

use super::{camera::Camera, chances, effects, look::Look};
use crate::{
    place::setting::Setting,
    random::{bits::Bits, dice::Dice},
    style::Style,
};

/// The photographic settings of an image.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Finish {
    pub look: Look,
    /// Brightening towards a corner, in each direction.
    pub slope: [f32; 2],
    pub brightness: f32,
    pub contrast: f32,
    /// Above 1, midtones are darker.
    pub gamma: f32,
    /// Red and blue relative to green.
    pub tint: [f32; 2],
    /// The fraction of light missing in the corners.
    pub vignette: f32,
    /// The fraction of a blurred copy mixed in, 0 for a sharp image.
    pub blur: f32,
    pub noise: f32,
    pub camera: Camera,
    pub seed: u64,
    pub jpeg_quality: u8,
}

impl Finish {
    /// Chooses settings at random; product images are clean and bright.
    pub fn new(dice: &mut Dice, setting: Setting) -> Self {
        let wild = if setting == Setting::Shop { 0.35 } else { 1.0 };
        let home = setting == Setting::Home;
        let look = match dice.style {
            Style::Usual => dice.weighted(&chances::USUAL_LOOKS),
            Style::Unlike => dice.weighted(&chances::UNLIKE_LOOKS),
        };
        let lamp =
            if home && dice.chance(chances::LAMPLIGHT) { dice.range(0.04, 0.2) } else { 0.0 };
        let dim = if home && dice.chance(chances::DIM) { dice.range(0.6, 0.92) } else { 1.0 };
        let warmth = dice.bell(0.08 * wild) + lamp;
        let tint = match look {
            Look::Gray => [0.0; 2],
            _ => [warmth + dice.bell(0.03 * wild), dice.bell(0.03 * wild) - warmth],
        };
        let noise = if !dice.chance(chances::NOISE) {
            0.0
        } else if dice.chance(chances::STRONG_NOISE) {
            dice.range(6.0, 13.0) * wild
        } else {
            dice.range(0.5, 6.0) * wild
        };
        Self {
            look,
            slope: [dice.bell(0.22 * wild), dice.bell(0.18 * wild)],
            brightness: (1.04 + dice.bell(0.16 * wild)) * dim,
            contrast: 1.0 + dice.bell(0.18 * wild),
            gamma: dice.bell(0.28 * wild).exp(),
            tint,
            vignette: if dice.chance(chances::VIGNETTE * wild) {
                dice.range(0.1, 0.45)
            } else {
                0.0
            },
            blur: if dice.chance(0.4) { dice.range(0.1, 0.75) } else { 0.0 },
            noise,
            camera: Camera::new(dice),
            seed: dice.number(),
            jpeg_quality: if dice.chance(chances::POOR_JPEG) {
                dice.range(30.0, 65.0)
            } else {
                dice.range(68.0, 95.0)
            } as u8,
        }
    }

    /// The tone curve of each channel in even light.
    fn curves(&self) -> [[f32; 256]; 3] {
        let gains = [1.0 + self.tint[0], 1.0, 1.0 + self.tint[1]];
        gains.map(|gain| {
            let gain = gain * self.brightness * self.contrast;
            std::array::from_fn(|v| (v as f32 / 255.0).powf(self.gamma) * 255.0 * gain)
        })
    }

    /// Develops the canvas.
    pub fn develop(&self, mut map: Pixmap) -> RgbImage {
        let (width, height) = (map.width(), map.height());
        effects::apply(self.look, &mut Dice::from_number(self.seed), &mut map);
        if self.blur > 0.0 {
            soften(&mut map, self.blur);
        }
        let (columns, rows) = (width as usize, height as usize);
        let mut out = vec![0; columns * rows * 3];
        let curves = self.curves();
        let grain = self.noise * 1.6 / 255.0;
        let mut bits = Bits::new(self.seed);
        let middle = |at: usize, of: usize| (at as f32 + 0.5) / of as f32 - 0.5;
        let far: Vec<f32> = (0..columns).map(|x| 2.0 * middle(x, columns).powi(2)).collect();
        let lines = map.data().chunks_exact(columns * 4).zip(out.chunks_exact_mut(columns * 3));
        for (y, (line, developed)) in lines.enumerate() {
            let row = 1.0 + self.slope[1] * middle(y, rows) - self.slope[0] * 0.5;
            let step = self.slope[0] / columns as f32;
            let corner = 2.0 * middle(y, rows).powi(2);
            let pixels = line.chunks_exact(4).zip(developed.chunks_exact_mut(3));
            for (x, (pixel, to)) in pixels.enumerate() {
                let light = (row + step * x as f32) * (1.0 - self.vignette * (corner + far[x]));
                // Two uniform bytes give triangular noise.
                let bits = bits.next();
                let byte = |shift: u32| ((bits >> shift) & 255) as i32;
                let noise = |shift: u32| (byte(shift) + byte(shift + 8) - 255) as f32 * grain;
                let base = 128.5 - 128.0 * self.contrast + noise(0);
                for c in 0..3 {
                    let own = 0.5 * noise(16 + 8 * c as u32);
                    // The cast saturates.
                    to[c] = (curves[c][usize::from(pixel[c])] * light + base + own) as u8;
                }
            }
        }
        // The buffer has one entry per channel of each pixel, so this cannot fail.
        self.camera.process(RgbImage::from_raw(width, height, out).unwrap_or_default())
    }
}

/// Spreads each pixel over its neighbors, by a fraction of up to 1.
fn soften(map: &mut Pixmap, fraction: f32) {
    let row = map.width() as usize * 4;
    let side = (fraction * 0.3 * 256.0) as u32;
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
