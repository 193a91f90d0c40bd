//! Places behind a wearer: rooms, streets, rails of clothes.
use super::{
    canvas::Canvas,
    clutter::{Clutter, Thing},
    colour::{Colour, cloth, hex},
    dice::Dice,
    lettering,
    shape::{Pt, ellipse, pt, rectangle},
};

/// A shop's name, faint, above or below.
pub(super) fn sign(c: &mut Canvas, dice: &mut Dice, colour: Colour) {
    let word = dice.pick(&lettering::WORDS);
    let ink = if colour.luma() > 110.0 { colour.darker(0.3) } else { colour.lighter(0.3) };
    let y = if dice.chance(0.5) { dice.range(0.05, 0.12) } else { dice.range(0.88, 0.95) };
    let at = pt(c.w * dice.range(0.25, 0.75), c.h * y);
    let width = c.w * dice.range(0.15, 0.4);
    let alpha = dice.range(0.4, 0.9);
    for line in lettering::word(word, width, at) {
        c.stroke(&line, width * 0.022 + 0.6, ink, alpha);
    }
}

/// Colours of things: a place has a few of its own.
fn palette(dice: &mut Dice, near: Colour) -> Vec<Colour> {
    (0..7)
        .map(|_| {
            let grey = hex(dice.pick(&[0x2b2826, 0x5a5550, 0x8d8780, 0xc4beb4, 0xe9e5de]));
            let dull = dice.range(0.2, 0.9);
            cloth(dice, &[near], 10.0).mix(grey, dull)
        })
        .collect()
}

