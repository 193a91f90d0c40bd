//! The loss of JPEG compression: blocks are transformed, quantized, and transformed back. No file
//! is written and no decoder is involved, so the result is the same on any processor.
use image::RgbImage;

/// Half the cosines of the 8-point transform, by frequency and position.
const BASIS: [[f32; 8]; 8] = {
    const A: [f32; 8] = [
        0.353_553_39,
        0.490_392_64,
        0.461_939_77,
        0.415_734_8,
        0.353_553_39,
        0.277_785_12,
        0.191_341_72,
        0.097_545_16,
    ];
    [
        [A[0]; 8],
        [A[1], A[3], A[5], A[7], -A[7], -A[5], -A[3], -A[1]],
        [A[2], A[6], -A[6], -A[2], -A[2], -A[6], A[6], A[2]],
        [A[3], -A[7], -A[1], -A[5], A[5], A[1], A[7], -A[3]],
        [A[4], -A[4], -A[4], A[4], A[4], -A[4], -A[4], A[4]],
        [A[5], -A[1], A[7], A[3], -A[3], -A[7], A[1], -A[5]],
        [A[6], -A[2], A[2], -A[6], -A[6], A[2], -A[2], A[6]],
        [A[7], -A[5], A[3], -A[1], A[1], -A[3], A[5], -A[7]],
    ]
};

/// The standard's tables for luminance and chrominance (ITU-T T.81, tables K.1 and K.2).
const LIGHT: [u8; 64] = [
    16, 11, 10, 16, 24, 40, 51, 61, 12, 12, 14, 19, 26, 58, 60, 55, 14, 13, 16, 24, 40, 57, 69, 56,
    14, 17, 22, 29, 51, 87, 80, 62, 18, 22, 37, 56, 68, 109, 103, 77, 24, 35, 55, 64, 81, 104, 113,
    92, 49, 64, 78, 87, 103, 121, 120, 101, 72, 92, 95, 98, 112, 100, 103, 99,
];
const COLOR: [u8; 64] = [
    17, 18, 24, 47, 99, 99, 99, 99, 18, 21, 26, 66, 99, 99, 99, 99, 24, 26, 56, 99, 99, 99, 99, 99,
    47, 66, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99,
    99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99,
];

/// One channel.
struct Plane {
    width: usize,
    height: usize,
    values: Vec<f32>,
}

/// An image after compression with `quality` (1 to 100). Blocks start `cut` pixels before it;
/// chrominance has half the resolution.
pub(crate) fn saved(image: &RgbImage, quality: u8, cut: [usize; 2]) -> RgbImage {
    let (width, height) = (image.width() as usize, image.height() as usize);
    let mut light = Plane { width, height, values: Vec::with_capacity(width * height) };
    let (half_width, half_height) = (width.div_ceil(2), height.div_ceil(2));
    let empty = || vec![0.0; half_width * half_height];
    let mut colors = [empty(), empty()];
    let mut counts = empty();
    for (i, pixel) in image.pixels().enumerate() {
        let [r, g, b] = pixel.0.map(f32::from);
        light.values.push(0.299 * r + 0.587 * g + 0.114 * b - 128.0);
        let cell = i / width / 2 * half_width + i % width / 2;
        colors[0][cell] += -0.168_736 * r - 0.331_264 * g + 0.5 * b;
        colors[1][cell] += 0.5 * r - 0.418_688 * g - 0.081_312 * b;
        counts[cell] += 1.0;
    }
    light.quantize(&LIGHT, quality, cut);
    let [blue, red] = colors.map(|mut values| {
        values.iter_mut().zip(&counts).for_each(|(v, n)| *v /= n);
        let mut plane = Plane { width: half_width, height: half_height, values };
        plane.quantize(&COLOR, quality, cut.map(|c| c / 2));
        plane.values
    });
    let mut out = Vec::with_capacity(width * height * 3);
    for (i, y) in light.values.iter().enumerate() {
        let cell = i / width / 2 * half_width + i % width / 2;
        let (y, cb, cr) = (y + 128.5, blue[cell], red[cell]);
        // The casts saturate.
        let rgb = [y + 1.402 * cr, y - 0.344_136 * cb - 0.714_136 * cr, y + 1.772 * cb];
        out.extend(rgb.map(|v| v as u8));
    }
    // The buffer has one entry per channel of each pixel, so this cannot fail.
    RgbImage::from_raw(image.width(), image.height(), out).unwrap_or_default()
}

