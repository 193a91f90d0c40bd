//! The heatmap codec: hand-computed numbers for each alignment, and properties.
use approx::assert_abs_diff_eq;
use burn::tensor::TensorData;
use dafe::{
    geometry::{Affine, Alignment},
    prelude::*,
};
use proptest::prelude::*;

use crate::common::devices::{devices, on_cpus};

on_cpus!(
    each_alignment_decodes_a_cell_to_its_hand_computed_pixel,
    each_alignment_encodes_a_pixel_to_its_hand_computed_gaussian,
    untrained_and_outside_landmarks_have_empty_maps_and_no_weight,
    quarter_offset_moves_towards_the_higher_neighbor,
    mmposes_quarter_offset_has_its_own_borders,
    the_narrowest_and_widest_gaussians_are_numbers,
    targets_know_what_is_where_and_what_is_nowhere,
);

fn positions(points: &[[f32; 2]], device: &Device) -> Tensor<3> {
    let flat: Vec<f32> = points.iter().flatten().copied().collect();
    Tensor::from_data(TensorData::new(flat, [1, points.len(), 2]), device)
}

fn values(tensor: Tensor<4>) -> Vec<f32> {
    tensor.into_data().try_to_vec().unwrap()
}

fn decoded(
    codec: &HeatmapCodec,
    maps: Tensor<4>,
    refinement: Refinement,
) -> (Vec<[f32; 2]>, Vec<f32>) {
    let image = codec.decode(maps, refinement).into_images().remove(0);
    (image.positions, image.scores)
}

/// A map of zeros except for the given cells (column, row, value).
fn map(codec: &HeatmapCodec, cells: &[(usize, usize, f32)], device: &Device) -> Tensor<4> {
    let [width, height] = codec.heatmap_size();
    let mut map = vec![0.0f32; width * height];
    for &(column, row, value) in cells {
        map[row * width + column] = value;
    }
    Tensor::from_data(TensorData::new(map, [1, 1, height, width]), device)
}

fn each_alignment_decodes_a_cell_to_its_hand_computed_pixel(device: &Device) {
    // Input 320, stride 4, 80 cells; column 20, row 79. HalfPixel: 4·20 + 1.5 = 81.5, 4·79 + 1.5 =
    // 317.5. Legacy: 80, 316. Udp: 20·319/79 = 80.759…, 79·319/79 = 319.
    let codec = HeatmapCodec::new([320, 320], 4, 2.0);
    for (alignment, x, y) in [
        (Alignment::HalfPixel, 81.5, 317.5),
        (Alignment::Legacy, 80.0, 316.0),
        (Alignment::Udp, 80.759_49, 319.0),
    ] {
        let codec = codec.with_alignment(alignment);
        let (points, scores) =
            decoded(&codec, map(&codec, &[(20, 79, 0.7)], device), Refinement::None);
        assert_abs_diff_eq!(points[0][0], x, epsilon = 1e-4);
        assert_abs_diff_eq!(points[0][1], y, epsilon = 1e-4);
        assert_eq!(scores, [0.7]);
    }
}

fn each_alignment_encodes_a_pixel_to_its_hand_computed_gaussian(device: &Device) {
    // Input 16×8, stride 4: 4×2 cells, σ 1. Pixel (6.5, 2.5).
    // HalfPixel: h = (6.5 + ½)/4 − ½ = 1.25, (2.5 + ½)/4 − ½ = 0.25. Legacy: 1.625, 0.625.
    // Udp: 6.5·3/15 = 1.3, 2.5·1/7 = 0.357142…
    let codec = HeatmapCodec::new([16, 8], 4, 1.0);
    for (alignment, hx, hy) in [
        (Alignment::HalfPixel, 1.25, 0.25),
        (Alignment::Legacy, 1.625, 0.625),
        (Alignment::Udp, 1.3, 0.357_142_87),
    ] {
        let codec = codec.with_alignment(alignment);
        let maps = codec.encode(positions(&[[6.5, 2.5]], device), Tensor::ones([1, 1], device));
        assert_eq!(maps.dims(), [1, 1, 2, 4]);
        for (i, value) in values(maps).into_iter().enumerate() {
            let (x, y) = ((i % 4) as f32, (i / 4) as f32);
            let expected = (-((x - hx).powi(2) + (y - hy).powi(2)) / 2.0).exp();
            assert_abs_diff_eq!(value, expected, epsilon = 1e-5);
        }
    }
}

