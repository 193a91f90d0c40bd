//! Usual patterns made of shapes: stripes, checks, dots, flowers.
use super::{fabric::Fabric, pattern::Pattern, tile::Tile};
use crate::{
    color::{Color, hex},
    geometry::{
        point::{Pt, pt},
        polygon::ellipse,
    },
    random::dice::Dice,
};

fn anywhere(dice: &mut Dice) -> Pt {
    pt(dice.range(0.0, 1.0), dice.range(0.0, 1.0))
}

/// A flower with `petals` petals at `at`, with its center.
pub(crate) fn flower(
    tile: &mut Tile,
    at: Pt,
    r: f32,
    turn: f32,
    petals: usize,
    colors: [Color; 2],
) {
    for petal in 0..petals {
        let angle = turn + petal as f32 * std::f32::consts::TAU / petals as f32;
        let center = at + pt(r, 0.0).turned(angle);
        tile.wrapped(ellipse(center, r * 0.95, r * 3.0 / petals as f32, angle), colors[0], 0.95);
    }
    tile.wrapped(ellipse(at, r * 0.45, r * 0.45, 0.0), colors[1], 1.0);
}

fn leaves(tile: &mut Tile, dice: &mut Dice, count: usize, length: f32, colors: &[Color]) {
    for i in 0..count {
        let (at, turn) = (anywhere(dice), dice.range(0.0, 3.1));
        let length = length * dice.range(0.7, 1.2);
        tile.wrapped(ellipse(at, length, length * 0.33, turn), colors[i % colors.len()], 0.9);
        if length > 0.09 {
            let tip = pt(length * 0.9, 0.0).turned(turn);
            tile.line(at - tip, at + tip, length * 0.06, colors[(i + 1) % colors.len()], 0.6);
        }
    }
}

fn paisley(tile: &mut Tile, at: Pt, size: f32, turn: f32, colors: [Color; 3]) {
    for (scale, color) in [1.0, 0.68, 0.36].into_iter().zip(colors) {
        // A drop with a curved tip.
        let drop = (0..24).map(|i| {
            let t = i as f32 / 24.0 * std::f32::consts::TAU;
            let (sin, cos) = t.sin_cos();
            let taper = ((1.0 - cos) * 0.5).powf(0.7);
            let p = pt(-cos * 1.2, sin * 0.75 * taper) + pt(0.0, 0.35 * (1.0 + cos).powi(2) * 0.5);
            at + (p * (size * scale) + pt(size * 0.25 * (1.0 - scale), 0.0)).turned(turn)
        });
        tile.wrapped(drop.collect(), color, 0.95);
    }
}