impl Plane {
    fn quantize(&mut self, table: &[u8; 64], quality: u8, cut: [usize; 2]) {
        let quality = i32::from(quality.clamp(1, 100));
        let scale = if quality < 50 { 5000 / quality } else { 200 - 2 * quality };
        let steps = table.map(|v| ((i32::from(v) * scale + 50) / 100).clamp(1, 255) as f32);
        let inside = |at: usize, cut: usize, length: usize| at.saturating_sub(cut).min(length - 1);
        for top in (0..self.height + cut[1]).step_by(8) {
            for left in (0..self.width + cut[0]).step_by(8) {
                // Edges are extended.
                let place = |i: usize| {
                    let y = inside(top + i / 8, cut[1], self.height);
                    y * self.width + inside(left + i % 8, cut[0], self.width)
                };
                let block = std::array::from_fn(|i| self.values[place(i)]);
                let mut waves = forward(&forward(&block));
                for (wave, step) in waves.iter_mut().zip(&steps) {
                    *wave = (*wave / step).round() * step;
                }
                let block = backward(&backward(&waves));
                for (i, value) in block.into_iter().enumerate() {
                    let (x, y) = (left + i % 8, top + i / 8);
                    let own = x >= cut[0] && y >= cut[1];
                    if own && x < self.width + cut[0] && y < self.height + cut[1] {
                        self.values[place(i)] = value;
                    }
                }
            }
        }
    }
}

/// Transforms each row of a block, and transposes it.
fn forward(block: &[f32; 64]) -> [f32; 64] {
    let mut out = [0.0; 64];
    for (row, values) in block.chunks_exact(8).enumerate() {
        for (frequency, basis) in BASIS.iter().enumerate() {
            out[frequency * 8 + row] = basis.iter().zip(values).map(|(b, v)| b * v).sum();
        }
    }
    out
}

/// Transforms each row back, and transposes the block.
fn backward(block: &[f32; 64]) -> [f32; 64] {
    let mut out = [0.0; 64];
    for (row, values) in block.chunks_exact(8).enumerate() {
        let mut line = [0.0; 8];
        for (basis, value) in BASIS.iter().zip(values) {
            line.iter_mut().zip(basis).for_each(|(sum, b)| *sum += b * value);
        }
        line.iter().enumerate().for_each(|(x, value)| out[x * 8 + row] = *value);
    }
    out
}

#[cfg(test)]
mod tests {
    use image::{Rgb, codecs::jpeg::JpegEncoder};

    use super::*;

    fn image() -> RgbImage {
        RgbImage::from_fn(61, 47, |x, y| {
            let wave = ((x * x + 3 * y) % 40) as u8;
            Rgb([90 + wave * 2, (x * 3) as u8, 200 - (y * 4) as u8 + wave / 4])
        })
    }

    fn gray() -> RgbImage {
        let gray = image::DynamicImage::ImageRgb8(image()).into_luma8();
        image::DynamicImage::ImageLuma8(gray).into_rgb8()
    }

    fn off(a: &RgbImage, b: &RgbImage) -> f64 {
        let each = a.as_raw().iter().zip(b.as_raw()).map(|(a, b)| f64::from(a.abs_diff(*b)));
        each.sum::<f64>() / a.as_raw().len() as f64
    }

    /// `image` encodes and decodes real JPEGs. Its encoder doesn't subsample chrominance, so gray
    /// images are compared.
    #[test]
    fn it_leaves_what_a_real_jpeg_leaves() {
        let gray = gray();
        for quality in [25, 60, 90] {
            let mut bytes = Vec::new();
            let mut encoder = JpegEncoder::new_with_quality(&mut bytes, quality);
            encoder.encode_image(&gray).expect("encoded");
            let real = image::load_from_memory(&bytes).expect("decoded").into_rgb8();
            let found = saved(&gray, quality, [0, 0]);
            let (lost, apart) = (off(&gray, &real), off(&found, &real));
            assert!(lost > 0.3 && apart < 0.25 * lost + 0.5, "{quality}: {lost} {apart}");
        }
    }

    #[test]
    fn quality_and_cut_change_what_is_left() {
        let image = gray();
        let fine = saved(&image, 100, [0, 0]);
        let (poor, cut) = (saved(&image, 20, [0, 0]), saved(&image, 20, [3, 5]));
        assert_eq!(cut.dimensions(), image.dimensions());
        assert!(off(&image, &poor) > 2.0 * off(&image, &fine));
        assert!(off(&poor, &cut) > 0.5);
        assert!(off(&image, &cut) < 30.0);
    }
}
