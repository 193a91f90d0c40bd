//! Other backgrounds at home: quilts, printed bedding, and doors that clothes hang on.
use super::{
    canvas::Canvas,
    plan::{self, Plan},
};
use crate::{
    color::{Color, hex, palette::cloth},
    geometry::{
        point::{Pt, pt},
        polygon::ellipse,
    },
    random::dice::Dice,
};

/// A quilt: puffed between its seams, which form diamonds, waves or squares.
pub(crate) fn quilt(c: &mut Canvas, dice: &mut Dice, color: Color) {
    let plan = Plan::new(c, dice);
    let (reach, step) = (plan.reach(c), c.w * dice.range(0.1, 0.26));
    let waves = if dice.chance(0.5) { step * dice.range(0.2, 0.42) } else { 0.0 };
    let length = step * dice.range(1.5, 3.0);
    let (width, depth) = (step * dice.range(0.06, 0.16), dice.range(0.1, 0.3));
    let beside = pt(c.light * width * 0.8, width * 0.8);
    let count = (2.0 * reach / step) as usize;
    // Waves in opposite phase need no cross seams.
    let crossings: &[bool] = if waves > 0.0 { &[false] } else { &[false, true] };
    for &crossing in crossings {
        for i in 0..=count {
            let at = i as f32 * step - reach;
            let points: Vec<Pt> = (0..=40)
                .map(|k| {
                    let along = k as f32 / 20.0 * reach - reach;
                    let side = if i % 2 == 0 { 1.0 } else { -1.0 };
                    let off = at + side * waves * (along / length * std::f32::consts::TAU).sin();
                    plan.at(if crossing { pt(along, off) } else { pt(off, along) })
                })
                .collect();
            let shifted = |by: Pt| -> Vec<Pt> { points.iter().map(|p| *p + by).collect() };
            c.stroke(&shifted(beside), width * 2.0, color.lighter(0.7), depth * 0.6);
            c.stroke(&shifted(-beside), width * 2.0, color.darker(0.5), depth * 0.6);
            c.stroke(&points, width.max(0.8), color.darker(0.6), depth);
        }
    }
    let size = c.w * dice.range(0.1, 0.3);
    let creases = c.clouds(dice, [size; 2], 4, 0.6);
    creases.relief(c.light).shade(&mut c.map, size * dice.range(0.4, 1.2));
    c.weather(dice, 9.0, 3.0);
    plan::edge(c, dice, color);
}

/// A printed sheet, blanket or tablecloth, creased.
pub(crate) fn bedding(c: &mut Canvas, dice: &mut Dice, color: Color) {
    let plan = Plan::new(c, dice);
    let (reach, step) = (plan.reach(c), c.w * dice.range(0.08, 0.3));
    let inks = [cloth(dice, &[color], 45.0), cloth(dice, &[color], 35.0)];
    let alpha = dice.range(0.35, 1.0);
    let count = (2.0 * reach / step) as usize;
    let kind = dice.count(0, 3);
    let fraction = dice.range(0.15, 0.55);
    if kind < 2 {
        // Stripes, or crossed stripes.
        let crossings: &[bool] = if kind == 0 { &[false] } else { &[false, true] };
        for crossing in crossings {
            for i in 0..=count {
                let from = i as f32 * step - reach;
                let (mut low, mut high) = (pt(from, -reach), pt(from + step * fraction, reach));
                if *crossing {
                    (low, high) = (pt(low.y, low.x), pt(high.y, high.x));
                }
                if let Some(bar) = plan.rectangle(c, low, high) {
                    c.fill(&bar, inks[i % 2], if kind == 0 { alpha } else { alpha * 0.6 });
                }
            }
        }
    } else {
        // Scattered flowers or dots.
        let petals = if kind == 2 { dice.count(4, 6) } else { 1 };
        for row in 0..=count {
            for column in 0..=count {
                let shift = pt(dice.range(-0.3, 0.3), dice.range(-0.3, 0.3));
                let at = plan.at((pt(column as f32, row as f32) + shift) * step - pt(reach, reach));
                if at.x < -step || at.y < -step || at.x > c.w + step || at.y > c.h + step {
                    continue;
                }
                let (size, lean) = (step * fraction * 0.6, dice.range(0.0, 3.1));
                for i in 0..petals {
                    let angle = lean + i as f32 * std::f32::consts::TAU / petals as f32;
                    let off = if petals > 1 { size * 0.8 } else { 0.0 };
                    let petal = at + pt(0.0, -off).turned(angle);
                    let ink = inks[(row + column) % 2];
                    c.fill(&ellipse(petal, size * 0.5, size * 0.8, angle), ink, alpha);
                }
            }
        }
    }
    let size = c.w * dice.range(0.12, 0.45);
    let lean = dice.range(0.5, 2.0);
    let creases = c.clouds(dice, [size * lean, size / lean], 4, 0.55);
    let folded = creases.map(|v| (1.0 - v.abs() * 2.2).max(-1.0));
    folded.relief(c.light).shade(&mut c.map, size * dice.range(0.4, 1.8));
    c.weather(dice, 10.0, 3.0);
    plan::edge(c, dice, color);
}

