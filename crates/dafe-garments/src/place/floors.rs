//! Floors of unlike images: rugs, mosaics, and tiles or boards in perspective.
use super::canvas::Canvas;
use crate::{
    color::{Color, hex, palette::cloth},
    geometry::{
        point::{Pt, pt},
        polygon::{ellipse, rectangle},
    },
    random::dice::Dice,
};

/// A patterned rug from above: borders, and rows of diamonds and crosses.
pub(crate) fn rug(c: &mut Canvas, dice: &mut Dice, color: Color) {
    c.map.fill(color.skia(1.0));
    let inks: Vec<Color> = (0..4).map(|_| cloth(dice, &[color], 50.0)).collect();
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

/// A floor of tiles or boards that reaches to the wall behind.
pub(crate) fn perspective(c: &mut Canvas, dice: &mut Dice, color: Color) {
    let horizon = c.h * dice.range(-0.1, 0.45);
    let edge = horizon.max(0.0) + c.h * dice.range(0.05, 0.2);
    let other = if dice.chance(0.5) { color.darker(0.75) } else { cloth(dice, &[color], 45.0) };
    let wall = cloth(dice, &[color], 30.0).mix(hex(0xb8b4ae), 0.5);
    c.run(
        &c.below(0.0),
        [pt(0.0, 0.0), pt(0.0, edge)],
        [wall.lighter(0.2), wall].map(|w| w.skia(1.0)),
    );
    c.fill(&c.below(edge), color, 1.0);
    let (eye, size) = (pt(c.w * dice.range(0.1, 0.9), horizon), dice.range(0.12, 0.4));
    let boards = dice.chance(0.35);
    // Depths of the rows: at twice the distance, a row is half as far below the horizon.
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

/// Small stones set in lines, each of its own color.
pub(crate) fn mosaic(c: &mut Canvas, dice: &mut Dice, color: Color) {
    let grout = if dice.chance(0.5) { hex(0xd8d4cc) } else { hex(0x3a3836) };
    c.map.fill(grout.skia(1.0));
    let (a, b) = (cloth(dice, &[color], 40.0), cloth(dice, &[color], 40.0));
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
                color
            };
            let half = pt(step, step) * 0.44;
            c.fill(&rectangle(at, half, dice.bell(0.25)), tint.jitter(dice, 30.0), 1.0);
        }
    }
    c.noise(dice, [4.0; 2], 0.9).relief(c.light).shade(&mut c.map, 10.0);
    c.weather(dice, 12.0, 0.0);
}
