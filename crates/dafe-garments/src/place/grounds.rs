//! Floors at home that clothes are laid on: laminate, tiles, carpets.
use super::{
    canvas::Canvas,
    plan::{self, Plan},
};
use crate::{
    color::{Color, hex},
    geometry::{
        point::{Pt, pt},
        polygon::ellipse,
    },
    random::{bits::Bits, dice::Dice},
};

/// Laminate or parquet: boards with staggered ends.
pub(crate) fn laminate(c: &mut Canvas, dice: &mut Dice, color: Color) {
    let plan = Plan::new(c, dice);
    let reach = plan.reach(c);
    let wide = c.w * dice.range(0.09, 0.34);
    let long = wide * dice.range(3.0, 8.0);
    let strips = dice.weighted(&[(0.5, 1), (0.2, 2), (0.3, 3)]);
    let (spread, gap) = (dice.range(3.0, 16.0), dice.range(0.4, 1.3));
    let (seam, veins) = (dice.range(0.25, 0.6), dice.range(0.05, 0.22));
    let rows = (2.0 * reach / wide) as usize + 1;
    for row in 0..=rows {
        let y = row as f32 * wide - reach;
        let mut x = -reach - dice.range(0.0, long);
        while x < reach {
            let board = plan.rectangle(c, pt(x, y), pt(x + long, y + wide));
            for strip in 0..strips {
                // A board looks like one, two or three narrow ones, each of several short pieces.
                let height = wide / strips as f32;
                let top = y + strip as f32 * height;
                let (from, to) = (pt(x, top), pt(x + long, top + height));
                let Some(shape) = plan.rectangle(c, from, to) else { continue };
                let tint = color.jitter(dice, spread);
                c.fill(&shape, tint, 1.0);
                grain(c, dice, &plan, [from, to], tint, veins);
                if strips > 1 {
                    c.stroke(&[shape[0], shape[1]], gap, tint.darker(0.5), 0.25 * seam);
                }
            }
            if let Some(shape) = board {
                c.stroke(&[shape[3], shape[0], shape[1]], gap, color.darker(0.6), seam);
            }
            x += long;
        }
    }
    let fine = dice.range(2.0, 5.0);
    c.weather(dice, 10.0, fine);
    if dice.chance(0.3) {
        shine(c, dice);
    }
    plan::edge(c, dice, color);
}

/// A board's grain: long, nearly straight lines.
fn grain(c: &mut Canvas, dice: &mut Dice, plan: &Plan, ends: [Pt; 2], tint: Color, alpha: f32) {
    let [low, high] = ends;
    let mut bits = Bits::new(dice.number());
    let mut random = || bits.signed() * 0.5 + 0.5;
    let height = high.y - low.y;
    let count = 2 + (random() * (height / 5.0).min(6.0)) as usize;
    for _ in 0..count {
        let (y, bow) = (low.y + height * random(), height * 0.3 * (random() - 0.5));
        let (from, to) = (0.7 * random(), 0.4 + 0.6 * random());
        let x = |t: f32| low.x + (high.x - low.x) * t;
        let middle = f32::midpoint(from, to.max(from));
        let line = [pt(x(from), y), pt(x(middle), (y + bow).clamp(low.y, high.y)), pt(x(to), y)];
        let ink = if random() < 0.7 { tint.darker(0.5) } else { tint.lighter(0.4) };
        c.stroke(&line.map(|p| plan.at(p)), 0.6 + random() * 1.4, ink, alpha * (0.4 + random()));
    }
}

/// The reflection of a window or lamp in a smooth floor.
fn shine(c: &mut Canvas, dice: &mut Dice) {
    let at = pt(c.w * dice.range(0.0, 1.0), c.h * dice.range(0.0, 1.0));
    let (reach, strength) = (c.h * dice.range(0.15, 0.45), dice.range(0.1, 0.4));
    c.pool(at, reach, hex(0xffffff).skia(strength), hex(0xffffff).skia(0.0));
}

