//! Heatmaps, their cells, and the values around cells.
use burn::tensor::{Bool, DType, Device, FloatDType, Int, Tensor, activation::sigmoid};

/// What the values of heatmaps are.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(in crate::heatmap) enum Kind {
    /// The target's own values.
    Values,
    /// Logits, whose sigmoid is compared with the target.
    Logits,
}

impl Kind {
    /// The values, with the sigmoid applied to logits.
    pub fn values<const D: usize>(self, held: Tensor<D>) -> Tensor<D> {
        match self {
            Self::Values => held,
            Self::Logits => sigmoid(held),
        }
    }

    /// [`Self::values`] for one number.
    #[cfg(feature = "flex")]
    pub fn value(self, held: f32) -> f32 {
        match self {
            Self::Values => held,
            Self::Logits => 1.0 / (1.0 + (-held).exp()),
        }
    }
}

/// Flattened heatmaps.
///
/// Cells are compared as they are stored, as values or logits: in single precision, the sigmoid of
/// all logits from 17 on is 1, and the sigmoid of an infinity is finite.
pub(in crate::heatmap) struct Maps {
    /// `[B, n, height·width]`, as stored.
    pub flat: Tensor<3>,
    kind: Kind,
    /// `[width, height]`.
    pub size: [usize; 2],
}

/// `k` cells of each heatmap. All tensors are `[B, n, k]`.
pub(in crate::heatmap) struct Cells {
    pub column: Tensor<3, Int>,
    pub row: Tensor<3, Int>,
    /// The values at the cells, not the logits.
    pub scores: Tensor<3>,
    /// Where the cell does not exist; the other fields are then meaningless.
    pub missing: Tensor<3, Bool>,
}

/// Patches of `side` × `side` cells around `N = B·n·k` cells.
pub(super) struct Patches {
    /// `[N, side, side]`; cells beyond the border repeat the edge.
    pub values: Tensor<3>,
    /// `[N, side, side]`: 1 on the map, 0 beyond its border.
    pub inside: Tensor<3>,
}

impl Maps {
    /// From heatmaps `[B, n, height, width]`, converted to single precision: half precision is not
    /// enough for positions.
    pub fn new(mut heatmaps: Tensor<4>, kind: Kind) -> Self {
        let [batch, n, height, width] = heatmaps.dims();
        if heatmaps.dtype() != DType::F32 {
            heatmaps = heatmaps.cast(FloatDType::F32);
        }
        let flat = heatmaps.reshape([batch, n, height * width]);
        Self { flat, kind, size: [width, height] }
    }

    /// The same maps as values.
    pub fn values(&self) -> Self {
        Self { flat: self.kind.values(self.flat.clone()), kind: Kind::Values, size: self.size }
    }

    pub fn device(&self) -> Device {
        self.flat.device()
    }

    /// Whether a map contains a NaN or an infinity, `[B, n, 1]`; the whole map is then not used.
    pub fn broken(&self) -> Tensor<3, Bool> {
        self.flat.clone().is_finite().all_dim(2).bool_not()
    }

    /// Each map's highest cell, the first of several equal ones; missing for broken maps.
    pub fn highest(&self) -> Cells {
        let (highest, index) = self.flat.clone().max_dim_with_indices(2);
        Cells::new(self.kind.values(highest), index, self.broken(), self.size)
    }

    /// The patches that extend `radius` cells beyond the cells in `column` and `row`, each
    /// `[B, n, k]`.
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

/// The cells from `radius` before to `radius` after `center` (`[N, 1]`) along an axis of `cells`,
/// `[N, 2·radius + 1]`, clamped to the axis; and 1 for each cell that was not clamped, 0 for the
/// others.
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
    /// The cells at these indices into the flattened maps.
    pub fn new(
        scores: Tensor<3>,
        index: Tensor<3, Int>,
        missing: Tensor<3, Bool>,
        [width, height]: [usize; 2],
    ) -> Self {
        // A backend may give any index for a map of NaNs.
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
