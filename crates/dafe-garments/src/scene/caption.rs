//! Words and marks that shops, sellers and cameras add to images.
use dafe::geometry::BoundingBox;
use tiny_skia::Transform;

use crate::{
    color::{WHITE, hex},
    drawing::{
        piece::{Fill, Owner, Piece},
        placed::Placed,
    },
    geometry::{
        lettering,
        point::{Pt, pt},
        polygon::{ellipse, rectangle},
    },
    random::dice::Dice,
};

/// The probability of text beside the garment.
const CAPTION: f32 = 0.1;
/// In front of everything else.
const ORDER: f32 = 90.0;

/// Mostly nothing; otherwise a word, a few lines of text, or a mark, outside the garment's box.
pub(crate) fn caption(dice: &mut Dice, size: (u32, u32), garment: &BoundingBox) -> Vec<Placed> {
    if !dice.chance(CAPTION) {
        return Vec::new();
    }
    let image = pt(size.0 as f32, size.1 as f32);
    let half = pt(image.x * dice.range(0.06, 0.2), image.y * dice.range(0.015, 0.06));
    let free = |at: &Pt| {
        at.x + half.x < garment.x1
            || at.x - half.x > garment.x2
            || at.y + half.y < garment.y1
            || at.y - half.y > garment.y2
    };
    let place = |dice: &mut Dice| {
        let within = |dice: &mut Dice, half: f32, whole: f32| {
            dice.range(half, (whole - half).max(half + 1.0))
        };
        pt(within(dice, half.x, image.x), within(dice, half.y, image.y))
    };
    let Some(at) = (0..8).map(|_| place(dice)).find(free) else { return Vec::new() };
    let ink = hex(dice.pick(&[0x101012, 0x101012, 0xffffff, 0xc81e2c, 0xe8b83a, 0x2a4a8a]));
    let alpha = if dice.chance(0.4) { dice.range(0.3, 0.7) } else { 1.0 };
    let thick = (half.y * 0.22).max(0.8);
    let ground = if dice.chance(0.3) {
        let color = if ink == WHITE { hex(0x101012) } else { WHITE };
        let outline = if dice.chance(0.3) {
            ellipse(at, half.x * 1.1, half.x * 1.1, 0.0)
        } else {
            rectangle(at, half + pt(2.0, 2.0), 0.0)
        };
        Piece::new(ORDER, Owner::Occluder, outline, Fill::Sheer(color, alpha))
    } else {
        // A transparent piece for the text.
        let clear = Fill::Sheer(WHITE, 0.0);
        Piece::new(ORDER, Owner::Occluder, rectangle(at, half, 0.0), clear)
    };
    let mut piece = ground;
    if dice.chance(0.6) {
        let word = dice.pick(&lettering::WORDS);
        for line in lettering::word(word, half.x * 1.9, at) {
            piece.line(line, thick, ink, alpha);
        }
    } else {
        // Too small to read.
        let rows = dice.count(1, 4);
        for row in 0..rows {
            let y = at.y + half.y * (2.0 * (row as f32 + 0.5) / rows as f32 - 1.0);
            let mut x = at.x - half.x;
            let end = at.x + half.x * dice.range(0.2, 1.0);
            while x < end {
                let long = dice.range(2.0, 9.0);
                let word = vec![pt(x, y), pt((x + long).min(end), y)];
                piece.line(word, thick.min(2.0), ink, alpha * 0.7);
                x += long + 2.0;
            }
        }
    }
    vec![Placed { piece, scale: 1.0, weave: Transform::identity() }]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::polygon::bounds;

    #[test]
    fn what_is_written_lies_in_the_image_and_beside_the_garment() {
        let garment = BoundingBox { x1: 50.0, y1: 60.0, x2: 150.0, y2: 200.0 };
        let mut seen = 0;
        for number in 0..300 {
            for placed in caption(&mut Dice::from_number(number), (220, 300), &garment) {
                seen += 1;
                let lines = placed.piece.marks.iter().filter_map(|mark| match mark {
                    crate::drawing::piece::Mark::Line { line, .. } => Some(line),
                    crate::drawing::piece::Mark::Area { .. } => None,
                });
                let (low, high) = bounds(lines.flatten());
                assert!(low.x > -1.0 && low.y > -8.0 && high.x < 221.0 && high.y < 308.0);
                let within = |p: Pt| {
                    p.x > garment.x1 && p.x < garment.x2 && p.y > garment.y1 && p.y < garment.y2
                };
                assert!(!within(low.lerp(high, 0.5)), "{low:?} {high:?}");
            }
        }
        assert!(seen > 10, "{seen}");
    }
}
