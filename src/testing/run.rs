//! One device's run of a program, and what it lists to be compared.
use std::{collections::BTreeSet, fmt};

use burn::{
    module::{Module, ModuleVisitor, Param},
    tensor::{Device, Gradients, Tensor, TensorData},
};

use crate::random::SplitMix64;

/// A program's run on one device: it hands out what the program computes with, and notes what is to be compared.
///
/// Compared are, in this order: what the program lists by [`Self::output`], [`Self::value`] and [`Self::state`]; the
/// gradients of every [`Self::input`] and of every parameter of a [`Self::module`], by the sum of all outputs, each of their
/// values times a number that is drawn once; and the modules' running statistics at the end.
pub struct DeviceRun {
    device: Device,
    names: BTreeSet<String>,
    recorded: Vec<Recorded>,
    /// What the outputs are weighted by.
    weights: SplitMix64,
    objective: Option<Tensor<1>>,
    leaves: Vec<(String, GradientOf)>,
    statistics: Vec<Box<dyn FnOnce() -> Vec<Recorded>>>,
}

impl fmt::Debug for DeviceRun {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DeviceRun")
            .field("device", &self.device)
            .field("names", &self.names)
            .finish_non_exhaustive()
    }
}

type GradientOf = Box<dyn FnOnce(&Gradients) -> Option<TensorData>>;

/// Something to compare: its name, and its values if it is there.
pub(super) struct Recorded {
    pub what: String,
    pub values: Option<TensorData>,
    pub is_gradient: bool,
}

impl Recorded {
    fn values(what: impl Into<String>, values: TensorData) -> Self {
        Self { what: what.into(), values: Some(values), is_gradient: false }
    }
}

impl DeviceRun {
    pub(super) fn new(device: &Device) -> Self {
        Self {
            device: device.clone().autodiff(),
            names: BTreeSet::new(),
            recorded: Vec::new(),
            weights: SplitMix64(0),
            objective: None,
            leaves: Vec::new(),
            statistics: Vec::new(),
        }
    }

    /// The device, differentiating.
    pub fn device(&self) -> &Device {
        &self.device
    }

    /// A copy of `module` on this device: the same parameters, running statistics and frozen parts, in training.
    pub fn module<M: Module + 'static>(&mut self, name: &str, module: &M) -> M {
        self.claim(name);
        // Clones share their running statistics; this is a copy of its own.
        let module = module.valid().to_device(&self.device.clone().inner()).train();
        let mut parameters = BTreeSet::new();
        for Float { name, gradient, .. } in Floats::of(name, &module) {
            if let Some(gradient) = gradient {
                parameters.insert(name.clone());
                self.leaves.push((name, gradient));
            }
        }
        let (copy, name) = (module.clone(), name.to_string());
        self.statistics.push(Box::new(move || {
            let mut state = state_of(&name, &copy);
            state.retain(|recorded| !parameters.contains(&recorded.what));
            state
        }));
        module
    }

    /// The values on this device, as an input whose gradient is compared.
    pub fn input<const D: usize>(&mut self, name: &str, values: &TensorData) -> Tensor<D> {
        self.claim(name);
        let leaf = self.constant(values).require_grad();
        self.leaves.push((name.into(), gradient_of(leaf.clone())));
        leaf
    }

    /// The values on this device, as a constant.
    pub fn constant<const D: usize>(&self, values: &TensorData) -> Tensor<D> {
        Tensor::from_data(values.clone(), &self.device)
    }

    /// Lists a result: its values are compared, and the gradients by it. A program that calls `backward` itself lists values.
    pub fn output<const D: usize>(&mut self, name: &str, output: Tensor<D>) {
        self.value(name, output.to_data());
        let weights = (0..output.shape().num_elements()).map(|_| self.weights.around_zero());
        let weights = TensorData::new(weights.collect::<Vec<_>>(), output.shape());
        let weighted = (output * self.constant(&weights)).sum();
        self.objective = Some(match self.objective.take() {
            Some(sum) => sum + weighted,
            None => weighted,
        });
    }

    /// Lists values. Integers and truth values have to be equal.
    pub fn value(&mut self, name: &str, values: TensorData) {
        self.claim(name);
        // A copy: what was read can be the device's own memory, which a later operation in place changes (seen on Vulkan
        // in software).
        let bytes = values.as_bytes().to_vec();
        let values = TensorData::from_bytes_vec(bytes, values.shape(), values.dtype());
        self.recorded.push(Recorded::values(name, values));
    }

    /// Lists all parameters and running statistics of a module.
    pub fn state<M: Module>(&mut self, name: &str, module: &M) {
        self.claim(name);
        self.recorded.extend(state_of(name, module));
    }

    /// # Panics
    /// If the name is taken.
    fn claim(&mut self, name: &str) {
        assert!(self.names.insert(name.into()), "two things are called '{name}'");
    }

    /// Everything to compare.
    pub(super) fn finish(mut self) -> Vec<Recorded> {
        let objective = self.objective.filter(Tensor::is_tracked);
        let gradients = objective.map(|objective| objective.backward());
        self.recorded.extend(self.leaves.into_iter().map(|(name, gradient)| Recorded {
            what: format!("the gradient of {name}"),
            values: gradients.as_ref().and_then(gradient),
            is_gradient: true,
        }));
        self.recorded.extend(self.statistics.into_iter().flat_map(|statistics| statistics()));
        self.recorded
    }
}

fn gradient_of<const D: usize>(leaf: Tensor<D>) -> GradientOf {
    Box::new(move |gradients| leaf.grad(gradients).map(Tensor::into_data))
}

/// Every parameter and running statistic of a module.
struct Floats {
    path: Vec<String>,
    found: Vec<Float>,
}

struct Float {
    name: String,
    values: TensorData,
    /// If it asks for one.
    gradient: Option<GradientOf>,
}

impl Floats {
    fn of<M: Module>(name: &str, module: &M) -> Vec<Float> {
        let mut floats = Self { path: vec![name.into()], found: Vec::new() };
        module.visit(&mut floats);
        floats.found
    }
}

impl ModuleVisitor for Floats {
    fn enter_module(&mut self, name: &str, _kind: &str) {
        self.path.push(name.into());
    }

    fn exit_module(&mut self, _name: &str, _kind: &str) {
        self.path.pop();
    }

    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        let tensor = param.val();
        self.found.push(Float {
            name: self.path.join("."),
            values: tensor.to_data(),
            gradient: tensor.is_require_grad().then(|| gradient_of(tensor)),
        });
    }
}

fn state_of<M: Module>(name: &str, module: &M) -> Vec<Recorded> {
    // Running statistics are one update late until they are asked so.
    let floats = Floats::of(name, &module.valid()).into_iter();
    floats.map(|float| Recorded::values(float.name, float.values)).collect()
}
