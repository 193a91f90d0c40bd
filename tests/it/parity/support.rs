//! Fixtures, parameters by name, and gradients by name.
use std::{collections::BTreeMap, path::PathBuf};

use burn::{
    module::{Flag, Module, ModuleMapper, ModuleVisitor, Param},
    optim::GradientsParams,
    tensor::{Device, Tensor, TensorData},
};
use dafe::weights::StateDict;
use serde::de::DeserializeOwned;

use crate::common::fill;

pub fn path(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/parity").join(name)
}

pub fn json<T: DeserializeOwned>(name: &str) -> T {
    serde_json::from_slice(&std::fs::read(path(name)).unwrap()).unwrap()
}

/// The reference's results.
pub struct Fixture(StateDict);

impl Fixture {
    pub fn open(name: &str) -> Self {
        Self(StateDict::read(path(name)).unwrap())
    }

    pub fn get(&self, key: &str) -> TensorData {
        self.0.value(key).unwrap()
    }

    pub fn has(&self, key: &str) -> bool {
        self.0.shape(key).is_some()
    }
}

/// A tensor generated from its name.
pub fn named<const D: usize>(name: &str, shape: [usize; D], device: &Device) -> Tensor<D> {
    Tensor::from_data(fill::scaled(name, &shape, 1.0, 0.0), device)
}

/// `max|a − b| / max|b|`.
pub fn error(a: &[f32], b: &[f32]) -> f64 {
    assert_eq!(a.len(), b.len());
    let largest = b.iter().fold(0.0f64, |most, b| most.max(f64::from(b.abs())));
    let furthest = a.iter().zip(b).map(|(a, b)| f64::from((a - b).abs())).fold(0.0, |most, d| {
        // NaN is the largest possible error.
        if d.is_nan() { f64::INFINITY } else { f64::max(most, d) }
    });
    furthest / largest
}

pub fn values(data: TensorData) -> Vec<f32> {
    data.try_into_vec::<f32>().unwrap()
}

/// Asserts that a tensor equals the fixture's, in shape and, within `tolerance`, in its values.
pub fn assert_close(what: &str, found: TensorData, wanted: TensorData, tolerance: f64) {
    assert_eq!(found.shape(), wanted.shape(), "{what}");
    let error = error(&values(found), &values(wanted));
    assert!(error <= tolerance, "{what}: error {error:.2e}, at most {tolerance:.0e} is allowed");
}

/// Fills every parameter and running statistic with values generated from its PyTorch name, after
/// `prefix`.
pub fn fill<M: Module>(module: M, prefix: &str) -> M {
    module.map(&mut Filler { path: Path::default(), prefix })
}

/// Normalizes with running statistics, as in eval mode, but still computes gradients.
pub fn eval_norm<M: Module>(module: M) -> M {
    struct Off;
    impl ModuleMapper for Off {
        fn map_flag(&mut self, flag: Param<Flag>) -> Param<Flag> {
            flag.with_value(false)
        }
    }
    module.map(&mut Off)
}

/// Every gradient, by PyTorch name.
pub fn gradients<M: Module>(
    module: &M,
    gradients: &GradientsParams,
) -> BTreeMap<String, TensorData> {
    let mut found =
        Collector { path: Path::default(), gradients: Some(gradients), found: BTreeMap::new() };
    module.visit(&mut found);
    found.found
}

/// Every parameter and running statistic, by PyTorch name.
pub fn state<M: Module>(module: &M) -> BTreeMap<String, TensorData> {
    let mut found = Collector { path: Path::default(), gradients: None, found: BTreeMap::new() };
    module.visit(&mut found);
    found.found
}

#[derive(Default)]
struct Path(Vec<String>);

impl Path {
    /// The key, with PyTorch's names for what Burn calls gamma and beta.
    fn key(&self) -> String {
        let names = self.0.iter().map(|name| match name.as_str() {
            "gamma" => "weight",
            "beta" => "bias",
            name => name,
        });
        names.collect::<Vec<_>>().join(".")
    }
}

struct Filler<'a> {
    path: Path,
    prefix: &'a str,
}

impl ModuleMapper for Filler<'_> {
    fn enter_module(&mut self, name: &str, _kind: &str) {
        self.path.0.push(name.into());
    }

    fn exit_module(&mut self, _name: &str, _kind: &str) {
        self.path.0.pop();
    }

    fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
        let name = format!("{}{}", self.prefix, self.path.key());
        param.map(|old| {
            let new = Tensor::from_data(fill::parameter(&name, &old.dims()), &old.device());
            if old.is_require_grad() { new.require_grad() } else { new }
        })
    }
}

struct Collector<'a> {
    path: Path,
    gradients: Option<&'a GradientsParams>,
    found: BTreeMap<String, TensorData>,
}

impl ModuleVisitor for Collector<'_> {
    fn enter_module(&mut self, name: &str, _kind: &str) {
        self.path.0.push(name.into());
    }

    fn exit_module(&mut self, _name: &str, _kind: &str) {
        self.path.0.pop();
    }

    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        let value = match self.gradients {
            Some(gradients) => gradients.get::<D>(param.id).map(Tensor::into_data),
            None => Some(param.val().into_data()),
        };
        if let Some(value) = value {
            self.found.insert(self.path.key(), value);
        }
    }
}
