//! Usual patterns made of noise: animal skins, camouflage, knits, and cloth with holes.
use super::{fabric::Fabric, pattern::Pattern, prints::flower, tile::Tile};
use crate::{
    color::{Color, hex},
    geometry::{
        interpolation::{above, smoothstep},
        point::pt,
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
        Pattern::Melange | Pattern::Tweed => {
            let coarse = fabric.pattern == Pattern::Tweed;
            let field = Field::new(dice, 64, if coarse { 20 } else { 12 }, 2, 0.7);
            let strong = dice.range(0.2, 0.5);
            tile.dye(|x, y| {
                // Threads run horizontally, so streaks are wider than high.
                let thread = field.at(x, y * if coarse { 1.0 } else { 3.0 });
                let fleck = field.at(y + 0.3, x + 0.6);
                let color = main.mix(second, (strong * (0.5 + 0.4 * thread)).clamp(0.0, 1.0));
                let speck = if coarse { above(1.4, 0.4, fleck) } else { 0.0 };
                (color.mix(third, speck * 0.8), 1.0)
            });
        }
        Pattern::Leather => {
            let grain = Scatter::new(dice, 22, 0.9);
            tile.dye(|x, y| {
                let near = grain.near(x, y);
                (main.darker(0.22 * (1.0 - smoothstep(0.0, 0.25, near.second - near.first))), 1.0)
            });
        }
        Pattern::Rib => {
            let count = dice.count(3, 8) as f32;
            let deep = dice.range(0.15, 0.4);
            tile.dye(|x, _| {
                let ridge = 0.5 + 0.5 * (x * count * TURN).cos();
                (main.darker(deep * ridge * ridge), 1.0)
            });
        }
        Pattern::Cable => {
            let deep = dice.range(0.25, 0.45);
            tile.dye(|x, y| {
                // Two crossing strands between plain ridges.
                let sway = 0.09 * (y * TURN).sin();
                let strand = |at: f32| 1.0 - smoothstep(0.03, 0.085, (x - 0.5 - at).abs());
                let (a, b) = (strand(sway), strand(-sway));
                let front = if (y * TURN).cos() > 0.0 { a.max(b * 0.7) } else { b.max(a * 0.7) };
                let beside = smoothstep(0.17, 0.22, (x - 0.5).abs());
                let ridge = 0.5 + 0.5 * (x * 10.0 * TURN).cos();
                let stitch = 0.5 + 0.5 * ((y * 14.0 + (x * 10.0).fract()) * TURN).cos();
                let light = (front * (1.0 - beside)).max(beside * (0.4 + 0.6 * ridge));
                (main.darker(deep * (1.0 - light) + 0.1 * stitch), 1.0)
            });
        }
        Pattern::Blots => {
            let bumps = dice.count(4, 9);
            let field = Field::new(dice, 96, bumps, 3, 0.45);
            let soft = pixel * 14.0;
            tile.dye(|x, y| {
                let (a, b) = (field.at(x, y), field.at(y + 0.37, x + 0.71));
                let color = main.mix(second, above(0.5, soft, a)).mix(third, above(0.7, soft, b));
                (color.mix(fourth, above(0.3, soft, (a - 0.1).abs() * -4.0 + 1.0)), 1.0)
            });
        }
        Pattern::Watercolor => {
            let field = Field::new(dice, 96, 3, 5, 0.5);
            tile.dye(|x, y| {
                let (a, b) = (field.at(x, y), field.at(y + 0.37, x + 0.71));
                let color = main.mix(second, smoothstep(-0.6, 1.2, a));
                (color.mix(third, smoothstep(0.0, 1.6, b)), 1.0)
            });
        }
        Pattern::Leopard => {
            let count = dice.count(5, 8);
            let spots = Scatter::new(dice, count, 0.8);
            let field = Field::new(dice, 64, 16, 2, 0.6);
            let (ground, eye) = (main.mix(second, 0.1), main.darker(0.25));
            let dark = if main.luma() > 90.0 { main.darker(0.85) } else { main.lighter(0.6) };
            tile.dye(|x, y| {
                let rough = field.at(x, y) * 0.1;
                let near = spots.near(x + field.at(y, x) * 0.006, y);
                let r = near.first + rough;
                // A rosette's ring has gaps.
                let gap = above(
                    0.5,
                    0.5,
                    (near.way.y.atan2(near.way.x) * 2.0 + near.number as f32).sin(),
                );
                let ring = above(0.22, 0.1, r) * (1.0 - above(0.38, 0.1, r)) * (1.0 - gap);
                let inside = 1.0 - above(0.25, 0.1, r);
                (ground.mix(eye, inside).mix(dark, ring), 1.0)
            });
        }
        Pattern::Zebra => {
            let field = Field::new(dice, 96, 3, 3, 0.5);
            let count = dice.count(4, 8) as f32;
            let soft = pixel * count * 7.0;
            tile.dye(|x, y| {
                let wave = ((y * count + 0.45 * field.at(x, y)) * TURN).sin();
                (main.mix(second, above(0.1 + 0.3 * field.at(y, x), soft, wave)), 1.0)
            });
        }
        Pattern::Camouflage => {
            let field = Field::new(dice, 96, 4, 4, 0.55);
            let soft = pixel * 12.0;
            let tint = |c: Color| c.mix(main, 0.35);
            tile.dye(|x, y| {
                let (a, b) = (field.at(x, y), field.at(y + 0.4, x + 0.7));
                let c = field.at(x + 0.5, y + 0.2);
                let color = main.mix(tint(second), above(0.35, soft, a));
                let color = color.mix(tint(third), above(0.5, soft, b));
                (color.mix(tint(fourth).darker(0.3), above(0.9, soft, c)), 1.0)
            });
        }
        Pattern::Lace => lace(fabric, tile, dice),
        Pattern::Crochet => {
            let count = dice.count(2, 4) as f32;
            let soft = pixel * count * 1.5;
            tile.dye(|x, y| {
                let shift = if ((y * count) as u32).is_multiple_of(2) { 0.0 } else { 0.5 };
                let at = pt((x * count + shift).fract() - 0.5, (y * count).fract() - 0.5);
                let (r, angle) = (at.length(), at.y.atan2(at.x));
                let ring = above(0.16, soft, r) * (1.0 - above(0.27, soft, r));
                let spokes = above(0.75, 0.3, (angle * 6.0).cos()) * above(0.22, soft, r);
                let frame = above(0.43, soft, at.x.abs().max(at.y.abs()));
                let thread = ring.max(spokes).max(frame);
                (main.darker(0.15 * (1.0 - r * 2.0).max(0.0)), thread)
            });
        }
        Pattern::Mesh => {
            let count = 4.0;
            let open = dice.range(0.15, 0.6);
            tile.dye(|x, y| {
                let (u, v) = ((x + y) * count, (x - y) * count);
                let hole = ((u * TURN).cos() * 0.5 + 0.5) * ((v * TURN).cos() * 0.5 + 0.5);
                (main, 1.0 - open * (hole * 2.0).min(1.0))
            });
        }
        Pattern::Chiffon => {
            let dense = dice.range(0.45, 0.8);
            tile.dye(|_, _| (main, dense));
        }
        _ => return false,
    }
    true
}

