//! Repeating noise for unevenness, prints and wrinkles of cloth.
use std::sync::LazyLock;

use crate::{geometry::interpolation::smoothstep, random::dice::Dice};

/// A square of smooth noise with mean 0 and standard deviation 1, which repeats with period 1 in
/// both directions.
pub(crate) struct Field {
    side: usize,
    cells: Vec<f32>,
}

impl Field {
    /// Octaves, starting with `first` bumps per side; each is half as wide and `decay` times as
    /// high as the one before.
    pub fn new(dice: &mut Dice, side: usize, first: usize, octaves: u32, decay: f32) -> Self {
        let mut cells = vec![0.0; side * side];
        let mut height = 1.0;
        for octave in 0..octaves {
            let bumps = first << octave;
            let knots: Vec<f32> = (0..bumps * bumps).map(|_| dice.range(-1.0, 1.0)).collect();
            let steps: Vec<(usize, usize, f32)> = (0..side)
                .map(|i| {
                    let at = i as f32 / side as f32 * bumps as f32;
                    let low = (at as usize).min(bumps - 1);
                    (low, (low + 1) % bumps, smoothstep(0.0, 1.0, at - low as f32))
                })
                .collect();
            for (row, &(above, below, t)) in cells.chunks_exact_mut(side).zip(&steps) {
                for (cell, &(left, right, s)) in row.iter_mut().zip(&steps) {
                    let at = |y: usize| {
                        let (a, b) = (knots[y * bumps + left], knots[y * bumps + right]);
                        a + (b - a) * s
                    };
                    let (a, b) = (at(above), at(below));
                    *cell += (a + (b - a) * t) * height;
                }
            }
            height *= decay;
        }
        let count = cells.len() as f32;
        let mean = cells.iter().sum::<f32>() / count;
        let square = cells.iter().map(|c| (c - mean).powi(2)).sum::<f32>() / count;
        let scale = 1.0 / square.sqrt().max(1e-6);
        cells.iter_mut().for_each(|c| *c = (*c - mean) * scale);
        Self { side, cells }
    }

    /// The noise at `(x, y)`.
    pub fn at(&self, x: f32, y: f32) -> f32 {
        let side = self.side as f32;
        let (x, y) = ((x - x.floor()) * side, (y - y.floor()) * side);
        let (left, above) = ((x as usize).min(self.side - 1), (y as usize).min(self.side - 1));
        let (s, t) = (x - left as f32, y - above as f32);
        let right = if left + 1 == self.side { 0 } else { left + 1 };
        let below = if above + 1 == self.side { 0 } else { above + 1 };
        let row = |y: usize| {
            let cells = &self.cells[y * self.side..(y + 1) * self.side];
            cells[left] + (cells[right] - cells[left]) * s
        };
        let (a, b) = (row(above), row(below));
        a + (b - a) * t
    }
}

/// Noise whose octaves fall off like 1/f, like light and wear on photographed cloth.
pub(crate) static UNEVEN: LazyLock<Field> =
    LazyLock::new(|| Field::new(&mut Dice::from_number(0x7e91), 256, 3, 6, 0.55));

/// Smoother noise, whose slopes are used as wrinkles.
pub(crate) static WRINKLES: LazyLock<Field> =
    LazyLock::new(|| Field::new(&mut Dice::from_number(0x51c3), 256, 5, 4, 0.42));

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn noise_repeats_and_is_of_unit_deviation() {
        let field = Field::new(&mut Dice::from_number(5), 64, 4, 3, 0.5);
        let mut sum = (0.0, 0.0);
        for i in 0..64 * 64 {
            let (x, y) = ((i % 64) as f32 / 64.0, (i / 64) as f32 / 64.0);
            let value = field.at(x, y);
            assert!((field.at(x + 1.0, y - 2.0) - value).abs() < 1e-4);
            sum = (sum.0 + value, sum.1 + value * value);
        }
        assert!((sum.0 / 4096.0).abs() < 1e-3 && (sum.1 / 4096.0 - 1.0).abs() < 1e-2, "{sum:?}");
        // Half a step across the edge is the mean of both sides.
        let (a, b, between) =
            (field.at(63.0 / 64.0, 0.5), field.at(0.0, 0.5), field.at(63.5 / 64.0, 0.5));
        assert!((between - (a + b) / 2.0).abs() < 1e-5);
    }
}
