//! The geometry of a convolution: sizes, and which input pixels each output pixel is a sum of.

/// The sizes of a convolution. Pairs are `[height, width]`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::ops) struct Geometry {
    pub kernel: [usize; 2],
    pub stride: [usize; 2],
    /// Before and after, for rows and for columns.
    pub padding: [(usize, usize); 2],
    pub dilation: [usize; 2],
    pub groups: usize,
}

impl Geometry {
    /// The size of the output for an input of `size`: the number of positions where the kernel
    /// fits.
    pub fn output(&self, size: [usize; 2]) -> [usize; 2] {
        [0, 1].map(|i| {
            let covered = self.dilation[i] * (self.kernel[i] - 1) + 1;
            let padded = size[i] + self.padding[i].0 + self.padding[i].1;
            assert!(
                padded >= covered,
                "a kernel that covers {covered} pixels doesn't fit a side of {padded}, padding included"
            );
            (padded - covered) / self.stride[i] + 1
        })
    }

    /// The grids of a convolution: a single one.
    pub(super) fn grids(&self) -> Grids {
        let axis = |i: usize| {
            let taps = (0..self.kernel[i]).map(|tap| {
                let offset = (tap * self.dilation[i]) as isize - self.padding[i].0 as isize;
                (tap, offset)
            });
            vec![Axis { origin: 0, taps: taps.collect() }]
        };
        Grids { phases: self.phases([axis(0), axis(1)]), stride: self.stride, step: [1, 1] }
    }

    /// The grids of its gradient with respect to the input, which is also a transposed convolution.
    /// Output pixel `o` is a sum over the taps for which a pixel of the input (the gradient) lies
    /// at `(o + padding − tap · dilation) / stride`. The taps for which this is an integer are the
    /// same for every stride-th pixel.
    pub(super) fn transposed_grids(&self) -> Grids {
        let axis = |i: usize| {
            let stride = self.stride[i] as isize;
            let phases = (0..self.stride[i]).map(|origin| {
                let taps = (0..self.kernel[i]).filter_map(|tap| {
                    let at =
                        (origin + self.padding[i].0) as isize - (tap * self.dilation[i]) as isize;
                    (at % stride == 0).then_some((tap, at / stride))
                });
                Axis { origin, taps: taps.collect() }
            });
            phases.collect::<Vec<_>>()
        };
        Grids { phases: self.phases([axis(0), axis(1)]), stride: [1, 1], step: self.stride }
    }

    /// All pairs of the phases of the two axes.
    fn phases(&self, [rows, columns]: [Vec<Axis>; 2]) -> Vec<Phase> {
        let pairs = rows.iter().flat_map(|row| columns.iter().map(move |column| (row, column)));
        let phase = |(row, column): (&Axis, &Axis)| {
            let taps = row.taps.iter().flat_map(|&(y, down)| {
                let right = column.taps.iter();
                right.map(move |&(x, right)| Tap {
                    index: y * self.kernel[1] + x,
                    offset: [down, right],
                })
            });
            Phase { origin: [row.origin, column.origin], taps: taps.collect() }
        };
        pairs.map(phase).collect()
    }
}

/// One axis of a [`Phase`]: the indices and offsets of its taps.
struct Axis {
    origin: usize,
    taps: Vec<(usize, isize)>,
}

/// The output pixels, grouped into grids of pixels that are sums over the same taps. Pairs are
/// `[height, width]`.
#[derive(Debug, Clone)]
pub(super) struct Grids {
    pub phases: Vec<Phase>,
    /// The distance between cells of a grid, in input pixels.
    pub stride: [usize; 2],
    /// The same, in output pixels.
    pub step: [usize; 2],
}

/// The pixels `origin + step · cell`, which are sums over `taps`.
#[derive(Debug, Clone)]
pub(super) struct Phase {
    pub origin: [usize; 2],
    pub taps: Vec<Tap>,
}

/// A tap of the kernel; the input pixel for cell `i` is `stride · i + offset`.
#[derive(Debug, Clone, Copy)]
pub(super) struct Tap {
    /// Its index among all taps of the kernel, row by row.
    pub index: usize,
    pub offset: [isize; 2],
}

impl Grids {
    /// The maximum number of cells of a grid, for an output of `size`.
    pub fn cells(&self, size: [usize; 2]) -> [usize; 2] {
        [0, 1].map(|i| size[i].div_ceil(self.step[i]))
    }
}

/// The input pixels that a phase's outputs are sums of.
#[derive(Debug, Default)]
pub(super) struct Table {
    /// Each output pixel, counted through the batch.
    pub pixels: Vec<usize>,
    /// For each output pixel and each tap, the input pixel, counted through the batch, or
    /// [`OUTSIDE`].
    pub sources: Vec<usize>,
}

/// Stands for a pixel beyond the border, where all values are zero.
pub(super) const OUTSIDE: usize = usize::MAX;

impl Table {
    /// The table for a phase's cells in some rows of cells, which are counted through the batch.
    pub fn new(
        grids: &Grids,
        phase: &Phase,
        input: [usize; 2],
        output: [usize; 2],
        rows: std::ops::Range<usize>,
    ) -> Self {
        let [cell_rows, cell_columns] = grids.cells(output);
        let count = rows.len() * cell_columns;
        let mut table = Self {
            pixels: Vec::with_capacity(count),
            sources: Vec::with_capacity(count * phase.taps.len()),
        };
        let mut starts_of_taps: Vec<Option<usize>> = Vec::with_capacity(phase.taps.len());
        for row in rows {
            let (image, row) = (row / cell_rows, row % cell_rows);
            let y = row * grids.step[0] + phase.origin[0];
            if y >= output[0] {
                continue;
            }
            // Negative positions wrap around, beyond any side.
            let pixel = |axis: usize, cell: usize, tap: &Tap| {
                (cell * grids.stride[axis]).wrapping_add_signed(tap.offset[axis])
            };
            // For each tap, the first pixel of its row.
            let starts = phase.taps.iter().map(|tap| {
                let y = pixel(0, row, tap);
                (y < input[0]).then(|| (image * input[0] + y) * input[1])
            });
            starts_of_taps.clear();
            starts_of_taps.extend(starts);
            for column in 0..cell_columns {
                let x = column * grids.step[1] + phase.origin[1];
                if x >= output[1] {
                    break;
                }
                table.pixels.push((image * output[0] + y) * output[1] + x);
                let sources = phase.taps.iter().zip(&starts_of_taps).map(|(tap, start)| {
                    let x = pixel(1, column, tap);
                    match start {
                        Some(start) if x < input[1] => start + x,
                        _ => OUTSIDE,
                    }
                });
                table.sources.extend(sources);
            }
        }
        table
    }
}
