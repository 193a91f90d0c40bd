//! All values of a network, by name.
use burn::{
    module::{Module, ModuleVisitor, Param},
    optim::GradientsParams,
    tensor::TensorData,
};
use dafe::prelude::*;

/// All values of a network by name: its gradients, or its parameters and running statistics.
pub struct Numbers<'a> {
    gradients: Option<&'a GradientsParams>,
    path: Vec<String>,
    found: Vec<(String, Option<TensorData>)>,
}

impl ModuleVisitor for Numbers<'_> {
    fn enter_module(&mut self, name: &str, _container_type: &str) {
        self.path.push(name.into());
    }

    fn exit_module(&mut self, _name: &str, _container_type: &str) {
        self.path.pop();
    }

    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        let value = match self.gradients {
            Some(gradients) => gradients.get::<D>(param.id).map(|gradient| gradient.into_data()),
            None => Some(param.val().into_data()),
        };
        self.found.push((self.path.join("."), value));
    }
}

pub fn numbers(
    net: &impl Module,
    gradients: Option<&GradientsParams>,
) -> Vec<(String, Option<TensorData>)> {
    let mut numbers = Numbers { gradients, path: Vec::new(), found: Vec::new() };
    net.visit(&mut numbers);
    numbers.found
}
