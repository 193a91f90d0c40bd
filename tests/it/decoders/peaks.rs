//! Several peaks per heatmap.
use approx::assert_abs_diff_eq;
use dafe::prelude::*;

use super::support::*;
use crate::common::devices::on_cpus;

on_cpus!(peaks_of_two_gaussians_are_refined_each,);

#[test]
fn peaks_are_local_maxima_in_order() {
    let codec = cells([12, 9], 1.0);
    let mut values = vec![-1.0f32; 12 * 9];
    // Two peaks; a step beside the higher one; two equal cells in a row; a square of equal cells; a
    // corner below zero.
    for (column, row, value) in [
        (2, 2, 0.9),
        (3, 2, 0.8),
        (8, 2, 0.7),
        (2, 6, 0.5),
        (3, 6, 0.5),
        (7, 5, 0.25),
        (8, 5, 0.25),
        (7, 6, 0.25),
        (8, 6, 0.25),
        (11, 8, -0.5),
    ] {
        values[row * 12 + column] = value;
    }
    for device in devices() {
        let maps = tensor(values.clone(), [1, 1, 9, 12], &device);
        let peaks = codec.peaks(maps.clone(), 5, Refinement::None);
        assert_eq!(peaks.positions.dims(), [1, 1, 5, 2]);
        assert_eq!(numbers(peaks.scores), [0.9, 0.7, 0.5, 0.25, -0.5]);
        let places = [[2.0, 2.0], [8.0, 2.0], [2.0, 6.0], [7.0, 5.0], [11.0, 8.0]];
        assert_eq!(numbers(peaks.positions), places.as_flattened());
        // The first peak is that of `decode`. Each peak is refined independently: away from the
        // row's second cell, towards it.
        let peaks = codec.peaks(maps.clone(), 3, Refinement::QuarterOffset);
        let found = codec.decode(maps, Refinement::QuarterOffset);
        let places = [[2.25, 2.0], [8.0, 2.0], [2.25, 6.0]];
        assert_eq!(numbers(peaks.positions), places.as_flattened());
        assert_eq!(numbers(found.positions), places[0]);
    }
}

#[test]
fn peaks_that_are_not_there_come_last() {
    let codec = cells([3, 2], 1.0);
    for device in devices() {
        // A flat map is a single plateau; more peaks than cells may be requested.
        let maps = Tensor::<4>::full([1, 1, 2, 3], 0.25, &device);
        let peaks = codec.peaks(maps, 8, Refinement::None);
        let mut scores = [0.0; 8];
        scores[0] = 0.25;
        assert_eq!(numbers(peaks.scores), scores);
        let first = scores.map(|score| score > 0.0);
        assert_eq!(peaks.found.into_data().iter::<bool>().collect::<Vec<_>>(), first);
        // A peak of 0 counts as well.
        let maps = tensor(vec![-1.0, 0.0, -1.0, -2.0, -2.0, -2.0], [1, 1, 2, 3], &device);
        let low = codec.peaks(maps, 2, Refinement::None);
        assert_eq!(numbers(low.scores), [0.0; 2]);
        assert_eq!(low.found.into_data().iter::<bool>().collect::<Vec<_>>(), [true, false]);
        let places = numbers(peaks.positions);
        assert_eq!(places[..2], [0.0, 0.0]);
        assert_eq!(places[2..], [1.0, 0.5].repeat(7));
    }
}

fn peaks_of_two_gaussians_are_refined_each(device: &Device) {
    let codec = cells([48, 40], 2.0);
    let places = [[12.3, 11.8], [34.6, 27.1]];
    let maps =
        heatmap(&codec, places[0], device) + heatmap(&codec, places[1], device).mul_scalar(0.6);
    assert_eq!(maps.device(), *device);
    for refinement in Refinement::ALL.iter().copied().skip(3) {
        let peaks = codec.peaks(maps.clone(), 2, refinement);
        for (found, place) in numbers(peaks.positions).iter().zip(places.as_flattened()) {
            // A lower peak has a flatter softmax: 0.6 of a Gaussian at temperature 0.1 equals a
            // whole one at 0.17.
            assert_abs_diff_eq!(found, place, epsilon = 0.05);
        }
    }
}
