//! Convolutions, transposed convolutions and their gradients, on plain slices, channels last.
//!
//! Weights are `[C', C / groups, kh, kw]` for a convolution from `C` to `C'` channels. A transposed
//! convolution is the gradient of a convolution with respect to its input, and has that
//! convolution's weights.
use super::{
    depthwise,
    epilogue::Fused,
    geometry::{Geometry, Grids},
    kernel::ROWS,
    memory::Buffer,
    narrow,
    outer::Outer,
    panels::{Panels, Weights, taps_first},
    sums::Sums,
    winograd::{self, Filters},
};

/// With fewer channels than this, the blocks of Winograd's products are not full.
const WINOGRAD_CHANNELS: usize = 16;

/// With more channel pairs than this, transformed filters don't fit the caches, and reading them
/// takes longer than the products that they save.
const WINOGRAD_PAIRS: usize = 256 * 256;

/// With more channel pairs than this, cached filters take too much memory for what they save on
/// small maps: the filters of a doubling are six times as large as its weights.
const DOUBLING_PAIRS: usize = 128 * 128;

/// The cost of a product at one of Winograd's points, in products of a direct convolution: the
/// transforms take nearly as long as the products.
const POINT_COST: usize = 2;

/// The number of pixels in a batch from which transforming filters for a single use pays off.
const PAYS_FOR_FILTERS: usize = 1024;

/// A convolution or transposed convolution. Sizes are `[B, C, H, W]`.
#[derive(Debug, Clone, Copy)]
pub(super) struct Layer {
    pub geometry: Geometry,
    pub transposed: bool,
    pub input: [usize; 4],
    pub output: [usize; 4],
}

/// The algorithm that computes a [`Layer`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    /// Each channel by itself.
    Depthwise,
    /// Few input channels: the rows of the kernel are the products' rows.
    Narrow,
    /// Winograd's algorithm for a 3×3 convolution.
    Winograd,
    /// Winograd's algorithm for a transposed convolution that doubles the size.
    Doubling,
    /// Implicit GEMM.
    Sums,
}

/// Weights in the order in which a [`Way`] reads them.
#[derive(Debug)]
pub(super) enum Prepared {
    /// `[taps, C]`.
    Depthwise(Vec<f32>, Grids),
    Narrow(Panels, Grids),
    Sums(Panels, Grids),
    /// For either of Winograd's algorithms.
    Filters(Filters),
}

impl Layer {
    /// Chooses the algorithm; `once` tells whether the weights are prepared once or for each use.
    pub fn way(&self, once: bool) -> Way {
        let Geometry { kernel, stride, padding, dilation, groups } = self.geometry;
        let [batch, inputs, height, width] = self.input;
        let outputs = self.output[1];
        if depthwise::is_depthwise(&self.geometry, [outputs, inputs]) {
            return Way::Depthwise;
        }
        let fills = inputs.min(outputs) >= WINOGRAD_CHANNELS && inputs * outputs <= WINOGRAD_PAIRS;
        let pays = batch * height * width >= PAYS_FOR_FILTERS;
        if fills && (padding, dilation, groups) == ([(1, 1); 2], [1, 1], 1) {
            if (kernel, stride) == ([3, 3], [1, 1]) && (once || pays) && self.saves_products() {
                return Way::Winograd;
            }
            let doubles =
                self.transposed && [2, 3].iter().all(|&i| self.output[i] == 2 * self.input[i]);
            let pays = pays || once && inputs * outputs <= DOUBLING_PAIRS;
            if (kernel, stride) == ([4, 4], [2, 2]) && doubles && pays && self.saves_products() {
                return Way::Doubling;
            }
        }
        match !self.transposed && narrow::is_narrow(&self.geometry, inputs) {
            true => Way::Narrow,
            false => Way::Sums,
        }
    }

    /// Whether Winograd's algorithm is faster than direct convolution: with few tiles, most rows of
    /// a block are empty.
    fn saves_products(&self) -> bool {
        let [batch, _, height, width] = self.input;
        let side = |pixels: usize| pixels.div_ceil(winograd::TILE);
        let [tiles, pixels] = [batch * side(height) * side(width), batch * height * width];
        let rows = |count: usize| count.next_multiple_of(ROWS);
        let (points, taps) = match self.transposed && self.geometry.stride == [2, 2] {
            true => (winograd::DOUBLING_POINTS, 4 * 4),
            false => (winograd::POINTS, 3 * 3),
        };
        points * POINT_COST * rows(tiles) < taps * rows(pixels)
    }

