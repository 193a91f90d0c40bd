//! Necklines and shoulders: the upper end of a top.
use crate::{
    clothes::cut::{Neck, TopCut},
    geometry::{
        curve::Curve,
        point::{Pt, pt},
    },
    person::body::{Body, sign},
};

/// The point of a neckline at `u`: −1 at the image's left collar, 1 at the right one, 0 at its
/// lowest point.
pub(crate) fn neck_at(body: &Body, cut: &TopCut, u: f32, y: f32) -> Pt {
    let forward = 7.0 * (1.0 - u * u).max(0.0).sqrt() * body.yaw.sin();
    pt(u * cut.neck_half * body.yaw.cos() + forward, y)
}

/// Where the inner edge of a sling's strap meets the bodice.
pub(crate) fn strap_base(body: &Body, cut: &TopCut, side: usize) -> Pt {
    let collars = collars(body, cut);
    neck_at(body, cut, sign(side) * 0.96, collars[0].y.max(collars[1].y) + cut.neck_depth)
}

/// The left and right collar points.
pub(crate) fn collars(body: &Body, cut: &TopCut) -> [Pt; 2] {
    if cut.neck == Neck::OffShoulder {
        let across = body.build.shoulder * 0.99;
        return [-1.0, 1.0].map(|side| body.shoulder(side * across) + pt(0.0, cut.neck_depth));
    }
    [-1.0, 1.0].map(|side| body.shoulder(side * cut.neck_half) + pt(0.0, -0.6))
}

/// The trunk's shoulder ends, where sleeves start or a sleeveless garment stops.
pub(crate) fn shoulder_ends(body: &Body, cut: &TopCut, over: f32) -> [Pt; 2] {
    if cut.neck == Neck::OffShoulder {
        return [0, 1].map(|i| collars(body, cut)[i] + pt(sign(i) * 0.8, 1.2));
    }
    let across = match cut.sleeve {
        Some(_) => (body.build.shoulder - 1.5 + over * 0.4).max(cut.neck_half + 2.5),
        None => cut.strap.min(body.build.shoulder - 0.2),
    };
    [-1.0, 1.0].map(|side| body.shoulder(side * across) + pt(0.0, -0.8))
}

/// The neckline from the right collar to the left one.
pub(crate) fn neckline(body: &Body, cut: &TopCut) -> Curve {
    let [left, right] = collars(body, cut);
    let depth = cut.neck_depth;
    let low = left.y.max(right.y) + depth;
    let curve = Curve::new().corner(right);
    let curve = match cut.neck {
        Neck::Vee | Neck::Shirt | Neck::Lapel => curve.corner(neck_at(body, cut, 0.0, low)),
        Neck::Square => {
            curve.corner(neck_at(body, cut, 0.8, low)).corner(neck_at(body, cut, -0.8, low))
        }
        Neck::Sling => {
            let dip = neck_at(body, cut, 0.0, low + 1.6);
            curve.corner(strap_base(body, cut, 1)).smooth(dip).corner(strap_base(body, cut, 0))
        }
        Neck::OffShoulder => curve.through([0.6, 0.0, -0.6].map(|u: f32| {
            let middle = left.lerp(right, 0.5 + 0.5 * u);
            middle + pt(7.0 * (1.0 - u * u) * body.yaw.sin(), 2.2 * (1.0 - u * u))
        })),
        Neck::Heart => curve
            .smooth(neck_at(body, cut, 0.85, low - depth * 0.35))
            .smooth(neck_at(body, cut, 0.4, low - depth * 0.25))
            .corner(neck_at(body, cut, 0.0, low))
            .smooth(neck_at(body, cut, -0.4, low - depth * 0.25))
            .smooth(neck_at(body, cut, -0.85, low - depth * 0.35)),
        Neck::Round | Neck::Boat | Neck::Turtle | Neck::Cowl => {
            curve.through([0.92, 0.66, 0.0, -0.66, -0.92].map(|u: f32| {
                let sag = (1.0 - u * u).sqrt();
                neck_at(body, cut, u, right.y + (left.y - right.y) * (1.0 - u) / 2.0 + depth * sag)
            }))
        }
    };
    curve.corner(left)
}
