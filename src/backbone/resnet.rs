//! ResNet without its classifier: "Deep Residual Learning for Image Recognition" (He et al., 2015),
//! as implemented in torchvision (stride in the 3×3 convolution), with torchvision's parameter
//! names.
use burn::{
    config::Config,
    module::Module,
    nn::{
        BatchNorm, BatchNormConfig, Initializer, PaddingConfig2d,
        conv::{Conv2d, Conv2dConfig},
        pool::{MaxPool2d, MaxPool2dConfig},
    },
    tensor::{Device, Tensor, assert_shape},
};

use super::{Backbone, FeaturePyramid, Segment, is_trained};
use crate::{
    named::named_enum,
    ops::{Epilogue, conv2d, max_pool2d},
};

/// The two kinds of residual block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ResidualKind {
    /// Two 3×3 convolutions (ResNet-18 and -34).
    Basic,
    /// 1×1, 3×3, 1×1 with four times the width at the end (ResNet-50 and deeper).
    Bottleneck,
}

named_enum!(ResidualKind, "residual block", { Basic => "basic", Bottleneck => "bottleneck" });

impl ResidualKind {
    /// Output channels of a block divided by its width.
    fn expansion(self) -> usize {
        match self {
            Self::Basic => 1,
            Self::Bottleneck => 4,
        }
    }
}

/// Configuration of [`ResNet`].
///
/// ```
/// use dafe::backbone::ResNetConfig;
///
/// assert_eq!(ResNetConfig::resnet50().out_channels(), [256, 512, 1024, 2048]);
/// let narrow = ResNetConfig::resnet50().with_width(16);
/// assert_eq!(narrow.out_channels(), [64, 128, 256, 512]);
/// ```
#[derive(Config, Debug, PartialEq)]
pub struct ResNetConfig {
    /// The kind of block.
    pub kind: ResidualKind,
    /// Blocks in each of the four stages.
    pub blocks: [usize; 4],
    /// Width of the stem and the first stage; each further stage doubles it. 64 in every published
    /// ResNet; smaller widths give networks that are small enough for a CPU.
    #[config(default = 64)]
    pub width: usize,
    /// Side of the first convolution's kernel, an odd number. 7 in every published ResNet; 3 costs
    /// a fifth of that, which matters in small networks.
    #[config(default = 7)]
    pub stem_kernel: usize,
}

impl ResNetConfig {
    /// ResNet-18.
    pub fn resnet18() -> Self {
        Self::new(ResidualKind::Basic, [2, 2, 2, 2])
    }

    /// ResNet-34.
    pub fn resnet34() -> Self {
        Self::new(ResidualKind::Basic, [3, 4, 6, 3])
    }

    /// ResNet-50, the paper's backbone.
    pub fn resnet50() -> Self {
        Self::new(ResidualKind::Bottleneck, [3, 4, 6, 3])
    }

    /// ResNet-101.
    pub fn resnet101() -> Self {
        Self::new(ResidualKind::Bottleneck, [3, 4, 23, 3])
    }

    /// ResNet-152.
    pub fn resnet152() -> Self {
        Self::new(ResidualKind::Bottleneck, [3, 8, 36, 3])
    }

    /// Channels of the four feature maps, fine to coarse.
    pub fn out_channels(&self) -> [usize; 4] {
        [1, 2, 4, 8].map(|factor| self.width * factor * self.kind.expansion())
    }

    /// A new network with random parameters (Kaiming normal over the fan-out, as in torchvision) on
    /// `device`.
    ///
    /// # Panics
    /// If the stem's kernel is even.
    pub fn init(&self, device: &Device) -> ResNet {
        let stage = |index: usize| -> Vec<ResidualBlock> {
            let width = self.width << index;
            let out = width * self.kind.expansion();
            let before = match index {
                0 => self.width,
                _ => out / 2,
            };
            (0..self.blocks[index])
                .map(|block| match block {
                    0 => ResidualBlock::new(
                        self.kind,
                        before,
                        width,
                        if index == 0 { 1 } else { 2 },
                        device,
                    ),
                    _ => ResidualBlock::new(self.kind, out, width, 1, device),
                })
                .collect()
        };
        assert!(
            self.stem_kernel % 2 == 1,
            "the stem's kernel must be odd, not {}",
            self.stem_kernel
        );
        ResNet {
            conv1: convolution(3, self.width, self.stem_kernel, 2, device),
            bn1: BatchNormConfig::new(self.width).init(device),
            maxpool: MaxPool2dConfig::new([3, 3])
                .with_strides([2, 2])
                .with_padding(PaddingConfig2d::Explicit(1, 1, 1, 1))
                .init(),
            layer1: stage(0),
            layer2: stage(1),
            layer3: stage(2),
            layer4: stage(3),
            out_channels: self.out_channels(),
        }
    }
}

/// ResNet up to its last feature map. Parameters are named as in torchvision.
#[derive(Module, Debug)]
pub struct ResNet {
    conv1: Conv2d,
    bn1: BatchNorm,
    maxpool: MaxPool2d,
    layer1: Vec<ResidualBlock>,
    layer2: Vec<ResidualBlock>,
    layer3: Vec<ResidualBlock>,
    layer4: Vec<ResidualBlock>,
    out_channels: [usize; 4],
}

impl ResNet {
    /// Freezes the first `count` of five parts in training, including their batch normalization.
    ///
    /// The parts are the stem and then the four stages, fine to coarse.
    pub fn freeze_stages(mut self, count: usize) -> Self {
        if count > 0 {
            (self.conv1, self.bn1) = (self.conv1.freeze(), self.bn1.freeze());
        }
        let stages = [&mut self.layer1, &mut self.layer2, &mut self.layer3, &mut self.layer4];
        for stage in stages.into_iter().take(count.saturating_sub(1)) {
            *stage = std::mem::take(stage).freeze();
        }
        self
    }

