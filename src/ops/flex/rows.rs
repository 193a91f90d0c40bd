//! The output of a convolution, divided into parts that tasks write concurrently.
use std::ops::Range;

use super::columns::Columns;

/// Some pixels of an output, or some channels of them.
pub(super) enum Rows<'o> {
    /// All `width` channels of the pixels from `first` on.
    Pixels { values: &'o mut [f32], first: usize, width: usize },
    /// For each of the pixels from `first` on, the channels from `start` on.
    Channels { pixels: Vec<&'o mut [f32]>, first: usize, start: usize },
}

impl Rows<'_> {
    /// The channels `channels` of a pixel, which is counted through the batch.
    #[inline(always)]
    pub fn at(&mut self, pixel: usize, channels: Range<usize>) -> &mut [f32] {
        match self {
            Self::Pixels { values, first, width } => {
                let start = (pixel - *first) * *width;
                &mut values[start + channels.start..start + channels.end]
            }
            Self::Channels { pixels, first, start } => {
                &mut pixels[pixel - *first][channels.start - *start..channels.end - *start]
            }
        }
    }
}

/// The part of an output that one task writes: some channels of some lines, each a few rows of
/// pixels.
pub(super) struct Part<'o> {
    pub rows: Rows<'o>,
    /// Counted through the batch.
    pub lines: Range<usize>,
    /// Channels of each group.
    pub channels: Range<usize>,
}

impl<'o> Part<'o> {
    /// Divides an output of `size`, `[B, C, H, W]`, into bands with a number of lines each. A line
    /// is `step` rows of pixels. Each band is divided into `channels` if there are several ranges;
    /// the parts of a band follow each other.
    pub fn cut(
        mut values: &'o mut [f32],
        [batch, width, height, columns]: [usize; 4],
        step: usize,
        band: usize,
        channels: &[Range<usize>],
    ) -> Vec<Self> {
        let of_image = height.div_ceil(step);
        // The number of pixels before a line; the last line of an image may have fewer rows.
        let before = |line: usize| {
            let (image, line) = (line / of_image, line % of_image);
            (image * height + line * step) * columns
        };
        let lines = batch * of_image;
        let mut parts = Vec::with_capacity(lines.div_ceil(band) * channels.len());
        for line in (0..lines).step_by(band) {
            let lines = line..(line + band).min(lines);
            let first = before(lines.start);
            let pixels = before(lines.end) - first;
            let of_band;
            (of_band, values) = values.split_at_mut(pixels * width);
            if let [channels] = channels {
                let rows = Rows::Pixels { values: of_band, first, width };
                parts.push(Self { rows, lines, channels: channels.clone() });
                continue;
            }
            let mut ranges: Vec<Vec<&mut [f32]>> = Vec::new();
            ranges.resize_with(channels.len(), || Vec::with_capacity(pixels));
            for mut pixel in of_band.chunks_exact_mut(width) {
                for (range, channels) in ranges.iter_mut().zip(channels) {
                    let part;
                    (part, pixel) = pixel.split_at_mut(channels.len());
                    range.push(part);
                }
            }
            parts.extend(ranges.into_iter().zip(channels).map(|(pixels, channels)| Self {
                rows: Rows::Channels { pixels, first, start: channels.start },
                lines: lines.clone(),
                channels: channels.clone(),
            }));
        }
        parts
    }
}

impl Columns {
    /// Divides the columns into up to `most` ranges of whole panels.
    pub fn ranges(&self, most: usize) -> Vec<Range<usize>> {
        let starts: Vec<usize> = self.starts().collect();
        let count = starts.len().min(most);
        let firsts = (0..count).map(|i| starts[i * starts.len() / count]);
        let ends = firsts.clone().skip(1).chain([self.count]);
        firsts.zip(ends).map(|(first, end)| first..end).collect()
    }
}
