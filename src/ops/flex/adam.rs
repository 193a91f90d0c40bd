//! A step of Adam in one pass: each value is read and written once, whereas separate operations
//! would go through the memory a dozen times.
use burn::{backend::flex::FlexTensor, tensor::Tensor};
use pulp::{Simd, WithSimd};

use super::{
    kernel::{load, store},
    memory::Buffer,
    share::share,
    tensors::{from_flex, is_ours, primitive, slice, tensor},
    vectors::arch,
};

/// Values that a task updates at a time.
const BAND: usize = 1 << 14;

/// A step of Adam (Kingma and Ba, 2015), with both corrections of its section 2 combined in one
/// factor.
///
/// With `m` and `s` the running means of the gradient and of its square, the new parameters are
/// `parameters · decay − rate · correction · m / (√s + epsilon)`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct AdamStep {
    /// The decay rates of `m` and `s`.
    pub betas: [f32; 2],
    pub epsilon: f32,
    pub correction: f32,
    pub rate: f32,
    /// 1, or less with decoupled weight decay.
    pub decay: f32,
}

impl AdamStep {
    /// Whether [`Self::take`] supports these tensors: `f32` tensors on Flex.
    pub fn is_for<const D: usize>(parameters: &Tensor<D>, gradient: &Tensor<D>) -> bool {
        is_ours(parameters) && is_ours(gradient)
    }

    /// The new parameters, `m` and `s`. The old `m` and `s` are changed in place; at the first step
    /// there are none. No tensor may be on an autodiff device.
    pub fn take<const D: usize>(
        self,
        parameters: Tensor<D>,
        gradient: Tensor<D>,
        moments: Option<[Tensor<D>; 2]>,
    ) -> (Tensor<D>, [Tensor<D>; 2]) {
        let shape = parameters.dims();
        let count: usize = shape.iter().product();
        let (parameters, gradient) = (primitive(parameters), primitive(gradient));
        let [mut mean, mut square] = match moments {
            Some(moments) => moments.map(|moment| owned(primitive(moment), count)),
            None => [0, 1].map(|_| tensor(vec![0.0; count], shape)),
        };
        let mut updated = Buffer::new(count);
        let from = slice(&parameters).chunks(BAND).zip(slice(&gradient).chunks(BAND));
        let kept =
            [&mut mean, &mut square].map(|moment| moment.storage_mut::<f32>().chunks_mut(BAND));
        let [means, squares] = kept;
        let bands = from.zip(means.zip(squares)).zip(updated.chunks_mut(BAND));
        share(bands, |(((parameters, gradient), (mean, square)), updated)| {
            let step = self;
            arch().dispatch(Band { step, parameters, gradient, mean, square, updated });
        });
        let updated = from_flex(updated.into_tensor(shape), false);
        (updated, [mean, square].map(|moment| from_flex(moment, false)))
    }
}

/// The contiguous tensor in memory of its own, which holds only its `count` values.
fn owned(moment: FlexTensor, count: usize) -> FlexTensor {
    match moment.storage::<f32>().len() == count {
        true => moment,
        false => tensor(slice(&moment).to_vec(), [count]).reshape(moment.layout().shape().clone()),
    }
}

struct Band<'a, 'o> {
    step: AdamStep,
    parameters: &'a [f32],
    gradient: &'a [f32],
    mean: &'o mut [f32],
    square: &'o mut [f32],
    updated: &'o mut [f32],
}

impl WithSimd for Band<'_, '_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let Self { step, parameters, gradient, mean, square, updated } = self;
        let all = |value: f32| simd.splat_f32s(value);
        let [kept_mean, kept_square] = step.betas.map(all);
        let [new_mean, new_square] = step.betas.map(|beta| all(1.0 - beta));
        let (correction, epsilon) = (all(step.correction), all(step.epsilon));
        let (rate, decay) = (all(step.rate), all(step.decay));
        // Products and sums are rounded separately, as in Burn's Adam: memory access dominates the
        // time.
        for v in 0..parameters.len().div_ceil(S::F32_LANES) {
            let g = load(simd, gradient, v);
            let m = simd.mul_f32s(load(simd, mean, v), kept_mean);
            let m = simd.add_f32s(m, simd.mul_f32s(g, new_mean));
            let s = simd.mul_f32s(load(simd, square, v), kept_square);
            let s = simd.add_f32s(s, simd.mul_f32s(simd.mul_f32s(g, g), new_square));
            let root = simd.add_f32s(simd.sqrt_f32s(s), epsilon);
            let change = simd.div_f32s(simd.mul_f32s(m, correction), root);
            let p = simd.mul_f32s(load(simd, parameters, v), decay);
            store(simd, mean, v, m);
            store(simd, square, v, s);
            store(simd, updated, v, simd.sub_f32s(p, simd.mul_f32s(change, rate)));
        }
    }
}
