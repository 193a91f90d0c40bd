//! Soft shadows and shading: painted and blurred at a small size, then enlarged.
//!
//! Shading has two values per cell instead of four: the coverage, and the fraction of it that is
//! white.
use tiny_skia::{FillRule, LineCap, LineJoin, Mask, Paint, Path, Pixmap, Stroke, Transform};

use super::{
    blur::box_blur,
    brush::{open_path, path, tone},
};
use crate::{
    drawing::piece::Soft,
    geometry::{point::Pt, polygon::bounds},
};

/// The factor by which shading is painted smaller.
const SHRINK: f32 = 3.0;

/// A small canvas for the part of the image between `low` and `high`.
struct Small {
    map: Pixmap,
    /// The part's corner and size, in pixels of the image.
    x: u32,
    y: u32,
    width: u32,
    height: u32,
}

impl Small {
    /// `None` if the part is outside the image.
    fn new(canvas: &Pixmap, low: Pt, high: Pt, margin: f32) -> Option<Self> {
        let within = |v: f32, limit: u32| v.clamp(0.0, limit as f32) as u32;
        let (x, y) =
            (within(low.x - margin, canvas.width()), within(low.y - margin, canvas.height()));
        let right = within((high.x + margin).ceil(), canvas.width());
        let bottom = within((high.y + margin).ceil(), canvas.height());
        let (width, height) = (right.checked_sub(x)?, bottom.checked_sub(y)?);
        let cells = |length: u32| (length as f32 / SHRINK).ceil() as u32 + 1;
        if width == 0 || height == 0 {
            return None;
        }
        Some(Self { map: Pixmap::new(cells(width), cells(height))?, x, y, width, height })
    }

    fn transform(&self) -> Transform {
        Transform::from_translate(-(self.x as f32), -(self.y as f32))
            .post_scale(1.0 / SHRINK, 1.0 / SHRINK)
    }

    /// The blurred canvas: for each cell the coverage, and the fraction of it that is white, 0..1.
    fn blurred(&self, radius: usize) -> Vec<[f32; 2]> {
        let unit = |v: u8| f32::from(v) / 255.0;
        let mut cells: Vec<[f32; 2]> =
            self.map.pixels().iter().map(|p| [unit(p.alpha()), unit(p.green())]).collect();
        let (width, height) = (self.map.width() as usize, self.map.height() as usize);
        let mut line = Vec::new();
        for _ in 0..2 {
            for y in 0..height {
                box_blur(&mut cells, &mut line, y * width, 1, width, radius);
            }
            for x in 0..width {
                box_blur(&mut cells, &mut line, x, width, height, radius);
            }
        }
        cells
    }

    /// Paints the blurred cells on the canvas, through `coverage` (the part's pixels, row by row).
    fn lay(&self, canvas: &mut Pixmap, cells: &[[f32; 2]], coverage: Option<&[u8]>) {
        let columns = self.map.width() as usize;
        let rows = self.map.height() as usize;
        let stride = canvas.width() as usize;
        let split = |at: usize, count: usize| {
            let cell = ((at as f32 + 0.5) / SHRINK - 0.5).max(0.0);
            let low = (cell as usize).min(count - 1);
            (low, (low + 1).min(count - 1), cell - low as f32)
        };
        let across: Vec<(usize, usize, f32)> =
            (0..self.width as usize).map(|x| split(x, columns)).collect();
        let lerp =
            |a: [f32; 2], b: [f32; 2], t: f32| [a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t];
        let mut row = vec![[0.0; 2]; columns];
        for y in 0..self.height as usize {
            let (above, below, t) = split(y, rows);
            for (x, cell) in row.iter_mut().enumerate() {
                *cell = lerp(cells[above * columns + x], cells[below * columns + x], t);
            }
            let from = ((self.y as usize + y) * stride + self.x as usize) * 4;
            let pixels = &mut canvas.data_mut()[from..from + self.width as usize * 4];
            for (x, pixel) in pixels.chunks_exact_mut(4).enumerate() {
                let through = coverage.map_or(255, |c| c[y * self.width as usize + x]);
                if through == 0 {
                    continue;
                }
                let (left, right, t) = across[x];
                let [alpha, white] = lerp(row[left], row[right], t);
                // Too faint to change a byte.
                if alpha < 0.002 {
                    continue;
                }
                let fraction = f32::from(through) / 255.0;
                let (keep, add) = (1.0 - alpha * fraction, white * fraction * 255.0 + 0.5);
                for value in &mut pixel[..3] {
                    *value = (f32::from(*value) * keep + add) as u8;
                }
            }
        }
    }
}

/// Paints light and dark lines with `gain` times their strength, blurs them, and applies them to
/// the piece.
pub(crate) fn shade(
    canvas: &mut Pixmap,
    outline: &Path,
    points: &[Pt],
    lines: &[Soft],
    scale: f32,
    gain: f32,
) {
    if lines.is_empty() {
        return;
    }
    let (low, high) = bounds(points);
    let Some(mut small) = Small::new(canvas, low, high, 0.0) else { return };
    let Some(mut mask) = Mask::new(small.width, small.height) else { return };
    mask.fill_path(
        outline,
        FillRule::Winding,
        true,
        Transform::from_translate(-(small.x as f32), -(small.y as f32)),
    );
    let transform = small.transform();
    for line in lines {
        let width = (line.width * scale).max(1.0);
        let mut paint = Paint::default();
        paint.set_color(tone(line.tone * gain));
        if line.tapered {
            if let Some(leaf) = path(&leaf(&line.line, width)) {
                small.map.fill_path(&leaf, &paint, FillRule::Winding, transform, None);
            }
        } else if let Some(stroked) = open_path(&line.line) {
            let stroke = Stroke {
                width,
                line_cap: LineCap::Round,
                line_join: LineJoin::Round,
                ..Stroke::default()
            };
            small.map.stroke_path(&stroked, &paint, &stroke, transform, None);
        }
    }
    let cells = small.blurred((scale * 0.7 / SHRINK).round().max(1.0) as usize);
    small.lay(canvas, &cells, Some(mask.data()));
}

/// A line that widens to `width` in its middle and has pointed ends.
fn leaf(line: &[Pt], width: f32) -> Vec<Pt> {
    let last = line.len() - 1;
    let side = |i: usize| {
        let along = line[(i + 1).min(last)] - line[i.saturating_sub(1)];
        let swell = (i as f32 / last.max(1) as f32 * std::f32::consts::PI).sin();
        along.unit().perp() * (swell * width * 0.5)
    };
    let there = (0..=last).map(|i| line[i] + side(i));
    there.chain((0..=last).rev().map(|i| line[i] - side(i))).collect()
}

/// Paints the shadow of `points` on the canvas.
pub(crate) fn shadow(canvas: &mut Pixmap, points: &[Pt], offset: Pt, reach: f32, strength: f32) {
    let moved: Vec<Pt> = points.iter().map(|p| *p + offset).collect();
    let (low, high) = bounds(&moved);
    let Some(mut small) = Small::new(canvas, low, high, reach * 1.6 + 2.0) else { return };
    let Some(outline) = path(&moved) else { return };
    let mut paint = Paint::default();
    paint.set_color(tone(-strength));
    let transform = small.transform();
    small.map.fill_path(&outline, &paint, FillRule::Winding, transform, None);
    let cells = small.blurred((reach / SHRINK).round().max(1.0) as usize);
    small.lay(canvas, &cells, None);
}
