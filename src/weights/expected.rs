//! The keys and shapes that a module expects, in PyTorch's terms.
use std::collections::BTreeMap;

use burn::{
    module::{Module, ModuleVisitor, Param},
    store::{BurnToPyTorchAdapter, ModuleAdapter, ModuleContext, bridge, burn_pack},
    tensor::{Bool, DType, Int, Shape, Tensor},
};

/// One parameter or running statistic.
pub(super) struct Wanted {
    pub shape: Vec<usize>,
    pub float: bool,
}

/// Every parameter and running statistic of a module, by PyTorch's name.
///
/// Burn's own collection would generate the random values of parameters that were not used yet.
pub(super) fn expected<M: Module>(module: &M) -> BTreeMap<String, Wanted> {
    let mut visitor = Visitor::default();
    module.visit(&mut visitor);
    visitor.found
}

#[derive(Default)]
struct Visitor {
    path: Vec<String>,
    containers: Vec<String>,
    found: BTreeMap<String, Wanted>,
}

impl Visitor {
    fn add(&mut self, shape: Shape, float: bool) {
        // A tensor without bytes: the adapter only handles names and the transposed weights of
        // linear layers.
        let nothing = || Err(burn_pack::Error::ValidationError("has no bytes".into()));
        let name = self.path.join(".");
        let tensor = bridge::deferred(name, DType::F32, shape, None, nothing);
        let tensor = BurnToPyTorchAdapter.adapt(tensor, ModuleContext::new(&self.containers));
        self.found.insert(tensor.name, Wanted { shape: tensor.shape.to_vec(), float });
    }
}

impl ModuleVisitor for Visitor {
    fn enter_module(&mut self, name: &str, container_type: &str) {
        self.path.push(name.into());
        self.containers.push(container_type.into());
    }

    fn exit_module(&mut self, _name: &str, _container_type: &str) {
        self.path.pop();
        self.containers.pop();
    }

    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        self.add(param.lazy_shape(), true);
    }

    fn visit_int<const D: usize>(&mut self, param: &Param<Tensor<D, Int>>) {
        self.add(param.lazy_shape(), false);
    }

    fn visit_bool<const D: usize>(&mut self, param: &Param<Tensor<D, Bool>>) {
        self.add(param.lazy_shape(), false);
    }
}
