//! The blocks of EfficientNet-Lite: MobileNetV2's, with ReLU6 and without squeeze-and-excitation.
use burn::{
    module::Module,
    nn::{
        BatchNorm, BatchNormConfig, Initializer, PaddingConfig2d,
        conv::{Conv2d, Conv2dConfig},
    },
    tensor::{Device, Tensor},
};

use super::{config::EfficientNetVariant, stages::Block};
use crate::ops::{Activation, Epilogue, conv2d};

/// An inverted residual block ("MBConv"; Sandler et al., "MobileNetV2", 2018).
///
/// A 1×1 convolution expands the channels, a depthwise convolution follows, and a 1×1 convolution
/// without activation projects to the output channels. The input is added if it has the output's
/// shape.
///
/// With an expansion of 1, the first convolution is left out, which gives a depthwise separable
/// convolution. Parameters are named as in timm, where `conv_pw` is then the last convolution.
#[derive(Module, Debug)]
pub struct InvertedResidual {
    conv_pw: Conv2d,
    bn1: BatchNorm,
    conv_dw: Conv2d,
    bn2: BatchNorm,
    conv_pwl: Option<Conv2d>,
    bn3: Option<BatchNorm>,
    is_residual: bool,
}

impl InvertedResidual {
    pub(super) fn new(block: Block, variant: EfficientNetVariant, device: &Device) -> Self {
        let Block { input, output, kernel, stride, expansion } = block;
        let inner = input * expansion;
        let norm = |channels| norm(channels, variant, device);
        let pointwise = |from, to| Convolution::new(from, to, 1).init(variant, device);
        let depthwise =
            Convolution { stride, groups: inner, ..Convolution::new(inner, inner, kernel) };
        let conv_dw = depthwise.init(variant, device);
        let is_residual = stride == 1 && input == output;
        match expansion {
            1 => Self {
                conv_pw: pointwise(input, output),
                bn1: norm(input),
                conv_dw,
                bn2: norm(output),
                conv_pwl: None,
                bn3: None,
                is_residual,
            },
            _ => Self {
                conv_pw: pointwise(input, inner),
                bn1: norm(inner),
                conv_dw,
                bn2: norm(inner),
                conv_pwl: Some(pointwise(inner, output)),
                bn3: Some(norm(output)),
                is_residual,
            },
        }
    }

    pub(super) fn freeze_norm(self) -> Self {
        Self {
            bn1: self.bn1.freeze(),
            bn2: self.bn2.freeze(),
            bn3: self.bn3.map(Module::freeze),
            ..self
        }
    }

    /// The output of the block.
    ///
    /// # Shapes
    /// - `x`: `[B, input, H, W]`
    /// - output: `[B, output, ceil(H / stride), ceil(W / stride)]`
    pub fn forward(&self, x: Tensor<4>) -> Tensor<4> {
        let residual = self.is_residual.then(|| x.clone());
        let (inner, last, norm) = match (&self.conv_pwl, &self.bn3) {
            (Some(conv_pwl), Some(bn3)) => {
                let wide = conv2d(&self.conv_pw, x, norm_relu6(&self.bn1));
                (conv2d(&self.conv_dw, wide, norm_relu6(&self.bn2)), conv_pwl, bn3)
            }
            _ => (conv2d(&self.conv_dw, x, norm_relu6(&self.bn1)), &self.conv_pw, &self.bn2),
        };
        conv2d(last, inner, Epilogue { residual, ..Epilogue::norm(norm) })
    }
}

/// Batch normalization, then ReLU6.
pub(super) fn norm_relu6(norm: &BatchNorm) -> Epilogue<'_> {
    Epilogue { activation: Activation::Relu6, ..Epilogue::norm(norm) }
}

/// Batch normalization with the variant's epsilon.
pub(super) fn norm(channels: usize, variant: EfficientNetVariant, device: &Device) -> BatchNorm {
    let epsilon = match variant {
        EfficientNetVariant::TensorFlow => 1e-3,
        EfficientNetVariant::Timm => 1e-5,
    };
    BatchNormConfig::new(channels).with_epsilon(epsilon).init(device)
}

/// A square convolution without bias.
pub(super) struct Convolution {
    pub input: usize,
    pub output: usize,
    pub kernel: usize,
    pub stride: usize,
    pub groups: usize,
}

impl Convolution {
    pub fn new(input: usize, output: usize, kernel: usize) -> Self {
        Self { input, output, kernel, stride: 1, groups: 1 }
    }

    /// With random weights (Kaiming normal over the fan-out) and the variant's padding.
    pub fn init(self, variant: EfficientNetVariant, device: &Device) -> Conv2d {
        let Self { input, output, kernel, stride, groups } = self;
        let half = kernel / 2;
        let padding = match variant {
            EfficientNetVariant::TensorFlow => PaddingConfig2d::Same,
            EfficientNetVariant::Timm => PaddingConfig2d::Explicit(half, half, half, half),
        };
        let gain = 2.0f64.sqrt();
        Conv2dConfig::new([input, output], [kernel, kernel])
            .with_stride([stride, stride])
            .with_groups(groups)
            .with_padding(padding)
            .with_bias(false)
            .with_initializer(Initializer::KaimingNormal { gain, fan_out_only: true })
            .init(device)
    }
}
