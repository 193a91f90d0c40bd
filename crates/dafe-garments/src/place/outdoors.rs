//! Outdoor backgrounds of unlike images: foliage, sea, sand, night.
use super::{
    canvas::Canvas,
    clutter::{Clutter, Thing},
};
use crate::{
    color::{Color, hex},
    geometry::{point::pt, polygon::ellipse},
    random::dice::Dice,
};

/// Layers of leaves, the far ones dark.
pub(crate) fn foliage(c: &mut Canvas, dice: &mut Dice) {
    let green = hex(dice.pick(&[0x3c6a34, 0x6b8a3a, 0x2e5a48, 0x8a8a3e, 0xa8562c, 0x55803a]));
    c.map.fill(green.darker(0.75).skia(1.0));
    let size = c.w * dice.range(0.05, 0.14);
    for depth in 0..3 {
        let tint = green.darker(0.6 - 0.3 * depth as f32);
        let leaves = Clutter {
            count: dice.count(60, 120),
            things: &[Thing::Leaf],
            palette: &[tint, tint.lighter(0.2), tint.darker(0.3)],
            jitter: 18.0,
            area: [pt(-5.0, -5.0), pt(c.w + 5.0, c.h + 5.0)],
            sizes: [size * 0.3, size],
        };
        leaves.paint(c, dice);
    }
    // Sun through the leaves.
    let spots = c.clouds(dice, [size * 3.0; 2], 4, 0.7);
    spots.stain(&mut c.map, hex(0xf4f2c8), 0.35, 1.3, dice.range(0.2, 0.7));
    c.weather(dice, 20.0, 6.0);
}

/// Water to the horizon under a sky with clouds.
pub(crate) fn sea(c: &mut Canvas, dice: &mut Dice) {
    let horizon = c.h * dice.range(0.2, 0.6);
    let dusk = dice.chance(0.35);
    let [high, low] = if dusk { [0x5a6a9a, 0xf2b48a] } else { [0x4f8cc8, 0xcfe2ee] }.map(hex);
    let ends = [pt(0.0, 0.0), pt(0.0, horizon)];
    c.run(&c.below(0.0), ends, [high.skia(1.0), low.skia(1.0)]);
    let clouds = c.noise(dice, [c.w * 0.6, c.h * 0.2], 0.6);
    let white = if dusk { hex(0xf6cdb4) } else { hex(0xfbfcfd) };
    clouds.stain(&mut c.map, white, dice.range(-0.4, 0.3), 1.0, 0.9);
    let water = if dusk { hex(0x4a5a78) } else { hex(dice.pick(&[0x2f6d84, 0x3a86a0, 0x24506e])) };
    let ends = [pt(0.0, horizon), pt(0.0, c.h)];
    c.run(&c.below(horizon), ends, [water.lighter(0.3).skia(1.0), water.darker(0.2).skia(1.0)]);
    // Waves look larger the nearer they are: farther strips are noise with flatter cells.
    let mut y = horizon;
    let mut step = 4.0;
    while y < c.h {
        let glints = dice.count(1, 6);
        for _ in 0..glints {
            let at = pt(dice.range(0.0, c.w), y + dice.range(0.0, step));
            let tint = if dice.chance(0.5) { water.lighter(0.6) } else { water.darker(0.4) };
            let crest = ellipse(at, step * dice.range(1.0, 6.0), step * 0.16, dice.bell(0.04));
            c.fill(&crest, tint, dice.range(0.2, 0.6));
        }
        y += step;
        step *= 1.12;
    }
    c.noise(dice, [24.0, 4.0], 0.9).shade(&mut c.map, 10.0);
}

/// Sand or snow, in ripples.
pub(crate) fn dunes(c: &mut Canvas, dice: &mut Dice, color: Color) {
    let size = c.w * dice.range(0.3, 0.8);
    let hills = c.clouds(dice, [size, size * 0.5], 3, 0.5);
    let turns = dice.range(8.0, 30.0);
    let lit = hills.map(|v| v + 0.12 * (v * turns).sin());
    lit.relief(c.light).shade(&mut c.map, size * dice.range(0.5, 1.2));
    c.noise(dice, [2.0; 2], 1.0).shade(&mut c.map, dice.range(4.0, 14.0));
    c.glow(color.lighter(0.3), color.darker(0.4), 0.3);
}

/// A city's lights at night, out of focus.
pub(crate) fn night(c: &mut Canvas, dice: &mut Dice, color: Color) {
    c.map.fill(color.darker(0.8).skia(1.0));
    let glow = hex(dice.pick(&[0xd03a8a, 0x2aa6d8, 0xe07a2a, 0x6a3ad8]));
    let at = pt(dice.range(0.0, c.w), dice.range(0.0, c.h));
    c.pool(at, c.h * dice.range(0.4, 0.9), glow.skia(0.6), glow.skia(0.0));
    let lights = [0xffd9a0, 0xff5a4a, 0x6ad0ff, 0xff6ad0, 0xfff4e0, 0x6aff9a].map(hex);
    let size = c.w * dice.range(0.02, 0.07);
    for _ in 0..dice.count(20, 70) {
        let at = pt(dice.range(0.0, c.w), c.h * (0.45 + dice.bell(0.35)));
        let r = size * dice.range(0.5, 1.2);
        let (tint, alpha) = (dice.pick(&lights), dice.range(0.15, 0.75));
        c.fill(&ellipse(at, r, r, 0.0), tint, alpha);
    }
    for _ in 0..dice.count(0, 3) {
        // A neon tube and its glow.
        let (from, tint) =
            (pt(dice.range(0.0, c.w), dice.range(0.0, c.h * 0.7)), dice.pick(&lights));
        let to = from + pt(dice.range(-0.4, 0.4) * c.w, dice.range(-0.3, 0.3) * c.h);
        for (width, alpha) in [(16.0, 0.12), (8.0, 0.25), (2.6, 0.95)] {
            c.stroke(&[from, to], width, tint, alpha);
        }
    }
    c.weather(dice, 12.0, 4.0);
}
