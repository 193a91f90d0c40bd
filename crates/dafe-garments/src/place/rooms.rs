//! Rooms: windows, shelves, curtains, plants, and other objects.
use super::{
    canvas::Canvas,
    clutter::{Clutter, Thing, palette},
};
use crate::{
    color::{Color, hex},
    geometry::point::{Pt, pt},
    random::dice::Dice,
};

/// A room: wall and floor, window, door, shelves, plants, and other objects.
pub(crate) fn room(c: &mut Canvas, dice: &mut Dice, color: Color) {
    let floor = c.h * dice.range(0.6, 0.92);
    let (light, dark) = (color.lighter(dice.range(0.1, 0.4)), color.darker(dice.range(0.1, 0.4)));
    let sides = if c.light < 0.0 { [light, dark] } else { [dark, light] };
    c.run(&c.below(0.0), [pt(0.0, 0.0), pt(c.w, floor)], sides.map(|s| s.skia(1.0)));
    let wood =
        hex(dice.pick(&[0x8a6a4a, 0xb59a7a, 0x77706a, 0xc9c0b4, 0x4a3a30])).jitter(dice, 12.0);
    let ends = [pt(0.0, floor), pt(0.0, c.h)];
    c.run(&c.below(floor), ends, [wood.lighter(0.2).skia(1.0), wood.darker(0.25).skia(1.0)]);
    c.block(0.0, floor - c.h * 0.015, c.w, c.h * 0.015, color.lighter(0.5));
    let palette = palette(dice, color);
    for _ in 0..dice.count(1, 5) {
        let x = dice.range(-0.1, 0.9) * c.w;
        let tint = dice.pick(&palette);
        match dice.count(0, 4) {
            0 => window(c, dice, x),
            1 => {
                let top = floor - c.h * dice.range(0.2, 0.55);
                let right = x + c.w * dice.range(0.25, 0.5);
                shelves(c, dice, &palette, [pt(x, top), pt(right, floor)]);
            }
            2 => {
                let w = c.w * dice.range(0.12, 0.3);
                for i in 0..8 {
                    let shade = tint.darker(dice.range(0.0, 0.35));
                    let (from, to) = (pt(x + w * i as f32 / 8.0, 0.0), w / 8.0 + 0.5);
                    let fold =
                        [from, from + pt(to, 0.0), from + pt(to, floor), from + pt(0.0, floor)];
                    let ends = [from, from + pt(to, 0.0)];
                    c.run(&fold, ends, [shade.skia(1.0), shade.lighter(0.25).skia(1.0)]);
                }
            }
            3 => {
                let (at, size) = (pt(x, floor - c.h * dice.range(0.0, 0.3)), c.w * 0.12);
                let plant = Clutter {
                    count: 40,
                    things: &[Thing::Leaf],
                    palette: &[hex(0x3f6b42), hex(0x2c4a30), hex(0x7a9a58)],
                    jitter: 16.0,
                    area: [at - pt(size, size), at + pt(size, size)],
                    sizes: [size * 0.15, size * 0.6],
                };
                plant.paint(c, dice);
            }
            _ => {
                let (w, h) = (c.w * dice.range(0.12, 0.3), c.h * dice.range(0.1, 0.25));
                let y = c.h * dice.range(0.05, 0.35);
                c.block(x - 2.0, y - 2.0, w + 4.0, h + 4.0, hex(0x3a3430).mix(tint, 0.3));
                let image = [pt(x, y), pt(x + w, y), pt(x + w, y + h), pt(x, y + h)];
                let (a, b) = (dice.pick(&palette), dice.pick(&palette));
                c.run(&image, [image[0], image[2]], [a.skia(1.0), b.skia(1.0)]);
            }
        }
    }
    let about = Clutter {
        count: dice.count(10, 60),
        things: &[Thing::Box, Thing::Blob, Thing::Box],
        palette: &palette,
        jitter: 14.0,
        area: [pt(0.0, floor - c.h * 0.25), pt(c.w, c.h * 1.05)],
        sizes: [2.0, c.w * 0.14],
    };
    about.paint(c, dice);
    c.weather(dice, 16.0, 6.0);
}

fn window(c: &mut Canvas, dice: &mut Dice, x: f32) {
    let (w, h) = (c.w * dice.range(0.2, 0.45), c.h * dice.range(0.25, 0.6));
    let (y, frame) = (c.h * dice.range(0.0, 0.3), c.w * 0.015);
    let light = dice.pick(&[hex(0xdfeaf4), hex(0xffffff), hex(0xc8d6c8)]);
    c.block(x - frame, y - frame, w + frame * 2.0, h + frame * 2.0, hex(0xf2f0ea));
    let pane = [pt(x, y), pt(x + w, y), pt(x + w, y + h), pt(x, y + h)];
    c.run(&pane, [pane[0], pane[3]], [light.skia(1.0), light.darker(0.25).skia(1.0)]);
    c.block(x + w * 0.47, y, frame, h, hex(0xf2f0ea));
    c.block(x, y + h * 0.4, w, frame, hex(0xf2f0ea));
}

fn shelves(c: &mut Canvas, dice: &mut Dice, palette: &[Color], [from, to]: [Pt; 2]) {
    let wood = dice.pick(palette);
    c.block(from.x, from.y, to.x - from.x, to.y - from.y, wood.darker(0.3));
    let step = (to.y - from.y) / dice.range(2.0, 4.5);
    let mut y = from.y;
    while y < to.y {
        let mut x = from.x + 2.0;
        while x < to.x - 2.0 {
            let (w, h) = (c.w * dice.range(0.01, 0.06), step * dice.range(0.4, 0.9));
            if dice.chance(0.85) {
                let tint = dice.pick(palette).jitter(dice, 20.0);
                c.block(x, y + step - h, w - 0.6, h, tint);
            }
            x += w;
        }
        c.block(from.x, y + step, to.x - from.x, 2.5, wood);
        y += step;
    }
}
