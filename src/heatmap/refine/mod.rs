//! Refinement: positions between cells from the values around a cell. One file per method.
//!
//! | file | job |
//! |---|---|
//! | `refinement` | the methods by name, with their parameters |
//! | `quarter` | a quarter of a cell towards the higher neighbor |
//! | `dark` | a Newton step on the logarithm of the smoothed map |
//! | `smoothing`, `newton`, `gaussian_fit` | the parts of `dark` |
//! | `soft_argmax` | the mean position by softmax, of a map or around a cell |
//! | `maps` | maps, their cells, and the patches around cells |
mod dark;
mod gaussian_fit;
mod maps;
mod newton;
mod quarter;
mod refinement;
mod smoothing;
mod soft_argmax;

use burn::tensor::Tensor;

pub(super) use maps::{Cells, Kind, Maps};
#[cfg(feature = "flex")]
pub(super) use quarter::Cell;
pub use refinement::Refinement;

/// x and y of the landmark at each cell, in cells, each `[B, n, k]`.
pub(super) fn refine(maps: &Maps, cells: &Cells, refinement: Refinement) -> [Tensor<3>; 2] {
    let places = cells.places();
    let along = |offsets: [Tensor<3>; 2]| -> [Tensor<3>; 2] {
        let [dx, dy] = offsets;
        let [x, y] = places.clone();
        [x + dx, y + dy]
    };
    match refinement {
        Refinement::None => places,
        Refinement::QuarterOffset => along(quarter::quarter_offset(maps, cells)),
        Refinement::MmposeQuarterOffset => {
            nowhere(along(quarter::mmpose_quarter_offset(maps, cells)), cells)
        }
        Refinement::Dark { kernel } => dark::dark(maps, cells, kernel),
        Refinement::MmposeDark { kernel } => nowhere(dark::mmpose_dark(maps, cells, kernel), cells),
        Refinement::DarkUdp { kernel } => dark::dark_udp(maps, cells, kernel),
        // A window as wide as the map is the whole map; the patches would be larger than the map.
        Refinement::SoftArgmax { temperature, window: Some(side) }
            if maps.size.iter().any(|&cells| side < cells) =>
        {
            soft_argmax::of_window(maps, cells, temperature, side)
        }
        Refinement::SoftArgmax { temperature, .. } => {
            soft_argmax::of_map(&maps.values(), cells, temperature)
        }
    }
}

/// Cell (−1, −1), as in MMPose, for maps without a positive value.
fn nowhere(places: [Tensor<3>; 2], cells: &Cells) -> [Tensor<3>; 2] {
    let nothing = cells.scores.clone().lower_equal_elem(0.0);
    places.map(|place| place.mask_fill(nothing.clone(), -1.0))
}
