//! Frozen parts of the backbone.
use burn::tensor::Device;
use dafe::{
    backbone::{Backbone, ResNetConfig, ResidualKind},
    model::Decoder,
};

use super::{
    comparison::{ROUNDING, difference},
    scene::{batch, config, network},
};
use crate::common::devices::on_cpus;

on_cpus!(frozen_parts_get_no_gradients_and_keep_their_statistics);

fn frozen_parts_get_no_gradients_and_keep_their_statistics(device: &Device) {
    let device = &device.clone().autodiff();
    let batch = batch(3, 3, device);
    for count in 0..=5 {
        for norm in [false, true] {
            let net = network(&config(ResidualKind::Basic, Decoder::Dafe), 4, device);
            let net = net.map_backbone(|backbone| {
                let backbone = backbone.freeze_stages(count);
                if norm { backbone.freeze_norm() } else { backbone }
            });
            let apart = difference(&net, &batch);
            assert!(apart <= ROUNDING, "{count} frozen, norm {norm}: {apart}");
        }
    }
}

#[test]
fn a_frozen_segment_says_so() {
    let device = Device::flex().autodiff();
    let resnet = ResNetConfig::resnet18().with_width(4).init(&device);
    for frozen in 0..=5 {
        let resnet = resnet.clone().freeze_stages(frozen);
        let trained: Vec<_> =
            resnet.segments().unwrap().into_iter().flatten().map(|s| s.is_trained()).collect();
        // The stem and four stages of two blocks each.
        assert_eq!(trained, (0..5).map(|part| part >= frozen).collect::<Vec<_>>());
    }
}
