//! Random targets and heatmaps.
use proptest::prelude::*;

use super::support::HostTarget;

/// Gaussians at random positions, some landmarks without weight or with an empty heatmap, and
/// heatmaps to compare with them.
pub fn problem() -> impl Strategy<Value = (HostTarget, Vec<f64>, Vec<f64>)> {
    let sizes = (1usize..4, 1usize..6, 2usize..8, 2usize..8);
    sizes.prop_flat_map(|(batch, n, height, width)| {
        let landmarks = prop::collection::vec(
            (0.0..(width as f64 - 1.0), 0.0..(height as f64 - 1.0), 0usize..4),
            batch * n,
        );
        let cells = batch * n * height * width;
        let maps = prop::collection::vec(-1.0f64..1.0, cells);
        let direction = prop::collection::vec(-1.0f64..1.0, cells);
        (landmarks, maps, direction).prop_map(move |(landmarks, maps, direction)| {
            let mut target = HostTarget {
                shape: [batch, n, height, width],
                heatmaps: Vec::new(),
                weights: Vec::new(),
                cells: Vec::new(),
                located: Vec::new(),
            };
            for (x, y, kind) in landmarks {
                let (weight, located) = [(1.0, 1.0), (0.5, 0.5), (1.0, 0.0), (0.0, 0.0)][kind];
                for i in 0..height * width {
                    let (dx, dy) = ((i % width) as f64 - x, (i / width) as f64 - y);
                    let gaussian = (-(dx * dx + dy * dy) / 2.0).exp();
                    target.heatmaps.push(if located > 0.0 { gaussian } else { 0.0 });
                }
                target.weights.push(weight);
                target.located.push(located);
                // The position of a landmark without one must not be used.
                target.cells.extend(if located > 0.0 { [x, y] } else { [f64::NAN, f64::INFINITY] });
            }
            (target, maps, direction)
        })
    })
}