fn untrained_and_outside_landmarks_have_empty_maps_and_no_weight(device: &Device) {
    let codec = HeatmapCodec::new([40, 20], 4, 2.0);
    // 10×5 cells; a cell is inside in [−½, 9½) and [−½, 4½): pixels [−½, 39½) and [−½, 19½).
    let points = [
        [10.0, 10.0],
        [10.0, 10.0],
        [-0.5, -0.5],
        [-0.6, 5.0],
        [39.5, 5.0],
        [5.0, 19.5],
        [f32::NAN, 1.0],
    ];
    let weights = Tensor::<2>::from_floats([[1.0, 0.0, 0.5, 1.0, 1.0, 1.0, 1.0]], device);
    let effective = codec.effective_weights(positions(&points, device), weights.clone());
    let expected = [1.0f32, 0.0, 0.5, 0.0, 0.0, 0.0, 0.0];
    assert_eq!(effective.into_data().try_to_vec::<f32>().unwrap(), expected);
    let maps = values(codec.encode(positions(&points, device), weights));
    for (map, weight) in maps.chunks(50).zip(expected) {
        let highest = map.iter().copied().fold(0.0, f32::max);
        // The weight only affects the loss: the Gaussian's peak is 1 for any weight, up to the
        // grid.
        assert_eq!(highest > 0.5, weight > 0.0, "{map:?}");
        assert!(map.iter().all(|value| value.is_finite()));
    }
}

fn quarter_offset_moves_towards_the_higher_neighbor(device: &Device) {
    let codec = HeatmapCodec::new([32, 32], 4, 1.0);
    let at = |cells: &[(usize, usize, f32)]| {
        decoded(&codec, map(&codec, cells, device), Refinement::QuarterOffset).0[0]
    };
    // Cell (3, 4) is pixel (13.5, 17.5); a quarter of a cell is one pixel.
    assert_eq!(at(&[(3, 4, 1.0), (4, 4, 0.5), (3, 3, 0.2)]), [14.5, 16.5]);
    assert_eq!(at(&[(3, 4, 1.0), (4, 4, 0.5), (2, 4, 0.5)]), [13.5, 17.5]);
    // At the border one neighbor is missing: that axis is not refined.
    assert_eq!(at(&[(0, 4, 1.0), (1, 4, 0.5), (0, 5, 0.1)]), [1.5, 18.5]);
    assert_eq!(at(&[(7, 7, 1.0), (6, 7, 0.5)]), [29.5, 29.5]);
}

fn mmposes_quarter_offset_has_its_own_borders(device: &Device) {
    // 8×8 cells; in this alignment cell h is pixel 4h, and a quarter of a cell one pixel.
    let codec = HeatmapCodec::new([32, 32], 4, 1.0).with_alignment(Alignment::Legacy);
    let at = |cells: &[(usize, usize, f32)]| {
        decoded(&codec, map(&codec, cells, device), Refinement::MmposeQuarterOffset).0[0]
    };
    assert_eq!(at(&[(3, 4, 1.0), (4, 4, 0.5), (3, 3, 0.2)]), [13.0, 15.0]);
    // Column 1 already counts as the border along its axis; the other axis is refined.
    assert_eq!(at(&[(1, 4, 1.0), (2, 4, 0.5), (1, 5, 0.1)]), [4.0, 17.0]);
    assert_eq!(at(&[(4, 1, 1.0), (4, 2, 0.5), (5, 1, 0.1)]), [17.0, 4.0]);
    // In column 0 or row 0, neither axis is refined.
    assert_eq!(at(&[(0, 4, 1.0), (1, 4, 0.5), (0, 5, 0.1)]), [0.0, 16.0]);
    assert_eq!(at(&[(4, 0, 1.0), (4, 1, 0.5), (5, 0, 0.1)]), [16.0, 0.0]);
    // In the last column or row, the other axis is refined.
    assert_eq!(at(&[(7, 4, 1.0), (6, 4, 0.5), (7, 5, 0.1)]), [28.0, 17.0]);
    assert_eq!(at(&[(4, 7, 1.0), (4, 6, 0.5), (5, 7, 0.1)]), [17.0, 28.0]);
    // No positive value: the position is "nowhere".
    assert_eq!(at(&[]), [-4.0, -4.0]);
}

