//! The stages of EfficientNet-Lite: what all sizes share, and what differs.
use std::ops::Range;

use super::config::EfficientNetLiteConfig;

/// The stages that lead to each map of the pyramid, starting from the stem.
pub(crate) const LEVELS: [Range<usize>; 4] = [0..2, 2..3, 3..5, 5..7];

/// For each stage: kernel side, stride of the first block, and expansion of the blocks (table 1 of
/// the paper).
const STAGES: [(usize, usize, usize); 7] =
    [(3, 1, 1), (3, 2, 6), (5, 2, 6), (3, 2, 6), (5, 1, 6), (5, 2, 6), (3, 1, 6)];

/// A sequence of blocks of equal width.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Stage {
    first: Block,
    blocks: usize,
}

/// The sizes of a block.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Block {
    /// Input channels.
    pub input: usize,
    /// Output channels.
    pub output: usize,
    /// Side of the depthwise convolution's kernel.
    pub kernel: usize,
    /// Stride of the depthwise convolution.
    pub stride: usize,
    /// Inner channels divided by input channels; with 1 there is no first convolution.
    pub expansion: usize,
}

impl EfficientNetLiteConfig {
    /// The seven stages, in order.
    pub(crate) fn stages(&self) -> impl Iterator<Item = Stage> {
        let mut input = self.stem;
        let sizes = self.channels.into_iter().zip(self.blocks);
        STAGES.into_iter().zip(sizes).map(move |((kernel, stride, expansion), (output, blocks))| {
            let first = Block { input, output, kernel, stride, expansion };
            input = output;
            Stage { first, blocks }
        })
    }
}

impl Stage {
    /// The blocks; all but the first keep the map's size and width.
    pub fn blocks(self) -> impl Iterator<Item = Block> {
        let Self { first, blocks } = self;
        let others = Block { input: first.output, stride: 1, ..first };
        (0..blocks).map(move |index| if index == 0 { first } else { others })
    }
}
