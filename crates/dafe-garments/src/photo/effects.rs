//! Effects on some images beyond exposure and noise: blurs, halos, grays; lamps and films in unlike
//! images.
use tiny_skia::Pixmap;

use super::look::Look;
use crate::{
    color::{Color, hex},
    noise::spectrum::{Field, Spectrum},
    paint::blur,
    random::{bits::Bits, dice::Dice},
};

/// Applies `look` to an opaque image.
pub(crate) fn apply(look: Look, dice: &mut Dice, map: &mut Pixmap) {
    match look {
        Look::Plain => {}
        Look::Gray => each(map, |_, _, c| [luma(c); 3]),
        Look::Soft => blur::blur(map, if dice.chance(0.75) { 1 } else { 2 }),
        Look::Shaken => shake(dice, map),
        Look::Sharpened => sharpen(map, dice.range(0.5, 1.8)),
        Look::Enlarged => enlarge(map, dice.range(1.5, 2.6)),
        Look::Bleached => {
            let (floor, gain) = (dice.range(10.0, 50.0), dice.range(0.85, 1.2));
            each(map, |_, _, c| c.map(|v| floor + v * gain));
        }
        Look::Graded => grade(dice, map),
        Look::Film => film(dice, map),
        Look::Lamps => lamps(dice, map),
        Look::Leak => leak(dice, map),
        Look::Halftone => halftone(dice, map),
        Look::Posterized => {
            let steps = dice.range(6.0, 10.0);
            let by = 255.0 / steps;
            blur::blur(map, 1);
            each(map, |_, _, c| c.map(|v| (v / by).round() * by));
        }
    }
}

/// Applies `change` to each pixel's color; it also gets the column and row.
fn each(map: &mut Pixmap, change: impl Fn(usize, usize, [f32; 3]) -> [f32; 3]) {
    let width = map.width() as usize;
    for (i, pixel) in map.data_mut().chunks_exact_mut(4).enumerate() {
        let color = change(i % width, i / width, [0, 1, 2].map(|c| f32::from(pixel[c])));
        // The cast saturates.
        (0..3).for_each(|c| pixel[c] = (color[c] + 0.5) as u8);
    }
}

fn luma(c: [f32; 3]) -> f32 {
    0.3 * c[0] + 0.59 * c[1] + 0.11 * c[2]
}

/// Motion blur from camera shake.
fn shake(dice: &mut Dice, map: &mut Pixmap) {
    let angle = dice.range(0.0, std::f32::consts::PI);
    let steps = dice.count(3, 6);
    let (width, height) = (map.width() as i32, map.height() as i32);
    let ways: Vec<(i32, i32)> = (0..steps)
        .map(|i| {
            let t = i as f32 - (steps - 1) as f32 / 2.0;
            ((angle.cos() * t).round() as i32, (angle.sin() * t).round() as i32)
        })
        .collect();
    let still = map.data().to_vec();
    let fraction = 1.0 / steps as f32;
    each(map, |x, y, _| {
        let mut sum = [0.0; 3];
        for (dx, dy) in &ways {
            let column = (x as i32 + dx).clamp(0, width - 1);
            let row = (y as i32 + dy).clamp(0, height - 1);
            let at = (row * width + column) as usize * 4;
            (0..3).for_each(|c| sum[c] += f32::from(still[at + c]) * fraction);
        }
        sum
    });
}

/// Edges get halos from sharpening, as by cameras and image editors.
fn sharpen(map: &mut Pixmap, amount: f32) {
    let mut blurred = map.clone();
    blur::blur(&mut blurred, 1);
    for (pixel, soft) in map.data_mut().chunks_exact_mut(4).zip(blurred.data().chunks_exact(4)) {
        for c in 0..3 {
            let (v, s) = (f32::from(pixel[c]), f32::from(soft[c]));
            pixel[c] = (v + (v - s) * amount + 0.5) as u8;
        }
    }
}

/// Upscaling from a `by` times smaller image.
fn enlarge(map: &mut Pixmap, by: f32) {
    let small = [map.width(), map.height()].map(|l| ((l as f32 / by) as u32).max(2));
    let less = blur::enlarged(map, small[0], small[1]);
    if let Some(same) = less.and_then(|less| blur::enlarged(&less, map.width(), map.height())) {
        *map = same;
    }
}

