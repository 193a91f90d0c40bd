//! The paper's network (§3.1, Fig. 1), with any backbone.
use burn::{
    module::Module,
    nn::{
        Initializer,
        conv::{Conv2d, Conv2dConfig},
    },
    tensor::{Device, Tensor},
};

#[cfg(doc)]
use super::Decoder;
use super::{
    config::LandmarkNetConfig,
    decoder_stage::DecoderStage,
    supervision::{SupervisedOutput, Supervision},
};
use crate::{
    backbone::{AnyBackbone, Backbone, FeaturePyramid},
    blocks::DafeAttention,
    ops::{Epilogue, conv2d, in_parts, in_pool},
};

/// Predicts one heatmap per landmark, at a quarter of the image's size.
///
#[cfg_attr(feature = "flex", doc = "```")]
#[cfg_attr(not(feature = "flex"), doc = "```ignore")]
/// use dafe::{backbone::ResNetConfig, prelude::*};
///
/// let device = Device::flex();
/// let net = LandmarkNetConfig::new(8)
///     .with_backbone(ResNetConfig::resnet18().with_width(8))
///     .with_decoder_channels([16, 16, 16])
///     .init(&device);
/// let images = Tensor::<4>::zeros([2, 3, 64, 96], &device);
/// assert_eq!(net.forward(images).dims(), [2, 8, 16, 24]);
/// ```
#[derive(Module, Debug)]
pub struct LandmarkNet<B: Backbone = AnyBackbone> {
    backbone: B,
    decoder: Vec<DecoderStage>,
    head: Conv2d,
    auxiliary: Option<Vec<Conv2d>>,
}

/// Heatmaps, and the attention weights of each DAFE module.
#[derive(Debug, Clone)]
pub struct LandmarkOutput {
    /// `[B, n, ceil(H/4), ceil(W/4)]`.
    pub heatmaps: Tensor<4>,
    /// One entry for each DAFE module, coarse to fine; empty with another [`Decoder`].
    pub attention: Vec<DafeAttention>,
}

impl LandmarkNetConfig {
    /// A new network with random parameters on `device`.
    pub fn init(&self, device: &Device) -> LandmarkNet {
        self.init_with(self.backbone.init(device), device)
    }

    /// A new network with your own backbone; [`Self::backbone`](field@Self::backbone) is not used.
    pub fn init_with<B: Backbone>(&self, backbone: B, device: &Device) -> LandmarkNet<B> {
        let [c2, c3, c4, c5] = backbone.out_channels();
        let mut high = c5;
        let decoder = [c4, c3, c2]
            .into_iter()
            .enumerate()
            .map(|(index, low)| {
                let stage = DecoderStage::new(self, index, high, low, device);
                high = self.decoder_channels[index];
                stage
            })
            .collect();
        // Heatmaps start nearly empty, as most of the target is (SimpleBaseline's initialization).
        let head = |channels: usize| {
            Conv2dConfig::new([channels, self.num_landmarks], [1, 1])
                .with_initializer(Initializer::Normal { mean: 0.0, std: 0.001 })
                .init(device)
        };
        let [coarsest, coarser, finest] = self.decoder_channels;
        let auxiliary = match self.supervision {
            Supervision::Output => None,
            Supervision::Deep => Some(vec![head(coarsest), head(coarser)]),
        };
        LandmarkNet { backbone, decoder, head: head(finest), auxiliary }
    }
}

impl<B: Backbone> LandmarkNet<B> {
    /// The heatmaps of `images`.
    ///
    /// # Shapes
    /// - `images`: `[B, 3, H, W]`, RGB, normalized with ImageNet's mean and deviation
    /// - output: `[B, n, ceil(H/4), ceil(W/4)]`
    pub fn forward(&self, images: Tensor<4>) -> Tensor<4> {
        in_pool(&images.device(), self, move |net| {
            in_parts(images, |images| net.forward_pyramid(net.backbone.forward(images)))
        })
    }

    /// The heatmaps for the feature maps in `pyramid`: [`Self::forward`] without the backbone.
    ///
    /// # Shapes
    /// - `pyramid`: as output by [`Backbone::forward`]
    /// - output: `[B, n, H, W]`, with the size of `c2`
    pub fn forward_pyramid(&self, pyramid: FeaturePyramid) -> Tensor<4> {
        self.run(pyramid, DecoderStage::forward)
    }

    /// [`Self::forward`], also returning the attention weights of each module.
    pub fn forward_with_attention(&self, images: Tensor<4>) -> LandmarkOutput {
        let mut attention = Vec::with_capacity(self.decoder.len());
        let heatmaps = self.run(self.backbone.forward(images), |stage, high, low| {
            let (merged, looked) = stage.forward_with_attention(high, low);
            attention.extend(looked);
            merged
        });
        LandmarkOutput { heatmaps, attention }
    }

    /// [`Self::forward`], also returning the auxiliary heatmaps, coarse to fine, if the network has
    /// them.
    ///
    /// # Shapes
    /// As [`Self::forward`]; [`SupervisedOutput`] gives the shapes of the auxiliary heatmaps.
    pub fn forward_supervised(&self, images: Tensor<4>) -> SupervisedOutput {
        self.forward_pyramid_supervised(self.backbone.forward(images))
    }

    /// [`Self::forward_pyramid`], also returning the auxiliary heatmaps, coarse to fine, if the
    /// network has them.
    ///
    /// # Shapes
    /// As [`Self::forward_pyramid`]; [`SupervisedOutput`] gives the shapes of the auxiliary
    /// heatmaps.
    pub fn forward_pyramid_supervised(&self, pyramid: FeaturePyramid) -> SupervisedOutput {
        let mut heads = self.auxiliary.iter().flatten();
        let mut auxiliary = Vec::new();
        let heatmaps = self.run(pyramid, |stage, high, low| {
            let merged = stage.forward(high, low);
            let head = heads.next();
            auxiliary.extend(head.map(|head| conv2d(head, merged.clone(), Epilogue::default())));
            merged
        });
        SupervisedOutput { heatmaps, auxiliary }
    }

    /// Runs the decoder's stages, from the coarsest on, with `merge`, and then the head.
    fn run(
        &self,
        pyramid: FeaturePyramid,
        mut merge: impl FnMut(&DecoderStage, Tensor<4>, Tensor<4>) -> Tensor<4>,
    ) -> Tensor<4> {
        let stages = self.decoder.iter().zip([pyramid.c4, pyramid.c3, pyramid.c2]);
        let finest = stages.fold(pyramid.c5, |high, (stage, low)| merge(stage, high, low));
        conv2d(&self.head, finest, Epilogue::default())
    }

    /// Which maps of the network are trained.
    pub fn supervision(&self) -> Supervision {
        match self.auxiliary {
            None => Supervision::Output,
            Some(_) => Supervision::Deep,
        }
    }

    /// The same network without the heads that only training needs.
    pub fn without_auxiliary(self) -> Self {
        Self { auxiliary: None, ..self }
    }

    /// The number of landmarks that the network predicts.
    pub fn num_landmarks(&self) -> usize {
        self.head.weight.dims()[0]
    }

    /// The stages of the decoder, coarse to fine.
    pub fn decoder(&self) -> &[DecoderStage] {
        &self.decoder
    }

    /// The same network with its backbone changed, for example to freeze parts of it.
    pub fn map_backbone(self, change: impl FnOnce(B) -> B) -> Self {
        Self { backbone: change(self.backbone), ..self }
    }

    /// The backbone.
    pub fn backbone(&self) -> &B {
        &self.backbone
    }
}
