//! BatchNorm's running statistics as one vector, to be averaged over the shards of a batch.
use burn::{
    module::{Module, ModuleMapper, ModuleVisitor, Param},
    tensor::Tensor,
};

/// All running means and variances of `net`, concatenated; `None` if it has no BatchNorm.
pub(in crate::train) fn running_statistics<M: Module>(net: &M) -> Option<Tensor<1>> {
    let mut reader = Reader { path: Vec::new(), found: Vec::new() };
    net.visit(&mut reader);
    (!reader.found.is_empty()).then(|| Tensor::cat(reader.found, 0))
}

/// `net` with the running means and variances of [`running_statistics`].
pub(in crate::train) fn with_running_statistics<M: Module>(net: M, statistics: Tensor<1>) -> M {
    let mut writer = Writer { path: Vec::new(), statistics, from: 0 };
    let net = net.map(&mut writer);
    assert_eq!(writer.from, writer.statistics.dims()[0], "statistics of another network");
    net
}

/// Whether a path of field names ends with running statistics, as named by Burn's BatchNorm.
fn is_statistics(path: &[String]) -> bool {
    path.last().is_some_and(|name| name == "running_mean" || name == "running_var")
}

struct Reader {
    path: Vec<String>,
    found: Vec<Tensor<1>>,
}

impl ModuleVisitor for Reader {
    fn enter_module(&mut self, name: &str, _container: &str) {
        self.path.push(name.to_string());
    }

    fn exit_module(&mut self, _name: &str, _container: &str) {
        self.path.pop();
    }

    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        if is_statistics(&self.path) {
            self.found.push(param.val().without_autodiff().reshape([-1]));
        }
    }
}

struct Writer {
    path: Vec<String>,
    statistics: Tensor<1>,
    /// The number of values used so far.
    from: usize,
}

impl ModuleMapper for Writer {
    fn enter_module(&mut self, name: &str, _container: &str) {
        self.path.push(name.to_string());
    }

    fn exit_module(&mut self, _name: &str, _container: &str) {
        self.path.pop();
    }

    fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
        if !is_statistics(&self.path) {
            return param;
        }
        let shape = param.shape();
        let to = self.from + shape.num_elements();
        let values = self.statistics.clone().slice(self.from..to).reshape(shape);
        self.from = to;
        param.map(|_| Tensor::from_inner(values))
    }
}