#[test]
fn sizes_that_are_no_multiple_of_the_stride_round_up() {
    assert_eq!(HeatmapCodec::new([250, 199], 4, 2.0).heatmap_size(), [63, 50]);
}

#[test]
#[should_panic(expected = "sigma must be within 0.1 and 8192 heatmap cells, not 0.09")]
fn impossible_codecs_are_refused() {
    HeatmapCodec::new([32, 32], 4, 0.09);
}

fn the_narrowest_and_widest_gaussians_are_numbers(device: &Device) {
    for sigma in HeatmapCodec::SIGMAS {
        let codec = HeatmapCodec::new([32, 32], 4, sigma);
        // At equal distance from four cells, as far from them as possible.
        let maps = codec.encode(positions(&[[15.5, 15.5]], device), Tensor::ones([1, 1], device));
        let (found, scores) = decoded(&codec, maps, Refinement::None);
        assert!(scores[0] > 0.0 && scores[0] <= 1.0, "{scores:?}");
        assert!(found[0].iter().all(|place| (0.0..32.0).contains(place)), "{found:?}");
    }
    let read = |sigma: f64| {
        let mut json = serde_json::to_value(HeatmapCodec::new([32, 32], 4, 1.0)).unwrap();
        json["sigma"] = sigma.into();
        serde_json::from_value::<HeatmapCodec>(json)
    };
    assert!(read(2.0).is_ok());
    for sigma in [0.0, -1.0, 1e-25, 1e300] {
        assert!(read(sigma).unwrap_err().to_string().contains("within 0.1 and 8192"), "{sigma}");
    }
}

/// All pairs.
fn every<A: Clone, B: Clone, const M: usize>(
    one: Vec<A>,
    other: [B; M],
) -> impl Iterator<Item = (A, B)> {
    one.into_iter().flat_map(move |a| other.clone().map(|b| (a.clone(), b)))
}

