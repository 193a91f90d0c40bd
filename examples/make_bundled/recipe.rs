//! What the bundled model is made by: all numbers that decide what becomes of it.
use dafe::{
    data::synthetic::{GarmentTreeConfig, Style},
    prelude::*,
};

/// Of the network's first parameters, the order of samples and the augmentation.
const SEED: u64 = 0;
/// Of the garments that are trained and validated on, and of the usual ones that are measured on.
const USUAL: u64 = 0;
/// Of the unlike garments that are measured on. Nothing else is drawn by it, so that nothing was chosen by them.
const UNLIKE: u64 = 900;

/// How the network is trained.
pub fn recipe() -> TrainConfig {
    let preset = TrainConfig::preset(Preset::Nano, LandmarkSchema::fld().len());
    // So that its heatmaps tell the clothes type.
    let policy = TargetPolicy { absent_as_empty: true, ..preset.policy };
    TrainConfig { policy, seed: SEED, ..preset }
}

/// What is trained and validated on.
pub fn trained() -> GarmentTreeConfig {
    let (train, val, test) = (5000, 300, 0);
    GarmentTreeConfig { seed: USUAL, train, val, test, ..GarmentTreeConfig::default() }
}

/// What is measured on, by name: garments as those that are trained on, and such as training shows nothing of.
pub fn measured() -> [(&'static str, GarmentTreeConfig); 2] {
    let of = |seed, style| {
        let (train, val, test) = (0, 0, 600);
        GarmentTreeConfig { seed, train, val, test, style, ..GarmentTreeConfig::default() }
    };
    [("usual", of(USUAL, Style::Usual)), ("unlike", of(UNLIKE, Style::Unlike))]
}
