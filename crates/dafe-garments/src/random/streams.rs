//! The random numbers of one image. Each topic has its own stream, so that a change to one leaves
//! the others unchanged.
use dafe::data::Split;

use super::dice::Dice;
use crate::style::Style;

/// The topic of a stream of random numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Topic {
    /// The labeled garment's cut.
    Garment,
    /// All fabrics and colors.
    Fabric,
    /// The background.
    Background,
    /// The wearer and the pose.
    Wearer,
    /// Framing, occluders and other contents of the image.
    Scene,
    /// Lighting, blur, noise and JPEG quality.
    Finish,
}

/// The sort of image that a stream is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sort {
    /// One labeled garment.
    Single,
    /// Several labeled garments.
    Several,
}

/// The key of one stream: seed and index unchanged, then one byte each for the split, the topic,
/// and the sort of image.
///
/// Nothing is hashed, so keys of different splits (or topics) never collide: random numbers of
/// training images never occur in validation or test images.
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
