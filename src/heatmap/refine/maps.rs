//! Heatmaps, cells of them, and the values around those cells.
use burn::tensor::{Bool, DType, Device, FloatDType, Int, Tensor, activation::sigmoid};

/// What heatmaps hold.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(in crate::heatmap) enum Kind {
    /// The target's own values.
    Values,
    /// Numbers whose sigmoid is.
    Logits,
}

impl Kind {
    /// Values of what the maps hold.
    pub fn values<const D: usize>(self, held: Tensor<D>) -> Tensor<D> {
        match self {
            Self::Values => held,
            Self::Logits => sigmoid(held),
        }
    }

    /// [`Self::values`] of one number.
    #[cfg(feature = "flex")]
    pub fn value(self, held: f32) -> f32 {
        match self {
            Self::Values => held,
            Self::Logits => 1.0 / (1.0 + (-held).exp()),
        }
    }
}

/// Heatmaps, flat.
///
/// Cells are compared as they are held: in single precision, the sigmoid of all logits from 17 on is 1, and that of an
/// infinity a number.
pub(in crate::heatmap) struct Maps {
    /// `[B, n, height·width]`, as they are held.
    pub flat: Tensor<3>,
    kind: Kind,
    /// `[width, height]`.
    pub size: [usize; 2],
}

/// `k` cells of each heatmap. All tensors are `[B, n, k]`.
pub(in crate::heatmap) struct Cells {
    pub column: Tensor<3, Int>,
    pub row: Tensor<3, Int>,
    /// The values there, not the logits.
    pub scores: Tensor<3>,
    /// Where there is no such cell; the others of its numbers then mean nothing.
    pub missing: Tensor<3, Bool>,
}

/// Squares of `side` × `side` cells around `N = B·n·k` cells.
pub(super) struct Patches {
    /// `[N, side, side]`; beyond the border, the edge's values.
    pub values: Tensor<3>,
    /// `[N, side, side]`: 1 on the map, 0 beyond its border.
    pub inside: Tensor<3>,
}

impl Maps {
    /// Maps of `[B, n, height, width]`, in single precision: half of it is not enough for positions.
    pub fn new(mut heatmaps: Tensor<4>, kind: Kind) -> Self {
        let [batch, n, height, width] = heatmaps.dims();
        if heatmaps.dtype() != DType::F32 {
            heatmaps = heatmaps.cast(FloatDType::F32);
        }
        let flat = heatmaps.reshape([batch, n, height * width]);
        Self { flat, kind, size: [width, height] }
    }

    /// Maps of values.
    pub fn values(&self) -> Self {
        Self { flat: self.kind.values(self.flat.clone()), kind: Kind::Values, size: self.size }
    }

    pub fn device(&self) -> Device {
        self.flat.device()
    }

    /// Whether a map holds a NaN or an infinity, `[B, n, 1]`: then nothing in it can be trusted.
    pub fn broken(&self) -> Tensor<3, Bool> {
        self.flat.clone().is_finite().all_dim(2).bool_not()
    }

    /// Each map's highest cell, of several equal ones the first; none of a broken map.
    pub fn highest(&self) -> Cells {
        let (highest, index) = self.flat.clone().max_dim_with_indices(2);
        Cells::new(self.kind.values(highest), index, self.broken(), self.size)
    }

    /// The squares that reach `radius` cells beyond those in `column` and `row`, each `[B, n, k]`.
    pub(super) fn patches(
        &self,
        column: &Tensor<3, Int>,
        row: &Tensor<3, Int>,
        radius: usize,
    ) -> Patches {
        let [batch, n, k] = column.dims();
        let (count, side) = (batch * n * k, 2 * radius + 1);
        let [(columns, in_columns), (rows, in_rows)] =
            [(column, self.size[0]), (row, self.size[1])]
                .map(|(center, cells)| reach(center.clone().reshape([count, 1]), radius, cells));
        let index: Tensor<3, Int> = rows.unsqueeze_dim::<3>(2).mul_scalar(self.size[0] as i64)
            + columns.unsqueeze_dim::<3>(1);
        let values = self.flat.clone().gather(2, index.reshape([batch, n, k * side * side]));
        Patches {
            values: self.kind.values(values.reshape([count, side, side])),
            inside: in_rows.unsqueeze_dim::<3>(2) * in_columns.unsqueeze_dim::<3>(1),
        }
    }
}

/// The cells from `radius` before to `radius` after `center` (`[N, 1]`) along an axis of `cells`, `[N, 2·radius + 1]`, those beyond
/// its ends moved onto them; and 1 for each that was not moved, 0 for the others.
pub(super) fn reach(
    center: Tensor<2, Int>,
    radius: usize,
    cells: usize,
) -> (Tensor<2, Int>, Tensor<2>) {
    let radius = radius as i64;
    let steps = Tensor::<1, Int>::arange(-radius..radius + 1, &center.device());
    let unbounded = center + steps.unsqueeze_dim(0);
    let bounded = unbounded.clone().clamp(0, cells as i64 - 1);
    let is_inside = bounded.clone().equal(unbounded).float();
    (bounded, is_inside)
}

impl Cells {
    /// The cells of these indices into the flat maps.
    pub fn new(
        scores: Tensor<3>,
        index: Tensor<3, Int>,
        missing: Tensor<3, Bool>,
        [width, height]: [usize; 2],
    ) -> Self {
        // A backend may give any index for a map of NaN.
        let index = index.clamp(0, (width * height) as i64 - 1);
        let column = index.clone().remainder_scalar(width as i64);
        let row = (index - column.clone()).div_scalar(width as i64);
        Self { column, row, scores, missing }
    }

    /// x and y of the cells' centers.
    pub fn places(&self) -> [Tensor<3>; 2] {
        [self.column.clone().float(), self.row.clone().float()]
    }
}
