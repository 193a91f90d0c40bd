//! Conversion between Burn's tensors, Flex's tensors and their values.
use burn::{
    backend::{
        DispatchDevice, Flex, GradientCheckpointingStrategy,
        flex::{FlexTensor, Layout},
    },
    tensor::{Bytes, DType, Device, Shape, Tensor},
};

/// Whether both are `f32` Flex tensors, both or neither on an autodiff device.
pub(super) fn are_ours(x: &Tensor<4>, weight: &Tensor<4>) -> bool {
    is_ours(x) && is_ours(weight) && x.device().is_autodiff() == weight.device().is_autodiff()
}

/// Whether the tensor is on [our device](is_our_device) and in single precision.
pub(in crate::ops) fn is_ours<const D: usize>(tensor: &Tensor<D>) -> bool {
    is_our_device(&tensor.device()) && tensor.dtype() == DType::F32
}

/// Whether the device is Flex, without gradient checkpointing.
pub(in crate::ops) fn is_our_device(device: &Device) -> bool {
    matches!(device.clone().inner().as_dispatch(), DispatchDevice::Flex(_)) && !recomputes(device)
}

/// Whether the device uses gradient checkpointing; recomputation is left to Burn.
fn recomputes(device: &Device) -> bool {
    device
        .gradient_checkpointing_strategy()
        .is_some_and(|strategy| strategy != GradientCheckpointingStrategy::Disabled)
}

/// The contiguous tensor, if it is on Flex, in single precision, and no gradient flows through it.
pub(crate) fn constant<const D: usize>(tensor: &Tensor<D>) -> Option<FlexTensor> {
    constant_of(tensor).map(|tensor| tensor.to_contiguous())
}

/// [`constant`] in its memory order.
pub(super) fn constant_of<const D: usize>(tensor: &Tensor<D>) -> Option<FlexTensor> {
    let is_constant = is_ours(tensor) && !tensor.is_tracked();
    is_constant.then(|| flex_of(tensor.clone().inner()))
}

/// A Flex tensor as a Burn tensor, on the autodiff device or the plain one.
pub(crate) fn from_flex<const D: usize>(tensor: FlexTensor, differentiates: bool) -> Tensor<D> {
    let tensor = Tensor::from_primitive::<Flex>(tensor);
    if differentiates { tensor.autodiff() } else { tensor }
}

/// The underlying Flex tensor.
pub(super) fn flex_of<const D: usize>(tensor: Tensor<D>) -> FlexTensor {
    tensor.try_into_primitive::<Flex>().expect("all tensors of an operation on one device")
}

/// The underlying Flex tensor, contiguous.
pub(super) fn primitive<const D: usize>(tensor: Tensor<D>) -> FlexTensor {
    flex_of(tensor).to_contiguous()
}

/// The values of a contiguous tensor.
pub(crate) fn slice(tensor: &FlexTensor) -> &[f32] {
    tensor.as_slice().expect("a contiguous tensor of single precision")
}

/// A copy of a small tensor's values, without its gradient.
pub(super) fn values(tensor: Tensor<1>) -> Vec<f32> {
    let tensor = if tensor.device().is_autodiff() { tensor.inner() } else { tensor };
    slice(&primitive(tensor)).to_vec()
}

/// A tensor with these values.
pub(crate) fn tensor<const D: usize>(values: Vec<f32>, shape: [usize; D]) -> FlexTensor {
    FlexTensor::new(Bytes::from_elems(values), Layout::contiguous(Shape::from(shape)), DType::F32)
}
