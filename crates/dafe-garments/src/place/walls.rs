//! Walls and surfaces behind clothes: plaster, bricks, boards, wallpaper, cloth, concrete, tiles,
//! curtains, marble, colored light.
use super::canvas::Canvas;
use crate::{
    color::{Color, hex},
    geometry::{point::pt, polygon::ellipse},
    random::dice::Dice,
};

/// Plaster, woodchip or painted paper: rough, and lit from the side.
pub(crate) fn plaster(c: &mut Canvas, dice: &mut Dice) {
    c.weather(dice, 9.0, 0.0);
    let coarse = dice.range(3.0, 15.0);
    let cell = if dice.chance(0.3) { [coarse * 4.0, coarse] } else { [coarse; 2] };
    let gain = dice.range(0.55, 0.9);
    let rough = c.noise(dice, cell, gain);
    rough.relief(c.light).shade(&mut c.map, dice.range(6.0, 24.0));
}

/// Bricks in their mortar, raw or painted over.
pub(crate) fn bricks(c: &mut Canvas, dice: &mut Dice, color: Color) {
    let painted = dice.chance(0.5);
    let mortar = if painted { color.darker(0.12) } else { hex(0xb8b0a4).jitter(dice, 20.0) };
    c.map.fill(mortar.skia(1.0));
    let (bw, bh) = (c.w / dice.range(4.0, 11.0), c.h / dice.range(12.0, 30.0));
    let gap = (bh * 0.12).max(0.8);
    let spread = if painted { 5.0 } else { 18.0 };
    for row in 0..=(c.h / bh) as usize {
        let shift = if row % 2 == 0 { 0.0 } else { bw * 0.5 };
        for column in 0..=(c.w / bw) as usize + 1 {
            let (x, y) = (column as f32 * bw - shift, row as f32 * bh);
            c.block(x, y, bw - gap, bh - gap, color.jitter(dice, spread));
        }
    }
    c.weather(dice, 8.0, 7.0);
    let coarse = dice.range(3.0, 8.0);
    let rough = c.noise(dice, [coarse; 2], 0.8);
    rough.relief(c.light).shade(&mut c.map, dice.range(6.0, 16.0));
}

/// Boards with their grain, vertical or horizontal.
pub(crate) fn boards(c: &mut Canvas, dice: &mut Dice, color: Color) {
    let upright = dice.chance(0.5);
    let (along, across) = if upright { (c.h, c.w) } else { (c.w, c.h) };
    let step = across / dice.range(2.5, 9.0);
    let gap = dice.range(0.6, 2.0);
    for i in 0..=(across / step) as usize {
        let (at, tint) = (i as f32 * step, color.jitter(dice, 14.0));
        let [x, y, w, h] = if upright { [at, 0.0, step, c.h] } else { [0.0, at, c.w, step] };
        c.block(x, y, w, h, tint);
        let (w, h) = if upright { (gap, h) } else { (w, gap) };
        c.block(x, y, w, h, tint.darker(0.55));
    }
    let fine = dice.range(2.5, 7.0);
    let turned = |long: f32, short: f32| if upright { [short, long] } else { [long, short] };
    let rings = c.clouds(dice, turned(along * 0.5, step * 0.5), 3, 0.5);
    let turns = dice.range(4.0, 12.0);
    rings.map(|v| (v * turns).sin()).shade(&mut c.map, dice.range(2.0, 9.0));
    c.noise(dice, turned(fine * 22.0, fine), 0.85).shade(&mut c.map, dice.range(6.0, 16.0));
    for _ in 0..dice.count(0, 4) {
        let at = pt(dice.range(0.0, c.w), dice.range(0.0, c.h));
        let r = step * dice.range(0.04, 0.1);
        c.fill(&ellipse(at, r, r * dice.range(0.5, 1.2), 0.0), color.darker(0.5), 0.55);
    }
}

/// Wallpaper: stripes or a small repeated motif, hardly darker than the ground.
pub(crate) fn wallpaper(c: &mut Canvas, dice: &mut Dice, color: Color) {
    let ink = if dice.chance(0.5) {
        color.darker(dice.range(0.06, 0.25))
    } else {
        color.lighter(dice.range(0.2, 0.5))
    };
    let step = c.w / dice.range(4.0, 14.0);
    if dice.chance(0.4) {
        for i in 0..=(c.w / step) as usize / 2 {
            c.block(i as f32 * step * 2.0, 0.0, step * dice.range(0.9, 1.0), c.h, ink);
        }
    } else {
        let petals = dice.count(1, 6);
        let (long, wide) = (step * dice.range(0.15, 0.32), step * dice.range(0.06, 0.16));
        let lean = dice.range(0.0, 3.1);
        for row in 0..=(c.h / step) as usize {
            for column in 0..=(c.w / step) as usize {
                let shift = if row % 2 == 0 { 0.0 } else { step * 0.5 };
                let at = pt(column as f32 * step + shift, row as f32 * step);
                for i in 0..petals {
                    let angle = lean + i as f32 * std::f32::consts::TAU / petals as f32;
                    let petal = at + pt(0.0, -long).turned(angle);
                    c.fill(&ellipse(petal, wide, long, angle), ink, 0.85);
                }
            }
        }
    }
    c.weather(dice, 8.0, 3.0);
}

