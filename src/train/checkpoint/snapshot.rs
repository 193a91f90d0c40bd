//! The state needed for resuming from a step, in host memory.
use burn::{
    module::Module,
    optim::{ModuleOptimizer, OptimizerRecord},
    store::{ModuleRecord, RecordError},
    tensor::Bytes,
};

/// A network and its optimizer, serialized as in a checkpoint's files.
#[derive(Clone)]
pub(in crate::train) struct Snapshot {
    /// Parameters and running statistics.
    pub model: Bytes,
    /// The optimizer's moments.
    pub optimizer: Bytes,
}

impl Snapshot {
    /// The snapshot of a network's `valid()`, which brings BatchNorm's running statistics up to
    /// date.
    pub fn of<M: Module>(net: M, optimizer: &ModuleOptimizer) -> Result<Self, RecordError> {
        Ok(Self { model: net.into_record().into_bytes()?, optimizer: optimizer.into_bytes()? })
    }

    /// Loads parameters and running statistics into a network of the same kind.
    pub fn load_model<M: Module>(&self, net: M) -> Result<M, RecordError> {
        net.try_load_record(ModuleRecord::from_bytes(self.model.clone())?)
    }

    /// The moments.
    pub fn optimizer_record(&self) -> Result<OptimizerRecord, RecordError> {
        OptimizerRecord::from_bytes(self.optimizer.clone())
    }
}
