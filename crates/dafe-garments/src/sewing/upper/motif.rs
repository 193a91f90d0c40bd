//! Prints and embroidery on the chest.
use crate::{
    color::{Color, hex, palette},
    drawing::piece::{Fill, Piece},
    geometry::{
        lettering,
        point::{Pt, pt},
        polygon::{ellipse, rectangle},
    },
    random::dice::Dice,
    sewing::layer::Layer,
};

/// A print on the chest: letters, a disc, a star, bars, a bunch of flowers, an image.
pub(crate) fn motif(dice: &mut Dice, piece: &mut Piece, at: Pt, squeeze: f32, layer: &Layer) {
    let color = palette::cloth(dice, &[layer.color[0]], 70.0);
    let second = palette::cloth(dice, &[layer.color[0], color], 50.0);
    let size = dice.range(5.0, 8.5);
    let put = |points: Vec<Pt>| -> Vec<Pt> {
        points.into_iter().map(|p| at + pt(p.x * squeeze, p.y)).collect()
    };
    match dice.count(0, 7) {
        0 | 1 => {
            let word = dice.pick(&lettering::WORDS);
            for line in lettering::word(word, size * 2.2, Pt::default()) {
                piece.line(put(line), size * 0.17, color, 0.95);
            }
            if dice.chance(0.5) {
                let under = vec![pt(-size, size * 0.75), pt(size, size * 0.75)];
                piece.line(put(under), 0.6, second, 0.9);
            }
        }
        2 => {
            piece.area(put(ellipse(Pt::default(), size, size, 0.0)), Fill::Plain(color));
            piece.area(
                put(ellipse(pt(0.0, size * 0.2), size * 0.6, size * 0.6, 0.0)),
                Fill::Plain(second),
            );
        }
        3 => {
            let star = (0..10).map(|i| {
                let r = if i % 2 == 0 { size } else { size * 0.45 };
                pt(0.0, -r).turned(i as f32 * std::f32::consts::PI / 5.0)
            });
            piece.area(put(star.collect()), Fill::Plain(color));
        }
        4 | 5 => bunch(dice, piece, &put, size, [color, second]),
        6 => printed_image(dice, piece, &put, size, [color, second]),
        _ => {
            for (i, c) in [color, second, color].into_iter().enumerate() {
                let bar = rectangle(
                    pt(0.0, (i as f32 - 1.0) * size * 0.55),
                    pt(size * 1.1, size * 0.18),
                    0.0,
                );
                piece.area(put(bar), Fill::Plain(c));
            }
        }
    }
}

/// Flowers and leaves side by side, as embroidered.
fn bunch(
    dice: &mut Dice,
    piece: &mut Piece,
    put: &impl Fn(Vec<Pt>) -> Vec<Pt>,
    size: f32,
    [color, second]: [Color; 2],
) {
    let broad = dice.range(0.8, 1.8);
    for i in 0..dice.count(4, 9) {
        let at = pt(dice.bell(size * broad), dice.bell(size * 0.6));
        let (r, turn) = (size * dice.range(0.1, 0.28), dice.range(0.0, 6.0));
        let leaf = at + pt(r * 2.2, 0.0).turned(turn);
        piece.area(put(ellipse(leaf, r * 1.1, r * 0.4, turn)), Fill::Plain(hex(0x4d6b45)));
        for petal in 0..5 {
            let angle = turn + petal as f32 * std::f32::consts::TAU / 5.0;
            let petal = ellipse(at + pt(r, 0.0).turned(angle), r * 0.9, r * 0.6, angle);
            piece.area(put(petal), Fill::Plain([color, second][i % 2]));
        }
        piece.area(put(ellipse(at, r * 0.45, r * 0.45, 0.0)), Fill::Plain(second.lighter(0.5)));
    }
}

/// A printed image: a sky above hills, with a round object in it.
fn printed_image(
    dice: &mut Dice,
    piece: &mut Piece,
    put: &impl Fn(Vec<Pt>) -> Vec<Pt>,
    size: f32,
    [color, second]: [Color; 2],
) {
    let half = pt(size, size * dice.range(0.8, 1.3));
    piece.area(put(rectangle(Pt::default(), half, 0.0)), Fill::Plain(color.lighter(0.3)));
    let r = size * dice.range(0.2, 0.45);
    let sun = ellipse(pt(dice.bell(size * 0.5), -half.y * 0.3), r, r, 0.0);
    piece.area(put(sun), Fill::Plain(second));
    for i in 0..3 {
        let top = half.y * (0.1 + 0.25 * i as f32);
        let ridge = (0..=8).map(|k| {
            pt((k as f32 / 4.0 - 1.0) * half.x, (top + dice.bell(size * 0.2)).min(half.y))
        });
        let hill = ridge.chain([half, pt(-half.x, half.y)]);
        piece.area(put(hill.collect()), Fill::Plain(color.darker(0.25 + 0.2 * i as f32)));
    }
}
