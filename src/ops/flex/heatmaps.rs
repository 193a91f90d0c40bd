//! Heatmaps on the host, in the order they have in memory: one map after the other, or channels
//! last.
use burn::{backend::flex::FlexTensor, tensor::Tensor};

use super::{
    peak::{Peak, peak, peaks_of_columns},
    share::share,
    tensors::{constant_of, slice},
};

/// Values of maps that a thread reads at a time.
const BAND: usize = 1 << 16;

/// Heatmaps `[B, n, height, width]`.
#[derive(Debug)]
pub(crate) struct Heatmaps {
    /// Contiguous: `[B, n, height, width]`, or `[B, height, width, n]`.
    values: FlexTensor,
    channels_last: bool,
    maps: usize,
    cells: usize,
}

impl Heatmaps {
    /// The heatmaps of a tensor, if it is on Flex, in single precision, and no gradient flows
    /// through it. Copied only if it has a third memory order.
    pub fn of(tensor: &Tensor<4>) -> Option<Self> {
        let values = constant_of(tensor)?;
        let [_, maps, height, width] = tensor.dims();
        let cells = height * width;
        let last = values.permute(&[0, 2, 3, 1]);
        let channels_last = !values.is_contiguous() && last.is_contiguous();
        let values = if channels_last { last } else { values.to_contiguous() };
        Some(Self { values, channels_last, maps, cells })
    }

    /// A function that reads a cell of a map. Maps are counted through the batch.
    pub fn reader(&self) -> impl Fn(usize, usize) -> f32 + Copy {
        let (values, maps, cells) = (slice(&self.values), self.maps, self.cells);
        let channels_last = self.channels_last;
        move |map, cell| {
            values[match channels_last {
                true => (map / maps * cells + cell) * maps + map % maps,
                false => map * cells + cell,
            }]
        }
    }

    /// The highest cell of each map, computed on all cores.
    pub fn peaks(&self) -> Vec<Option<Peak>> {
        let values = slice(&self.values);
        let mut found = vec![None; values.len() / self.cells];
        if self.channels_last {
            let images = values.chunks(self.cells * self.maps).zip(found.chunks_mut(self.maps));
            share(images, |(values, found)| peaks_of_columns(values, found));
            return found;
        }
        let band = (BAND / self.cells).max(1);
        share(values.chunks(band * self.cells).zip(found.chunks_mut(band)), |(maps, found)| {
            for (map, found) in maps.chunks_exact(self.cells).zip(found) {
                *found = peak(map);
            }
        });
        found
    }
}