/// A room: wall and floor, window, door, shelves, plants, and what stands about.
pub(super) fn room(c: &mut Canvas, dice: &mut Dice, colour: Colour) {
    let floor = c.h * dice.range(0.6, 0.92);
    let (light, dark) = (colour.lighter(dice.range(0.1, 0.4)), colour.darker(dice.range(0.1, 0.4)));
    let sides = if c.light < 0.0 { [light, dark] } else { [dark, light] };
    c.run(&c.below(0.0), [pt(0.0, 0.0), pt(c.w, floor)], sides.map(|s| s.skia(1.0)));
    let wood =
        hex(dice.pick(&[0x8a6a4a, 0xb59a7a, 0x77706a, 0xc9c0b4, 0x4a3a30])).jitter(dice, 12.0);
    let ends = [pt(0.0, floor), pt(0.0, c.h)];
    c.run(&c.below(floor), ends, [wood.lighter(0.2).skia(1.0), wood.darker(0.25).skia(1.0)]);
    c.block(0.0, floor - c.h * 0.015, c.w, c.h * 0.015, colour.lighter(0.5));
    let palette = palette(dice, colour);
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
                let picture = [pt(x, y), pt(x + w, y), pt(x + w, y + h), pt(x, y + h)];
                let (a, b) = (dice.pick(&palette), dice.pick(&palette));
                c.run(&picture, [picture[0], picture[2]], [a.skia(1.0), b.skia(1.0)]);
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

fn shelves(c: &mut Canvas, dice: &mut Dice, palette: &[Colour], [from, to]: [Pt; 2]) {
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

/// A street or a square: houses, trees, people, cars, lights.
pub(super) fn street(c: &mut Canvas, dice: &mut Dice) {
    let horizon = c.h * dice.range(0.4, 0.8);
    let sky = hex(dice.pick(&[0xbcd3e8, 0xdfe6ea, 0xf0dcc6, 0x9db8d4]));
    c.run(
        &c.below(0.0),
        [pt(0.0, 0.0), pt(0.0, horizon)],
        [sky.darker(0.1).skia(1.0), sky.lighter(0.4).skia(1.0)],
    );
    let mut x = -10.0;
    while x < c.w {
        let w = c.w * dice.range(0.15, 0.6);
        let top = horizon - c.h * dice.range(0.15, 0.9);
        house(c, dice, [pt(x, top), pt(x + w, horizon)]);
        x += w;
    }
    if dice.chance(0.6) {
        let (left, green) = (dice.range(-0.2, 0.8) * c.w, hex(0x4d7044).jitter(dice, 24.0));
        let trees = Clutter {
            count: 90,
            things: &[Thing::Blob, Thing::Leaf],
            palette: &[green, green.darker(0.5), green.lighter(0.3)],
            jitter: 14.0,
            area: [pt(left, horizon - c.h * 0.5), pt(left + c.w * 0.5, horizon)],
            sizes: [2.0, c.w * 0.1],
        };
        trees.paint(c, dice);
    }
    let ground = hex(dice.pick(&[0x8c8a88, 0xa9a39a, 0x6f7a5a, 0xb8ad98, 0x5c5a5c]));
    let ends = [pt(0.0, horizon), pt(0.0, c.h)];
    c.run(&c.below(horizon), ends, [ground.lighter(0.15).skia(1.0), ground.darker(0.2).skia(1.0)]);
    for _ in 0..dice.count(0, 4) {
        // Kerbs, paving and markings run towards the horizon.
        let (far, near) = (pt(dice.range(-0.5, 1.5) * c.w, horizon), dice.range(-1.0, 2.0) * c.w);
        let tint = if dice.chance(0.5) { ground.lighter(0.3) } else { ground.darker(0.35) };
        c.fill(&[far, pt(near, c.h), pt(near + c.w * dice.range(0.03, 0.3), c.h)], tint, 0.8);
    }
    let palette = palette(dice, ground);
    let people = Clutter {
        count: dice.count(8, 70),
        things: &[Thing::Box, Thing::Blob],
        palette: &palette,
        jitter: 16.0,
        area: [pt(0.0, horizon - c.h * 0.12), pt(c.w, horizon + c.h * 0.08)],
        sizes: [2.0, c.w * 0.12],
    };
    people.paint(c, dice);
    for _ in 0..dice.count(0, 10) {
        let r = dice.range(3.0, 10.0);
        let at = pt(dice.range(0.0, c.w), dice.range(0.0, horizon));
        c.fill(&ellipse(at, r, r, 0.0), hex(0xfff2d0), dice.range(0.15, 0.5));
    }
    c.weather(dice, 18.0, 8.0);
}

fn house(c: &mut Canvas, dice: &mut Dice, [from, to]: [Pt; 2]) {
    let tint = hex(dice.pick(&[0x9a8f86, 0xb5a99c, 0x7f8790, 0xa06a54, 0xc9c2b6, 0x6d6a6a]))
        .jitter(dice, 12.0);
    let w = to.x - from.x;
    let wall = [from, pt(to.x, from.y), to, pt(from.x, to.y)];
    c.run(
        &wall,
        [from, pt(to.x, from.y)],
        [tint.lighter(0.1).skia(1.0), tint.darker(0.2).skia(1.0)],
    );
    let (across, floor) = (dice.count(2, 6), dice.range(16.0, 48.0));
    let step = w / across as f32;
    let half = pt(step * dice.range(0.2, 0.42), floor * dice.range(0.2, 0.4));
    let mut y = from.y + floor * 0.6;
    while y < to.y - floor * 0.8 {
        for column in 0..across {
            let at = pt(from.x + step * (column as f32 + 0.5), y);
            let pane =
                if dice.chance(0.2) { hex(0xf3dfa8) } else { tint.darker(dice.range(0.3, 0.7)) };
            c.fill(
                &rectangle(at + pt(0.8, 0.8), half + pt(1.2, 1.2), 0.0),
                tint.lighter(0.35),
                1.0,
            );
            c.fill(&rectangle(at, half, 0.0), pane, 1.0);
        }
        y += floor;
    }
    // A shop on the ground floor.
    c.block(from.x, to.y - floor * 0.8, w * 0.9, floor * 0.8, tint.darker(dice.range(0.2, 0.7)));
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
    let folds = c.clouds(dice, [c.w * 0.05, c.h], 3, 0.7);
    folds.shade(&mut c.map, 14.0);
    c.weather(dice, 12.0, 5.0);
}
