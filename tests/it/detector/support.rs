//! A small network with generated parameters, and test images.
use std::sync::LazyLock;

use burn::{
    module::{Module, ModuleMapper, Param},
    tensor::{Device, Tensor},
};
use dafe::{
    backbone::{ResNetConfig, ResidualKind},
    data::Framing,
    detector::{Calibration, DetectorConfig, ScoreCalibration},
    prelude::*,
};
use image::{Rgb, RgbImage};

use crate::common::fill;

/// FLD's landmarks in a fast network; the input of 32 × 48 reveals swapped width and height.
pub fn config() -> DetectorConfig {
    let backbone = ResNetConfig::new(ResidualKind::Basic, [1; 4]).with_width(4).with_stem_kernel(3);
    let calibrated = ScoreCalibration { slope: 4.0, intercept: -1.0, threshold: 0.25 };
    let model = LandmarkNetConfig::new(8)
        .with_backbone(backbone)
        .with_decoder_channels([8; 3])
        .with_norm(true);
    let codec = HeatmapCodec::new([32, 48], LandmarkNetConfig::STRIDE, 1.5);
    let calibration = Calibration {
        landmarks: (0..8).map(|i| (i != 3).then_some(calibrated)).collect(),
        position: Some(ScoreCalibration { slope: 6.0, intercept: -2.0, threshold: 0.4 }),
        category_temperature: Some(2.0),
        margins: [0.1, 0.2, 0.3, 0.4],
    };
    DetectorConfig::new(model, codec, LandmarkSchema::fld())
        .with_framing(Framing::Stretch)
        .with_refinement(Refinement::QuarterOffset)
        .with_flip_test(true)
        .with_infers_category(true)
        .with_calibration(Some(calibration))
}

/// A network whose parameters are generated with this prefix is confident of some landmarks, so
/// that it analyzes a second region.
pub const SURE: &str = "a.";

/// Shared by the tests that only read from it.
pub static DETECTOR: LazyLock<LandmarkDetector> = LazyLock::new(|| detector(config(), SURE));

/// A detector with parameters generated from their names after `prefix`.
pub fn detector(config: DetectorConfig, prefix: &str) -> LandmarkDetector {
    let device = Device::flex();
    let net = config.model.init(&device);
    let net = net.map(&mut Filler { path: Vec::new(), prefix });
    LandmarkDetector::new(net, config, &device).unwrap()
}

struct Filler<'a> {
    path: Vec<String>,
    prefix: &'a str,
}

impl ModuleMapper for Filler<'_> {
    fn enter_module(&mut self, name: &str, _kind: &str) {
        self.path.push(name.into());
    }

    fn exit_module(&mut self, _name: &str, _kind: &str) {
        self.path.pop();
    }

    fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
        let last = match self.path.last().map(String::as_str) {
            Some("gamma") => "weight",
            Some("beta") => "bias",
            last => last.unwrap_or_default(),
        };
        let name = format!("{}{}.{last}", self.prefix, self.path.join("."));
        param.map(|old| Tensor::from_data(fill::parameter(&name, &old.dims()), &old.device()))
    }
}

/// An image with some content.
pub fn image(width: u32, height: u32) -> RgbImage {
    RgbImage::from_fn(width, height, |x, y| {
        let spot = (x / 5 + y / 7).is_multiple_of(3);
        let shade = (x * 31 + y * 17) % 97;
        Rgb([if spot { 230 } else { 20 + shade as u8 }, (x * 3 % 251) as u8, (y * 5 % 241) as u8])
    })
}

/// A box with any corners, valid or not.
pub fn corners(x1: f32, y1: f32, x2: f32, y2: f32) -> BoundingBox {
    BoundingBox { x1, y1, x2, y2 }
}

/// Checks that hold for every result.
#[track_caller]
pub fn assert_sound(found: &Detection) {
    assert!(!found.landmarks.is_empty());
    for landmark in &found.landmarks {
        assert!(landmark.x.is_finite() && landmark.y.is_finite(), "{landmark:?}");
        assert!(landmark.score.is_finite(), "{landmark:?}");
        if let Some(visibility) = landmark.visibility {
            assert!((0.0..=1.0).contains(&visibility.probability), "{landmark:?}");
        }
    }
    let BoundingBox { x1, y1, x2, y2 } = found.bounding_box;
    assert!(BoundingBox::new(x1, y1, x2, y2).is_some(), "{:?}", found.bounding_box);
    // Also as JSON, which can't represent NaN.
    let json = serde_json::to_string(found).unwrap();
    assert_eq!(&serde_json::from_str::<Detection>(&json).unwrap(), found);
}