/// Large tiles with thin joints, in rows or as diamonds.
pub(crate) fn floor_tiles(c: &mut Canvas, dice: &mut Dice, color: Color) {
    let plan = Plan::new(c, dice);
    let reach = plan.reach(c);
    let side = c.w * dice.range(0.16, 0.5);
    let (across, gap) = (side * dice.pick(&[1.0, 1.0, 1.0, 1.6, 2.0]), dice.range(0.7, 2.2));
    let shift = if dice.chance(0.2) { 0.5 } else { 0.0 };
    let spread = dice.range(1.0, 9.0);
    let grout = if dice.chance(0.75) { color.darker(dice.range(0.25, 0.7)) } else { hex(0xf2f0ec) };
    // Every second one may have another color.
    let other = if dice.chance(0.12) { color.darker(0.6) } else { color };
    c.map.fill(grout.skia(1.0));
    for row in 0..=(2.0 * reach / side) as i32 {
        for column in -1..=(2.0 * reach / across) as i32 {
            let x = (column as f32 + shift * (row % 2) as f32) * across - reach;
            let y = row as f32 * side - reach;
            let high = pt(x + across - gap, y + side - gap);
            let Some(tile) = plan.rectangle(c, pt(x, y), high) else { continue };
            let base = if (row + column) % 2 == 0 { color } else { other };
            c.fill(&tile, base.jitter(dice, spread), 1.0);
        }
    }
    if dice.chance(0.5) {
        // Stains like those of stone.
        let (size, gain) = (side * dice.range(0.2, 0.6), dice.range(0.6, 0.8));
        let ink = color.darker(dice.range(0.15, 0.4));
        c.noise(dice, [size; 2], gain).stain(&mut c.map, ink, 0.0, 1.0, dice.range(0.2, 0.7));
    }
    c.weather(dice, 10.0, 2.0);
    if dice.chance(0.4) {
        shine(c, dice);
    }
    plan::edge(c, dice, color);
}

/// A carpet: short pile, loops, or shag; some with a large pattern hardly darker than the ground.
pub(crate) fn carpet(c: &mut Canvas, dice: &mut Dice, color: Color) {
    if dice.chance(0.35) {
        let plan = Plan::new(c, dice);
        let (reach, step) = (plan.reach(c), c.w * dice.range(0.12, 0.4));
        let ink = color.darker(dice.range(0.12, 0.45)).jitter(dice, 20.0);
        let (round, lean) = (dice.chance(0.5), dice.range(0.0, 1.6));
        for row in 0..=(2.0 * reach / step) as usize {
            for column in 0..=(2.0 * reach / step) as usize {
                let shift = 0.5 * (row % 2) as f32;
                let at = pt(column as f32 + shift, row as f32) * step + pt(-reach, -reach);
                if round {
                    c.fill(&ellipse(plan.at(at), step * 0.28, step * 0.16, lean), ink, 0.8);
                } else {
                    let half = pt(step * 0.5, step * 0.09);
                    if let Some(bar) = plan.rectangle(c, at - half, at + half) {
                        c.fill(&bar, ink, 0.8);
                    }
                }
            }
        }
    }
    let pile = dice.weighted(&[(0.5, 1.6), (0.3, 3.0), (0.2, 6.0)]) * dice.range(0.8, 1.4);
    let depth = dice.range(6.0, 13.0) * (0.6 + 0.15 * pile);
    c.noise(dice, [pile; 2], 1.0).shade(&mut c.map, depth);
    c.noise(dice, [pile * 2.0, pile * 1.4], 0.9).relief(c.light).shade(&mut c.map, depth * 0.7);
    // Traces of walking or sweeping.
    let swept = [c.w * 0.3, c.h * 0.2];
    c.clouds(dice, swept, 3, 0.7).shade(&mut c.map, dice.range(3.0, 14.0));
    plan::edge(c, dice, color);
}
