//! Hair, and the locks in front of collar, shoulders and chest.
use super::{chances, hairstyle::Hair};
use crate::{
    color::Color,
    drawing::piece::{Fill, Owner, Piece},
    geometry::{
        curve::Curve,
        interpolation::{smoothstep, through},
        point::{Pt, pt},
        polygon::{bounds, ellipse},
    },
    random::dice::Dice,
};

/// A head of hair being built.
struct Comb<'a> {
    dice: &'a mut Dice,
    /// The head's center, and the sine of its rotation.
    c: Pt,
    turn: f32,
    color: Color,
    /// Irregularity of outlines, in centimeters.
    frizz: f32,
    /// Sideways waves of locks, in centimeters.
    wave: f32,
    pieces: Vec<Piece>,
}

/// The hair of a head at `c` with rotation `turn` (a sine): behind the head, over it, and in front
/// of the shoulders.
pub(crate) fn hair(dice: &mut Dice, hair: Hair, c: Pt, turn: f32, color: Color) -> Vec<Piece> {
    if hair == Hair::Bald {
        return Vec::new();
    }
    let curly = hair == Hair::Curls;
    let frizz = if curly { dice.range(0.5, 1.1) } else { dice.range(0.05, 0.45) };
    let wave = if dice.chance(0.5) { dice.range(0.0, 0.5) } else { dice.range(0.5, 1.8) };
    let mut comb = Comb { dice, c, turn, color, frizz, wave, pieces: Vec::new() };
    let length = comb.dice.range(8.0, 44.0);
    match hair {
        Hair::Long => {
            comb.behind(10.5, 20.0 + length * 0.8);
            for s in [-1.0, 1.0] {
                if comb.dice.chance(chances::LOCKS_BEFORE_A_SHOULDER) {
                    comb.locks(s, length, [6.0, 13.0]);
                }
            }
        }
        Hair::OneSide => {
            comb.behind(9.5, 16.0);
            let s = comb.dice.sign();
            comb.locks(s, length, [3.0, 12.0]);
            comb.locks(s, length, [6.0, 13.0]);
        }
        Hair::Curls => {
            let half = comb.dice.range(11.0, 15.5);
            comb.behind(half, 6.0 + length * 0.5);
            for s in [-1.0, 1.0] {
                comb.locks(s, length * 0.4, [8.0, 14.0]);
            }
        }
        Hair::Bob => {
            let down = comb.dice.range(9.0, 18.0);
            comb.behind(10.5, down);
            for s in [-1.0, 1.0] {
                comb.locks(s, down - 17.0, [8.0, 9.5]);
            }
        }
        Hair::Bun => {
            let bun = ellipse(c + pt(-turn * 4.0, -13.5), 5.0, 4.6, 0.0);
            comb.piece(2.0, bun);
        }
        Hair::Ponytail => {
            let tail = ellipse(c + pt(-turn * 6.0, -11.0), 3.6, 4.0, 0.0);
            comb.piece(2.0, tail);
            let (s, before) = (comb.dice.sign(), comb.dice.chance(0.4));
            comb.lock(s, length, 9.0, 2.8, if before { 52.0 } else { 2.1 });
        }
        Hair::Braids => {
            for s in [-1.0, 1.0] {
                comb.braid(s, length);
            }
        }
        Hair::Short | Hair::Bald => {}
    }
    let part = comb.dice.range(-0.9, 0.9);
    comb.piece(51.0, cap(c, turn, part));
    comb.pieces
}

