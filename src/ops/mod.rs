//! Convolutions with a fused epilogue: normalization, addition and activation.
//!
//! Blocks and backbones of your own get the speed of this crate's by calling [`conv2d`] where they
//! would call `Conv2d::forward`, with the normalization and the activation that follow as its
//! [`Epilogue`]:
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
//! // The result of `relu(norm.forward(conv.forward(images)))`.
//! let maps = conv2d(&conv, images, Epilogue::norm_relu(&norm));
//! assert_eq!(maps.dims(), [1, 16, 6, 6]);
//! ```
//!
//! On every backend, this computes the same as Burn's own modules in sequence. On Burn's CPU
//! backend, Flex, the kernels are this crate's own: the epilogue is computed while the
//! convolution's output is in registers, 3×3 convolutions and doublings use Winograd's algorithm,
//! all cores are used, and vectors are as long as the processor's (AVX-512, AVX2 or none, detected
//! at run time). Results differ from Burn's by rounding: some 1e-6 of the largest value.
//!
//! The tensors are **channels last** in memory: their shape is `[B, C, H, W]`, and their strides
//! are those of `[B, H, W, C]`, as in PyTorch's `channels_last`. Burn's own operations respect
//! strides, so both can be mixed freely; a tensor in another order is copied first.
//! [`Tensor::into_data`] returns values in the order of the shape, as always.
//!
//! On ndarray, whose own convolutions are plain loops, convolutions are GEMMs in Burn's own
//! operations: the paper's network takes a twentieth of the processor time. On all other backends,
//! Burn's own convolutions are used: its GPU kernels are made for each device, and a remote device
//! receives one operation instead of ten, whatever it computes with.
//!
//! # Memory
//!
//! On Flex, the memory of outputs that are no longer needed is kept for later outputs that fit into
//! it. Together with the memory in use, this is at most 4 MiB more than was ever in use at once. In
//! inference, a copy of the weights in the order of the kernels is kept as long as the weights; for
//! Winograd's 3×3 convolutions, it is four times as large as the weights. A batch of large images
//! is computed image by image.
//!
//! # Threads
//!
//! On Flex, an operation distributes its work over the threads of rayon's pool.
//! [`LandmarkNet::forward`](crate::model::LandmarkNet::forward), and the loss and gradients of a
//! training step, run as a whole on a separate pool with the same number of threads
//! (`RAYON_NUM_THREADS`), so a [`Backbone`](crate::backbone::Backbone) must not rely on
//! thread-local state. Networks of your own wait less for other threads inside `rayon::scope`.
//!
//! # Vectors
//!
//! `DAFE_CPU_CAPABILITY=avx2` in the environment disables AVX-512 in these kernels, like PyTorch's
//! `ATEN_CPU_CAPABILITY`. Use it for measurements, or to get the same bits on machines with and
//! without AVX-512. Burn's own operations are not affected.
//!
//! # Autodiff devices
//!
//! On `Device::flex().autodiff()`, gradients are computed by hand-written kernels. With gradient
//! checkpointing, Burn's own operations are used, since they support recomputation.
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

/// The epilogue of a convolution: `activation(norm(convolution) + gate · residual)`. Each part is
/// optional; the default does nothing.
///
#[cfg_attr(feature = "flex", doc = "```")]
#[cfg_attr(not(feature = "flex"), doc = "```ignore")]
/// use dafe::{
///     ops::{Activation, Epilogue},
///     prelude::*,
/// };
///
/// let device = Device::flex();
/// let [y, residual, gate] =
///     [-1.0, 4.0, 0.5].map(|value| Tensor::<4>::full([1, 1, 1, 1], value, &device));
/// let epilogue = Epilogue {
///     residual: Some(residual),
///     gate: Some(gate),
///     activation: Activation::Relu,
///     ..Epilogue::default()
/// };
/// assert_eq!(epilogue.apply(y).into_scalar::<f32>(), 1.0); // max(−1 + 0.5 · 4, 0)
/// ```
#[derive(Debug, Clone, Default)]
pub struct Epilogue<'a> {
    /// Batch normalization: with the batch's statistics in training, otherwise with the running
    /// statistics.
    pub norm: Option<&'a BatchNorm>,
    /// The tensor to add: `[B, C, H, W]`, like the output.
    pub residual: Option<Tensor<4>>,
    /// A factor for each pixel of the residual, the same for all channels: `[B, 1, H, W]`.
    pub gate: Option<Tensor<4>>,
    /// The activation function, applied last.
    pub activation: Activation,
}

impl<'a> Epilogue<'a> {
    /// An epilogue of batch normalization only.
    pub fn norm(norm: &'a BatchNorm) -> Self {
        Self { norm: Some(norm), ..Self::default() }
    }

    /// An epilogue of batch normalization and ReLU.
    pub fn norm_relu(norm: &'a BatchNorm) -> Self {
        Self { activation: Activation::Relu, ..Self::norm(norm) }
    }

    /// Checks that the parts fit an output of this shape.
    ///
    /// # Panics
    /// If they don't fit.
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

    /// Applies the epilogue to `y` by itself.
    ///
    /// # Panics
    /// If the parts don't fit.
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

/// Applies `conv`, then `epilogue`.
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

/// Applies `conv`, with an output `extra` rows and columns (`[height, width]`) longer than its own
/// `padding_out` gives, then `epilogue`.
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

/// Applies `pool`; on Flex several times as fast as [`MaxPool2d::forward`].
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

/// The mean of each channel of each image.
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

/// Scales `x` by one factor for each image and channel.
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

/// The input pixels and their weights for each output pixel along an axis.
pub(crate) type Taps = Vec<Vec<(usize, f32)>>;

/// Resamples maps to another size: each pixel is a weighted sum of pixels, along rows and columns.
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

/// Runs `forward` on a batch of images, in inference on Flex some images at a time, so that their
/// maps stay in the caches; elsewhere all at once. `forward` must compute each image independently.
pub(crate) fn in_parts(images: Tensor<4>, forward: impl Fn(Tensor<4>) -> Tensor<4>) -> Tensor<4> {
    #[cfg(feature = "flex")]
    return flex::in_parts(images, forward);
    #[cfg(not(feature = "flex"))]
    forward(images)
}

/// Runs `work`, a pass through `module` on `device`, where its operations can distribute their work
/// fastest: on Flex on the threads of a pool, elsewhere on the calling thread.
pub(crate) fn in_pool<M: Module, R: Send>(
    device: &Device,
    module: &M,
    work: impl FnOnce(&M) -> R + Send,
) -> R {
    #[cfg(feature = "flex")]
    if flex::is_our_device(device) {
        // Burn's running statistics record the thread that changed them, and are averaged over
        // threads. So they are synchronized before another thread continues with them.
        let settle = |module: &M| {
            if device.is_autodiff() {
                module.valid();
            }
        };
        settle(module);
        // The other thread gets a copy, which shares parameters, their nodes on the autodiff tape,
        // and running statistics.
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
