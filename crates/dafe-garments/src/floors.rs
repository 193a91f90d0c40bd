//! Backgrounds of unlike pictures that are made by hand: rugs, floors in perspective, mosaics, marble, coloured light.
use super::{
    canvas::Canvas,
    colour::{Colour, cloth, hex},
    dice::Dice,
    shape::{Pt, ellipse, pt, rectangle},
};

/// A patterned rug from above: borders, and rows of diamonds and crosses.
pub(super) fn rug(c: &mut Canvas, dice: &mut Dice, colour: Colour) {
    c.map.fill(colour.skia(1.0));
    let inks: Vec<Colour> = (0..4).map(|_| cloth(dice, &[colour], 50.0)).collect();
    let step = c.w / dice.range(3.0, 9.0);
    let lean = dice.bell(0.25);
    let middle = pt(c.w * 0.5, c.h * 0.5);
    let reach = (c.w.hypot(c.h) / step) as i32 / 2 + 1;
    let kinds = [0, 1].map(|_| dice.count(0, 3));
    for row in -reach..=reach {
        for column in -reach..=reach {
            let at = middle + (pt(column as f32, row as f32) * step).turned(lean);
            let even = (row + column).rem_euclid(2) as usize;
            let ink = inks[even + 2 * (row.rem_euclid(2) as usize)];
            let r = step * 0.48;
            match kinds[even] {
                0 => c.fill(&rectangle(at, pt(r, r) * 0.7, lean + 0.785), ink, 1.0),
                1 => {
                    c.fill(&rectangle(at, pt(r, r * 0.3), lean), ink, 1.0);
                    c.fill(&rectangle(at, pt(r * 0.3, r), lean), ink, 1.0);
                }
                2 => c.fill(&ellipse(at, r * 0.8, r * 0.8, 0.0), ink, 1.0),
                _ => c.fill(&rectangle(at, pt(r * 0.95, r * 0.95), lean), ink, 1.0),
            }
            c.fill(&ellipse(at, r * 0.3, r * 0.3, 0.0), inks[3 - even], 1.0);
        }
    }
    let pile = c.noise(dice, [3.0, 2.0], 0.9);
    pile.shade(&mut c.map, dice.range(8.0, 22.0));
    c.weather(dice, 12.0, 0.0);
}

/// A floor of tiles or boards that runs to the wall behind.
pub(super) fn perspective(c: &mut Canvas, dice: &mut Dice, colour: Colour) {
    let horizon = c.h * dice.range(-0.1, 0.45);
    let edge = horizon.max(0.0) + c.h * dice.range(0.05, 0.2);
    let other = if dice.chance(0.5) { colour.darker(0.75) } else { cloth(dice, &[colour], 45.0) };
    let wall = cloth(dice, &[colour], 30.0).mix(hex(0xb8b4ae), 0.5);
    c.run(
        &c.below(0.0),
        [pt(0.0, 0.0), pt(0.0, edge)],
        [wall.lighter(0.2), wall].map(|w| w.skia(1.0)),
    );
    c.fill(&c.below(edge), colour, 1.0);
    let (eye, size) = (pt(c.w * dice.range(0.1, 0.9), horizon), dice.range(0.12, 0.4));
    let boards = dice.chance(0.35);
    // Depths of the rows: what is twice as far lies half as far below the horizon.
    let near = c.h * 1.1 - horizon;
    let wide = size * c.w;
    let place = |across: f32, depth: f32| eye + pt(across * wide, near) * (1.0 / depth);
    let far = (near / (edge - horizon).max(2.0)).min(24.0);
    let rows = ((far - 1.0) / size) as i32 + 1;
    for row in 0..=rows {
        let ends = [row, row + 1].map(|r| (1.0 + r as f32 * size).min(far));
        for column in -14 - row..=14 + row {
            let dark = if boards { column } else { row + column }.rem_euclid(2) == 0;
            if !dark {
                continue;
            }
            let (left, right) = (column as f32, column as f32 + 1.0);
            let tile: Vec<Pt> = [(left, 0), (right, 0), (right, 1), (left, 1)]
                .map(|(x, end)| place(x * 1.2, ends[end]))
                .to_vec();
            if tile.iter().all(|p| p.x < 0.0) || tile.iter().all(|p| p.x > c.w) {
                continue;
            }
            c.fill(&tile, other, 1.0);
        }
    }
    c.weather(dice, 22.0, 6.0);
    c.pool(pt(c.w * dice.range(0.0, 1.0), edge), c.h, hex(0xffffff).skia(0.25), hex(0).skia(0.25));
}

/// Small stones set in lines, each of its own colour.
pub(super) fn mosaic(c: &mut Canvas, dice: &mut Dice, colour: Colour) {
    let grout = if dice.chance(0.5) { hex(0xd8d4cc) } else { hex(0x3a3836) };
    c.map.fill(grout.skia(1.0));
    let (a, b) = (cloth(dice, &[colour], 40.0), cloth(dice, &[colour], 40.0));
    let step = c.w / dice.range(10.0, 26.0);
    let waves = dice.range(0.5, 3.0) / c.w;
    let turn = dice.range(0.0, 3.1);
    for row in 0..=(c.h / step) as usize + 1 {
        for column in 0..=(c.w / step) as usize + 1 {
            let at = pt(column as f32 * step + dice.bell(1.0), row as f32 * step + dice.bell(1.0));
            let way = at.turned(turn);
            let wave = ((way.x * waves * 6.3).sin() + (way.y * waves * 9.0).cos()) * 0.5;
            let tint = if wave > 0.35 {
                a
            } else if wave < -0.35 {
                b
            } else {
                colour
            };
            let half = pt(step, step) * 0.44;
            c.fill(&rectangle(at, half, dice.bell(0.25)), tint.jitter(dice, 30.0), 1.0);
        }
    }
    c.noise(dice, [4.0; 2], 0.9).relief(c.light).shade(&mut c.map, 10.0);
    c.weather(dice, 12.0, 0.0);
}

/// Veined marble.
pub(super) fn marble(c: &mut Canvas, dice: &mut Dice, colour: Colour) {
    let size = c.w * dice.range(0.3, 0.8);
    let lean = dice.range(0.6, 1.8);
    let veins = c.noise(dice, [size * lean, size / lean], 0.62);
    let ink = if colour.luma() > 110.0 { colour.darker(0.7) } else { colour.lighter(0.8) };
    let turns = dice.range(2.0, 6.0);
    let folded = veins.map(|v| 1.0 - (v * turns).sin().abs());
    folded.stain(&mut c.map, ink, 0.55, 1.05, dice.range(0.5, 0.95));
    c.weather(dice, 14.0, 2.0);
}

/// A wall in the hard light of coloured lamps.
pub(super) fn gels(c: &mut Canvas, dice: &mut Dice, colour: Colour) {
    let lamps = [0xff2a6a, 0x2a6aff, 0x2affb0, 0xffa02a, 0xb02aff, 0xffe02a].map(hex);
    c.map.fill(colour.darker(0.4).skia(1.0));
    for _ in 0..dice.count(2, 3) {
        let (lamp, at) = (dice.pick(&lamps), pt(dice.range(0.0, c.w), dice.range(0.0, c.h)));
        c.pool(at, c.h * dice.range(0.4, 0.9), lamp.mix(colour, 0.2).skia(0.75), lamp.skia(0.0));
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
