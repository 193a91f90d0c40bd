//! Saving parameters in half precision.
use burn::{
    store::{
        BurnToPyTorchAdapter, HalfPrecisionAdapter, ModuleAdapter, ModuleContext, bridge, burn_pack,
    },
    tensor::DType,
};

/// The largest number in half precision.
const MOST: f32 = 65504.0;

/// PyTorch's names and layout, with parameters in half precision.
///
/// A parameter stays in single precision if one of its values would become infinite. So does batch
/// normalization: it has a hundredth of a network's values, and divides by the square root of
/// variances that may be too small for half precision.
#[derive(Debug, Clone, Default)]
pub(super) struct HalfPyTorchAdapter(HalfPrecisionAdapter);

impl ModuleAdapter for HalfPyTorchAdapter {
    fn adapt(&self, tensor: burn_pack::Tensor, context: ModuleContext<'_>) -> burn_pack::Tensor {
        let tensor = BurnToPyTorchAdapter.adapt(tensor, context);
        match survives(&tensor) {
            true => self.0.adapt(tensor, context),
            false => tensor,
        }
    }

    fn get_alternative_param_name(&self, name: &str, module_type: &str) -> Option<String> {
        BurnToPyTorchAdapter.get_alternative_param_name(name, module_type)
    }

    fn clone_box(&self) -> Box<dyn ModuleAdapter> {
        Box::new(self.clone())
    }
}

/// Whether no value is too large. Read errors are left to the writer.
fn survives(tensor: &burn_pack::Tensor) -> bool {
    let data = bridge::to_data(tensor);
    tensor.dtype == DType::F32
        && data.is_ok_and(|data| data.iter::<f32>().all(|value| value.abs() <= MOST))
}