    /// The layer whose output is the gradient with respect to this one's input.
    pub fn turned(&self) -> Self {
        Self { transposed: !self.transposed, input: self.output, output: self.input, ..*self }
    }

    fn weights<'a>(&self, values: &'a [f32]) -> Weights<'a> {
        let taps = self.geometry.kernel[0] * self.geometry.kernel[1];
        let [inputs, outputs] =
            [self.input[1], self.output[1]].map(|all| all / self.geometry.groups);
        match self.transposed {
            true => Weights::of_transposed(values, [inputs, outputs], taps),
            false => Weights::of_convolution(values, [outputs, inputs], taps),
        }
    }

    fn grids(&self) -> Grids {
        match self.transposed {
            true => self.geometry.transposed_grids(),
            false => self.geometry.grids(),
        }
    }

    /// Prepares the weights for `way`.
    pub fn prepare(&self, way: Way, values: &[f32]) -> Prepared {
        let geometry = &self.geometry;
        match way {
            Way::Depthwise => Prepared::Depthwise(taps_first(values, self.input[1]), self.grids()),
            Way::Narrow => {
                let sorted = narrow::sorted(values, self.input[1], geometry);
                let channels = [self.output[1], self.input[1]];
                let weights = narrow::weights(&sorted, channels, geometry);
                let grids = narrow::grids(geometry);
                Prepared::Narrow(Panels::new(&weights, &grids, 1), grids)
            }
            Way::Winograd => {
                Prepared::Filters(Filters::of_convolution(&self.weights(values), self.transposed))
            }
            Way::Doubling => Prepared::Filters(Filters::of_doubling(&self.weights(values))),
            Way::Sums => {
                let grids = self.grids();
                let panels = Panels::new(&self.weights(values), &grids, geometry.groups);
                Prepared::Sums(panels, grids)
            }
        }
    }

    /// The output for `x`, `[B, H, W, C]`, as `[B, H', W', C']`.
    pub fn run(&self, prepared: &Prepared, x: &[f32], fused: Fused) -> Buffer {
        let Self { geometry, input, output, .. } = *self;
        let mut values = Buffer::new(output.iter().product());
        let groups = geometry.groups;
        match prepared {
            Prepared::Depthwise(weights, grids) => {
                depthwise::convolve(x, input, output, grids, weights, &mut values, fused);
            }
            Prepared::Filters(filters) => {
                winograd::convolve(x, input, filters, &mut values, fused);
            }
            Prepared::Narrow(panels, grids) => {
                let (x, input) = narrow::padded(x, input, geometry.padding);
                Sums { x: &x, input, output, groups, grids, panels, fused }.run(&mut values);
            }
            Prepared::Sums(panels, grids) => {
                Sums { x, input, output, groups, grids, panels, fused }.run(&mut values);
            }
        }
        values
    }

    /// The gradient with respect to the weights, from `x` and the gradient with respect to the
    /// output.
    pub fn weight_gradient(&self, x: &[f32], gradient: &[f32]) -> Buffer {
        // For a transposed convolution, it is that of its convolution with the two exchanged.
        let (x, input, gradient, output) = match self.transposed {
            true => (gradient, self.output, x, self.input),
            false => (x, self.input, gradient, self.output),
        };
        let geometry = &self.geometry;
        let groups = geometry.groups;
        if depthwise::is_depthwise(geometry, [output[1], input[1]]) {
            return depthwise::weight_gradient(x, input, gradient, output, &geometry.grids());
        }
        if narrow::is_narrow(geometry, input[1]) {
            let (padded, size) = narrow::padded(x, input, geometry.padding);
            let (grids, depth) = (narrow::grids(geometry), narrow::depth(geometry, input[1]));
            let outer =
                Outer { x: &padded, input: size, depth, gradient, output, groups, grids: &grids };
            return narrow::restored(&outer.run(), input[1], geometry);
        }
        let (grids, depth) = (geometry.grids(), input[1] / groups);
        Outer { x, input, depth, gradient, output, groups, grids: &grids }.run()
    }
}
