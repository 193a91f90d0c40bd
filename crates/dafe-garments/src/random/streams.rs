//! The random numbers of one image: each kind of choice has its own stream, so that a change to one
//! leaves the others as they were.
use dafe::data::Split;

use super::dice::Dice;
use crate::style::Style;

/// What a stream of random numbers decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Topic {
    /// The labelled garment's cut.
    Garment,
    /// Every fabric and color.
    Fabric,
    /// The background.
    Background,
    /// The wearer and the pose.
    Wearer,
    /// Framing, occluders and what else is in the image.
    Scene,
    /// Lighting, blur, noise and JPEG quality.
    Finish,
}

/// Which sort of image a stream is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sort {
    /// Of one labelled garment.
    Single,
    /// Of several.
    Several,
}

/// The key of one stream: seed and index as they are, then one byte for the split, one for the
/// topic, and one for the sort of image.
///
/// Nothing is hashed, so keys of different splits (or topics) cannot meet: what train samples, val
/// and test never do.
pub(crate) fn key(seed: u64, split: Split, index: u64, topic: Topic, sort: Sort) -> [u8; 32] {
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

/// The streams of one image.
pub(crate) struct Streams {
    pub garment: Dice,
    pub fabric: Dice,
    pub background: Dice,
    pub wearer: Dice,
    pub scene: Dice,
    pub finish: Dice,
}

impl Streams {
    /// The streams of image `index` of `split`.
    pub fn new(style: Style, seed: u64, split: Split, index: u64, sort: Sort) -> Self {
        let stream = |topic| Dice::from_key(key(seed, split, index, topic, sort), style);
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
