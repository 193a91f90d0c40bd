//! Convolutions with what follows them, as one operation.
//!
//! On every backend these compute what Burn's own modules do, one after the other. On Burn's CPU
//! backend, Flex, the kernels are this crate's own. What follows a convolution is computed while
//! its output is in registers, 3×3 convolutions and doublings use Winograd's algorithm, all cores
//! work, and vectors are as long as the processor has them (AVX-512, AVX2 or none, detected at run
//! time). Results differ from Burn's by rounding: some 1e-6 of the largest value.
//!
//! Their tensors are **channels last** in memory: the shape is `[B, C, H, W]`, the strides are
//! those of `[B, H, W, C]`, as PyTorch's `channels_last`. Burn's own operations follow strides, so
//! both can be mixed freely; a tensor in another order is copied first. [`Tensor::into_data`] gives
//! values in the order of the shape, as always.
//!
//! On ndarray, whose own convolutions are plain loops, they are GEMMs in Burn's own operations: the
//! paper's network takes a twentieth of the processor's time. Everywhere else they are Burn's: its
//! GPU kernels are made for each device, and a remote device is sent one operation instead of ten,
//! whatever computes it there.
//!
//! Blocks and backbones of your own get the same speed by calling [`conv2d`] where they would call `Conv2d::forward`, with
//! the normalization and the activation that follow as its [`Epilogue`]:
//!
#![cfg_attr(feature = "flex", doc = "```")]
#![cfg_attr(not(feature = "flex"), doc = "```ignore")]
//! use burn::nn::{BatchNormConfig, conv::Conv2dConfig};
//! use dafe::{
//!     ops::{Epilogue, conv2d},
//!     prelude::*,
//! };
//!
//! let device = Device::flex();
//! let conv = Conv2dConfig::new([3, 16], [3, 3]).init(&device);
//! let norm = BatchNormConfig::new(16).init(&device);
//! let images = Tensor::<4>::zeros([1, 3, 8, 8], &device);
//! // What `relu(norm.forward(conv.forward(images)))` gives.
//! let maps = conv2d(&conv, images, Epilogue::norm_relu(&norm));
//! assert_eq!(maps.dims(), [1, 16, 6, 6]);
//! ```
//!
//! # Memory
//!
//! On Flex, the memory of outputs that are no longer needed is kept for the next outputs that fit
//! in it: 4 MiB and never more than was in use at once. In inference, a copy of the weights in the
//! order of the kernels is kept as long as the weights are; for Winograd's 3×3 convolutions it is
//! four times as large as they are. A batch of large images is computed image by image.
//!
//! # Threads
//!
//! On Flex, an operation shares its work with the threads of rayon's pool.
//! [`LandmarkNet::forward`](crate::model::LandmarkNet::forward), and a training step's loss and
//! gradients, run as a whole on a pool of their own with as many threads (`RAYON_NUM_THREADS`), so a
//! [`Backbone`](crate::backbone::Backbone) must not rely on thread-local state. Networks of your
//! own wait less for other threads inside `rayon::scope`.
//!
//! # Vectors
//!
//! `DAFE_CPU_CAPABILITY=avx2` in the environment forbids the kernels here AVX-512, as PyTorch's
//! `ATEN_CPU_CAPABILITY` does there: to measure, or for the same bits on machines with and without
//! it. Burn's own operations are not affected.
//!
//! # Autodiff devices
//!
//! Gradients are computed by hand where tensors are on `Device::flex().autodiff()`. With gradient
//! checkpointing Burn's own operations are used, since they can be recomputed.
mod activation;
#[cfg(feature = "flex")]
pub(crate) mod flex;
mod lowering;

use burn::{
    module::Module,
    nn::{
        BatchNorm,
        conv::{Conv2d, ConvTranspose2d},
        pool::MaxPool2d,
    },
    tensor::{
        Device, Tensor, TensorData, assert_shape,
        module::conv_transpose2d as burn_conv_transpose2d, ops::ConvTransposeOptions,
    },
};

pub use self::activation::Activation;

