//! The columns of a matrix, in panels of as many as a block of sums is wide.
use pulp::Arch;

use super::vectors::{arch, lanes, vectors};

/// So many columns in panels. The last panel has as many vectors as it needs.
#[derive(Debug, Clone, Copy)]
pub(super) struct Columns {
    pub count: usize,
    /// Columns of a panel.
    pub panel: usize,
    /// What the panels are made for.
    pub arch: Arch,
    lanes: usize,
}

impl Columns {
    /// In panels for the processor's vectors: as few as can be, but an even number of them, as equal
    /// as can be, so that threads get equal parts.
    pub fn new(count: usize) -> Self {
        let arch = arch();
        let lanes = lanes(arch);
        let all = count.div_ceil(lanes);
        let panels = match all.div_ceil(vectors(lanes)) {
            few @ 0..=1 => few.max(1),
            many => many.next_multiple_of(2),
        };
        Self { count, panel: all.div_ceil(panels).max(1) * lanes, arch, lanes }
    }

    /// The first column of each panel.
    pub fn starts(
        &self,
    ) -> impl DoubleEndedIterator<Item = usize> + ExactSizeIterator + Clone + use<> {
        (0..self.count).step_by(self.panel)
    }

    /// How many columns the panel has that begins with column `first`.
    #[inline(always)]
    pub fn of_panel(&self, first: usize) -> usize {
        (self.count - first).min(self.panel)
    }

    /// How many vectors it has.
    #[inline(always)]
    pub fn vectors(&self, first: usize) -> usize {
        self.of_panel(first).div_ceil(self.lanes)
    }

    /// How many columns these vectors hold.
    #[inline(always)]
    pub fn wide(&self, first: usize) -> usize {
        self.vectors(first) * self.lanes
    }

    /// How many columns the vectors of all panels hold.
    pub fn padded(&self) -> usize {
        self.count.next_multiple_of(self.lanes)
    }
}

/// `$body` with the constant `$width`, how many vectors a panel has, for it to be compiled for
/// each.
macro_rules! with_width {
    ($vectors:expr, $width:ident => $body:expr) => {
        match $vectors {
            1 => {
                const $width: usize = 1;
                $body
            }
            2 => {
                const $width: usize = 2;
                $body
            }
            3 => {
                const $width: usize = 3;
                $body
            }
            _ => {
                const $width: usize = $crate::ops::flex::vectors::VECTORS;
                $body
            }
        }
    };
}
pub(super) use with_width;
