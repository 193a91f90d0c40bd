//! Squared differences between heatmaps and their targets, which may have another memory order.
use super::{
    heatmaps::Heatmaps, layout::Maps, memory::Buffer, normalization::column_totals, share::share,
};

/// Values that are compared at a time.
const BAND: usize = 1 << 13;

/// The mean of `(predicted − target)²` over the cells of each map, `[B, n]`.
pub(super) fn means(predicted: &Maps, target: &Heatmaps) -> Vec<f32> {
    let [batch, maps, height, width] = predicted.size();
    let cells = height * width;
    let image = cells * maps;
    let band = (BAND / maps).max(1);
    let bands = cells.div_ceil(band);
    let target = target.reader();
    let mut parts = vec![0.0f32; batch * bands * maps];
    share(parts.chunks_mut(maps).enumerate(), |(i, sums)| {
        let (image_at, first) = (i / bands, i % bands * band);
        let values = &predicted.values()[image_at * image..][..image];
        for cell in first..(first + band).min(cells) {
            let pixel = values[cell * maps..][..maps].iter().zip(&mut *sums);
            for (map, (value, sum)) in pixel.enumerate() {
                let distance = value - target(image_at * maps + map, cell);
                *sum += distance * distance;
            }
        }
    });
    let sums = parts.chunks_exact(bands * maps).flat_map(|parts| column_totals(parts, maps));
    sums.map(|sum| sum / cells as f32).collect()
}

/// The gradient with respect to `predicted`, from the gradient with respect to the [`means`].
pub(super) fn gradient(predicted: &Maps, target: &Heatmaps, by_means: &[f32]) -> Buffer {
    let [_, maps, height, width] = predicted.size();
    let cells = height * width;
    let factors: Vec<f32> = by_means.iter().map(|value| 2.0 * value / cells as f32).collect();
    let target = target.reader();
    let mut output = Buffer::new(predicted.values().len());
    let band = (BAND / maps).max(1) * maps;
    let bands = predicted.values().chunks(band).zip(output.chunks_mut(band)).enumerate();
    share(bands, |(i, (values, output))| {
        let pixels = values.chunks_exact(maps).zip(output.chunks_exact_mut(maps));
        for (pixel, (values, output)) in (i * band / maps..).zip(pixels) {
            let (image, cell) = (pixel / cells, pixel % cells);
            for (map, (value, output)) in values.iter().zip(output).enumerate() {
                let map = image * maps + map;
                *output = factors[map] * (value - target(map, cell));
            }
        }
    });
    output
}