/// Paints the fabric's pattern if it is one of this module's; returns whether it is.
pub(crate) fn paint(fabric: &Fabric, tile: &mut Tile, dice: &mut Dice) -> bool {
    let [main, second, third, fourth] = fabric.colors;
    match fabric.pattern {
        Pattern::Plain | Pattern::Gradient | Pattern::Satin => {}
        Pattern::Heather => tile.flecks(dice, 14.0),
        Pattern::Denim => {
            for i in 0..4 {
                let x = i as f32 / 4.0;
                tile.line(pt(x, 0.0), pt(x + 0.5, 1.0), 0.06, second, 0.35);
            }
            tile.flecks(dice, 12.0);
        }
        Pattern::Knit => {
            for a in [pt(0.0, 0.1), pt(1.0, 0.1)] {
                tile.line(a, pt(0.5, 0.7), 0.16, main.darker(0.4), 0.55);
            }
        }
        Pattern::StripesAcross | Pattern::StripesDown => {
            let width = dice.range(0.12, 0.5);
            let thin = dice.chance(0.4);
            let mut stripe = |at: f32, width: f32, color| {
                let (low, high) = if fabric.pattern == Pattern::StripesAcross {
                    (pt(0.0, at), pt(1.0, at + width))
                } else {
                    (pt(at, 0.0), pt(at + width, 1.0))
                };
                tile.block(low, high, color, 1.0);
            };
            stripe(0.1, width, second);
            if thin {
                stripe(0.2 + width, 0.1, third);
            }
        }
        Pattern::Plaid => {
            for (at, width, color, alpha) in
                [(0.05, 0.3, second, 0.5), (0.55, 0.12, third, 0.6), (0.85, 0.05, fourth, 0.8)]
            {
                tile.block(pt(0.0, at), pt(1.0, at + width), color, alpha);
                tile.block(pt(at, 0.0), pt(at + width, 1.0), color, alpha);
            }
        }
        Pattern::Gingham => {
            tile.block(pt(0.0, 0.0), pt(1.0, 0.5), second, 0.5);
            tile.block(pt(0.0, 0.0), pt(0.5, 1.0), second, 0.5);
        }
        Pattern::Checks => {
            tile.block(pt(0.0, 0.0), pt(0.5, 0.5), second, 0.9);
            tile.block(pt(0.5, 0.5), pt(1.0, 1.0), second, 0.9);
        }
        Pattern::Dots => {
            let r = dice.range(0.08, 0.22);
            for at in [pt(0.25, 0.25), pt(0.75, 0.75)] {
                tile.wrapped(ellipse(at, r, r, 0.0), second, 1.0);
            }
        }
        Pattern::Flowers => {
            for i in 0..9 {
                let (at, r, turn) = (anywhere(dice), dice.range(0.045, 0.09), dice.range(0.0, 6.0));
                let color = [second, third, fourth][i % 3];
                flower(tile, at, r, turn, 5, [color, third.lighter(0.5)]);
            }
            leaves(tile, dice, 9, 0.06, &[fourth, second, third]);
        }
        Pattern::Ditsy => {
            let petals = dice.count(4, 6);
            leaves(tile, dice, 26, 0.035, &[fourth, fourth.darker(0.3)]);
            for i in 0..24 {
                let (at, r, turn) = (anywhere(dice), dice.range(0.02, 0.042), dice.range(0.0, 6.0));
                flower(tile, at, r, turn, petals, [[second, third][i % 2], fourth.lighter(0.4)]);
            }
        }
        Pattern::Paisley => {
            for i in 0..14 {
                let (at, turn) = (anywhere(dice), dice.range(0.0, 6.3));
                let size = dice.range(0.06, 0.13);
                let colors =
                    [[second, main, third], [third, second, fourth], [fourth, third, main]];
                paisley(tile, at, size, turn, colors[i % 3]);
            }
            for i in 0..40 {
                let r = dice.range(0.008, 0.02);
                tile.wrapped(
                    ellipse(anywhere(dice), r, r, 0.0),
                    [second, third, fourth][i % 3],
                    0.9,
                );
            }
        }
        Pattern::Leaves => leaves(tile, dice, 24, 0.13, &[second, third, fourth]),
        Pattern::Tropical => {
            let green = second.mix(hex(0x2e6a45), 0.6);
            leaves(tile, dice, 16, 0.2, &[green, green.darker(0.3), fourth]);
            for i in 0..6 {
                let (at, r, turn) = (anywhere(dice), dice.range(0.05, 0.1), dice.range(0.0, 6.0));
                let color = [third, fourth][i % 2];
                flower(tile, at, r * 1.2, turn, 6, [color.darker(0.25), second]);
                flower(tile, at, r, turn + 0.4, 6, [color, second.lighter(0.5)]);
            }
        }
        Pattern::Patches => {
            for i in 0..18 {
                let at = anywhere(dice);
                let (rx, ry) = (dice.range(0.07, 0.2), dice.range(0.05, 0.11));
                let blob = ellipse(at, rx, ry, dice.range(0.0, 3.0));
                tile.wrapped(blob, [second, third, fourth][i % 3], 0.9);
            }
        }
        Pattern::Strokes => {
            let (turn, spread) = (dice.range(0.0, 3.1), dice.range(0.1, 1.5));
            for i in 0..34 {
                let (at, turn) = (anywhere(dice), turn + dice.bell(spread));
                let way = pt(dice.range(0.05, 0.16), 0.0).turned(turn);
                let color = fabric.colors[i % 4].lighter(dice.range(0.0, 0.2));
                // Bristles leave parallel lines.
                for bristle in -2..=2 {
                    let beside = way.unit().perp() * (bristle as f32 * 0.012);
                    let end = way * dice.range(0.8, 1.1);
                    tile.line(at + beside - end, at + beside + end, 0.013, color, 0.85);
                }
            }
        }
        Pattern::Zigzag => {
            for (at, color) in [(0.25, second), (0.75, third)] {
                for (a, b) in
                    [(pt(-0.25, 0.25), pt(0.25, -0.25)), (pt(0.25, -0.25), pt(0.75, 0.25))]
                {
                    tile.line(a + pt(0.25, at), b + pt(0.25, at), 0.14, color, 1.0);
                }
            }
        }
        _ => return false,
    }
    true
}
