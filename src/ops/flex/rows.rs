//! The output of a convolution, cut into parts that tasks write at the same time.
use std::ops::Range;

use super::columns::Columns;

/// Some pixels of an output, or of all pixels some channels.
pub(super) enum Rows<'o> {
    /// All channels, `width`, of the pixels from `first` on.
    Pixels { values: &'o mut [f32], first: usize, width: usize },
    /// Of all pixels the channels from `first` on.
    Channels { pixels: Vec<&'o mut [f32]>, first: usize },
}

impl Rows<'_> {
    /// Channels `channels` of a pixel, which is counted through the batch.
    #[inline(always)]
    pub fn at(&mut self, pixel: usize, channels: Range<usize>) -> &mut [f32] {
        match self {
            Self::Pixels { values, first, width } => {
                let start = (pixel - *first) * *width;
                &mut values[start + channels.start..start + channels.end]
            }
            Self::Channels { pixels, first } => {
                &mut pixels[pixel][channels.start - *first..channels.end - *first]
            }
        }
    }
}

/// What one task writes of an output: some lines, of some rows of pixels each, of some channels.
pub(super) struct Part<'o> {
    pub rows: Rows<'o>,
    /// Counted through the batch.
    pub lines: Range<usize>,
    /// Channels of each group.
    pub channels: Range<usize>,
}

impl<'o> Part<'o> {
    /// Cuts an output into all of its `lines` of some panels of channels each, so that each weight
    /// is read by one task only.
    pub fn by_channels(values: &'o mut [f32], columns: &Columns, lines: usize) -> Vec<Self> {
        let starts: Vec<usize> = columns.starts().collect();
        let count = starts.len().min(2 * rayon::current_num_threads());
        let firsts: Vec<usize> = (0..count).map(|i| starts[i * starts.len() / count]).collect();
        let ends = firsts[1..].iter().copied().chain([columns.count]);
        let ranges: Vec<Range<usize>> =
            firsts.iter().zip(ends).map(|(&first, end)| first..end).collect();
        let mut parts: Vec<Vec<&mut [f32]>> = Vec::new();
        let pixels = values.len() / columns.count.max(1);
        parts.resize_with(count, || Vec::with_capacity(pixels));
        for mut pixel in values.chunks_exact_mut(columns.count) {
            for (part, range) in parts.iter_mut().zip(&ranges) {
                let (channels, rest) = pixel.split_at_mut(range.len());
                part.push(channels);
                pixel = rest;
            }
        }
        let parts = parts.into_iter().zip(ranges).map(|(pixels, channels)| Self {
            rows: Rows::Channels { pixels, first: channels.start },
            lines: 0..lines,
            channels,
        });
        parts.collect()
    }

    /// Cuts an output of `size`, `[B, C, H, W]`, into bands of so many lines each, which are `step`
    /// rows of pixels.
    pub fn by_lines(
        mut values: &'o mut [f32],
        [batch, width, height, columns]: [usize; 4],
        step: usize,
        band: usize,
        channels: Range<usize>,
    ) -> Vec<Self> {
        let of_image = height.div_ceil(step);
        // Pixels before a line; an image's last one may have fewer rows.
        let before = |line: usize| {
            let (image, line) = (line / of_image, line % of_image);
            (image * height + line * step) * columns
        };
        let lines = batch * of_image;
        let bands = (0..lines).step_by(band).map(|first| {
            let lines = first..(first + band).min(lines);
            let first = before(lines.start);
            let rest;
            let of_band;
            (of_band, rest) =
                std::mem::take(&mut values).split_at_mut((before(lines.end) - first) * width);
            values = rest;
            let rows = Rows::Pixels { values: of_band, first, width };
            Self { rows, lines, channels: channels.clone() }
        });
        bands.collect()
    }
}
