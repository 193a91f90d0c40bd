//! Patterns of unlike images only.
use super::{fabric::Fabric, pattern::Pattern, prints::flower, tile::Tile};
use crate::{
    color::{Color, WHITE},
    geometry::{
        interpolation::{above, smoothstep},
        point::{Pt, pt},
        polygon::ellipse,
    },
    noise::{repeating::Field, scatter::Scatter},
    random::dice::Dice,
};

const TURN: f32 = std::f32::consts::TAU;

/// Paints the fabric's pattern if it is one of this module's; returns whether it is.
pub(crate) fn paint(fabric: &Fabric, tile: &mut Tile, dice: &mut Dice) -> bool {
    let [main, second, third, fourth] = fabric.colors;
    let pixel = tile.pixel();
    match fabric.pattern {
        Pattern::Houndstooth => houndstooth(tile, second),
        Pattern::Herringbone => {
            let soft = pixel * 9.0;
            let near = main.mix(second, dice.range(0.35, 1.0));
            tile.dye(|x, y| {
                let fold = (x * 2.0).fract();
                let slope = if x < 0.5 { fold } else { 1.0 - fold };
                let wave = ((y * 4.0 + slope * 2.0) * TURN).sin();
                (main.mix(near, above(0.0, soft, wave)), 1.0)
            });
        }
        Pattern::TieDye => {
            let field = Field::new(dice, 96, 3, 4, 0.5);
            let rays = dice.count(5, 9) as f32;
            let spiral = dice.chance(0.6);
            tile.dye(|x, y| {
                // Mirrored, so that edges match.
                let fold = |v: f32| 0.5 - (2.0 * v - 1.0).abs();
                let way = pt(fold(x), fold(y));
                let (r, angle) = (way.length(), way.y.atan2(way.x));
                let rough = 0.5 * field.at(x, y);
                let wave = if spiral {
                    angle * 3.0 + r * 16.0
                } else {
                    r * 38.0 + 0.4 * (angle * rays).sin()
                };
                let ring = (wave + rough * 1.6).sin();
                let color = main.mix(second, smoothstep(-0.2, 0.7, ring));
                let color = color.mix(third, smoothstep(0.3, 0.9, (wave * 0.5 + rough).cos()));
                (color.mix(WHITE, 0.75 * smoothstep(0.5, 1.3, field.at(y, x) + 0.5 * ring)), 1.0)
            });
        }
        Pattern::Rings => {
            for (at, r, color) in [
                (pt(0.25, 0.25), 0.2, second),
                (pt(0.75, 0.75), 0.2, third),
                (pt(0.75, 0.25), 0.08, fourth),
                (pt(0.25, 0.75), 0.08, fourth),
            ] {
                tile.wrapped(ellipse(at, r, r, 0.0), color, 1.0);
                tile.wrapped(ellipse(at, r * 0.62, r * 0.62, 0.0), main, 1.0);
                tile.wrapped(ellipse(at, r * 0.3, r * 0.3, 0.0), color, 1.0);
            }
        }
        Pattern::Sequins => {
            let discs = Scatter::new(dice, 8, 0.25);
            tile.dye(|x, y| {
                let near = discs.near(x, y);
                // Each disc is tilted differently.
                let tilt = ((near.number * 2654435761) % 101) as f32 / 100.0;
                let glint = above(0.82, 0.1, tilt) * above(-0.1, 0.6, -near.way.x - near.way.y);
                let color = main.darker(0.35 * (1.0 - tilt)).lighter(0.85 * glint);
                (color.darker(0.5 * above(0.47, 0.12, near.first)), 1.0)
            });
        }
        Pattern::Marble => {
            let field = Field::new(dice, 128, 3, 5, 0.55);
            tile.dye(|x, y| {
                let (a, b) = (field.at(x, y), field.at(y + 0.3, x + 0.6));
                let vein = 1.0 - smoothstep(0.0, 0.22, (a - 0.2).abs());
                let fine = 1.0 - smoothstep(0.0, 0.1, (b + 0.3 * a).abs());
                let ground = main.mix(second, 0.35 * smoothstep(-1.0, 1.5, b));
                (ground.mix(third, 0.8 * vein).mix(fourth, 0.5 * fine), 1.0)
            });
        }
        Pattern::Brocade => {
            let thread = main.mix(second, dice.range(0.3, 0.8));
            for (at, turn) in [(pt(0.25, 0.25), 0.0), (pt(0.75, 0.75), 0.6)] {
                flower(tile, at, 0.15, turn, 8, [thread, main.darker(0.2)]);
                flower(tile, at, 0.08, turn + 0.4, 8, [main.lighter(0.15), thread]);
                for i in 0..6 {
                    let angle = turn + i as f32 * TURN / 6.0;
                    let leaf = at + pt(0.29, 0.0).turned(angle);
                    tile.wrapped(ellipse(leaf, 0.085, 0.03, angle + 0.7), thread, 0.9);
                }
            }
            tile.flecks(dice, 10.0);
        }
        Pattern::Graphic => graphic(tile, dice, [second, third, fourth]),
        Pattern::Argyle => {
            let lozenge = |at: Pt| {
                vec![at - pt(0.0, 0.5), at + pt(0.25, 0.0), at + pt(0.0, 0.5), at - pt(0.25, 0.0)]
            };
            tile.wrapped(lozenge(pt(0.25, 0.5)), second, 1.0);
            tile.wrapped(lozenge(pt(0.75, 0.5)), third, 1.0);
            for x in [0.0, 0.5] {
                for s in [-1.0, 1.0] {
                    let at = pt(x, 0.5);
                    tile.line(at - pt(0.25, s * 0.5), at + pt(0.25, s * 0.5), 0.02, fourth, 0.9);
                }
            }
        }
        Pattern::Mosaic => {
            let stones = Scatter::new(dice, 9, 0.85);
            tile.dye(|x, y| {
                let near = stones.near(x, y);
                let color = fabric.colors[(near.number * 7 + near.number / 5) % 4];
                let joint = 1.0 - above(0.09, 0.06, near.second - near.first);
                (color.mix(main.lighter(0.7), joint), 1.0)
            });
        }
        Pattern::Quilted => tile.dye(|x, y| {
            let (u, v) = ((x + y).fract() - 0.5, (x - y + 1.0).fract() - 0.5);
            let seam = u.abs().max(v.abs());
            let puff = smoothstep(0.5, 0.3, seam) * (0.5 - 0.6 * (u * 0.7 + 0.3 * v));
            (main.darker(0.45 * smoothstep(0.38, 0.5, seam)).lighter(0.25 * puff.max(0.0)), 1.0)
        }),
        Pattern::Corduroy => {
            let count = dice.count(4, 9) as f32;
            let deep = dice.range(0.25, 0.5);
            let worn = Field::new(dice, 64, 4, 4, 0.7);
            tile.dye(|x, y| {
                let cord = (x * count * TURN * 0.5).sin().abs();
                (main.darker(deep * (1.0 - cord)).lighter(0.05 * (1.0 + worn.at(x, y)) * cord), 1.0)
            });
        }
        Pattern::Velvet => {
            let pile = Field::new(dice, 96, 5, 5, 0.75);
            tile.dye(|x, y| {
                let nap = pile.at(x, y);
                (main.darker(0.14 * (1.0 + nap).max(0.0)).lighter(0.07 * (-nap).max(0.0)), 1.0)
            });
        }
        Pattern::Slub => {
            let field = Field::new(dice, 96, 3, 5, 0.85);
            let strong = dice.range(0.08, 0.2);
            tile.dye(|x, y| {
                let across = field.at(x, y * 12.0);
                let down = field.at(x * 12.0, y);
                let tone = strong * (across + down);
                (if tone < 0.0 { main.darker(-tone) } else { main.lighter(tone) }, 1.0)
            });
        }
        Pattern::Ikat => {
            let field = Field::new(dice, 128, 24, 2, 0.5);
            tile.dye(|x, y| {
                // Threads shift along the warp, so edges are feathered vertically.
                let y = y + 0.035 * field.at(x, 0.5) + 0.01 * field.at(x, y);
                let band = |x: f32, y: f32| (x * TURN).cos() + (y * TURN).cos();
                let d = band(x, y);
                let color = main.mix(second, above(0.2, 0.15, d)).mix(third, above(0.9, 0.15, d));
                let color = color.mix(main, above(1.4, 0.12, d));
                (color.mix(fourth, above(1.1, 0.15, -d)), 1.0)
            });
        }
        Pattern::Outlines => {
            let width = dice.range(0.006, 0.014);
            for i in 0..7 {
                let at = pt(dice.range(0.0, 1.0), dice.range(0.0, 1.0));
                let (r, turn) = (dice.range(0.08, 0.16), dice.range(0.0, 6.0));
                for petal in 0..6 {
                    let angle = turn + petal as f32 * TURN / 6.0;
                    let loop_at = at + pt(r * 0.6, 0.0).turned(angle);
                    let petal = ellipse(loop_at, r * 0.5, r * 0.24, angle);
                    for (k, a) in petal.iter().enumerate() {
                        tile.line(
                            *a,
                            petal[(k + 1) % petal.len()],
                            width,
                            [second, third][i % 2],
                            1.0,
                        );
                    }
                }
            }
        }
        Pattern::Guipure => {
            let cells = Scatter::new(dice, 6, 0.5);
            let bar = dice.range(0.12, 0.22);
            tile.dye(|x, y| {
                let near = cells.near(x, y);
                let cord = 1.0 - above(bar, 0.1, near.second - near.first);
                let knot = 1.0 - above(0.2, 0.1, near.first);
                let ray = above(0.6, 0.3, (near.way.y.atan2(near.way.x) * 5.0).cos()) * 0.8;
                let thread = cord.max(knot).max(ray);
                (main.darker(0.2 * smoothstep(0.15, 0.0, near.second - near.first)), thread)
            });
        }
        Pattern::Eyelet => {
            let r = dice.range(0.1, 0.16);
            tile.dye(|x, y| {
                let shift = if y < 0.5 { 0.0 } else { 0.5 };
                let at = pt((x * 2.0 + shift).fract() - 0.5, (y * 2.0).fract() - 0.5);
                let hole = 1.0 - above(r * 2.0, pixel * 3.0, at.length() * 2.0);
                let rim = 1.0 - above(r * 3.0, 0.1, at.length() * 2.0);
                (main.darker(0.2 * rim), 1.0 - hole)
            });
        }
        Pattern::Bleached => {
            let field = Field::new(dice, 128, 4, 5, 0.75);
            let pale = main.mix(WHITE, 0.75);
            tile.dye(|x, y| {
                let (a, b) = (field.at(x, y), field.at(y + 0.4, x + 0.2));
                let spot = smoothstep(0.3, 1.5, a);
                (main.darker(0.12 * b.max(0.0)).mix(pale, spot), 1.0)
            });
        }
        _ => return false,
    }
    true
}

