//! Noise with a photograph's spectrum: octaves of smooth random values, each finer than the one
//! before.
use tiny_skia::Pixmap;

use crate::{color::Color, random::bits::Bits};

/// The spectrum of a field.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Spectrum {
    /// The coarsest octave's cells, in pixels across and down.
    pub cell: [f32; 2],
    /// The number of octaves, each with cells half as large as the one before.
    pub octaves: usize,
    /// An octave's strength relative to the one before. At 1, all octaves are equally strong, as in
    /// photographs, whose power falls with the square of the frequency; at ½, the field is as
    /// smooth as a cloud.
    pub gain: f32,
}

impl Spectrum {
    /// Cells of `cell` pixels, with as many octaves as reach single pixels.
    pub fn down_to_pixels(cell: [f32; 2], gain: f32) -> Self {
        let longest = cell[0].max(cell[1]).max(1.0);
        Self { cell, octaves: longest.log2().ceil() as usize + 1, gain }
    }
}

/// A value for each pixel, around 0 and mostly within ±1.
pub(crate) struct Field {
    pub width: usize,
    pub values: Vec<f32>,
}

impl Field {
    /// Noise of a spectrum.
    pub fn new(bits: &mut Bits, width: usize, height: usize, spectrum: Spectrum) -> Self {
        let mut field = Self { width, values: vec![0.0; width * height] };
        let octaves = spectrum.octaves.max(1);
        let power: f32 = (0..octaves).map(|i| spectrum.gain.powi(2 * i as i32)).sum();
        // Values between cells are averaged, which reduces the standard deviation of a field of ±1
        // to 0.43; this factor makes it a half.
        let mut strength = 1.15 / power.sqrt();
        let mut cell = spectrum.cell;
        for _ in 0..octaves {
            field.add_octave(bits, cell.map(|c| c.max(1.0)), strength);
            cell = cell.map(|c| c * 0.5);
            strength *= spectrum.gain;
        }
        field
    }

    fn add_octave(&mut self, bits: &mut Bits, cell: [f32; 2], strength: f32) {
        let height = self.values.len() / self.width;
        let shift = [0, 1].map(|_| bits.signed() * 0.5 + 0.5);
        let split = |at: usize, axis: usize| {
            let at = at as f32 / cell[axis] + shift[axis];
            let t = at.fract();
            (at as usize, t * t * (3.0 - 2.0 * t))
        };
        let across: Vec<(usize, f32)> = (0..self.width).map(|x| split(x, 0)).collect();
        let columns = across.last().map_or(0, |a| a.0) + 2;
        let mut fresh = || (0..columns).map(|_| bits.signed() * strength).collect::<Vec<f32>>();
        let (mut above, mut below, mut top) = (fresh(), fresh(), 0);
        let mut line = vec![0.0; columns];
        for y in 0..height {
            let (row, t) = split(y, 1);
            while top < row {
                above = std::mem::replace(&mut below, fresh());
                top += 1;
            }
            for ((cell, a), b) in line.iter_mut().zip(&above).zip(&below) {
                *cell = a + (b - a) * t;
            }
            let values = &mut self.values[y * self.width..(y + 1) * self.width];
            for (value, &(left, t)) in values.iter_mut().zip(&across) {
                *value += line[left] + (line[left + 1] - line[left]) * t;
            }
        }
    }

    /// The brightness of the field as a relief lit from the upper left (`light` −1) or right (1),
    /// around 0.
    pub fn relief(&self, light: f32) -> Self {
        let width = self.width;
        let step = if light < 0.0 { width + 1 } else { width - 1 };
        let lit =
            |i: usize| i.checked_sub(step).map_or(0.0, |from| self.values[i] - self.values[from]);
        Self { width, values: (0..self.values.len()).map(lit).collect() }
    }

    /// Applies `change` to each value.
    pub fn map(mut self, change: impl Fn(f32) -> f32) -> Self {
        self.values.iter_mut().for_each(|v| *v = change(*v));
        self
    }

    /// Darkens and lightens an opaque image by the field, `strength` levels per unit.
    pub fn shade(&self, map: &mut Pixmap, strength: f32) {
        for (pixel, value) in map.data_mut().chunks_exact_mut(4).zip(&self.values) {
            let by = value * strength + 0.5;
            for channel in &mut pixel[..3] {
                *channel = (f32::from(*channel) + by) as u8;
            }
        }
    }

    /// Mixes `color` into an opaque image: none where the field is below `from`, `fraction` of it
    /// above `to`.
    pub fn stain(&self, map: &mut Pixmap, color: Color, from: f32, to: f32, fraction: f32) {
        let ink = [color.r, color.g, color.b];
        for (pixel, value) in map.data_mut().chunks_exact_mut(4).zip(&self.values) {
            let t = ((value - from) / (to - from)).clamp(0.0, 1.0) * fraction;
            if t > 0.0 {
                for (channel, ink) in pixel.iter_mut().zip(ink) {
                    let v = f32::from(*channel);
                    *channel = (v + (ink - v) * t + 0.5) as u8;
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spread(field: &Field) -> f32 {
        let n = field.values.len() as f32;
        let mean = field.values.iter().sum::<f32>() / n;
        (field.values.iter().map(|v| (v - mean).powi(2)).sum::<f32>() / n).sqrt()
    }

    /// Means over blocks of `by` × `by` pixels.
    fn coarse(field: &Field, by: usize) -> Field {
        let (width, height) = (field.width / by, field.values.len() / field.width / by);
        let mean = |x: usize, y: usize| {
            let cells = (0..by * by).map(|i| (x * by + i % by, y * by + i / by));
            cells.map(|(x, y)| field.values[y * field.width + x]).sum::<f32>() / (by * by) as f32
        };
        let values = (0..width * height).map(|i| mean(i % width, i / width)).collect();
        Field { width, values }
    }

    #[test]
    fn a_field_spreads_by_about_a_half_whatever_its_spectrum() {
        for (cell, gain) in [(2.0, 0.5), (8.0, 1.0), (16.0, 0.7)] {
            let spectrum = Spectrum::down_to_pixels([cell; 2], gain);
            let field = Field::new(&mut Bits::new(7), 256, 256, spectrum);
            assert!((0.4..0.7).contains(&spread(&field)), "{cell} {gain}: {}", spread(&field));
        }
    }

    /// White noise loses half of its standard deviation in means over 2 × 2; noise of 1/f² power
    /// keeps most of it, and loses about the same each time.
    #[test]
    fn equal_octaves_look_alike_at_every_scale_and_white_noise_does_not() {
        let at = |cell: f32| {
            let spectrum = Spectrum::down_to_pixels([cell; 2], 1.0);
            let field = Field::new(&mut Bits::new(3), 512, 512, spectrum);
            let scales = [1, 2, 4, 8].map(|by| spread(&coarse(&field, by)));
            [0, 1, 2].map(|i| scales[i + 1] / scales[i])
        };
        let white = at(1.0);
        assert!(white.iter().all(|kept| (kept - 0.5).abs() < 0.06), "{white:?}");
        let natural = at(64.0);
        assert!(natural.iter().all(|kept| (0.8..0.98).contains(kept)), "{natural:?}");
    }
}
