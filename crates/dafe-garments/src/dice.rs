//! Random choices, each kind from its own stream, so that a change to one leaves the others as they were.
use rand::{Rng, RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use serde::{Deserialize, Serialize};

use crate::data::fld::Split;

/// What a stream of random numbers decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Topic {
    /// The labelled garment's cut.
    Garment,
    /// Every fabric and colour.
    Fabric,
    /// The background.
    Background,
    /// The wearer and the pose.
    Wearer,
    /// Framing, occluders and what else is in the picture.
    Scene,
    /// Lighting, blur, noise and JPEG quality.
    Finish,
}

/// What garments, cloth and places a picture may show.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Style {
    /// The generator's usual ones: to train on, and to test on what is like that.
    #[default]
    Usual,
    /// Others, none of which a [usual](Self::Usual) picture shows: other cloth, other backgrounds, other cuts. A network that was
    /// trained on usual pictures shows here how it takes to what it doesn't know.
    Unlike,
}

impl Style {
    /// Its name: "usual" or "unlike".
    pub fn name(self) -> &'static str {
        ["usual", "unlike"][self as usize]
    }
}

/// Which sort of picture a stream is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sort {
    /// Of one labelled garment.
    Single,
    /// Of several.
    Several,
}

/// The key of one stream: seed and index as they are, then one byte for the split, one for the topic, and one for the
/// sort of picture.
///
/// Nothing is hashed, so keys of different splits (or topics) cannot meet: what train draws, val and test never do.
pub(super) fn key(seed: u64, split: Split, index: u64, topic: Topic, sort: Sort) -> [u8; 32] {
    let mut key = [0; 32];
    key[..8].copy_from_slice(&seed.to_le_bytes());
    key[8..16].copy_from_slice(&index.to_le_bytes());
    key[16] = match split {
        Split::Train => 1,
        Split::Val => 2,
        Split::Test => 3,
    };
    key[17] = topic as u8 + 1;
    key[18] = sort as u8;
    key
}

/// A stream of random choices.
pub(super) struct Dice {
    rng: ChaCha8Rng,
    /// What may be chosen.
    pub style: Style,
}

impl Dice {
    /// A stream from a plain number, of the usual style.
    pub fn from_number(number: u64) -> Self {
        Self { rng: ChaCha8Rng::seed_from_u64(number), style: Style::Usual }
    }

    /// A number to start another stream from.
    pub fn number(&mut self) -> u64 {
        self.rng.next_u64()
    }

    /// Evenly between `low` and `high`.
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

    /// Between `low` and `high`, both included.
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

/// The streams of one picture.
pub(super) struct Streams {
    pub garment: Dice,
    pub fabric: Dice,
    pub background: Dice,
    pub wearer: Dice,
    pub scene: Dice,
    pub finish: Dice,
}

impl Streams {
    /// The streams of picture `index` of `split`.
    pub fn new(style: Style, seed: u64, split: Split, index: u64, sort: Sort) -> Self {
        let stream = |topic| Dice {
            rng: ChaCha8Rng::from_seed(key(seed, split, index, topic, sort)),
            style,
        };
        Self {
            garment: stream(Topic::Garment),
            fabric: stream(Topic::Fabric),
            background: stream(Topic::Background),
            wearer: stream(Topic::Wearer),
            scene: stream(Topic::Scene),
            finish: stream(Topic::Finish),
        }
    }
}