/// A bed sheet, a blanket or a backdrop cloth: creases, and a weave.
pub(crate) fn sheet(c: &mut Canvas, dice: &mut Dice) {
    let size = c.w * dice.range(0.15, 0.5);
    let lean = dice.range(0.4, 2.5);
    let creases = c.clouds(dice, [size * lean, size / lean], 4, 0.55);
    // The cloth is folded where the noise changes its sign.
    let folded = creases.map(|v| (1.0 - v.abs() * 2.2).max(-1.0));
    folded.relief(c.light).shade(&mut c.map, size * dice.range(0.6, 2.2));
    let weave = dice.range(1.0, 3.0);
    c.noise(dice, [weave * 2.0, weave], 1.0).shade(&mut c.map, dice.range(2.0, 9.0));
    c.weather(dice, 9.0, 0.0);
}

/// Concrete or stone: stains, pores, joints.
pub(crate) fn concrete(c: &mut Canvas, dice: &mut Dice, color: Color) {
    let size = c.w * dice.range(0.25, 0.6);
    let gain = dice.range(0.65, 0.9);
    c.noise(dice, [size; 2], gain).shade(&mut c.map, dice.range(12.0, 26.0));
    let stains = c.clouds(dice, [size * 0.5, size], 5, 0.7);
    stains.stain(&mut c.map, color.darker(0.4), 0.1, 1.1, dice.range(0.0, 0.5));
    let pores = c.noise(dice, [5.0; 2], 1.0);
    pores.stain(&mut c.map, color.darker(0.6), 0.9, 1.3, 0.6);
    if dice.chance(0.35) {
        let x = c.w * dice.range(0.1, 0.9);
        c.stroke(&[pt(x, 0.0), pt(x, c.h)], 1.4, color.darker(0.5), 0.6);
    }
}

/// Tiles with their grout, glossy.
pub(crate) fn tiles(c: &mut Canvas, dice: &mut Dice, color: Color) {
    let grout = if dice.chance(0.6) { color.darker(0.3) } else { color.lighter(0.6) };
    c.map.fill(grout.skia(1.0));
    let (w, flat) = (c.w / dice.range(3.0, 11.0), dice.pick(&[1.0, 1.0, 0.5, 2.0]));
    let (h, gap) = (w * flat, (w * 0.05).max(1.0));
    let spread = dice.range(2.0, 12.0);
    let shift = if dice.chance(0.4) { 0.5 } else { 0.0 };
    for row in 0..=(c.h / h) as usize {
        for column in 0..=(c.w / w) as usize + 1 {
            let x = (column as f32 - shift * (row % 2) as f32) * w;
            let (y, tint) = (row as f32 * h, color.jitter(dice, spread));
            let corners = [pt(x, y), pt(x + w - gap, y + h - gap)];
            let tile = [corners[0], pt(corners[1].x, y), corners[1], pt(x, corners[1].y)];
            c.run(&tile, corners, [tint.lighter(0.12).skia(1.0), tint.darker(0.08).skia(1.0)]);
        }
    }
    c.weather(dice, 10.0, 3.0);
}

/// A curtain's folds.
pub(crate) fn curtain(c: &mut Canvas, dice: &mut Dice) {
    let width = c.w * dice.range(0.06, 0.25);
    let folds = c.clouds(dice, [width, c.h * 3.0], 3, 0.5);
    folds.shade(&mut c.map, dice.range(18.0, 50.0));
    c.noise(dice, [2.0, 3.0], 1.0).shade(&mut c.map, dice.range(1.0, 6.0));
    c.weather(dice, 8.0, 0.0);
}

/// Veined marble.
pub(crate) fn marble(c: &mut Canvas, dice: &mut Dice, color: Color) {
    let size = c.w * dice.range(0.3, 0.8);
    let lean = dice.range(0.6, 1.8);
    let veins = c.noise(dice, [size * lean, size / lean], 0.62);
    let ink = if color.luma() > 110.0 { color.darker(0.7) } else { color.lighter(0.8) };
    let turns = dice.range(2.0, 6.0);
    let folded = veins.map(|v| 1.0 - (v * turns).sin().abs());
    folded.stain(&mut c.map, ink, 0.55, 1.05, dice.range(0.5, 0.95));
    c.weather(dice, 14.0, 2.0);
}

/// A wall in the hard light of colored lamps.
pub(crate) fn gels(c: &mut Canvas, dice: &mut Dice, color: Color) {
    let lamps = [0xff2a6a, 0x2a6aff, 0x2affb0, 0xffa02a, 0xb02aff, 0xffe02a].map(hex);
    c.map.fill(color.darker(0.4).skia(1.0));
    for _ in 0..dice.count(2, 3) {
        let (lamp, at) = (dice.pick(&lamps), pt(dice.range(0.0, c.w), dice.range(0.0, c.h)));
        c.pool(at, c.h * dice.range(0.4, 0.9), lamp.mix(color, 0.2).skia(0.75), lamp.skia(0.0));
    }
    if dice.chance(0.5) {
        // Light through a blind.
        let (step, slope) = (c.h / dice.range(8.0, 16.0), dice.bell(0.5));
        for i in -6..22 {
            let y = i as f32 * step;
            let rise = c.w * slope;
            let bar = [
                pt(0.0, y),
                pt(c.w, y + rise),
                pt(c.w, y + rise + step * 0.5),
                pt(0.0, y + step * 0.5),
            ];
            c.fill(&bar, hex(0x08080c), 0.4);
        }
    }
    c.noise(dice, [5.0; 2], 0.7).relief(c.light).shade(&mut c.map, 6.0);
    c.weather(dice, 8.0, 0.0);
}