fn alignments() -> impl Strategy<Value = Alignment> {
    prop_oneof![Just(Alignment::HalfPixel), Just(Alignment::Legacy), Just(Alignment::Udp)]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Crop → encode → decode → un-crop returns the original point, to half a cell on each axis
    /// with argmax and to a quarter with quarter-offset, away from the border.
    #[test]
    fn points_survive_the_round_trip(
        alignment in alignments(),
        (x1, y1) in (-50.0f32..200.0, -50.0f32..200.0),
        (w, h) in (20.0f32..500.0, 20.0f32..500.0),
        (fx, fy) in (0.08f32..0.92, 0.08f32..0.92),
        sizes in prop_oneof![Just([320usize, 320usize]), Just([192, 256]), Just([97, 130])],
        sigma in 1.0f64..3.0,
    ) {
        let bounds = BoundingBox::new(x1, y1, x1 + w, y1 + h).unwrap();
        let codec = HeatmapCodec::new(sizes, 4, sigma).with_alignment(alignment);
        let crop = alignment.crop(&bounds, sizes);
        let truth = (x1 + fx * w, y1 + fy * h);
        let [u, v] = crop.apply_f32([truth.0, truth.1]);
        let back = crop.inverse().unwrap();
        let again = back.apply_f32([u, v]);
        prop_assert!((again[0] - truth.0).abs() < 1e-3 && (again[1] - truth.1).abs() < 1e-3);

        // A cell of the heatmap, in image pixels; Udp's cells are (W−1)/(w_h−1) input pixels.
        let cells = codec.heatmap_size();
        let cell = [0, 1].map(|axis| match alignment {
            Alignment::Udp => (sizes[axis] as f32 - 1.0) / (cells[axis] as f32 - 1.0),
            _ => 4.0,
        });
        let input = [f64::from(cell[0]) / crop.xx, f64::from(cell[1]) / crop.yy];
        let refinements = [(Refinement::None, 0.5), (Refinement::QuarterOffset, 0.25)];
        for (device, (refinement, share)) in every(devices(), refinements) {
            let maps = codec.encode(positions(&[[u, v]], &device), Tensor::ones([1, 1], &device));
            let (found, scores) = decoded(&codec, maps, refinement);
            let [x, y] = back.apply_f32(found[0]);
            prop_assert!(f64::from((x - truth.0).abs()) <= share * input[0] + 2e-3, "{x} is not {}", truth.0);
            prop_assert!(f64::from((y - truth.1).abs()) <= share * input[1] + 2e-3, "{y} is not {}", truth.1);
            prop_assert!(scores[0] > 0.7 && scores[0] <= 1.0);
        }
    }

    /// The heatmap of a flipped input is the flipped heatmap, for all alignments but Legacy, whose
    /// grids only share the first pixel.
    #[test]
    fn flipping_commutes_with_encoding(u in 0.0f32..63.0, v in 0.0f32..63.0, udp in any::<bool>()) {
        let alignment = if udp { Alignment::Udp } else { Alignment::HalfPixel };
        let codec = HeatmapCodec::new([64, 64], 4, 2.0).with_alignment(alignment);
        let [flipped, _] = Affine::flip(64).apply_f32([u, v]);
        for device in devices() {
            let encoded = |u: f32| codec.encode(positions(&[[u, v]], &device), Tensor::ones([1, 1], &device));
            let (one, other) = (values(encoded(u).flip([3])), values(encoded(flipped)));
            for (a, b) in one.iter().zip(&other) {
                prop_assert!((a - b).abs() < 1e-5);
            }
        }
    }

    /// Any values, including NaN, decode to a cell of the map.
    #[test]
    fn decoding_never_leaves_the_map(cells in prop::collection::vec(any::<f32>(), 12 * 8)) {
        let codec = HeatmapCodec::new([48, 32], 4, 2.0);
        let cells = TensorData::new(cells, [1, 1, 8, 12]);
        for (device, refinement) in every(devices(), [Refinement::None, Refinement::QuarterOffset]) {
            let (found, _) = decoded(&codec, Tensor::from_data(cells.clone(), &device), refinement);
            prop_assert!((0.0..48.0).contains(&found[0][0]) && (0.0..32.0).contains(&found[0][1]));
        }
    }
}

fn targets_know_what_is_where_and_what_is_nowhere(device: &Device) {
    let codec = HeatmapCodec::new([16, 8], 4, 1.0);
    // Visible; outside the image; absent and trained towards an empty map; ignored.
    let points = positions(&[[6.5, 2.5], [40.0, 2.5], [f32::NAN, 0.0], [1.0, 1.0]], device);
    let weights = Tensor::from_floats([[1.0, 1.0, 0.0, 0.0]], device);
    let empty = Tensor::from_floats([[0.0, 0.0, 1.0, 0.0]], device);
    let target = codec.target(points.clone(), weights.clone(), empty.clone());
    let host = |tensor: Tensor<2>| tensor.into_data().try_to_vec::<f32>().unwrap();
    assert_eq!(host(target.weights), [1.0, 0.0, 1.0, 0.0]);
    assert_eq!(host(target.located), [1.0, 0.0, 0.0, 0.0]);
    let cells = target.cells.into_data().try_to_vec::<f32>().unwrap();
    // (6.5 + ½)/4 − ½ and (2.5 + ½)/4 − ½.
    assert_eq!(cells[..2], [1.25, 0.25]);
    let maps = target.heatmaps.into_data();
    maps.assert_eq(&codec.encode(points.clone(), weights.clone()).into_data(), true);

    // Half the resolution: (6.5 + ½)/8 − ½ and (2.5 + ½)/8 − ½, with a Gaussian of as many cells.
    let coarse = codec.coarser(2);
    assert_eq!((coarse.heatmap_size(), coarse.stride(), coarse.sigma()), ([2, 1], 8, 1.0));
    let cells = coarse.target(points, weights, empty).cells.into_data();
    assert_eq!(cells.try_to_vec::<f32>().unwrap()[..2], [0.375, -0.125]);
}
