//! Wearers seen from behind.
use super::{
    body::{Body, level},
    chances,
    hairstyle::Hair,
};
use crate::{
    color::Color,
    drawing::piece::{Fill, Owner, Piece},
    geometry::{
        curve::Curve,
        point::{Pt, pt},
        polygon::ellipse,
    },
    random::dice::Dice,
};

/// In front of clothes and hanging arms.
const ORDER: f32 = 56.0;

impl Body {
    /// Turns the body's back to the camera: arms in front of the trunk are then behind it.
    pub fn turn_back(&mut self) {
        self.from_behind = true;
        for side in [0, 1] {
            let hand = self.arms[side].at(1.0);
            let before = hand.x.abs() < self.build.hip - 2.0
                && (level::ARMPIT..level::HIP).contains(&hand.y);
            if before || self.hand_in_pocket[side] {
                self.arm_behind[side] = !self.arm_behind[side];
            }
        }
    }
}

/// The back of a head, and the hair that falls from it.
pub(crate) fn head(dice: &mut Dice, body: &Body, skin: Color, tint: Color) -> Vec<Piece> {
    let style = dice.weighted(&chances::HAIR);
    let c = body.head;
    let skull = ellipse(c + pt(0.0, -2.0), 8.4, 11.4, 0.0);
    let color = if style == Hair::Bald { skin } else { tint };
    let mut skull = Piece::new(ORDER, Owner::Body, skull, Fill::Plain(color)).raised(0.3, 0.3);
    strands(dice, &mut skull, c + pt(0.0, -12.0), 7.0, 19.0, color);
    let mut pieces: Vec<Piece> = [-1.0, 1.0]
        .into_iter()
        .filter(|_| style.shows_ears())
        .map(|s| {
            let ear = ellipse(c + pt(s * 8.2, 0.5), 1.5, 2.6, 0.0);
            Piece::new(ORDER - 1.0, Owner::Body, ear, Fill::Plain(skin.darker(0.1)))
        })
        .collect();
    pieces.push(skull);
    let (half, down) = match style {
        Hair::Long | Hair::OneSide => (dice.range(8.5, 13.0), dice.range(20.0, 58.0)),
        Hair::Curls => (dice.range(11.0, 15.0), dice.range(14.0, 32.0)),
        Hair::Bob => (10.0, dice.range(9.0, 16.0)),
        Hair::Ponytail => (dice.range(2.5, 4.5), dice.range(18.0, 40.0)),
        _ => (0.0, 0.0),
    };
    if half > 0.0 {
        pieces.push(fall(dice, c, half, down, tint));
    }
    if style == Hair::Bun {
        let bun = ellipse(c + pt(0.0, -8.0), 5.0, 4.6, 0.0);
        pieces.push(
            Piece::new(ORDER + 0.5, Owner::Body, bun, Fill::Plain(tint.lighter(0.05)))
                .raised(0.4, 0.4),
        );
    }
    pieces
}

/// Hair that hangs down the back, to `down` below the head's center.
fn fall(dice: &mut Dice, c: Pt, half: f32, down: f32, tint: Color) -> Piece {
    let lean = dice.bell(3.0);
    let top = if half < 6.0 { -6.0 } else { -4.0 };
    let at = |x: f32, y: f32| c + pt(x * half + lean * (y / 40.0).max(0.0), y);
    let tips: Vec<Pt> =
        (0..=6).map(|i| at(0.85 * (i as f32 / 3.0 - 1.0), down + dice.range(-1.5, 2.5))).collect();
    let outline = Curve::new()
        .corner(at(-0.7, top))
        .smooth(at(-1.0, down * 0.4))
        .corner(tips[0])
        .through(tips[1..6].iter().copied())
        .corner(tips[6])
        .smooth(at(1.0, down * 0.4))
        .corner(at(0.7, top))
        .closed();
    let mut piece =
        Piece::new(ORDER + 0.2, Owner::Body, outline, Fill::Plain(tint)).raised(0.35, 0.3);
    strands(dice, &mut piece, at(0.0, top), half * 0.9, down - top, tint);
    piece
}

fn strands(dice: &mut Dice, piece: &mut Piece, top: Pt, half: f32, long: f32, color: Color) {
    for _ in 0..14 {
        let x = dice.range(-1.0, 1.0) * half;
        let ink = if dice.chance(0.5) { color.darker(0.4) } else { color.lighter(0.2) };
        let line = vec![
            top + pt(x * 0.5, 1.0),
            top + pt(x + dice.bell(1.0), long * 0.5),
            top + pt(x * 0.9 + dice.bell(1.0), long * 0.95),
        ];
        piece.line(line, 0.4, ink, 0.35);
    }
}
