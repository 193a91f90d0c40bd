//! Jackets and cardigans that hang open.
use super::neck::{collars, shoulder_ends};
use crate::{
    clothes::cut::{Neck, TopCut},
    drawing::piece::{Fill, Part, Piece},
    geometry::{
        curve::Curve,
        point::{Pt, pt},
    },
    person::body::{Body, sign},
    random::dice::Dice,
    sewing::{
        layer::Layer,
        seam::{Line, Seam, Sewn},
    },
};

/// Splits the front into two panels with a gap; the lines are those of neck, front and hem.
#[allow(clippy::too_many_arguments, reason = "the outline's parts, named once")]
pub(crate) fn open_front(
    pieces: Vec<Piece>,
    dice: &mut Dice,
    body: &Body,
    cut: &TopCut,
    layer: &Layer,
    neck: &[Pt],
    left: &[Pt],
    right: &[Pt],
    hem: &[Pt],
) -> Sewn {
    let whole = &pieces[1];
    let gap = dice.range(3.0, 9.0);
    let low = neck[neck.len() / 2];
    let middle = hem[hem.len() / 2];
    let ends = shoulder_ends(body, cut, layer.over);
    let collars = collars(body, cut);
    let mut sewn = Sewn { pieces: vec![pieces[0].clone()], ..Sewn::default() };
    if !layer.worn {
        // Without a garment beneath, the inner side of the back is visible.
        let lining = Piece { order: layer.order - 2.0, part: Part::Trim, ..whole.clone() };
        let mut lining = lining.raised(0.0, 0.0);
        lining.area(whole.outline.clone(), Fill::Sheer(layer.color[0].darker(0.6), 0.6));
        sewn.pieces.push(lining);
    }
    for i in [0, 1] {
        let s = sign(i);
        let side = [left, right][i];
        let last = side[side.len() - 1];
        let bottom = pt(middle.x + s * gap, middle.y.min(last.y + 3.0));
        let chest = low + pt(s * gap * 0.35, 0.0);
        let outline = Curve::new()
            .corner(collars[i])
            .corner(ends[i])
            .smooth(ends[i].lerp(side[0], 0.55) - pt(s * 0.4, 0.0))
            .corner(side[0])
            .through(side[1..side.len() - 1].iter().copied())
            .corner(last)
            .smooth(last.lerp(bottom, 0.5) + pt(0.0, 0.8))
            .corner(bottom)
            .smooth(bottom.lerp(chest, 0.5) + pt(s * 0.8, 0.0))
            .corner(chest);
        let mut panel = Piece { outline: outline.closed(), ..whole.clone() };
        let edge = vec![collars[i], chest, bottom];
        panel.shade(edge.clone(), 3.0, -0.25);
        panel.line(edge.iter().map(|p| *p + pt(s * 1.4, 0.0)).collect(), 0.3, layer.ink(), 0.5);
        if cut.neck == Neck::Lapel {
            let notch = collars[i].lerp(chest, 0.45) + pt(s * 6.0, 1.0);
            panel.area(
                vec![collars[i], notch, chest],
                Fill::Sheer(layer.color[0].darker(0.18), 0.85),
            );
            panel.line(vec![collars[i], notch, chest], 0.35, layer.ink(), 0.8);
        }
        sewn.pieces.push(panel);
        let lower = Curve::new().corner(last).smooth(last.lerp(bottom, 0.5) + pt(0.0, 0.8));
        let edge = Curve::new().corner(chest).smooth(bottom.lerp(chest, 0.5) + pt(s * 0.8, 0.0));
        for (line, points) in [
            (Line::Neck, vec![collars[i], chest]),
            (Line::Front, edge.corner(bottom).open()),
            (Line::Hem, lower.corner(bottom).open()),
        ] {
            let (side, part, order) = (i, Part::Trunk, layer.order);
            sewn.seams.push(Seam { line, side, points, part, order });
        }
    }
    sewn
}
