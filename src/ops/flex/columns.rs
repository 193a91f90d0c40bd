//! The columns of a matrix, in panels as wide as a register block.
use pulp::Arch;

use super::vectors::{arch, lanes, vectors};

/// Columns divided into panels. The last panel has only as many vectors as it needs.
#[derive(Debug, Clone, Copy)]
pub(super) struct Columns {
    pub count: usize,
    /// Columns of a panel.
    pub panel: usize,
    /// The vectors that the panels are made for.
    pub arch: Arch,
    lanes: usize,
}

impl Columns {
    /// Divides `count` columns into panels for the processor's vectors: as few panels as possible,
    /// but an even number of nearly equal ones, so that threads get equal shards.
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

    /// The number of columns in the panel that begins with column `first`.
    #[inline(always)]
    pub fn of_panel(&self, first: usize) -> usize {
        (self.count - first).min(self.panel)
    }

    /// The number of vectors in that panel.
    #[inline(always)]
    pub fn vectors(&self, first: usize) -> usize {
        self.of_panel(first).div_ceil(self.lanes)
    }

    /// The number of columns that these vectors hold.
    #[inline(always)]
    pub fn wide(&self, first: usize) -> usize {
        self.vectors(first) * self.lanes
    }

    /// The number of columns that the vectors of all panels hold.
    pub fn padded(&self) -> usize {
        self.count.next_multiple_of(self.lanes)
    }
}

/// Runs `$body` with the constant `$width`, the number of vectors in a panel, so that it is
/// compiled for each width.
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
