//! Blurs, and smooth enlargement.
use tiny_skia::Pixmap;

use crate::geometry::point::pt;

/// Two box blurs of `radius` pixels in each direction, for whole images.
pub(crate) fn blur(map: &mut Pixmap, radius: usize) {
    let (width, height) = (map.width() as usize, map.height() as usize);
    let mut pixels: Vec<[f32; 4]> =
        map.data().chunks_exact(4).map(|p| [p[0], p[1], p[2], p[3]].map(f32::from)).collect();
    let mut line = Vec::new();
    for _ in 0..2 {
        for y in 0..height {
            box_blur(&mut pixels, &mut line, y * width, 1, width, radius);
        }
        for x in 0..width {
            box_blur(&mut pixels, &mut line, x, width, height, radius);
        }
    }
    for (bytes, pixel) in map.data_mut().chunks_exact_mut(4).zip(&pixels) {
        bytes.iter_mut().zip(pixel).for_each(|(byte, value)| *byte = (value + 0.5) as u8);
    }
}

/// A moving average along one row (`stride` 1) or column of cells; the ends are extended.
pub(crate) fn box_blur<const N: usize>(
    cells: &mut [[f32; N]],
    line: &mut Vec<[f32; N]>,
    start: usize,
    stride: usize,
    count: usize,
    radius: usize,
) {
    line.clear();
    line.extend(std::iter::repeat_n(cells[start], radius));
    line.extend((0..count).map(|i| cells[start + i * stride]));
    line.extend(std::iter::repeat_n(cells[start + (count - 1) * stride], radius + 1));
    let window = 2 * radius + 1;
    let fraction = 1.0 / window as f32;
    let mut sum = [0.0; N];
    for cell in &line[..window] {
        (0..N).for_each(|c| sum[c] += cell[c]);
    }
    for i in 0..count {
        let (gone, next) = (line[i], line[i + window]);
        let cell = &mut cells[start + i * stride];
        for c in 0..N {
            cell[c] = (sum[c] * fraction).max(0.0);
            sum[c] += next[c] - gone[c];
        }
    }
}

/// Enlarges `small` to `width` × `height`.
pub(crate) fn enlarged(small: &Pixmap, width: u32, height: u32) -> Option<Pixmap> {
    let mut large = Pixmap::new(width, height)?;
    let by = pt(width as f32 / small.width() as f32, height as f32 / small.height() as f32);
    let (columns, rows) = (small.width() as usize, small.height() as usize);
    let split = |at: usize, by: f32, count: usize| {
        let cell = ((at as f32 + 0.5) / by - 0.5).clamp(0.0, count as f32 - 1.0);
        let low = cell as usize;
        (low * 4, (low + 1).min(count - 1) * 4, cell - low as f32)
    };
    let across: Vec<_> = (0..width as usize).map(|x| split(x, by.x, columns)).collect();
    let mut row = vec![0.0_f32; columns * 4];
    let cells = small.data();
    for (y, line) in large.data_mut().chunks_exact_mut(width as usize * 4).enumerate() {
        let (above, below, t) = split(y, by.y, rows);
        for (x, value) in row.iter_mut().enumerate() {
            let (a, b) =
                (f32::from(cells[above * columns + x]), f32::from(cells[below * columns + x]));
            *value = a + (b - a) * t + 0.5;
        }
        for (pixel, &(left, right, t)) in line.chunks_exact_mut(4).zip(&across) {
            for (c, value) in pixel.iter_mut().enumerate() {
                *value = (row[left + c] + (row[right + c] - row[left + c]) * t) as u8;
            }
        }
    }
    Some(large)
}
