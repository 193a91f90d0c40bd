//! Whole networks with each decoder.
use burn::module::Module;
use dafe::{
    backbone::{ResNetConfig, ResidualKind},
    model::{Decoder, Supervision},
    prelude::*,
    testing::{Tolerance, assert_backends_agree, random_values, randomized},
};
use proptest::prelude::*;

use super::devices::{config, devices};

/// About twenty layers forward and backward.
pub const DEEP: Tolerance = Tolerance { absolute: 1e-5, relative: 1e-3 };

/// Images whose coarsest maps have sides of 2 or 3 cells: a batch's statistics need several values
/// per channel.
pub fn side() -> impl Strategy<Value = usize> {
    33usize..=80
}

proptest! {
    #![proptest_config(config(32))]

    #[test]
    fn networks(
        decoder in prop::sample::select(Decoder::ALL.to_vec()), deep in any::<bool>(), norm in any::<bool>(),
        sides in [side(), side()], seed in any::<u64>(),
    ) {
        let net = LandmarkNetConfig::new(3)
            .with_backbone(ResNetConfig::new(ResidualKind::Basic, [1, 1, 1, 1]).with_width(4))
            .with_decoder_channels([16, 8, 8])
            .with_decoder(decoder)
            .with_norm(norm)
            .with_supervision(if deep { Supervision::Deep } else { Supervision::Output });
        let net = randomized(net.init(&Device::flex()), seed);
        let images = random_values([2, 3, sides[0], sides[1]], seed.wrapping_add(1));
        assert_backends_agree(devices(), DEEP, |run| {
            let net = run.module("net", &net);
            let output = net.forward_supervised(run.input("images", &images));
            run.output("heatmaps", output.heatmaps);
            for (i, map) in output.auxiliary.into_iter().enumerate() {
                run.output(&format!("auxiliary {i}"), map);
            }
            let detected = net.valid().forward(run.constant(&images).inner());
            run.value("heatmaps for detection", detected.into_data());
        });
    }
}
