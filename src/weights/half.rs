//! Parameters in half precision, as a file has them.
use burn::{
    store::{
        BurnToPyTorchAdapter, HalfPrecisionAdapter, ModuleAdapter, ModuleContext, bridge, burn_pack,
    },
    tensor::DType,
};

/// The largest number that half precision has.
const MOST: f32 = 65504.0;

/// PyTorch's names and layout, and all parameters but batch normalization's in half precision, each
/// unless one of its values would become infinite. Batch normalization stays as it is: it has a
/// hundredth of a network's numbers, and divides by the root of some that may be smaller than half
/// precision knows.
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

/// Whether no value is too large. What can't be read is the writer's to say.
fn survives(tensor: &burn_pack::Tensor) -> bool {
    let data = bridge::to_data(tensor);
    tensor.dtype == DType::F32
        && data.is_ok_and(|data| data.iter::<f32>().all(|value| value.abs() <= MOST))
}