    /// Freezes all batch normalization in training: parameters and running statistics stay as they
    /// are, and the running statistics are used to normalize.
    pub fn freeze_norm(mut self) -> Self {
        self.bn1 = self.bn1.freeze();
        for stage in [&mut self.layer1, &mut self.layer2, &mut self.layer3, &mut self.layer4] {
            *stage = std::mem::take(stage).into_iter().map(ResidualBlock::freeze_norm).collect();
        }
        self
    }

    /// The input of the first stage.
    fn stem(&self, images: Tensor<4>) -> Tensor<4> {
        assert_shape!(images, [_, 3, _, _]);
        max_pool2d(&self.maxpool, conv2d(&self.conv1, images, Epilogue::norm_relu(&self.bn1)))
    }
}

impl Backbone for ResNet {
    fn out_channels(&self) -> [usize; 4] {
        self.out_channels
    }

    fn forward(&self, images: Tensor<4>) -> FeaturePyramid {
        let c2 = run(&self.layer1, self.stem(images));
        let c3 = run(&self.layer2, c2.clone());
        let c4 = run(&self.layer3, c3.clone());
        let c5 = run(&self.layer4, c4.clone());
        FeaturePyramid { c2, c3, c4, c5 }
    }

    fn segments(&self) -> Option<[Vec<Segment<'_>>; 4]> {
        let mut stages = [&self.layer1, &self.layer2, &self.layer3, &self.layer4].map(|blocks| {
            let pairs = blocks.chunks(2);
            let segments =
                pairs.map(|pair| Segment::new(pair.iter().any(is_trained), move |x| run(pair, x)));
            segments.collect::<Vec<_>>()
        });
        let stem_is_trained = is_trained(&self.conv1) || is_trained(&self.bn1);
        stages[0].insert(0, Segment::new(stem_is_trained, |images| self.stem(images)));
        Some(stages)
    }
}

/// Runs the blocks one after the other.
fn run(blocks: &[ResidualBlock], x: Tensor<4>) -> Tensor<4> {
    blocks.iter().fold(x, |x, block| block.forward(x))
}

/// One residual block of either kind.
#[derive(Module, Debug)]
pub struct ResidualBlock {
    conv1: Conv2d,
    bn1: BatchNorm,
    conv2: Conv2d,
    bn2: BatchNorm,
    conv3: Option<Conv2d>,
    bn3: Option<BatchNorm>,
    // A tuple, so that the parameters get torchvision's names: `downsample.0`, `downsample.1`.
    downsample: Option<(Conv2d, BatchNorm)>,
}

impl ResidualBlock {
    fn new(kind: ResidualKind, input: usize, width: usize, stride: usize, device: &Device) -> Self {
        let out = width * kind.expansion();
        let norm = |channels: usize| BatchNormConfig::new(channels).init(device);
        let bottleneck = kind == ResidualKind::Bottleneck;
        let (conv1, conv2) = match kind {
            ResidualKind::Basic => (
                convolution(input, width, 3, stride, device),
                convolution(width, width, 3, 1, device),
            ),
            ResidualKind::Bottleneck => (
                convolution(input, width, 1, 1, device),
                convolution(width, width, 3, stride, device),
            ),
        };
        Self {
            conv1,
            bn1: norm(width),
            conv2,
            bn2: norm(width),
            conv3: bottleneck.then(|| convolution(width, out, 1, 1, device)),
            bn3: bottleneck.then(|| norm(out)),
            downsample: (stride != 1 || input != out)
                .then(|| (convolution(input, out, 1, stride, device), norm(out))),
        }
    }

    fn freeze_norm(self) -> Self {
        Self {
            bn1: self.bn1.freeze(),
            bn2: self.bn2.freeze(),
            bn3: self.bn3.map(Module::freeze),
            downsample: self.downsample.map(|(conv, norm)| (conv, norm.freeze())),
            ..self
        }
    }

    /// The output of the block.
    ///
    /// # Shapes
    /// - `x`: `[B, input, H, W]`
    /// - output: `[B, output, ceil(H / stride), ceil(W / stride)]`
    pub fn forward(&self, x: Tensor<4>) -> Tensor<4> {
        let mut y = conv2d(&self.conv1, x.clone(), Epilogue::norm_relu(&self.bn1));
        let shortcut = match &self.downsample {
            Some((conv, norm)) => conv2d(conv, x, Epilogue::norm(norm)),
            None => x,
        };
        let (last, norm) = match (&self.conv3, &self.bn3) {
            (Some(conv3), Some(bn3)) => {
                y = conv2d(&self.conv2, y, Epilogue::norm_relu(&self.bn2));
                (conv3, bn3)
            }
            _ => (&self.conv2, &self.bn2),
        };
        conv2d(last, y, Epilogue { residual: Some(shortcut), ..Epilogue::norm_relu(norm) })
    }
}

/// A square convolution without bias, padded to keep the size apart from its stride.
fn convolution(
    input: usize,
    output: usize,
    kernel: usize,
    stride: usize,
    device: &Device,
) -> Conv2d {
    let pad = kernel / 2;
    Conv2dConfig::new([input, output], [kernel, kernel])
        .with_stride([stride, stride])
        .with_padding(PaddingConfig2d::Explicit(pad, pad, pad, pad))
        .with_bias(false)
        .with_initializer(Initializer::KaimingNormal { gain: 2.0f64.sqrt(), fan_out_only: true })
        .init(device)
}
