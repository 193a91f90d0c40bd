//! Collars, hoods, a shirt beneath, and the label in the back.
use super::neck::collars;
use crate::{
    clothes::cut::{Neck, TopCut},
    color::{hex, palette},
    drawing::piece::{Fill, Owner, Piece},
    geometry::{
        curve::Curve,
        point::{Pt, pt},
        polygon::rectangle,
    },
    person::body::{Body, sign},
    random::dice::Dice,
    sewing::{layer::Layer, seam::halves},
};

/// The probability that the hood of a garment without a wearer is spread above the neck.
const SPREAD_HOOD: f32 = 0.75;

/// A collar's pieces, and its upper edge in two halves that run inwards from the collar points.
type Collar = (Vec<Piece>, [Vec<Pt>; 2]);

/// A shirt's collar or a turtleneck's tube, in front of the neck.
pub(crate) fn collar(body: &Body, cut: &TopCut, layer: &Layer) -> Option<Collar> {
    let ends = collars(body, cut);
    let order = layer.order + 0.5;
    let cloth = layer.panels.collar;
    match cut.neck {
        Neck::Shirt => {
            let low = (ends[0].y.max(ends[1].y)) + cut.neck_depth;
            let center = pt(7.0 * body.yaw.sin(), low);
            let tops = [0, 1].map(|i| ends[i] + pt(-sign(i) * 0.2, -2.4));
            let leaf = |i: usize| {
                let s = sign(i);
                let tip = center + pt(s * 5.6 * body.yaw.cos(), 0.6);
                let outer = ends[i] + pt(s * 1.4, 0.6);
                let outline =
                    Curve::new().corner(tops[i]).corner(center).corner(tip).corner(outer).closed();
                let mut piece = Piece::new(order, layer.owner, outline, cloth).raised(0.4, 0.5);
                piece.shade(vec![tops[i], center], 2.0, -0.3);
                piece.line(vec![tops[i], center, tip, outer, tops[i]], 0.35, layer.ink(), 0.7);
                piece
            };
            Some((vec![leaf(0), leaf(1)], tops.map(|top| vec![top, center])))
        }
        Neck::Turtle => {
            let tops = [0, 1].map(|i| pt(ends[i].x - sign(i) * 0.6, ends[i].y - 4.5));
            let low = ends[0].lerp(ends[1], 0.5) + pt(4.0 * body.yaw.sin(), 5.2);
            let rim = tops[0].lerp(tops[1], 0.5) + pt(2.0 * body.yaw.sin(), 1.8);
            let outline = Curve::new().corner(tops[0]).corner(ends[0] + pt(-0.6, 1.0)).smooth(low);
            let outline =
                outline.corner(ends[1] + pt(0.6, 1.0)).corner(tops[1]).smooth(rim).closed();
            let mut piece = Piece::new(order, layer.owner, outline, cloth).raised(0.35, 0.5);
            piece.shade(vec![tops[0], ends[0]], 4.0, -0.45);
            piece.shade(vec![tops[1], ends[1]], 4.0, -0.45);
            let fold = Curve::new()
                .corner(ends[0] - pt(0.0, 0.5))
                .smooth(low - pt(0.0, 2.4))
                .corner(ends[1] - pt(0.0, 0.5));
            piece.line(fold.open(), 0.4, layer.ink(), 0.6);
            let edge = Curve::new().corner(tops[0]).smooth(rim).corner(tops[1]).open();
            piece.line(edge.clone(), 0.4, layer.ink(), 0.6);
            Some((vec![piece], halves(&edge, rim)))
        }
        _ => None,
    }
}