/// Flowers and leaves of dense cloth on a net.
fn lace(fabric: &Fabric, tile: &mut Tile, dice: &mut Dice) {
    let main = fabric.colors[0];
    let shade = main.darker(0.12);
    // Flowers are painted first and are dense; the net fills the gaps.
    let (ink, ground) = (hex(0x000000), hex(0xffffff));
    tile.dye(|_, _| (ground, 1.0));
    let count = dice.count(3, 6);
    for _ in 0..count {
        let at = pt(dice.range(0.0, 1.0), dice.range(0.0, 1.0));
        let (r, turn) = (dice.range(0.07, 0.13), dice.range(0.0, 6.0));
        flower(tile, at, r, turn, dice.count(5, 7), [ink, hex(0x808080)]);
    }
    for _ in 0..count * 2 {
        let at = pt(dice.range(0.0, 1.0), dice.range(0.0, 1.0));
        let leaf = ellipse(at, 0.09, 0.035, dice.range(0.0, 3.0));
        tile.wrapped(leaf, ink, 1.0);
    }
    let dense: Vec<f32> =
        tile.map.pixels().iter().map(|p| 1.0 - f32::from(p.red()) / 255.0).collect();
    let size = tile.map.width() as usize;
    let (mesh, net) = (dice.count(7, 12) as f32, dice.range(0.2, 0.6));
    let threads = Scatter::new(dice, 26, 0.8);
    let mut i = 0;
    tile.dye(|x, y| {
        let at =
            |dx: usize, dy: usize| dense[(i / size + dy) % size * size + (i % size + dx) % size];
        let flower = at(0, 0);
        // Cords run around the flowers.
        let edge = (flower - at(1, 0)).abs().max((flower - at(0, 1)).abs());
        i += 1;
        let (u, v) = ((x + y) * mesh, (x - y) * mesh);
        let hole = ((u * TURN).cos() * 0.5 + 0.5) * ((v * TURN).cos() * 0.5 + 0.5);
        let net = net * (1.0 - (hole * 1.6).min(1.0));
        let near = threads.near(x, y);
        let stitched = 0.72 + 0.28 * smoothstep(0.05, 0.3, near.second - near.first);
        let alpha = net.max(flower * stitched).max(edge);
        (main.mix(shade, 1.0 - stitched).lighter(0.1 * edge), alpha.min(1.0))
    });
}
