//! MMPose's networks from picture file to picture coordinates, against a Python writing with OpenCV and PyTorch
//! (scripts/reference/mmpose.py). Parameters are made from their names, so no large file is needed.
use std::path::PathBuf;

use burn::{
    module::{Module, ModuleMapper, Param},
    tensor::{Device, Tensor},
};
use dafe::{data::picture::read_picture, mmpose::mmpose_config, prelude::*};
use serde::{Deserialize, de::DeserializeOwned};

#[path = "common/fill.rs"]
mod fill;

#[derive(Deserialize)]
struct Case {
    name: String,
    picture: String,
    #[serde(rename = "box")]
    bounds: [f32; 4],
    kind: ClothesType,
    flip: bool,
    /// From picture to input, two rows.
    affine: [[f64; 3]; 2],
    /// x, y, score.
    expected: Vec<[f64; 3]>,
    /// Whether noise of one grey level and other ways of rounding leave a landmark's cell alone.
    stable: Vec<bool>,
}

#[derive(Deserialize)]
struct Keys {
    form: String,
    kind: String,
    keys: Vec<(String, Vec<usize>)>,
}

fn path(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/parity/mmpose").join(name)
}

fn json<T: DeserializeOwned>(name: &str) -> T {
    serde_json::from_slice(&std::fs::read(path(name)).unwrap()).unwrap()
}

/// Gives every parameter the values of its MMPose 1.x name after `prefix`.
struct Filler {
    path: Vec<String>,
    prefix: String,
}

impl ModuleMapper for Filler {
    fn enter_module(&mut self, name: &str, _kind: &str) {
        self.path.push(name.into());
    }

    fn exit_module(&mut self, _name: &str, _kind: &str) {
        self.path.pop();
    }

    fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
        let name = format!("{}{}", self.prefix, mmpose_name(&self.path));
        param.map(|old| {
            // The only exception to the rule: so that some maps have no positive value.
            let data = match name.ends_with("final_layer.bias") {
                true => fill::scaled(&name, &old.dims(), 1.0, 0.0),
                false => fill::parameter(&name, &old.dims()),
            };
            Tensor::from_data(data, &old.device())
        })
    }
}

/// "decoder.1.transposed.norm.gamma" is "head.deconv_layers.4.weight".
fn mmpose_name(path: &[String]) -> String {
    let path: Vec<&str> = path
        .iter()
        .map(|name| match name.as_str() {
            "gamma" => "weight",
            "beta" => "bias",
            name => name,
        })
        .collect();
    match path.as_slice() {
        ["head", part] => format!("head.final_layer.{part}"),
        ["decoder", stage, "transposed", layer, part] => {
            let index = 3 * stage.parse::<usize>().unwrap() + usize::from(*layer == "norm");
            format!("head.deconv_layers.{index}.{part}")
        }
        others => others.join("."),
    }
}

#[test]
fn picture_files_to_picture_coordinates_within_a_tenth_of_a_pixel() {
    let device = Device::flex();
    let cases: Vec<Case> = json("cases.json");
    let (mut compared, mut nowhere) = (0, 0);
    for kind in ClothesType::ALL {
        let config = mmpose_config(LandmarkSchema::fld_of(kind));
        let prefix = format!("mmpose_{}.", kind.name());
        let net = config.model.init(&device).map(&mut Filler { path: Vec::new(), prefix });
        for case in cases.iter().filter(|case| case.kind == kind) {
            let config = DetectorConfig { flip_test: case.flip, ..config.clone() };
            let detector = LandmarkDetector::new(net.clone(), config, &device).unwrap();
            let picture = read_picture(&path(&case.picture)).unwrap();
            let [x1, y1, x2, y2] = case.bounds;
            let bounds = BoundingBox::new(x1, y1, x2, y2).unwrap();
            let detection = detector.detect(&picture, Some(bounds)).unwrap();

            let Affine { xx, xy, x0, yx, yy, y0 } = detection.crop.affine;
            for (found, wanted) in [xx, xy, x0, yx, yy, y0].iter().zip(case.affine.as_flattened()) {
                assert!((found - wanted).abs() < 1e-3, "{}: {found}, not {wanted}", case.name);
            }
            for ((found, [x, y, score]), stable) in
                detection.landmarks.iter().zip(&case.expected).zip(&case.stable)
            {
                if !stable {
                    continue;
                }
                let distance = (f64::from(found.x) - x).hypot(f64::from(found.y) - y);
                assert!(distance <= 0.1, "{} {}: {distance} px away", case.name, found.name);
                // Bytes rounded otherwise move the heatmaps, which span 2 to 4, by 0.003.
                let difference = (f64::from(found.score) - score).abs();
                assert!(difference <= 0.01, "{} {}: score {difference}", case.name, found.name);
                compared += 1;
                nowhere += usize::from(*score <= 0.0);
            }
        }
    }
    let all: usize = cases.iter().map(|case| case.expected.len()).sum();
    assert!(10 * compared >= 9 * all && all >= 100, "{compared} of {all}");
    assert!(nowhere > 0 && nowhere < compared / 2, "{nowhere} maps without a positive value");
}

/// Both generations of names, for all that is published: each becomes, by name and shape, exactly the network's.
#[test]
fn published_names_and_shapes_are_the_networks() {
    let device = Device::flex();
    let lists: Vec<Keys> = json("keys.json");
    assert_eq!(lists.len(), 8);
    for Keys { form, kind, keys } in lists {
        let schema = match kind.as_str() {
            "upper" => LandmarkSchema::fld_of(ClothesType::Upper),
            "lower" => LandmarkSchema::fld_of(ClothesType::Lower),
            "full" => LandmarkSchema::fld_of(ClothesType::Full),
            _ => LandmarkSchema::deepfashion2(DeepFashion2Category::Trousers),
        };
        let config = mmpose_config(schema);
        let mut found = Lister { path: Vec::new(), found: Vec::new() };
        config.model.init(&device).visit(&mut found);
        let mut wanted: Vec<(String, Vec<usize>)> = keys
            .into_iter()
            .filter(|(key, _)| !key.ends_with("num_batches_tracked"))
            .map(|(key, mut shape)| {
                // The 294 maps are narrowed to the category's own.
                if key.contains("final_layer") && shape[0] == DeepFashion2Category::LANDMARKS {
                    shape[0] = DeepFashion2Category::Trousers.landmarks().len();
                }
                (key.replace("keypoint_head.", "head."), shape)
            })
            .collect();
        found.found.sort();
        wanted.sort();
        assert_eq!(found.found, wanted, "{form} {kind}");
    }
}

struct Lister {
    path: Vec<String>,
    found: Vec<(String, Vec<usize>)>,
}

impl burn::module::ModuleVisitor for Lister {
    fn enter_module(&mut self, name: &str, _kind: &str) {
        self.path.push(name.into());
    }

    fn exit_module(&mut self, _name: &str, _kind: &str) {
        self.path.pop();
    }

    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        self.found.push((mmpose_name(&self.path), param.val().dims().to_vec()));
    }
}