/// What follows a convolution: `activation(norm(convolution) + gate · residual)`, each part where
/// there is one. The default is nothing at all.
#[derive(Debug, Clone, Default)]
pub struct Epilogue<'a> {
    /// Batch normalization: in training by the batch's statistics, otherwise by the running ones.
    pub norm: Option<&'a BatchNorm>,
    /// What is added: `[B, C, H, W]`, as the output.
    pub residual: Option<Tensor<4>>,
    /// A factor for each pixel of the residual, the same for all channels: `[B, 1, H, W]`.
    pub gate: Option<Tensor<4>>,
    /// What comes last.
    pub activation: Activation,
}

impl<'a> Epilogue<'a> {
    /// Batch normalization.
    pub fn norm(norm: &'a BatchNorm) -> Self {
        Self { norm: Some(norm), ..Self::default() }
    }

    /// Batch normalization, then ReLU.
    pub fn norm_relu(norm: &'a BatchNorm) -> Self {
        Self { activation: Activation::Relu, ..Self::norm(norm) }
    }

    /// Whether the parts fit an output of this shape.
    ///
    /// # Panics
    /// If not.
    fn check(&self, [batch, channels, height, width]: [usize; 4]) {
        if let Some(norm) = self.norm {
            assert_shape!(norm.gamma.val(), [channels]);
        }
        if let Some(residual) = &self.residual {
            assert_shape!(residual, [batch, channels, height, width]);
        }
        if let Some(gate) = &self.gate {
            assert_shape!(gate, [batch, 1, height, width]);
        }
    }

    /// The parts by themselves, one after the other, to `y`.
    ///
    /// # Panics
    /// If they don't fit.
    pub fn apply(self, mut y: Tensor<4>) -> Tensor<4> {
        self.check(y.dims());
        #[cfg(feature = "flex")]
        if flex::is_ours(&y) {
            return flex::apply(self, y);
        }
        if let Some(norm) = self.norm {
            y = norm.forward(y);
        }
        if let Some(residual) = self.residual {
            y = match self.gate {
                Some(gate) => y + gate * residual,
                None => y + residual,
            };
        }
        self.activation.apply(y)
    }
}

/// `conv`, then `epilogue`.
///
/// # Shapes
/// As [`Conv2d::forward`]: `[B, C, H, W]` to `[B, C', H', W']`.
///
/// # Panics
/// If `x` or the epilogue's tensors don't fit.
pub fn conv2d(conv: &Conv2d, x: Tensor<4>, epilogue: Epilogue) -> Tensor<4> {
    #[cfg(feature = "flex")]
    if let Some(geometry) = flex::geometry_of(conv, &x) {
        return flex::conv2d(conv, geometry, x, epilogue);
    }
    let y = match lowering::padding_of(conv) {
        Some(padding) if lowering::pays(&x.device()) => lowering::conv2d(conv, padding, x),
        _ => conv.forward(x),
    };
    epilogue.apply(y)
}

/// `conv`, its output `extra` rows and columns (`[height, width]`) longer than its own `padding_out` says, then `epilogue`.
///
/// # Shapes
/// As [`ConvTranspose2d::forward`]: `[B, C, H, W]` to `[B, C', H', W']`.
///
/// # Panics
/// If `x` or the epilogue's tensors don't fit.
pub fn conv_transpose2d(
    conv: &ConvTranspose2d,
    x: Tensor<4>,
    extra: [usize; 2],
    epilogue: Epilogue,
) -> Tensor<4> {
    let padding_out = [0, 1].map(|i| conv.padding_out[i] + extra[i]);
    #[cfg(feature = "flex")]
    if let Some(geometry) = flex::geometry_of_transposed(conv, &x, padding_out) {
        return flex::conv_transpose2d(conv, geometry, x, padding_out, epilogue);
    }
    if lowering::is_plain(conv) && lowering::pays(&x.device()) {
        return epilogue.apply(lowering::conv_transpose2d(conv, x, padding_out));
    }
    let options = ConvTransposeOptions::new(
        conv.stride,
        conv.padding,
        padding_out,
        conv.dilation,
        conv.groups,
    );
    let bias = conv.bias.as_ref().map(|bias| bias.val());
    epilogue.apply(burn_conv_transpose2d(x, conv.weight.val(), bias, options))
}

