//! The output of a convolution, cut into parts that tasks write at the same time.
use std::ops::Range;

/// Some pixels of an output, or of all pixels some channels.
pub(super) enum Rows<'o> {
    /// All channels, `width`, of the pixels from `first` on.
    Pixels { values: &'o mut [f32], first: usize, width: usize },
    /// Of all pixels the channels from `first` on.
    Channels { pixels: Vec<&'o mut [f32]>, first: usize },
}

impl<'o> Rows<'o> {
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

    /// Cuts an output of `width` channels into all pixels of some channels each: from one of
    /// `starts` to the next, which begin with 0.
    pub fn channels(values: &'o mut [f32], width: usize, starts: &[usize]) -> Vec<Self> {
        let mut parts: Vec<Vec<&mut [f32]>> = Vec::new();
        parts.resize_with(starts.len(), || Vec::with_capacity(values.len() / width.max(1)));
        for mut pixel in values.chunks_exact_mut(width) {
            for (i, part) in parts.iter_mut().enumerate() {
                let end = starts.get(i + 1).copied().unwrap_or(width);
                let (channels, rest) = pixel.split_at_mut(end - starts[i]);
                part.push(channels);
                pixel = rest;
            }
        }
        let parts = parts.into_iter().zip(starts);
        parts.map(|(pixels, &first)| Self::Channels { pixels, first }).collect()
    }

    /// Cuts an output of `width` channels into bands of pixels, of `lengths` pixels each.
    pub fn pixels(
        mut values: &'o mut [f32],
        width: usize,
        lengths: impl Iterator<Item = usize>,
    ) -> Vec<Self> {
        let mut first = 0;
        let bands = lengths.map(|length| {
            let (band, rest) = std::mem::take(&mut values).split_at_mut(length * width);
            values = rest;
            let rows = Self::Pixels { values: band, first, width };
            first += length;
            rows
        });
        bands.collect()
    }
}