/// A door or the front of a wardrobe: panels in frames, and the wall beside it.
pub(crate) fn door(c: &mut Canvas, dice: &mut Dice, color: Color) {
    let wall = cloth(dice, &[color], 20.0).mix(hex(0xd8d2c8), 0.7);
    c.map.fill(wall.skia(1.0));
    let wide = c.w * dice.range(0.55, 1.5);
    let left = c.w * 0.5 - wide * dice.range(0.25, 0.75);
    let (top, bottom) = (-c.h * dice.range(0.0, 0.5), c.h * dice.range(0.98, 1.6));
    // The camera is rarely perfectly level.
    let slant = dice.bell(0.05);
    let at = |x: f32, y: f32| pt(left + x * wide + slant * y, top + y * (bottom - top));
    let slab =
        |x1: f32, y1: f32, x2: f32, y2: f32| [at(x1, y1), at(x2, y1), at(x2, y2), at(x1, y2)];
    let frame = if dice.chance(0.5) { color.lighter(0.3) } else { color.darker(0.25) };
    c.fill(&slab(-0.09, -1.0, 1.09, 2.0), frame, 1.0);
    c.fill(&slab(0.0, -1.0, 1.0, 2.0), color, 1.0);
    c.stroke(&[at(0.0, -0.1), at(0.0, 1.1)], 1.8, color.darker(0.7), 0.7);
    c.stroke(&[at(1.0, -0.1), at(1.0, 1.1)], 1.8, color.darker(0.7), 0.7);
    let wooden = dice.chance(0.45);
    if wooden {
        let fine = dice.range(2.5, 6.0);
        c.noise(dice, [fine, fine * 24.0], 0.85).shade(&mut c.map, dice.range(5.0, 14.0));
    }
    let (columns, rows) = (dice.count(0, 2), dice.count(1, 3));
    let (inset, bevel) = (dice.range(0.08, 0.16), dice.range(1.0, 3.0));
    for column in 0..columns {
        for row in 0..rows {
            let (w, h) = (1.0 / columns as f32, 1.0 / rows as f32);
            let (x, y) = (column as f32 * w, row as f32 * h);
            let panel = slab(x + inset * w, y + inset * h, x + w - inset * w, y + h - inset * h);
            c.fill(&panel, color.darker(dice.range(0.0, 0.08)), 1.0);
            let [a, b, d, e] = panel;
            c.stroke(&[e, a, b], bevel, color.darker(0.6), 0.55);
            c.stroke(&[b, d, e], bevel, color.lighter(0.7), 0.55);
        }
    }
    if dice.chance(0.5) {
        let side = if dice.chance(0.5) { 0.07 } else { 0.93 };
        let handle = at(side, dice.range(0.45, 0.75));
        let metal = hex(dice.pick(&[0xb8b8b8, 0x8a8a88, 0xc8a860, 0x3a3a3c]));
        c.stroke(&[handle, handle + pt((0.5 - side) * c.w * 0.16, 0.0)], c.w * 0.02, metal, 1.0);
        c.fill(&ellipse(handle, c.w * 0.014, c.w * 0.02, 0.0), metal.darker(0.2), 1.0);
    }
    c.weather(dice, 8.0, 2.0);
}