impl Comb<'_> {
    fn piece(&mut self, order: f32, outline: Vec<Pt>) {
        let outline =
            outline.iter().map(|p| *p + pt(self.dice.bell(self.frizz), self.dice.bell(self.frizz)));
        let outline: Vec<Pt> = outline.collect();
        let tint = self.color.jitter(self.dice, 5.0);
        let piece = Piece::new(order, Owner::Body, outline, Fill::Plain(tint)).raised(0.25, 0.3);
        let piece = self.strands(piece);
        self.pieces.push(piece);
    }

    /// Lighter and darker strands, soft and fine.
    fn strands(&mut self, mut piece: Piece) -> Piece {
        let (low, high) = bounds(&piece.outline);
        let (size, middle) = (high - low, (low.x + high.x) * 0.5);
        let fall = |dice: &mut Dice, t: f32, frizz: f32| {
            let x = low.x + size.x * t;
            Curve::new()
                .corner(pt(middle + (x - middle) * 0.5, low.y + size.y * 0.06))
                .smooth(pt(x + dice.bell(frizz), low.y + size.y * 0.35))
                .smooth(pt(x + dice.bell(frizz), low.y + size.y * 0.65))
                .corner(pt(x + dice.bell(1.0), high.y - size.y * dice.range(-0.02, 0.1)))
                .open()
        };
        for i in 0..4 {
            let t = (i as f32 + self.dice.range(0.2, 0.8)) / 4.0;
            let line = fall(self.dice, t, self.wave);
            piece.shade(line, self.dice.range(0.8, 2.4), self.dice.bell(0.35));
        }
        for _ in 0..9 {
            let t = self.dice.range(0.02, 0.98);
            let line = fall(self.dice, t, self.wave + 0.3);
            let tint = if self.dice.chance(0.5) {
                self.color.lighter(self.dice.range(0.1, 0.4))
            } else {
                self.color.darker(self.dice.range(0.2, 0.6))
            };
            piece.line(line, self.dice.range(0.15, 0.5), tint, 0.5);
        }
        piece
    }

    /// Hair that hangs behind the shoulders.
    fn behind(&mut self, half: f32, down: f32) {
        let c = self.c;
        let side = |s: f32| {
            [
                c + pt(s * 8.5, -8.0),
                c + pt(s * half, 4.0),
                c + pt(s * half * 1.1, down * 0.7),
                c + pt(s * half * 0.8, down),
            ]
        };
        let outline = Curve::new()
            .smooth(c + pt(0.0, -13.0))
            .through(side(-1.0))
            .smooth(c + pt(0.0, down - 1.0))
            .through(side(1.0).into_iter().rev());
        self.piece(2.0, outline.closed());
    }

    /// Locks in front of a shoulder that end between `inner` and `outer` centimeters from the
    /// middle.
    fn locks(&mut self, s: f32, length: f32, [inner, outer]: [f32; 2]) {
        for _ in 0..self.dice.count(1, 3) {
            let end = self.dice.range(inner, outer);
            let wide = self.dice.range(1.8, 4.2);
            let length = length * self.dice.range(0.7, 1.0);
            self.lock(s, length, end, wide, 52.0);
        }
    }

    /// A lock from the temple past the cheek to the chest, `length` centimeters below the shoulder.
    fn lock(&mut self, s: f32, length: f32, end: f32, wide: f32, order: f32) {
        let down = 17.0 + length;
        let (phase, step) = (self.dice.range(0.0, 6.3), self.dice.range(0.25, 0.6));
        let middle = |t: f32| {
            let y = -8.0 + (down + 8.0) * t;
            let x = through(&[(-8.0, 6.0), (0.0, 8.4), (9.0, 9.2), (20.0, end), (40.0, end)], y);
            let swing = self.wave * smoothstep(2.0, 16.0, y) * (phase + y * step).sin();
            self.c + pt(s * x + self.turn * 0.5 + swing, y)
        };
        let half = |t: f32| through(&[(0.0, 1.6), (0.25, 1.5), (0.6, wide), (1.0, 0.3)], t);
        let outline = band(&middle, &half);
        self.piece(order, outline);
    }

    fn braid(&mut self, s: f32, length: f32) {
        let (down, end) = (19.0 + length, self.dice.range(7.0, 12.0));
        let knots = (length / 3.5).max(2.0);
        let middle = |t: f32| {
            let x = through(&[(0.0, 8.4), (0.4, 9.4), (1.0, end)], t);
            self.c + pt(s * x, 2.0 + (down - 2.0) * t)
        };
        // Half a wave per knot.
        #[expect(
            clippy::approx_constant,
            reason = "the bundled model saw images generated with it"
        )]
        let half = |t: f32| (1.1 + 0.7 * (t * knots * 3.14).sin().abs()) * (1.15 - 0.5 * t);
        let outline = band(&middle, &half);
        let crossings: Vec<[Pt; 2]> = (1..knots as usize * 2)
            .map(|i| {
                let t = i as f32 / (knots * 2.0);
                let lean = if i % 2 == 0 { 1.0 } else { -1.0 };
                [middle(t) + pt(-1.5, -lean), middle(t) + pt(1.5, lean)]
            })
            .collect();
        self.piece(52.0, outline);
        let dark = self.color.darker(0.5);
        if let Some(braid) = self.pieces.last_mut() {
            crossings.iter().for_each(|line| braid.line(line.to_vec(), 0.45, dark, 0.7));
        }
    }
}

/// The band within `half` of the line `middle`; both are functions of 0..1.
fn band(middle: &impl Fn(f32) -> Pt, half: &impl Fn(f32) -> f32) -> Vec<Pt> {
    const STEPS: i32 = 20;
    let side = |s: f32, i: i32| {
        let t = i as f32 / STEPS as f32;
        let along = middle((t + 0.02).min(1.0)) - middle((t - 0.02).max(0.0));
        middle(t) + along.unit().perp() * (s * half(t))
    };
    let there = (0..=STEPS).map(|i| side(1.0, i));
    there.chain((0..=STEPS).rev().map(|i| side(-1.0, i))).collect()
}

/// The hair above the forehead, parted at `part` (−1..1).
fn cap(c: Pt, turn: f32, part: f32) -> Vec<Pt> {
    let parting = c + pt(part * 4.0 + turn * 3.0, -8.0);
    Curve::new()
        .smooth(c + pt(0.0, -13.6))
        .smooth(c + pt(-6.5, -10.8))
        .smooth(c + pt(-8.9, -4.0))
        .corner(c + pt(-8.3, 2.5))
        .smooth(c + pt(-6.6, -3.2))
        .smooth(parting.lerp(c + pt(-6.6, -5.0), 0.4) + pt(0.0, 0.8))
        .corner(parting)
        .smooth(parting.lerp(c + pt(6.6, -5.0), 0.4) + pt(0.0, 0.8))
        .smooth(c + pt(6.6, -3.2))
        .corner(c + pt(8.3, 2.5))
        .smooth(c + pt(8.9, -4.0))
        .smooth(c + pt(6.5, -10.8))
        .closed()
}
