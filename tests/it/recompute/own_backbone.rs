//! Custom backbones, with and without segments.
use burn::{
    module::Module,
    nn::{
        PaddingConfig2d,
        conv::{Conv2d, Conv2dConfig},
    },
    tensor::activation::relu,
};
use dafe::{
    backbone::{Backbone, FeaturePyramid, ResidualKind, Segment, is_trained},
    model::Decoder,
    prelude::*,
    testing::randomized,
};

use super::{
    comparison::{ROUNDING, difference},
    scene::{batch, config},
};
use crate::common::devices::on_cpus;

on_cpus!(own_backbones_come_apart_or_are_kept);

/// A stack of strided convolutions; its last two stages share one.
#[derive(Module, Debug)]
struct Plain {
    stem: Conv2d,
    stages: Vec<Conv2d>,
    apart: bool,
}

impl Plain {
    fn new(apart: bool, device: &Device) -> Self {
        let halving = |input| {
            Conv2dConfig::new([input, 4], [3, 3])
                .with_stride([2, 2])
                .with_padding(PaddingConfig2d::Explicit(1, 1, 1, 1))
                .init(device)
        };
        Self { stem: halving(3), stages: (0..3).map(|_| halving(4)).collect(), apart }
    }

    fn stage(&self, index: usize, x: Tensor<4>) -> Tensor<4> {
        relu(self.stages[index.min(2)].forward(x))
    }
}

impl Backbone for Plain {
    fn out_channels(&self) -> [usize; 4] {
        [4; 4]
    }

    fn forward(&self, images: Tensor<4>) -> FeaturePyramid {
        let c2 = self.stage(0, relu(self.stem.forward(images)));
        let c3 = self.stage(1, c2.clone());
        let c4 = self.stage(2, c3.clone());
        let c5 = self.stage(3, c4.clone());
        FeaturePyramid { c2, c3, c4, c5 }
    }

    fn segments(&self) -> Option<[Vec<Segment<'_>>; 4]> {
        let mut stages = [0, 1, 2, 3].map(|index| {
            let trained = is_trained(&self.stages[index.min(2)]);
            vec![Segment::new(trained, move |x| self.stage(index, x))]
        });
        let stem = |images| relu(self.stem.forward(images));
        stages[0].insert(0, Segment::new(is_trained(&self.stem), stem));
        self.apart.then_some(stages)
    }
}

fn own_backbones_come_apart_or_are_kept(device: &Device) {
    let device = &device.clone().autodiff();
    let batch = batch(3, 5, device);
    let net = |apart| {
        let backbone = Plain::new(apart, device);
        let config = config(ResidualKind::Basic, Decoder::Dafe);
        randomized(config.init_with(backbone, device), 6).train()
    };
    assert_eq!(difference(&net(false), &batch), 0.0);
    let apart = difference(&net(true), &batch);
    assert!(apart <= ROUNDING, "{apart}");
}