/// `pool`, on Flex several times as fast as [`MaxPool2d::forward`].
///
/// # Shapes
/// As [`MaxPool2d::forward`]: `[B, C, H, W]` to `[B, C, H', W']`.
pub fn max_pool2d(pool: &MaxPool2d, x: Tensor<4>) -> Tensor<4> {
    #[cfg(feature = "flex")]
    if let Some(geometry) = flex::geometry_of_pool(pool, &x) {
        return flex::max_pool2d(geometry, x);
    }
    pool.forward(x)
}

/// Each image's mean of each channel.
///
/// # Shapes
/// `[B, C, H, W]` to `[B, C, 1, 1]`.
pub(crate) fn global_mean(x: Tensor<4>) -> Tensor<4> {
    #[cfg(feature = "flex")]
    if flex::is_ours(&x) {
        return flex::global_mean(x);
    }
    x.mean_dim(3).mean_dim(2)
}

/// `x` times one factor for each image and channel.
///
/// # Shapes
/// `[B, C, H, W]` and `[B, C, 1, 1]` to `[B, C, H, W]`.
pub(crate) fn scale_channels(x: Tensor<4>, factors: Tensor<4>) -> Tensor<4> {
    #[cfg(feature = "flex")]
    if flex::is_ours(&x) && flex::is_ours(&factors) {
        return flex::scale_channels(x, factors);
    }
    x * factors
}

/// Along an axis, for each output pixel: the input pixels that it is a sum of, and their weights.
pub(crate) type Taps = Vec<Vec<(usize, f32)>>;

/// Maps of another size: each pixel a weighted sum of pixels, along rows and columns.
///
/// # Shapes
/// `[B, C, H, W]` to `[B, C, H', W']`, with as many rows and columns as there are taps.
pub(crate) fn resample(x: Tensor<4>, [rows, columns]: [Taps; 2]) -> Tensor<4> {
    #[cfg(feature = "flex")]
    if flex::is_ours(&x) {
        return flex::resample(x, [rows, columns]);
    }
    let [_, _, height, width] = x.dims();
    let matrix = |taps: &Taps, from: usize| {
        let mut weights = vec![0.0f32; taps.len() * from];
        for (to, taps) in taps.iter().enumerate() {
            taps.iter().for_each(|(i, weight)| weights[to * from + i] += weight);
        }
        let data = TensorData::new(weights, [1, 1, taps.len(), from]);
        Tensor::<4>::from_data(data, (&x.device(), x.dtype()))
    };
    let (rows, columns) = (matrix(&rows, height), matrix(&columns, width).swap_dims(2, 3));
    rows.matmul(x).matmul(columns)
}

/// What `forward` makes of a batch of images: in inference on Flex some at a time, so that their
/// maps stay in the caches, elsewhere all at once. `forward` must compute each image by itself.
pub(crate) fn in_parts(images: Tensor<4>, forward: impl Fn(Tensor<4>) -> Tensor<4>) -> Tensor<4> {
    #[cfg(feature = "flex")]
    return flex::in_parts(images, forward);
    #[cfg(not(feature = "flex"))]
    forward(images)
}

/// Runs `work`, a pass through `module` on `device`, where its operations take the least time to
/// share their work: on Flex on the threads of a pool, elsewhere on the calling thread.
pub(crate) fn in_pool<M: Module, R: Send>(
    device: &Device,
    module: &M,
    work: impl FnOnce(&M) -> R + Send,
) -> R {
    #[cfg(feature = "flex")]
    if flex::is_our_device(device) {
        // Burn's running statistics know on which thread they were changed, and are the mean over
        // threads. So they are settled before another thread goes on with them.
        let settle = |module: &M| {
            if device.is_autodiff() {
                module.valid();
            }
        };
        settle(module);
        // Another thread can have a copy. It shares parameters, their places on the tape, and
        // running statistics.
        let copy = module.clone();
        return flex::in_pool(move || {
            let found = work(&copy);
            settle(&copy);
            found
        });
    }
    let _ = device;
    work(module)
}
