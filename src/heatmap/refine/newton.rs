//! A Newton step to the point where the derivatives of a map vanish.
use burn::tensor::{Bool, Tensor};

use super::smoothing::{REACH, SIDE};

/// `[N, 25]`: the 5×5 cells around each of `N` cells.
pub(super) struct Neighborhood(pub Tensor<2>);

impl Neighborhood {
    /// `[N, 1]`: the value that many cells right of and below the middle.
    pub fn at(&self, [right, down]: [isize; 2]) -> Tensor<2> {
        let index = (down + REACH as isize) * SIDE as isize + right + REACH as isize;
        self.0.clone().narrow(1, index as usize, 1)
    }

    /// First difference: half the difference between the next and the previous cell.
    pub fn first(&self, [right, down]: [isize; 2]) -> Tensor<2> {
        (self.at([right, down]) - self.at([-right, -down])).div_scalar(2.0)
    }

    /// Second difference: the sum of the next and the previous cell minus twice the middle one.
    pub fn second(&self, [right, down]: [isize; 2]) -> Tensor<2> {
        self.at([right, down]) - self.at([0, 0]).mul_scalar(2.0) + self.at([-right, -down])
    }

    /// DARK's derivatives: the second derivatives along an axis span two cells.
    pub fn wide(&self) -> Derivatives {
        let same = self.at([1, 1]) + self.at([-1, -1]);
        Derivatives {
            x: self.first([1, 0]),
            y: self.first([0, 1]),
            xx: self.second([2, 0]).div_scalar(4.0),
            xy: (same - self.at([1, -1]) - self.at([-1, 1])).div_scalar(4.0),
            yy: self.second([0, 2]).div_scalar(4.0),
        }
    }

    /// UDP's derivatives: they span one cell, the mixed one uses two corners, and the machine
    /// epsilon is added to the others of second order.
    pub fn narrow(&self) -> Derivatives {
        let corners = self.at([1, 1]) + self.at([-1, -1]);
        let edges = self.at([1, 0]) + self.at([-1, 0]) + self.at([0, 1]) + self.at([0, -1]);
        Derivatives {
            x: self.first([1, 0]),
            y: self.first([0, 1]),
            xx: self.second([1, 0]).add_scalar(f32::EPSILON),
            xy: (corners - edges + self.at([0, 0]).mul_scalar(2.0)).div_scalar(2.0),
            yy: self.second([0, 1]).add_scalar(f32::EPSILON),
        }
    }
}

/// First and second derivatives, each `[N, 1]`.
pub(super) struct Derivatives {
    x: Tensor<2>,
    y: Tensor<2>,
    xx: Tensor<2>,
    xy: Tensor<2>,
    yy: Tensor<2>,
}

impl Derivatives {
    fn determinant(&self) -> Tensor<2> {
        self.xx.clone() * self.yy.clone() - self.xy.clone().powi_scalar(2)
    }

    /// Whether there is exactly one such point.
    pub fn is_solvable(&self) -> Tensor<2, Bool> {
        self.determinant().abs().greater_elem(0.0)
    }

    /// Whether that point is a maximum.
    pub fn is_maximum(&self) -> Tensor<2, Bool> {
        self.xx.clone().lower_elem(0.0).bool_and(self.determinant().greater_elem(0.0))
    }

    /// The step to that point, x and y.
    pub fn step(&self) -> [Tensor<2>; 2] {
        let determinant = self.determinant();
        let step = |own: &Tensor<2>, first: &Tensor<2>, other: &Tensor<2>| {
            (self.xy.clone() * other.clone() - own.clone() * first.clone()) / determinant.clone()
        };
        [step(&self.yy, &self.x, &self.y), step(&self.xx, &self.y, &self.x)]
    }
}
