//! The canvas of backgrounds, and the places painted on it: walls, rooms, streets, rails of clothes.
use tiny_skia::{
    Color, FillRule, GradientStop, LinearGradient, Paint, Pixmap, Point, Shader, SpreadMode,
    Stroke, Transform,
};

use super::{
    colour::{Colour, cloth, hex},
    dice::Dice,
    lettering,
    paint::{open_path, path},
    shape::{Pt, ellipse, pt, rectangle},
    soft,
};

/// A background in the making; positions are pixels of the finished one.
pub(super) struct Canvas {
    pub map: Pixmap,
    pub w: f32,
    pub h: f32,
    /// How much smaller `map` is.
    pub shrink: f32,
}

impl Canvas {
    fn transform(&self) -> Transform {
        Transform::from_scale(1.0 / self.shrink, 1.0 / self.shrink)
    }

    fn fill(&mut self, shape: &[Pt], colour: Colour, alpha: f32) {
        let Some(path) = path(shape) else { return };
        let mut paint = Paint::default();
        paint.set_color(colour.skia(alpha));
        self.map.fill_path(&path, &paint, FillRule::Winding, self.transform(), None);
    }

    fn block(&mut self, x: f32, y: f32, w: f32, h: f32, colour: Colour) {
        self.fill(&[pt(x, y), pt(x + w, y), pt(x + w, y + h), pt(x, y + h)], colour, 1.0);
    }

    /// A vertical run of colour from `from` to `to`, below `top`.
    pub fn fade(&mut self, from: Pt, to: Pt, first: Color, last: Color, top: f32) {
        let stops = vec![GradientStop::new(0.0, first), GradientStop::new(1.0, last)];
        let point = |p: Pt| Point::from_xy(p.x, p.y);
        let shader = LinearGradient::new(
            point(from),
            point(to),
            stops,
            SpreadMode::Pad,
            Transform::identity(),
        );
        let area = path(&[pt(0.0, top), pt(self.w, top), pt(self.w, self.h), pt(0.0, self.h)]);
        if let (Some(shader), Some(area)) = (shader, area) {
            let paint = Paint { shader, ..Paint::default() };
            self.map.fill_path(&area, &paint, FillRule::Winding, self.transform(), None);
        }
    }

