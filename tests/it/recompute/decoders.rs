//! Every decoder, on both CPU backends.
use burn::tensor::Device;
use dafe::{backbone::ResidualKind, model::Decoder};

use super::{
    comparison::{ROUNDING, difference},
    scene::{batch, config, network},
};
use crate::common::devices::on_cpus;

on_cpus!(every_decoder_gets_the_same_loss_statistics_and_gradients);

fn every_decoder_gets_the_same_loss_statistics_and_gradients(device: &Device) {
    let device = &device.clone().autodiff();
    let batch = batch(3, 1, device);
    for kind in [ResidualKind::Basic, ResidualKind::Bottleneck] {
        for &decoder in Decoder::ALL {
            let apart = difference(&network(&config(kind, decoder), 2, device), &batch);
            // With a single consumer of each map, or with Burn's order of the three equal to ours,
            // bitwise equal on Flex.
            let exact = [Decoder::TransposedConvolution, Decoder::FeaturePyramid];
            let most = if exact.contains(&decoder) { 0.0 } else { ROUNDING };
            assert!(apart <= most, "{kind:?} {decoder}: {apart}");
        }
    }
}
