//! Random choices.
use rand::{Rng, RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use crate::style::Style;

/// A stream of random choices.
pub(crate) struct Dice {
    rng: ChaCha8Rng,
    /// The style, which determines the available choices.
    pub style: Style,
}

impl Dice {
    /// A stream from a number, of the usual style.
    pub fn from_number(number: u64) -> Self {
        Self { rng: ChaCha8Rng::seed_from_u64(number), style: Style::Usual }
    }

    /// The stream of this key.
    pub fn from_key(key: [u8; 32], style: Style) -> Self {
        Self { rng: ChaCha8Rng::from_seed(key), style }
    }

    /// A seed for another stream.
    pub fn number(&mut self) -> u64 {
        self.rng.next_u64()
    }

    /// Uniform between `low` and `high`.
    pub fn range(&mut self, low: f32, high: f32) -> f32 {
        low + (high - low) * self.rng.random::<f32>()
    }

    /// Around 0, mostly within ±`spread`, never beyond 1.5 `spread`.
    pub fn bell(&mut self, spread: f32) -> f32 {
        (self.range(-0.5, 0.5) + self.range(-0.5, 0.5) + self.range(-0.5, 0.5)) * spread
    }

    /// True with probability `p`.
    pub fn chance(&mut self, p: f32) -> bool {
        self.rng.random::<f32>() < p
    }

    /// −1 or 1.
    pub fn sign(&mut self) -> f32 {
        if self.chance(0.5) { 1.0 } else { -1.0 }
    }

    /// An integer between `low` and `high`, both included.
    pub fn count(&mut self, low: usize, high: usize) -> usize {
        self.rng.random_range(low..=high)
    }

    /// One of `choices`.
    pub fn pick<T: Copy>(&mut self, choices: &[T]) -> T {
        choices[self.rng.random_range(0..choices.len())]
    }

    /// One of `choices`, by weight.
    pub fn weighted<T: Copy>(&mut self, choices: &[(f32, T)]) -> T {
        let total: f32 = choices.iter().map(|c| c.0).sum();
        let mut left = self.range(0.0, total);
        for &(weight, choice) in choices {
            if left < weight {
                return choice;
            }
            left -= weight;
        }
        choices[choices.len() - 1].1
    }
}
