//! Paints cloth into the image: the tile's colors, unevenness, wrinkles and shine, pixel by pixel.
use tiny_skia::{Mask, Pixmap, Transform};

use super::{fabric::Fabric, pattern::Pattern};
use crate::{
    geometry::interpolation::mix,
    noise::repeating::{UNEVEN, WRINKLES},
};

/// The position of a mask's corner in the image, in pixels.
pub(crate) type Corner = (u32, u32);

/// The tile's color at `(x, y)` of its pixels, interpolated; the tile repeats.
fn sample(tile: &Pixmap, x: f32, y: f32) -> [f32; 4] {
    let size = tile.width() as usize;
    let split = |v: f32| {
        let v = v - (v / size as f32).floor() * size as f32;
        let low = (v as usize).min(size - 1);
        (low, if low + 1 == size { 0 } else { low + 1 }, v - low as f32)
    };
    let ((left, right, s), (above, below, t)) = (split(x), split(y));
    let data = tile.data();
    let pixel = |x: usize, y: usize| &data[(y * size + x) * 4..(y * size + x) * 4 + 4];
    let (a, b, c, d) =
        (pixel(left, above), pixel(right, above), pixel(left, below), pixel(right, below));
    let weights = [(1.0 - s) * (1.0 - t), s * (1.0 - t), (1.0 - s) * t, s * t];
    std::array::from_fn(|i| {
        f32::from(a[i]) * weights[0]
            + f32::from(b[i]) * weights[1]
            + f32::from(c[i]) * weights[2]
            + f32::from(d[i]) * weights[3]
    })
}

/// Paints `fabric` on the canvas through `mask`. `weave` maps centimeters of cloth to pixels. Holes
/// show the lining if it is `lined`, else the canvas.
pub(crate) fn lay(
    canvas: &mut Pixmap,
    mask: &Mask,
    corner: Corner,
    fabric: &Fabric,
    tile: &Pixmap,
    weave: Transform,
    lined: bool,
) {
    let Some(back) = weave.invert() else { return };
    let surface = &fabric.surface;
    let per_cm = tile.width() as f32 / fabric.period;
    // Each fabric starts at another place of the noise.
    let (off_x, off_y) =
        ((fabric.seed & 1023) as f32 / 1024.0, (fabric.seed >> 10 & 1023) as f32 / 1024.0);
    let wide = 1.0 / 110.0;
    let (across, along) =
        (1.0 / (2.0 * surface.wrinkle), 1.0 / (2.0 * surface.wrinkle * surface.stretch));
    let (uneven, wrinkles) = (&*UNEVEN, &*WRINKLES);
    let step = 0.012 * surface.light;
    let [r, g, b] = {
        let c = fabric.lining;
        [c.r, c.g, c.b]
    };
    let fade = fabric.colors[1];
    let fade = [fade.r, fade.g, fade.b];
    let stride = canvas.width() as usize;
    let width = mask.width() as usize;
    for (row, cover) in mask.data().chunks_exact(width).enumerate() {
        let y = (corner.1 as usize + row) as f32 + 0.5;
        let from = ((corner.1 as usize + row) * stride + corner.0 as usize) * 4;
        let pixels = canvas.data_mut()[from..from + width * 4].chunks_exact_mut(4);
        for ((column, pixel), &through) in pixels.enumerate().zip(cover) {
            if through == 0 {
                continue;
            }
            let x = (corner.0 as usize + column) as f32 + 0.5;
            let u = back.sx * x + back.kx * y + back.tx;
            let v = back.ky * x + back.sy * y + back.ty;
            let mut color = sample(tile, u * per_cm, v * per_cm);
            if fabric.pattern == Pattern::Gradient {
                let t = mix(0.0, 1.0, (v + 15.0) / fabric.period);
                for c in 0..3 {
                    color[c] += (fade[c] - color[c]) * t;
                }
            }
            let tone = surface.uneven * uneven.at(u * wide + off_x, v * wide + off_y);
            let (p, q) = (u * across + off_y, v * along + off_x);
            let slope = wrinkles.at(p + step, q + 0.006) - wrinkles.at(p - step, q - 0.006);
            let broad = surface.slope[0] * (u / 30.0).clamp(-1.0, 1.0)
                + surface.slope[1] * ((v - 20.0) / 30.0).clamp(-1.5, 1.5);
            let shade = (1.0 + tone + broad + surface.crumple * 2.0 * slope).max(0.2);
            let shine = (surface.gloss * (slope - 0.1).max(0.0).powi(2) * 130.0).min(80.0);
            let alpha = color[3] / 255.0;
            // Black cloth has highlights, too.
            let lift = ((shade - 1.0) * 16.0 + shine) * alpha;
            let opacity = if lined { 1.0 } else { alpha };
            let rest = 1.0 - alpha;
            let fraction = f32::from(through) / 255.0;
            for (c, beneath) in [r, g, b].into_iter().enumerate() {
                let mut value = color[c] * shade + lift;
                if lined {
                    value += beneath * rest * shade;
                }
                let old = f32::from(pixel[c]);
                pixel[c] = (old * (1.0 - opacity * fraction)
                    + value.clamp(0.0, 255.0) * fraction
                    + 0.5) as u8;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use tiny_skia::Color;

    use super::{super::loom, *};
    use crate::{color::hex, random::dice::Dice, style::Style};

    /// A red canvas with cloth of this pattern over it, its lining green.
    fn laid(pattern: Pattern, lined: bool) -> Pixmap {
        let mut dice = Dice::from_number(3);
        let mut fabric = Fabric::of(&mut dice, pattern, 8.0, hex(0x204080));
        fabric.lining = hex(0x00ff00);
        let tile = loom::tile(&fabric, 64).expect("a tile");
        let mut canvas = Pixmap::new(60, 60).expect("a canvas");
        canvas.fill(Color::from_rgba8(255, 0, 0, 255));
        let mut mask = Mask::new(40, 40).expect("a mask");
        mask.data_mut().fill(255);
        lay(&mut canvas, &mask, (10, 10), &fabric, &tile, Transform::from_scale(5.0, 5.0), lined);
        canvas
    }

    /// Cloth with holes shows the canvas or its lining, other cloth neither; nothing outside the
    /// mask changes.
    #[test]
    fn only_open_cloth_shows_what_is_beneath() {
        for style in [Style::Usual, Style::Unlike] {
            let rows = [Pattern::table(style), Pattern::open(style)].concat();
            for pattern in rows.into_iter().map(|row| row.1.0) {
                let [veil, lined] = [false, true].map(|lined| laid(pattern, lined));
                // Opacities blended in bytes differ slightly.
                let off = veil.data().iter().zip(lined.data()).map(|(a, b)| a.abs_diff(*b)).max();
                assert_eq!(off > Some(8), pattern.is_open(), "{pattern:?} {off:?}");
                for (i, pixel) in veil.pixels().iter().enumerate() {
                    let inside = [i % 60, i / 60].iter().all(|v| (10..50).contains(v));
                    let red = (pixel.red(), pixel.green(), pixel.blue()) == (255, 0, 0);
                    assert!(inside || red, "{pattern:?} is laid beyond its mask");
                }
            }
        }
    }
}
