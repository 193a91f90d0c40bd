//! A map of numbers laid over a picture as colours.
use image::RgbImage;

use crate::geometry::Affine;

/// Lays `map` (`[height, width]` in row order, with `size = [width, height]`) over a darkened copy of `picture`.
/// `to_map` takes picture pixels to the map's cells; outside the map, the picture stays dark. The map's lowest value
/// is shown as black, its highest as pale yellow.
///
/// # Panics
/// If the map's length is not width × height, or 0.
pub fn overlay_map(picture: &RgbImage, map: &[f32], size: [usize; 2], to_map: &Affine) -> RgbImage {
    let [width, height] = size;
    assert!(
        map.len() == width * height && !map.is_empty(),
        "{} values are not {width}×{height}",
        map.len()
    );
    let finite = || map.iter().copied().filter(|value| value.is_finite());
    let low = finite().fold(f32::INFINITY, f32::min);
    let high = finite().fold(f32::NEG_INFINITY, f32::max);
    let range = if high > low { high - low } else { 1.0 };

    let mut shown = picture.clone();
    for (x, y, pixel) in shown.enumerate_pixels_mut() {
        let (u, v) = to_map.apply(f64::from(x), f64::from(y));
        let inside =
            (-0.5..width as f64 - 0.5).contains(&u) && (-0.5..height as f64 - 0.5).contains(&v);
        let grey = 0.3
            * (0.299 * f32::from(pixel.0[0])
                + 0.587 * f32::from(pixel.0[1])
                + 0.114 * f32::from(pixel.0[2]));
        let heat = match inside {
            true => colour((bilinear(map, size, u, v) - low) / range),
            false => [0.0; 3],
        };
        pixel.0 = heat.map(|channel| (grey + 0.8 * channel).clamp(0.0, 255.0) as u8);
    }
    shown
}

/// The map's value between cells.
fn bilinear(map: &[f32], [width, height]: [usize; 2], u: f64, v: f64) -> f32 {
    let axis = |position: f64, count: usize| {
        let position = position.clamp(0.0, (count - 1) as f64);
        let first = position.floor() as usize;
        (first, (first + 1).min(count - 1), (position - position.floor()) as f32)
    };
    let ((x0, x1, fx), (y0, y1, fy)) = (axis(u, width), axis(v, height));
    let row = |y: usize| map[y * width + x0] * (1.0 - fx) + map[y * width + x1] * fx;
    row(y0) * (1.0 - fy) + row(y1) * fy
}

/// Black, violet, orange, pale yellow: brighter is more, also in print and to the colour-blind.
fn colour(value: f32) -> [f32; 3] {
    const STOPS: [[f32; 3]; 4] =
        [[0.0, 0.0, 0.0], [104.0, 28.0, 129.0], [238.0, 96.0, 60.0], [255.0, 250.0, 190.0]];
    let position = if value.is_finite() { value.clamp(0.0, 1.0) * 3.0 } else { 0.0 };
    let first = (position as usize).min(2);
    let fraction = position - first as f32;
    [0, 1, 2].map(|i| STOPS[first][i] * (1.0 - fraction) + STOPS[first + 1][i] * fraction)
}
