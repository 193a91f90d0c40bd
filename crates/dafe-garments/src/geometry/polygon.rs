//! Polygons: ellipses and rectangles, bounds, containment and clipping.
use super::point::{Pt, pt};

/// An ellipse, turned by `radians`.
pub(crate) fn ellipse(center: Pt, rx: f32, ry: f32, radians: f32) -> Vec<Pt> {
    (0..28)
        .map(|i| {
            let (sin, cos) = (i as f32 / 28.0 * std::f32::consts::TAU).sin_cos();
            center + pt(cos * rx, sin * ry).turned(radians)
        })
        .collect()
}

/// A rectangle around `center` with half width and height `half`, turned by `radians`.
pub(crate) fn rectangle(center: Pt, half: Pt, radians: f32) -> Vec<Pt> {
    [pt(-half.x, -half.y), pt(half.x, -half.y), pt(half.x, half.y), pt(-half.x, half.y)]
        .map(|p| center + p.turned(radians))
        .to_vec()
}

/// Whether `p` lies inside the polygon (nonzero winding rule, as for filling).
pub(crate) fn contains(polygon: &[Pt], p: Pt) -> bool {
    let mut winding = 0;
    for (i, &a) in polygon.iter().enumerate() {
        let b = polygon[(i + 1) % polygon.len()];
        if (a.y <= p.y) != (b.y <= p.y) {
            let x = a.x + (p.y - a.y) / (b.y - a.y) * (b.x - a.x);
            if x > p.x {
                winding += if b.y > a.y { 1 } else { -1 };
            }
        }
    }
    winding != 0
}

/// The smallest and largest corner of `points`.
pub(crate) fn bounds<'a>(points: impl IntoIterator<Item = &'a Pt>) -> (Pt, Pt) {
    let start = (pt(f32::MAX, f32::MAX), pt(f32::MIN, f32::MIN));
    points.into_iter().fold(start, |(low, high), p| {
        (pt(low.x.min(p.x), low.y.min(p.y)), pt(high.x.max(p.x), high.y.max(p.y)))
    })
}

/// The part of a polygon between `low` and `high`; empty if there is none.
pub(crate) fn clipped(polygon: &[Pt], low: Pt, high: Pt) -> Vec<Pt> {
    // Sutherland–Hodgman clipping, one side of the frame after another.
    let mut points = polygon.to_vec();
    let sides = [
        (pt(1.0, 0.0), low.x),
        (pt(-1.0, 0.0), -high.x),
        (pt(0.0, 1.0), low.y),
        (pt(0.0, -1.0), -high.y),
    ];
    for (normal, limit) in sides {
        let depth = |p: Pt| p.x * normal.x + p.y * normal.y - limit;
        let mut kept = Vec::with_capacity(points.len() + 4);
        for (i, &a) in points.iter().enumerate() {
            let b = points[(i + 1) % points.len()];
            let (from, to) = (depth(a), depth(b));
            if from >= 0.0 {
                kept.push(a);
            }
            if (from >= 0.0) != (to >= 0.0) {
                kept.push(a.lerp(b, from / (from - to)));
            }
        }
        points = kept;
    }
    points
}
