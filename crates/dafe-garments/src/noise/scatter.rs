//! Repeating scattered points, and the nearest of them.
use crate::{
    geometry::point::{Pt, pt},
    random::dice::Dice,
};

/// Points scattered over a repeating square, one in each of `side` × `side` cells.
pub(crate) struct Scatter {
    side: usize,
    points: Vec<Pt>,
}

/// A place relative to the scattered points.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Near {
    /// The distances to the nearest and second nearest point, in cells.
    pub first: f32,
    pub second: f32,
    /// The vector from the nearest point, in cells.
    pub way: Pt,
    /// The nearest point's number.
    pub number: usize,
}

impl Scatter {
    /// Points displaced by up to `loose` (0 not at all, 1 half a cell) from their cells' centers.
    pub fn new(dice: &mut Dice, side: usize, loose: f32) -> Self {
        let mut off = || 0.5 + dice.range(-0.5, 0.5) * loose;
        let points = (0..side * side)
            .map(|i| pt((i % side) as f32 + off(), (i / side) as f32 + off()))
            .collect();
        Self { side, points }
    }

    /// The points nearest to `(x, y)`; coordinates are 0 to 1 and repeat.
    pub fn near(&self, x: f32, y: f32) -> Near {
        let side = self.side as f32;
        let at = pt((x - x.floor()) * side, (y - y.floor()) * side);
        let (column, row) = (at.x as isize, at.y as isize);
        let mut near = Near { first: f32::MAX, second: f32::MAX, way: pt(0.0, 0.0), number: 0 };
        let count = self.side as isize;
        for (dx, dy) in (-1..=1).flat_map(|dy| (-1..=1).map(move |dx| (dx, dy))) {
            let (c, r) = (column + dx, row + dy);
            let number = (r.rem_euclid(count) * count + c.rem_euclid(count)) as usize;
            let home = pt((c - c.rem_euclid(count)) as f32, (r - r.rem_euclid(count)) as f32);
            let way = at - (self.points[number] + home);
            let distance = way.length();
            if distance < near.first {
                near = Near { first: distance, second: near.first, way, number };
            } else if distance < near.second {
                near.second = distance;
            }
        }
        near
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_of_points_in_the_middle_of_their_cells_is_that_of_the_cell() {
        let scatter = Scatter::new(&mut Dice::from_number(1), 4, 0.0);
        let near = scatter.near(0.125 + 0.02, 0.375);
        assert_eq!(near.number, 4);
        assert!((near.first - 0.08).abs() < 1e-5 && (near.second - 0.92).abs() < 1e-5, "{near:?}");
        // Across the edge, the first column follows the last.
        assert_eq!(scatter.near(1.1, -0.1).number, 12);
    }
}
