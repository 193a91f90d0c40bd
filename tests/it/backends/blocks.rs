//! All blocks and their parts.
use burn::module::Module;
use dafe::{
    blocks::{
        AttentionMap, ChannelAttentiveSelectionConfig, DafeModuleConfig, Gate, GlobalContextConfig,
        NonLocalConfig, SpatialAttentiveUpsamplingConfig, TopDownAdditionConfig,
        TransposedUpsamplingConfig, upsample_bilinear,
    },
    prelude::*,
    testing::{Tolerance, assert_backends_agree, random_values, randomized},
};
use proptest::prelude::*;

use super::devices::{config, devices};

/// A coarse map and a map about twice as fine.
#[derive(Debug, Clone)]
struct Maps {
    batch: usize,
    /// Channels of the coarse map, the fine map and the output.
    channels: [usize; 3],
    /// `[height, width]` of the coarse map, and of the fine one.
    sizes: [[usize; 2]; 2],
    seed: u64,
}

fn maps() -> impl Strategy<Value = Maps> {
    let size = [2usize..=6, 2..=6];
    let more = [0usize..=2, 0..=2];
    (1usize..=3, [1usize..=9, 1..=9, 1..=9], size, more, any::<u64>()).prop_map(
        |(batch, channels, coarse, more, seed)| {
            let fine = [0, 1].map(|i| 2 * coarse[i] + more[i] - 1);
            Maps { batch, channels, sizes: [coarse, fine], seed }
        },
    )
}

/// The outputs for these maps, in training and without autodiff, which take different paths on
/// Flex.
fn check<M: Module + 'static>(
    maps: &Maps,
    block: M,
    forward: impl Fn(&M, Tensor<4>, Tensor<4>) -> Vec<Tensor<4>>,
) {
    let block = randomized(block, maps.seed);
    let [coarse, fine] = [0, 1].map(|i| {
        let [height, width] = maps.sizes[i];
        random_values(
            [maps.batch, maps.channels[i], height, width],
            maps.seed.wrapping_add(1) + i as u64,
        )
    });
    assert_backends_agree(devices(), Tolerance::default(), |run| {
        let block = run.module("block", &block);
        let (coarse, fine) = (run.input("coarse", &coarse), run.input("fine", &fine));
        for (i, map) in forward(&block, coarse.clone(), fine.clone()).into_iter().enumerate() {
            run.output(&format!("map {i}"), map);
        }
        let constant = forward(&block.valid(), coarse.inner(), fine.inner());
        for (i, map) in constant.into_iter().enumerate() {
            run.value(&format!("map {i} of constants"), map.into_data());
        }
    });
}

fn attention_map() -> impl Strategy<Value = AttentionMap> {
    prop_oneof![
        Just(AttentionMap::Shared),
        Just(AttentionMap::PerChannel),
        Just(AttentionMap::Uniform)
    ]
}

fn gate() -> impl Strategy<Value = Gate> {
    prop_oneof![Just(Gate::Linear), Just(Gate::Sigmoid)]
}

proptest! {
    #![proptest_config(config(64))]

    #[test]
    fn dafe_modules(
        maps in maps(), attention in attention_map(), norm in any::<bool>(), reduction in 1usize..=3,
        gate in gate(),
    ) {
        let [coarse, fine, out] = maps.channels;
        let module = DafeModuleConfig::new(coarse, fine)
            .with_out_channels(Some(out))
            .with_attention(attention)
            .with_norm(norm)
            .with_reduction(reduction)
            .with_gate(gate);
        check(&maps, module.init(&Device::flex()), |module, coarse, fine| {
            let (merged, looked) = module.forward_with_attention(coarse, fine);
            vec![merged, looked.spatial, looked.channel]
        });
    }

    #[test]
    fn spatial_attentive_upsamplings(
        maps in maps(), attention in attention_map(), norm in any::<bool>(),
    ) {
        let [coarse, fine, _] = maps.channels;
        let block = SpatialAttentiveUpsamplingConfig::new(coarse, fine)
            .with_attention(attention)
            .with_norm(norm);
        check(&maps, block.init(&Device::flex()), |block, coarse, fine| {
            vec![block.forward(coarse, fine)]
        });
    }

    #[test]
    fn channel_attentive_selections(maps in maps(), reduction in 1usize..=3, gate in gate()) {
        let block = ChannelAttentiveSelectionConfig::new(maps.channels[0])
            .with_reduction(reduction)
            .with_gate(gate);
        check(&maps, block.init(&Device::flex()), |block, x, _| vec![block.forward(x)]);
    }

    #[test]
    fn rivals(maps in maps(), reduction in 1usize..=3, smooth in any::<bool>()) {
        let ([coarse, fine, out], device) = (maps.channels, Device::flex());
        let size = maps.sizes[1];
        let transposed = TransposedUpsamplingConfig::new(coarse, out).init(&device);
        check(&maps, transposed, |block, x, _| vec![block.forward(x, size)]);
        let addition = TopDownAdditionConfig::new(coarse, fine, out).with_smooth(smooth);
        check(&maps, addition.init(&device), |block, x, y| vec![block.forward(x, y)]);
        let context = GlobalContextConfig::new(coarse).with_reduction(reduction);
        check(&maps, context.init(&device), |block, x, _| vec![block.forward(x)]);
        let non_local = NonLocalConfig::new(coarse).init(&device);
        check(&maps, non_local, |block, x, _| vec![block.forward(x)]);
    }

    #[test]
    fn bilinear_upsampling(maps in maps()) {
        let ([batch, channels], [[height, width], size]) = ([maps.batch, maps.channels[0]], maps.sizes);
        let x = random_values([batch, channels, height, width], maps.seed);
        assert_backends_agree(devices(), Tolerance::default(), |run| {
            let x = run.input("x", &x);
            run.output("y", upsample_bilinear(x, size));
        });
    }
}