    /// Light in the middle, darker at the edges.
    pub fn glow(&mut self, light: Colour, dark: Colour, strength: f32) {
        let stops = vec![
            GradientStop::new(0.0, light.skia(strength)),
            GradientStop::new(1.0, dark.skia(strength)),
        ];
        let center = Point::from_xy(self.w * 0.5, self.h * 0.4);
        let shader = tiny_skia::RadialGradient::new(
            center,
            0.0,
            center,
            self.h * 0.8,
            stops,
            SpreadMode::Pad,
            Transform::identity(),
        );
        let area = path(&[pt(0.0, 0.0), pt(self.w, 0.0), pt(self.w, self.h), pt(0.0, self.h)]);
        if let (Some(shader), Some(area)) = (shader, area) {
            let paint = Paint { shader: shader as Shader<'_>, ..Paint::default() };
            self.map.fill_path(&area, &paint, FillRule::Winding, self.transform(), None);
        }
    }
}

/// A shop's name, faint, above or below.
pub(super) fn sign(c: &mut Canvas, dice: &mut Dice, colour: Colour) {
    let word = dice.pick(&lettering::WORDS);
    let ink = if colour.luma() > 110.0 { colour.darker(0.3) } else { colour.lighter(0.3) };
    let y = if dice.chance(0.5) { dice.range(0.05, 0.12) } else { dice.range(0.88, 0.95) };
    let at = pt(c.w * dice.range(0.25, 0.75), c.h * y);
    let width = c.w * dice.range(0.15, 0.4);
    let mut paint = Paint::default();
    paint.set_color(ink.skia(dice.range(0.4, 0.9)));
    let stroke = Stroke { width: width * 0.022 + 0.6, ..Stroke::default() };
    for line in lettering::word(word, width, at) {
        if let Some(line) = open_path(&line) {
            c.map.stroke_path(&line, &paint, &stroke, c.transform(), None);
        }
    }
}

/// Bricks, planks, striped paper, or creased cloth.
pub(super) fn wall(c: &mut Canvas, dice: &mut Dice, colour: Colour) {
    let line = colour.darker(dice.range(0.08, 0.2));
    match dice.count(0, 3) {
        0 => {
            // Bricks.
            let (bw, bh) = (c.w / dice.range(7.0, 12.0), c.h / dice.range(18.0, 30.0));
            let rows = (c.h / bh) as usize + 1;
            for row in 0..rows {
                let shift = if row % 2 == 0 { 0.0 } else { bw * 0.5 };
                for column in 0..((c.w / bw) as usize + 2) {
                    let x = column as f32 * bw - shift;
                    let tint = colour.jitter(dice, 12.0);
                    c.block(x + 0.6, row as f32 * bh + 0.6, bw - 1.2, bh - 1.2, tint.darker(0.08));
                }
            }
        }
        1 => {
            // Planks, upright or lying.
            let upright = dice.chance(0.5);
            let step = if upright { c.w } else { c.h } / dice.range(5.0, 11.0);
            for i in 0..13 {
                let at = i as f32 * step;
                let tint = colour.jitter(dice, 14.0);
                if upright {
                    c.block(at, 0.0, step - 1.0, c.h, tint);
                } else {
                    c.block(0.0, at, c.w, step - 1.0, tint);
                }
            }
        }
        2 => {
            // Wallpaper stripes.
            let step = c.w / dice.range(5.0, 14.0);
            for i in 0..15 {
                c.block(i as f32 * step * 2.0, 0.0, step, c.h, line);
            }
        }
        _ => {
            // A bed sheet or plaster: broad soft creases.
            for _ in 0..9 {
                let at = pt(dice.range(0.0, c.w), dice.range(0.0, c.h));
                let blob = ellipse(
                    at,
                    c.w * dice.range(0.2, 0.6),
                    dice.range(4.0, 14.0),
                    dice.range(-1.0, 1.0),
                );
                let tint =
                    if dice.chance(0.5) { colour.darker(0.12) } else { colour.lighter(0.25) };
                c.fill(&blob, tint, 0.5);
            }
            soft::blur(&mut c.map, 4);
        }
    }
    if dice.chance(0.4) {
        c.glow(colour.lighter(0.4), colour.darker(0.4), 0.3);
    }
}

pub(super) fn room(c: &mut Canvas, dice: &mut Dice, colour: Colour) {
    let floor = c.h * dice.range(0.66, 0.9);
    c.block(0.0, floor, c.w, c.h, hex(dice.pick(&[0x8a6a4a, 0xb59a7a, 0x77706a, 0xc9c0b4])));
    c.block(0.0, floor - 4.0, c.w, 4.0, colour.lighter(0.5));
    for _ in 0..dice.count(2, 5) {
        let x = dice.range(-0.1, 0.9) * c.w;
        let tint = cloth(dice, &[colour], 30.0);
        match dice.count(0, 4) {
            0 => {
                let (w, h, y) = (
                    c.w * dice.range(0.2, 0.35),
                    c.h * dice.range(0.25, 0.5),
                    c.h * dice.range(0.02, 0.3),
                );
                c.block(x - 3.0, y - 3.0, w + 6.0, h + 6.0, hex(0xf2f0ea));
                c.block(x, y, w, h, hex(0xdfeaf4));
                c.block(x + w * 0.47, y, 3.0, h, hex(0xf2f0ea));
            }
            1 => {
                let top = floor - c.h * dice.range(0.2, 0.45);
                c.block(x, top, c.w * dice.range(0.25, 0.45), floor - top + 8.0, tint);
                c.block(x, top, c.w * 0.3, 3.0, tint.darker(0.3));
            }
            2 => {
                let w = c.w * dice.range(0.12, 0.2);
                for i in 0..6 {
                    let shade = if i % 2 == 0 { tint } else { tint.darker(0.18) };
                    c.block(x + w * i as f32 / 6.0, 0.0, w / 6.0 + 0.5, floor, shade);
                }
            }
            3 => {
                let pot = pt(x, floor);
                for i in 0..7 {
                    let leaf = pt(0.0, -c.h * 0.12).turned((i as f32 - 3.0) * 0.4);
                    let angle = leaf.y.atan2(leaf.x);
                    c.fill(
                        &ellipse(pot + leaf, c.h * 0.12, 6.0, angle),
                        hex(0x3f6b42).jitter(dice, 16.0),
                        1.0,
                    );
                }
                c.block(pot.x - 9.0, pot.y - 10.0, 18.0, 22.0, tint);
            }
            _ => {
                let (w, h) = (c.w * dice.range(0.12, 0.25), c.h * dice.range(0.1, 0.2));
                let y = c.h * dice.range(0.05, 0.35);
                c.block(x - 2.0, y - 2.0, w + 4.0, h + 4.0, hex(0x3a3430));
                c.block(x, y, w, h, tint);
            }
        }
    }
}

pub(super) fn street(c: &mut Canvas, dice: &mut Dice) {
    let horizon = c.h * dice.range(0.45, 0.8);
    let sky = hex(dice.pick(&[0xbcd3e8, 0xdfe6ea, 0xf0dcc6, 0x9db8d4]));
    c.map.fill(sky.skia(1.0));
    let mut x = -10.0;
    while x < c.w {
        let w = c.w * dice.range(0.15, 0.4);
        let top = horizon - c.h * dice.range(0.15, 0.75);
        let tint = hex(dice.pick(&[0x9a8f86, 0xb5a99c, 0x7f8790, 0xa06a54, 0xc9c2b6, 0x6d6a6a]))
            .jitter(dice, 12.0);
        c.block(x, top, w, c.h, tint);
        for row in 0..8 {
            for column in 0..3 {
                if dice.chance(0.75) {
                    let at =
                        pt(x + w * (0.14 + 0.29 * column as f32), top + 8.0 + 24.0 * row as f32);
                    let pane = if dice.chance(0.2) { hex(0xf3dfa8) } else { tint.darker(0.45) };
                    c.block(at.x, at.y, w * 0.16, 13.0, pane);
                }
            }
        }
        x += w;
    }
    for _ in 0..dice.count(0, 6) {
        let at = pt(dice.range(0.0, c.w), horizon - dice.range(0.0, 50.0));
        let r = dice.range(15.0, 45.0);
        c.fill(&ellipse(at, r, r * 0.8, 0.0), hex(0x4d7044).jitter(dice, 24.0), 0.95);
    }
    let ground = hex(dice.pick(&[0x8c8a88, 0xa9a39a, 0x6f7a5a, 0xb8ad98]));
    c.block(0.0, horizon, c.w, c.h, ground);
    for _ in 0..dice.count(0, 7) {
        let at = pt(dice.range(0.0, c.w), horizon + dice.range(-14.0, 6.0));
        let tint = cloth(dice, &[ground], 40.0);
        c.fill(&rectangle(at, pt(dice.range(4.0, 22.0), dice.range(4.0, 14.0)), 0.0), tint, 0.9);
    }
    for _ in 0..dice.count(0, 10) {
        let r = dice.range(3.0, 10.0);
        let at = pt(dice.range(0.0, c.w), dice.range(0.0, horizon));
        c.fill(&ellipse(at, r, r, 0.0), hex(0xfff2d0), dice.range(0.15, 0.5));
    }
}

/// Other clothes on a rail.
pub(super) fn rail(c: &mut Canvas, dice: &mut Dice, colour: Colour) {
    c.glow(colour.lighter(0.3), colour.darker(0.2), 1.0);
    let y = c.h * dice.range(0.05, 0.25);
    c.block(0.0, y, c.w, 3.0, hex(0x4a4a4c));
    let mut x = dice.range(-10.0, 10.0);
    while x < c.w {
        let w = c.w * dice.range(0.07, 0.2);
        if dice.chance(0.85) {
            let tint = cloth(dice, &[colour], 30.0);
            let long = c.h * dice.range(0.3, 0.62);
            let shape = [
                pt(x + w * 0.5, y + 4.0),
                pt(x + w, y + 16.0),
                pt(x + w * 1.05, y + long),
                pt(x - w * 0.05, y + long),
                pt(x, y + 16.0),
            ];
            c.fill(&shape, tint, 1.0);
            c.fill(
                &[shape[1], shape[2], pt(x + w * 0.75, y + long), pt(x + w * 0.8, y + 20.0)],
                tint.darker(0.35),
                0.6,
            );
        }
        x += w * 0.95;
    }
    c.block(0.0, c.h * 0.9, c.w, c.h, hex(0x8f867c));
}
