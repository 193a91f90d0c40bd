//! Streets and squares: houses, trees, people, lights.
use super::{
    canvas::Canvas,
    clutter::{Clutter, Thing, palette},
};
use crate::{
    color::hex,
    geometry::{
        point::{Pt, pt},
        polygon::{ellipse, rectangle},
    },
    random::dice::Dice,
};

/// A street or a square: houses, trees, people, cars, lights.
pub(crate) fn street(c: &mut Canvas, dice: &mut Dice) {
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
        // Curbs, paving and markings run towards the horizon.
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