/// A hood on the shoulders, behind the neck; without a wearer mostly spread above it.
pub(crate) fn hood(dice: &mut Dice, body: &Body, cut: &TopCut, layer: &Layer) -> Piece {
    let [left, right] = collars(body, cut);
    let half = (right.x - left.x) * 0.5;
    let middle = left.lerp(right, 0.5);
    let at = |x: f32, y: f32| middle + pt(x * half, y);
    let outline = Curve::new()
        .corner(at(-1.0, 2.0))
        .smooth(at(-1.5, -1.5))
        .smooth(at(-1.1, -6.0))
        .smooth(at(0.0, -7.5))
        .smooth(at(1.1, -6.0))
        .smooth(at(1.5, -1.5))
        .corner(at(1.0, 2.0))
        .closed();
    if !layer.worn && dice.chance(SPREAD_HOOD) {
        return spread_hood(dice, left.lerp(right, 0.5), half, layer);
    }
    let order = if layer.worn { 9.0 } else { layer.order - 13.0 };
    let mut piece = Piece::new(order, layer.owner, outline, layer.panels.collar).raised(0.3, 0.5);
    piece.shade(vec![at(-0.9, -1.0), at(0.0, -4.0), at(0.9, -1.0)], 5.0, -0.6);
    piece.crease(vec![at(-1.3, -2.0), at(-0.7, -5.5), at(0.0, -6.5)], 1.4, -0.3);
    piece.crease(vec![at(1.3, -2.0), at(0.7, -5.5), at(0.0, -6.5)], 1.4, -0.3);
    piece
}

/// A hood laid out flat above the neck.
fn spread_hood(dice: &mut Dice, base: Pt, half: f32, layer: &Layer) -> Piece {
    let (tall, wide, lean) = (dice.range(18.0, 30.0), dice.range(11.0, 15.0), dice.bell(4.0));
    let at = |x: f32, y: f32| base + pt(x * wide - lean * y, y * tall);
    let foot = half / wide;
    let outline = Curve::new()
        .corner(at(-foot, 0.12))
        .smooth(at(-1.0, -0.35))
        .smooth(at(-0.75, -0.85))
        .smooth(at(0.0, -1.0))
        .smooth(at(0.75, -0.85))
        .smooth(at(1.0, -0.35))
        .corner(at(foot, 0.12))
        .closed();
    let (order, cloth) = (layer.order - 13.0, layer.panels.collar);
    let mut piece = Piece::new(order, layer.owner, outline, cloth).raised(0.3, 0.5);
    // Its opening, which ends above the neck.
    let opening = Curve::new()
        .corner(at(-foot * 0.8, 0.1))
        .smooth(at(-0.62, -0.4))
        .smooth(at(0.0, -0.82))
        .smooth(at(0.62, -0.4))
        .corner(at(foot * 0.8, 0.1))
        .closed();
    let dark = layer.color[0].darker(0.6);
    piece.area(opening.clone(), Fill::Sheer(dark, dice.range(0.3, 0.7)));
    piece.line(opening, 0.5, layer.ink(), 0.6);
    piece.crease(vec![at(0.0, -0.97), at(0.05, -0.6), at(0.0, -0.1)], 1.6, -0.3);
    piece
}

/// A shirt worn beneath, which fills part of the neckline.
pub(crate) fn beneath(dice: &mut Dice, body: &Body, cut: &TopCut, layer: &Layer) -> Piece {
    let [left, right] = collars(body, cut);
    let middle = body.front(0.0, body.build.neck, left.y.max(right.y));
    let (high, low) = (cut.neck_depth * dice.range(0.25, 0.6), cut.neck_depth + 3.0);
    let outline = Curve::new()
        .corner(left + pt(0.0, 0.6))
        .smooth(left.lerp(middle, 0.5) + pt(0.0, high * 0.75))
        .smooth(middle + pt(0.0, high))
        .smooth(right.lerp(middle, 0.5) + pt(0.0, high * 0.75))
        .corner(right + pt(0.0, 0.6))
        .corner(middle + pt(2.0, low))
        .corner(middle + pt(-2.0, low));
    let color = palette::cloth(dice, &[layer.color[0]], 50.0);
    // It has its own rim, and the garment's shadow on it.
    let order = layer.order - 0.5;
    let mut piece = Piece::new(order, Owner::Other, outline.closed(), Fill::Plain(color));
    piece.rim = 0.4;
    piece
}

/// A label in the back of the neck.
pub(crate) fn label(dice: &mut Dice, back: &mut Piece, at: Pt) {
    let color = dice.pick(&[hex(0xf5f5f0), hex(0x151518), hex(0xd8cba8)]);
    let half = pt(dice.range(1.4, 2.6), dice.range(1.0, 1.8));
    back.area(rectangle(at, half, 0.0), Fill::Plain(color));
    let ink = if color.luma() > 128.0 { hex(0x202024) } else { hex(0xe8e8e4) };
    back.line(vec![at - pt(half.x * 0.6, 0.0), at + pt(half.x * 0.6, 0.0)], 0.5, ink, 0.8);
}
