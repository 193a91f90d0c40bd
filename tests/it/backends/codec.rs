//! Encoding and decoding.
use burn::tensor::TensorData;
use dafe::{
    geometry::Alignment,
    heatmap::soft_argmax,
    prelude::*,
    testing::{Tolerance, assert_backends_agree, random_values},
};
use proptest::prelude::*;

use super::devices::{config, devices};

/// Landmarks of images; each heatmap has two distinct peaks.
#[derive(Debug, Clone)]
struct Scene {
    codec: HeatmapCodec,
    /// `[B, n, 2]`.
    positions: TensorData,
    /// `[B, n]`: 0 and 1.
    weights: TensorData,
    seed: u64,
}

fn scenes() -> impl Strategy<Value = Scene> {
    let codec = ([17usize..=24, 17..=24], 1usize..=4, 1.0f64..2.5, 0usize..3);
    (codec, 1usize..=2, 1usize..=3, any::<u64>()).prop_map(
        |((cells, stride, sigma, alignment), batch, n, seed)| {
            let alignments = [Alignment::HalfPixel, Alignment::Legacy, Alignment::Udp];
            let size = cells.map(|cells| cells * stride);
            let codec =
                HeatmapCodec::new(size, stride, sigma).with_alignment(alignments[alignment]);
            let uniform = |shape: Vec<usize>, seed| {
                random_values(shape, seed).iter::<f32>().collect::<Vec<_>>()
            };
            let places = uniform(vec![batch, n, 2], seed).into_iter().enumerate();
            let places = places.map(|(i, place)| (place + 1.0) / 2.0 * size[i % 2] as f32);
            let weights = uniform(vec![batch, n], seed.wrapping_add(1)).into_iter();
            let weights = weights.map(|value| if value < -0.6 { 0.0f32 } else { 1.0 });
            Scene {
                codec,
                positions: TensorData::new(places.collect::<Vec<_>>(), [batch, n, 2]),
                weights: TensorData::new(weights.collect::<Vec<_>>(), [batch, n]),
                seed,
            }
        },
    )
}

impl Scene {
    /// A Gaussian on each map plus half of one at half the map's distance, with noise. All values
    /// differ, so rounding never decides which cell is higher.
    fn heatmaps(&self) -> TensorData {
        let device = Device::flex();
        let [batch, n, _] = self.positions.shape().dims::<3>();
        let size = self.codec.input_size();
        let positions = Tensor::<3>::from_data(self.positions.clone(), &device);
        let half = Tensor::<1>::from_floats(size.map(|side| side as f32 / 2.0), &device);
        let whole = half.clone().mul_scalar(2.0).reshape([1, 1, 2]);
        let elsewhere = (positions.clone() + half.reshape([1, 1, 2])).remainder(whole);
        let all = || Tensor::ones([batch, n], &device);
        let maps = self.codec.encode(positions, all())
            + self.codec.encode(elsewhere, all()).mul_scalar(0.5);
        let noise = Tensor::from_data(random_values(maps.shape(), self.seed), &device);
        (maps + noise * 0.01).into_data()
    }
}

proptest! {
    #![proptest_config(config(64))]

    #[test]
    fn encoding(scene in scenes()) {
        assert_backends_agree(devices(), Tolerance::default(), |run| {
            let weights = run.constant(&scene.weights);
            let maps = scene.codec.encode(run.constant(&scene.positions), weights);
            run.value("heatmaps", maps.into_data());
            let target = scene.codec.target(
                run.constant(&scene.positions),
                run.constant(&scene.weights),
                run.constant(&scene.weights).mul_scalar(-1.0).add_scalar(1.0),
            );
            run.value("target", target.heatmaps.into_data());
            run.value("weights", target.weights.into_data());
            run.value("cells", target.cells.into_data());
            run.value("located", target.located.into_data());
        });
    }

    #[test]
    fn decoding(scene in scenes(), logits in any::<bool>()) {
        let maps = scene.heatmaps();
        for &refinement in Refinement::ALL {
            assert_backends_agree(devices(), Tolerance::default(), |run| {
                let maps = run.constant(&maps).inner();
                let found = match logits {
                    true => scene.codec.decode_logits(maps.clone(), refinement),
                    false => scene.codec.decode(maps.clone(), refinement),
                };
                run.value(&format!("{refinement}: positions"), found.positions.into_data());
                run.value(&format!("{refinement}: scores"), found.scores.into_data());
                let peaks = scene.codec.peaks(maps, 2, refinement);
                run.value(&format!("{refinement}: peaks"), peaks.positions.into_data());
                run.value(&format!("{refinement}: peaks' scores"), peaks.scores.into_data());
                run.value(&format!("{refinement}: found"), peaks.found.into_data());
            });
        }
    }

    #[test]
    fn differentiable_decoding(scene in scenes(), temperature in 0.05f64..1.0) {
        let maps = scene.heatmaps();
        assert_backends_agree(devices(), Tolerance::default(), |run| {
            let maps = run.input("heatmaps", &maps);
            run.output("cells", soft_argmax(maps, temperature));
        });
    }

    #[test]
    fn flip_tests(scene in scenes()) {
        let maps = scene.heatmaps();
        let n = maps.shape()[1];
        let mirrored: Vec<usize> = (0..n).rev().collect();
        assert_backends_agree(devices(), Tolerance::default(), |run| {
            let (maps, flipped) = (run.constant(&maps), run.constant(&maps).mul_scalar(0.5));
            run.value("mean", scene.codec.average_flipped(maps, flipped, &mirrored).into_data());
        });
    }
}
