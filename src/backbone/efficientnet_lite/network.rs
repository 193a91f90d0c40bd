//! The network, up to its last feature map.
use burn::{
    module::Module,
    nn::{BatchNorm, conv::Conv2d},
    tensor::{Device, Tensor, TensorData, assert_shape},
};

use super::{
    block::{Convolution, InvertedResidual, norm, norm_relu6},
    config::{EfficientNetLiteConfig, EfficientNetVariant},
    stages::LEVELS,
};
use crate::{
    backbone::{Backbone, FeaturePyramid, IMAGENET_MEAN, IMAGENET_STD, Segment, is_trained},
    ops::conv2d,
};

/// EfficientNet-Lite up to its last feature map: "EfficientNet" (Tan and Le, 2019) without
/// squeeze-and-excitation and with ReLU6, by the same authors. Parameters are named as in timm.
///
/// Images are expected with ImageNet's mean and standard deviation, as for every [`Backbone`]. If
/// the variant's weights were trained with another normalization, the network converts the images
/// itself.
#[derive(Module, Debug)]
pub struct EfficientNetLite {
    conv_stem: Conv2d,
    bn1: BatchNorm,
    blocks: Vec<Vec<InvertedResidual>>,
    out_channels: [usize; 4],
    #[module(skip)]
    variant: EfficientNetVariant,
}

impl EfficientNetLiteConfig {
    /// A new network with random parameters (Kaiming normal over the fan-out) on `device`.
    pub fn init(&self, device: &Device) -> EfficientNetLite {
        let variant = self.variant;
        let stem = Convolution { stride: 2, ..Convolution::new(3, self.stem, 3) };
        let blocks = self.stages().map(|stage| {
            stage.blocks().map(|block| InvertedResidual::new(block, variant, device)).collect()
        });
        EfficientNetLite {
            conv_stem: stem.init(variant, device),
            bn1: norm(self.stem, variant, device),
            blocks: blocks.collect(),
            out_channels: self.out_channels(),
            variant,
        }
    }
}

impl EfficientNetLite {
    /// The source of compatible pretrained weights.
    pub fn variant(&self) -> EfficientNetVariant {
        self.variant
    }

    /// Freezes the first `count` of five parts in training, including their batch normalization.
    ///
    /// The parts are the stem and then the stages that lead to each feature map, fine to coarse.
    pub fn freeze_stages(mut self, count: usize) -> Self {
        if count > 0 {
            (self.conv_stem, self.bn1) = (self.conv_stem.freeze(), self.bn1.freeze());
        }
        for stages in LEVELS.into_iter().take(count.saturating_sub(1)) {
            for stage in &mut self.blocks[stages] {
                *stage = std::mem::take(stage).freeze();
            }
        }
        self
    }

    /// Freezes all batch normalization in training: parameters and running statistics stay as they
    /// are, and the running statistics are used to normalize.
    pub fn freeze_norm(mut self) -> Self {
        self.bn1 = self.bn1.freeze();
        for stage in &mut self.blocks {
            *stage = std::mem::take(stage).into_iter().map(InvertedResidual::freeze_norm).collect();
        }
        self
    }

    /// The input of the first stage.
    fn stem(&self, images: Tensor<4>) -> Tensor<4> {
        assert_shape!(images, [_, 3, _, _]);
        conv2d(&self.conv_stem, self.renormalized(images), norm_relu6(&self.bn1))
    }

    /// Converts images from ImageNet's normalization to the variant's.
    fn renormalized(&self, images: Tensor<4>) -> Tensor<4> {
        let [means, deviations] = self.variant.normalization();
        if [means, deviations] == [IMAGENET_MEAN, IMAGENET_STD] {
            return images;
        }
        let device = images.device();
        let colors = |values: [f32; 3]| {
            let data = TensorData::new(values.to_vec(), [1, 3, 1, 1]);
            Tensor::<4>::from_data(data, (&device, images.dtype()))
        };
        let scales = [0, 1, 2].map(|color| IMAGENET_STD[color] / deviations[color]);
        let shifts =
            [0, 1, 2].map(|color| (IMAGENET_MEAN[color] - means[color]) / deviations[color]);
        let (scales, shifts) = (colors(scales), colors(shifts));
        images * scales + shifts
    }

    /// The weights of the first convolution, and the running variances of the normalization after
    /// it.
    #[cfg(feature = "weights")]
    pub(crate) fn first_layer(&self) -> [TensorData; 2] {
        [self.conv_stem.weight.val().into_data(), self.bn1.running_var.value_sync().into_data()]
    }

    /// The blocks that lead to one map of the pyramid.
    fn level(&self, index: usize) -> impl Iterator<Item = &InvertedResidual> {
        self.blocks[LEVELS[index].clone()].iter().flatten()
    }
}

impl Backbone for EfficientNetLite {
    fn out_channels(&self) -> [usize; 4] {
        self.out_channels
    }

    fn forward(&self, images: Tensor<4>) -> FeaturePyramid {
        let run = |index, x| self.level(index).fold(x, |x, block| block.forward(x));
        let c2 = run(0, self.stem(images));
        let c3 = run(1, c2.clone());
        let c4 = run(2, c3.clone());
        let c5 = run(3, c4.clone());
        FeaturePyramid { c2, c3, c4, c5 }
    }

    fn segments(&self) -> Option<[Vec<Segment<'_>>; 4]> {
        let mut levels = [0, 1, 2, 3].map(|index| {
            let blocks = self.level(index);
            blocks.map(|block| Segment::new(is_trained(block), |x| block.forward(x))).collect()
        });
        let stem_is_trained = is_trained(&self.conv_stem) || is_trained(&self.bn1);
        let stem = Segment::new(stem_is_trained, |images| self.stem(images));
        let first: &mut Vec<_> = &mut levels[0];
        first.insert(0, stem);
        Some(levels)
    }
}
