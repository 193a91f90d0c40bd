//! The run of a program on one device, and the values it records.
use std::{collections::BTreeSet, fmt};

use burn::{
    module::{Module, ModuleVisitor, Param},
    tensor::{Device, Gradients, Tensor, TensorData},
};

use crate::random::SplitMix64;

/// The run of a program on one device: provides the program's inputs and records the values to
/// compare.
///
/// The following are compared, in this order: values recorded with [`Self::output`],
/// [`Self::value`] and [`Self::state`]; the gradients of every [`Self::input`] and of every
/// parameter of a [`Self::module`]; and the modules' final running statistics. The gradients are
/// those of the sum of all outputs, with each value weighted by a fixed random number.
pub struct DeviceRun {
    device: Device,
    names: BTreeSet<String>,
    recorded: Vec<Recorded>,
    /// The random weights of the outputs.
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

/// A recorded value: its name, and its values if it exists.
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

    /// The device, with autodiff.
    pub fn device(&self) -> &Device {
        &self.device
    }

    /// A copy of `module` on this device in training mode, with the same parameters, running
    /// statistics and frozen parts.
    pub fn module<M: Module + 'static>(&mut self, name: &str, module: &M) -> M {
        self.claim(name);
        // Clones share their running statistics; this is an independent copy.
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

    /// The values on this device as an input whose gradient is compared.
    pub fn input<const D: usize>(&mut self, name: &str, values: &TensorData) -> Tensor<D> {
        self.claim(name);
        let leaf = self.constant(values).require_grad();
        self.leaves.push((name.into(), gradient_of(leaf.clone())));
        leaf
    }

    /// The values on this device as a constant.
    pub fn constant<const D: usize>(&self, values: &TensorData) -> Tensor<D> {
        Tensor::from_data(values.clone(), &self.device)
    }

    /// Records an output: its values and the gradients of it are compared. Programs that call
    /// `backward` themselves record values instead.
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

    /// Records values. Integers and booleans must be equal.
    pub fn value(&mut self, name: &str, values: TensorData) {
        self.claim(name);
        // A copy, because the data may be the device's own memory, which a later in-place operation
        // changes (seen on Vulkan in software).
        let bytes = values.as_bytes().to_vec();
        let values = TensorData::from_bytes_vec(bytes, values.shape(), values.dtype());
        self.recorded.push(Recorded::values(name, values));
    }

    /// Records all parameters and running statistics of a module.
    pub fn state<M: Module>(&mut self, name: &str, module: &M) {
        self.claim(name);
        self.recorded.extend(state_of(name, module));
    }

    /// # Panics
    /// If the name is already used.
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
    /// If the parameter requires one.
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
    // `valid()` brings running statistics up to date; until then they are one update late.
    let floats = Floats::of(name, &module.valid()).into_iter();
    floats.map(|float| Recorded::values(float.name, float.values)).collect()
}