/// Four toothed checks, from the shapes of a twill weave of four light and four dark threads.
fn houndstooth(tile: &mut Tile, second: Color) {
    let main = tile.map.pixels()[0];
    let main = Color { r: main.red().into(), g: main.green().into(), b: main.blue().into() };
    tile.dye(|x, y| {
        // Warp and weft change color every four threads, and the twill determines which is on top.
        let thread = |v: f32| (v * 16.0) as usize;
        let (i, j) = (thread(x), thread(y));
        let warp_on_top = (i + 16 - j % 16) % 4 < 2;
        let dark = if warp_on_top { i / 4 % 2 == 0 } else { j / 4 % 2 == 0 };
        (if dark { second } else { main }, 1.0)
    });
}

/// A few color panels with straight and curved edges.
fn graphic(tile: &mut Tile, dice: &mut Dice, colors: [Color; 3]) {
    for i in 0..dice.count(2, 4) {
        let (a, b) = (dice.range(0.0, 1.0), dice.range(0.15, 0.4));
        let color = colors[i % 3];
        match dice.count(0, 3) {
            0 => tile.block(pt(0.0, a), pt(1.0, a + b), color, 1.0),
            1 => {
                let shape = vec![pt(0.0, a), pt(1.0, a - b), pt(1.0, a), pt(0.0, a + b)];
                tile.wrapped(shape, color, 1.0);
            }
            2 => tile.wrapped(ellipse(pt(dice.range(0.0, 1.0), a), b, b, 0.0), color, 1.0),
            _ => tile.block(pt(a, 0.0), pt(a + b, 1.0), color, 1.0),
        }
    }
}
