//! Newton's step to where the derivatives of a map vanish.
use burn::tensor::{Bool, Tensor};

use super::smoothing::{REACH, SIDE};

/// `[N, 25]`: 5×5 cells around each of `N`.
pub(super) struct Neighborhood(pub Tensor<2>);

impl Neighborhood {
    /// `[N, 1]`: the one that many cells (right and down) from the middle.
    pub fn at(&self, [right, down]: [isize; 2]) -> Tensor<2> {
        let index = (down + REACH as isize) * SIDE as isize + right + REACH as isize;
        self.0.clone().narrow(1, index as usize, 1)
    }

    /// Half the difference between the cells ahead and behind.
    pub fn first(&self, [right, down]: [isize; 2]) -> Tensor<2> {
        (self.at([right, down]) - self.at([-right, -down])).div_scalar(2.0)
    }

    /// By how much the cells ahead and behind together are above twice the middle one.
    pub fn second(&self, [right, down]: [isize; 2]) -> Tensor<2> {
        self.at([right, down]) - self.at([0, 0]).mul_scalar(2.0) + self.at([-right, -down])
    }

    /// DARK's derivatives: the second ones along an axis two cells wide.
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

    /// UDP's derivatives: one cell wide, the mixed one from two corners, and the least there is added to the others.
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

    /// Whether there is one such place.
    pub fn is_solvable(&self) -> Tensor<2, Bool> {
        self.determinant().abs().greater_elem(0.0)
    }

    /// Whether that place is a maximum.
    pub fn is_maximum(&self) -> Tensor<2, Bool> {
        self.xx.clone().lower_elem(0.0).bool_and(self.determinant().greater_elem(0.0))
    }

    /// The step there, x and y.
    pub fn step(&self) -> [Tensor<2>; 2] {
        let determinant = self.determinant();
        let step = |own: &Tensor<2>, first: &Tensor<2>, other: &Tensor<2>| {
            (self.xy.clone() * other.clone() - own.clone() * first.clone()) / determinant.clone()
        };
        [step(&self.yy, &self.x, &self.y), step(&self.xx, &self.y, &self.x)]
    }
}
