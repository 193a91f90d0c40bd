//! Consensus of several passes over one garment.
use crate::{geometry::BoundingBox, heatmap::ImageLandmarks};

/// A pass agrees with the medoid if it lies within this fraction of the region's longer side.
const NEAR: f32 = 0.1;

/// The lowest and the highest weight of a score: every pass has some weight, and an extreme score
/// of a diverged network doesn't outweigh all others.
const WEIGHTS: [f32; 2] = [1e-3, 1.0];

/// Combines the landmarks of several passes over the garment in `region`.
///
/// Each position is the score-weighted mean of the positions near the medoid (the position with the
/// smallest weighted distance to all others), so a pass that took another garment's hem doesn't
/// move it. Each score is the mean of the scores. A single pass is returned unchanged.
///
/// # Panics
/// If there is no pass.
pub(super) fn consensus(looks: &[&ImageLandmarks], region: &BoundingBox) -> ImageLandmarks {
    let near = NEAR * region.width().max(region.height());
    let (positions, scores) = (0..looks[0].scores.len())
        .map(|landmark| {
            let seen = looks.iter().map(|look| (look.positions[landmark], look.scores[landmark]));
            let seen: Vec<_> = seen.collect();
            // Each is divided before the sum: the sum of large finite scores may overflow.
            let mean = seen.iter().map(|(_, score)| score / seen.len() as f32).sum::<f32>();
            (agreed(&seen, near), mean)
        })
        .unzip();
    ImageLandmarks { positions, scores }
}

fn agreed(seen: &[([f32; 2], f32)], near: f32) -> [f32; 2] {
    if let [(position, _)] = seen {
        return *position;
    }
    let [least, most] = WEIGHTS;
    // Not `clamp`, which keeps NaN.
    let weight = |score: f32| score.max(least).min(most);
    let spread = |of: [f32; 2]| -> f32 {
        seen.iter().map(|&(other, score)| weight(score) * distance(of, other)).sum()
    };
    let middle = (seen.iter().map(|(position, _)| *position))
        .min_by(|&a, &b| spread(a).total_cmp(&spread(b)))
        .expect("at least one pass");
    let (mut sum, mut weights) = ([0.0; 2], 0.0);
    for &([x, y], score) in seen.iter().filter(|(other, _)| distance(middle, *other) <= near) {
        // Squared, to favor the more confident of two passes.
        let weight = weight(score).powi(2);
        sum = [sum[0] + weight * x, sum[1] + weight * y];
        weights += weight;
    }
    // Positions that are NaN are near nothing.
    if weights > 0.0 { sum.map(|sum| sum / weights) } else { middle }
}

fn distance([ax, ay]: [f32; 2], [bx, by]: [f32; 2]) -> f32 {
    (ax - bx).hypot(ay - by)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn look(position: [f32; 2], score: f32) -> ImageLandmarks {
        ImageLandmarks { positions: vec![position], scores: vec![score] }
    }

    fn of(looks: &[ImageLandmarks]) -> ImageLandmarks {
        let region = BoundingBox::new(0.0, 0.0, 50.0, 100.0).unwrap();
        consensus(&looks.iter().collect::<Vec<_>>(), &region)
    }

    #[test]
    fn near_looks_are_averaged_by_squared_scores() {
        // Weights 0.25 and 0.0625, 4 : 1.
        let found = of(&[look([10.0, 20.0], 0.5), look([15.0, 20.0], 0.25)]);
        assert_eq!(found, look([11.0, 20.0], 0.375));
    }

    /// 10 pixels are near in a region of 100 pixels.
    #[test]
    fn a_look_apart_from_the_others_doesn_t_move_them() {
        let found =
            of(&[look([10.0, 20.0], 0.5), look([10.0, 80.0], 0.75), look([10.0, 30.0], 0.5)]);
        assert_eq!(found.positions, [[10.0, 25.0]]);
        // Where no two agree, the medoid is taken.
        let found = of(&[look([10.0, 0.0], 0.5), look([10.0, 80.0], 0.5), look([10.0, 30.0], 0.5)]);
        assert_eq!(found.positions, [[10.0, 30.0]]);
    }

    #[test]
    fn one_look_is_as_it_is_and_odd_scores_weigh_something() {
        assert_eq!(of(&[look([1.0, 2.0], -0.5)]), look([1.0, 2.0], -0.5));
        assert_eq!(of(&[look([1.0, 2.0], 0.0), look([3.0, 2.0], -1.0)]).positions, [[2.0, 2.0]]);
        let most = f32::MAX;
        assert_eq!(of(&[look([1.0, 2.0], most), look([3.0, 2.0], most)]), look([2.0, 2.0], most));
        let lost = of(&[look([f32::NAN, 2.0], f32::NAN), look([f32::NAN, 2.0], 0.0)]);
        assert!(lost.scores[0].is_nan());
    }
}
