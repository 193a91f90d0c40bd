//! What the bundled model is made by: all numbers that decide what becomes of it.
use dafe::{
    data::synthetic::{GarmentTreeConfig, Style},
    error::Error,
    prelude::*,
};

/// Of the network's first parameters, the order of samples and the augmentation.
const SEED: u64 = 0;
/// Of the garments that are trained and validated on, and of the usual ones that are measured on.
const USUAL: u64 = 0;
/// Of the unlike garments that are measured on. Nothing else is drawn by it, so that nothing was chosen by them.
const UNLIKE: u64 = 900;

/// How the network is trained: [`Preset::Nano`] on larger inputs, which show what is around the boxes, and longer.
pub fn recipe() -> TrainConfig {
    let preset = TrainConfig::preset(Preset::Nano, LandmarkSchema::fld().len());
    let codec = HeatmapCodec::new([128, 128], LandmarkNetConfig::STRIDE, 2.0);
    // So that its heatmaps tell the clothes type.
    let policy = TargetPolicy { absent_as_empty: true, ..preset.policy };
    // Mild in colours and sharpness: the generator varies those as photographs do. Blur, noise, erased rectangles and any hue on
    // top of that cost more than they brought (docs/photographs.md).
    let augmentation = Augmentation {
        scale: 0.25,
        translation: 0.06,
        box_jitter: 0.05,
        color: 0.2,
        hue: 10.0,
        whole_picture: 0.35,
        ..preset.augmentation
    };
    TrainConfig {
        codec,
        framing: Framing::Padded,
        policy,
        augmentation,
        epochs: 16,
        batch_size: 32,
        learning_rate: 6e-3,
        seed: SEED,
        ..preset
    }
}

/// How the trained network is used: its heatmaps and those of the mirrored picture are averaged.
pub fn detector(trained: LandmarkDetector) -> Result<LandmarkDetector, Error> {
    let config = DetectorConfig { flip_test: true, ..trained.config().clone() };
    LandmarkDetector::new(trained.net().clone(), config, trained.device())
}

/// What is trained and validated on.
pub fn trained() -> GarmentTreeConfig {
    let (train, val, test) = (24_000, 400, 0);
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