/// Shadows and highlights of different hues.
fn grade(dice: &mut Dice, map: &mut Pixmap) {
    let pairs =
        [(0x0a3a48, 0xffd0a0), (0x3a1048, 0xf0ffc0), (0x102a10, 0xffd8e0), (0x48200a, 0xc8f0ff)];
    let (dark, light) = dice.pick(&pairs);
    let (dark, light) = (hex(dark), hex(light));
    let (fraction, fade) = (dice.range(0.25, 0.55), dice.range(0.6, 1.2));
    each(map, |_, _, c| {
        let gray = luma(c) / 255.0;
        let tint = dark.mix(light, gray);
        let own = c.map(|v| gray * 255.0 + (v - gray * 255.0) * fade);
        blend(own, tint, fraction)
    });
}

fn blend(c: [f32; 3], tint: Color, fraction: f32) -> [f32; 3] {
    let tint = [tint.r, tint.g, tint.b];
    [0, 1, 2].map(|i| c[i] + (tint[i] - c[i]) * fraction)
}

/// Old film: raised blacks, a hue, coarse grain.
fn film(dice: &mut Dice, map: &mut Pixmap) {
    let tint = hex(dice.pick(&[0xd8b080, 0xb0a878, 0xc890a0, 0x88a8a8]));
    let (floor, fraction) = (dice.range(15.0, 45.0), dice.range(0.1, 0.35));
    let gray = dice.range(0.0, 0.7);
    each(map, |_, _, c| {
        let l = luma(c);
        blend(c.map(|v| floor + (v + (l - v) * gray) * (1.0 - floor / 255.0)), tint, fraction)
    });
    let spectrum = Spectrum { cell: [3.0, 3.0], octaves: 2, gain: 0.9 };
    let (width, height) = (map.width() as usize, map.height() as usize);
    let grain = Field::new(&mut Bits::new(dice.number()), width, height, spectrum);
    grain.shade(map, dice.range(5.0, 14.0));
}

/// Two colored lamps, one from each side.
fn lamps(dice: &mut Dice, map: &mut Pixmap) {
    let colors = [0xff4a6a, 0x4a7aff, 0x4affc0, 0xffb04a, 0xc04aff, 0xfff06a, 0xffffff];
    let (left, right) = (hex(dice.pick(&colors)), hex(dice.pick(&colors)));
    let (fraction, turn) = (dice.range(0.35, 0.75), dice.bell(0.6));
    let size = [map.width() as f32, map.height() as f32];
    each(map, |x, y, c| {
        let t = x as f32 / size[0] + turn * (y as f32 / size[1] - 0.5);
        let lamp = left.mix(right, t.clamp(0.0, 1.0));
        let lamp = [lamp.r, lamp.g, lamp.b];
        [0, 1, 2].map(|i| c[i] * (1.0 - fraction + fraction * 1.25 * lamp[i] / 255.0))
    });
}

/// A light leak.
fn leak(dice: &mut Dice, map: &mut Pixmap) {
    let color = hex(dice.pick(&[0xff6a2a, 0xffb04a, 0xff3a5a, 0xffe8a0]));
    let size = [map.width() as f32, map.height() as f32];
    let (at, down) = (dice.pick(&[0.0, 1.0]), dice.range(0.0, 1.0));
    let (reach, fraction) = (dice.range(0.25, 0.7), dice.range(0.4, 0.85));
    each(map, |x, y, c| {
        let off = (x as f32 / size[0] - at).hypot((y as f32 / size[1] - down) * 0.6);
        let t = (1.0 - off / reach).max(0.0);
        blend(c, color, t * t * fraction)
    });
}

/// Halftone printing: dots, larger where it is dark.
fn halftone(dice: &mut Dice, map: &mut Pixmap) {
    let pitch = dice.range(2.6, 4.2);
    let (fraction, turn) = (dice.range(0.35, 0.8), dice.range(0.0, 1.5_f32));
    let (sin, cos) = turn.sin_cos();
    let by = std::f32::consts::TAU / pitch;
    each(map, |x, y, c| {
        let (x, y) = (x as f32, y as f32);
        let screen = ((x * cos - y * sin) * by).cos() * ((x * sin + y * cos) * by).cos();
        c.map(|v| {
            let dot = ((v / 127.5 - 1.0 + screen * 0.9) * 3.0).clamp(-1.0, 1.0);
            v + (127.5 + 127.5 * dot - v) * fraction
        })
    });
}
