//! Points, smooth outlines and limbs: every shape is a polygon fine enough to look curved.
//!
//! Polygons rather than Bézier paths, because bending, foreshortening and the test for what covers a landmark are then
//! a matter of points alone.
use std::ops::{Add, Mul, Neg, Sub};

/// A point or vector; x right, y down.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) struct Pt {
    pub x: f32,
    pub y: f32,
}

/// The point `(x, y)`.
pub(super) const fn pt(x: f32, y: f32) -> Pt {
    Pt { x, y }
}

impl Add for Pt {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        pt(self.x + other.x, self.y + other.y)
    }
}

impl Sub for Pt {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        pt(self.x - other.x, self.y - other.y)
    }
}

impl Mul<f32> for Pt {
    type Output = Self;
    fn mul(self, by: f32) -> Self {
        pt(self.x * by, self.y * by)
    }
}

impl Neg for Pt {
    type Output = Self;
    fn neg(self) -> Self {
        pt(-self.x, -self.y)
    }
}

impl Pt {
    /// Its length as a vector.
    pub fn length(self) -> f32 {
        self.x.hypot(self.y)
    }

    /// The vector of length 1 in its direction; straight down for the zero vector.
    pub fn unit(self) -> Self {
        let length = self.length();
        if length > 1e-6 { self * (1.0 / length) } else { pt(0.0, 1.0) }
    }

    /// Turned by 90°: what points down points left.
    pub fn perp(self) -> Self {
        pt(-self.y, self.x)
    }

    /// The point a share `t` of the way to `other`.
    pub fn lerp(self, other: Self, t: f32) -> Self {
        self + (other - self) * t
    }

    /// Turned by `radians`, clockwise on the screen.
    pub fn turned(self, radians: f32) -> Self {
        let (sin, cos) = radians.sin_cos();
        pt(self.x * cos - self.y * sin, self.x * sin + self.y * cos)
    }
}

/// Blends `a` into `b`; `t` is clamped to 0..1.
pub(super) fn mix(a: f32, b: f32, t: f32) -> f32 {
    a + (b - a) * t.clamp(0.0, 1.0)
}

/// 0 below `from`, 1 above `to`, smooth between.
pub(super) fn smoothstep(from: f32, to: f32, x: f32) -> f32 {
    let t = ((x - from) / (to - from)).clamp(0.0, 1.0);
    t * t * (3.0 - 2.0 * t)
}

/// The smooth curve through `knots` (x ascending), read at `x`; constant beyond the ends.
pub(super) fn through(knots: &[(f32, f32)], x: f32) -> f32 {
    let last = knots.len() - 1;
    if x <= knots[0].0 {
        return knots[0].1;
    }
    for pair in knots.windows(2) {
        if x < pair[1].0 {
            return mix(pair[0].1, pair[1].1, smoothstep(pair[0].0, pair[1].0, x));
        }
    }
    knots[last].1
}

/// A line in the making: smooth where it may, cornered where it must.
#[derive(Debug, Clone, Default)]
pub(super) struct Curve(Vec<(Pt, bool)>);

impl Curve {
    /// Nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Goes to `p`, with a corner there.
    pub fn corner(mut self, p: Pt) -> Self {
        self.0.push((p, true));
        self
    }

    /// Goes to `p` smoothly.
    pub fn smooth(mut self, p: Pt) -> Self {
        self.0.push((p, false));
        self
    }

    /// Goes through all of `points` smoothly.
    pub fn through(mut self, points: impl IntoIterator<Item = Pt>) -> Self {
        self.0.extend(points.into_iter().map(|p| (p, false)));
        self
    }

    /// The closed polygon.
    pub fn closed(&self) -> Vec<Pt> {
        self.sampled(true)
    }

    /// The open line.
    pub fn open(&self) -> Vec<Pt> {
        self.sampled(false)
    }

    fn sampled(&self, closed: bool) -> Vec<Pt> {
        const STEPS: usize = 6;
        let knots = &self.0;
        let n = knots.len();
        if n < 3 {
            return knots.iter().map(|k| k.0).collect();
        }
        let tangent = |i: usize| -> Option<Pt> {
            if knots[i].1 || (!closed && (i == 0 || i == n - 1)) {
                return None;
            }
            Some((knots[(i + 1) % n].0 - knots[(i + n - 1) % n].0).unit())
        };
        let segments = if closed { n } else { n - 1 };
        let mut points = Vec::with_capacity(segments * STEPS + 1);
        for i in 0..segments {
            let j = (i + 1) % n;
            let (a, b) = (knots[i].0, knots[j].0);
            let length = (b - a).length();
            let (ta, tb) = (tangent(i), tangent(j));
            points.push(a);
            if (ta.is_none() && tb.is_none()) || length < 0.3 {
                continue;
            }
            let ta = ta.map_or(b - a, |t| t * length);
            let tb = tb.map_or(b - a, |t| t * length);
            for step in 1..STEPS {
                let t = step as f32 / STEPS as f32;
                let (t2, t3) = (t * t, t * t * t);
                points.push(
                    a * (2.0 * t3 - 3.0 * t2 + 1.0)
                        + ta * (t3 - 2.0 * t2 + t)
                        + b * (3.0 * t2 - 2.0 * t3)
                        + tb * (t3 - t2),
                );
            }
        }
        if !closed {
            points.push(knots[n - 1].0);
        }
        points
    }
}

/// An ellipse, turned by `radians`.
pub(super) fn ellipse(center: Pt, rx: f32, ry: f32, radians: f32) -> Vec<Pt> {
    (0..28)
        .map(|i| {
            let (sin, cos) = (i as f32 / 28.0 * std::f32::consts::TAU).sin_cos();
            center + pt(cos * rx, sin * ry).turned(radians)
        })
        .collect()
}

/// A rectangle about `center`, `half` as wide and high, turned by `radians`.
pub(super) fn rectangle(center: Pt, half: Pt, radians: f32) -> Vec<Pt> {
    [pt(-half.x, -half.y), pt(half.x, -half.y), pt(half.x, half.y), pt(-half.x, half.y)]
        .map(|p| center + p.turned(radians))
        .to_vec()
}

/// Whether `p` lies inside the polygon (nonzero winding, as it is filled).
pub(super) fn contains(polygon: &[Pt], p: Pt) -> bool {
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
pub(super) fn bounds<'a>(points: impl IntoIterator<Item = &'a Pt>) -> (Pt, Pt) {
    let start = (pt(f32::MAX, f32::MAX), pt(f32::MIN, f32::MIN));
    points.into_iter().fold(start, |(low, high), p| {
        (pt(low.x.min(p.x), low.y.min(p.y)), pt(high.x.max(p.x), high.y.max(p.y)))
    })
}

/// What lies of a polygon between `low` and `high`; empty if nothing does.
pub(super) fn clipped(polygon: &[Pt], low: Pt, high: Pt) -> Vec<Pt> {
    // Sutherland and Hodgman's clipping, one side of the frame after the other.
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

/// An arm or a leg: three joints, rounded at the middle one.
#[derive(Debug, Clone, Copy)]
pub(super) struct Limb {
    /// Shoulder, elbow, wrist, or hip, knee, ankle.
    pub joints: [Pt; 3],
}

impl Limb {
    fn straight(&self, t: f32) -> Pt {
        let [a, b, c] = self.joints;
        if t < 0.5 { a.lerp(b, t * 2.0) } else { b.lerp(c, t * 2.0 - 1.0) }
    }

    /// The point at `t`: 0 at the first joint, ½ at the middle one, 1 at the last; beyond, straight on.
    pub fn at(&self, t: f32) -> Pt {
        const ROUNDING: f32 = 0.07;
        let ends = self.straight(t - ROUNDING) + self.straight(t + ROUNDING);
        (ends + self.straight(t)) * (1.0 / 3.0)
    }

    /// The direction at `t`, towards the last joint.
    pub fn direction(&self, t: f32) -> Pt {
        (self.at(t + 0.03) - self.at(t - 0.03)).unit()
    }

    /// The point `offset` to the side of the limb at `t`; positive is the picture's left of a hanging limb.
    pub fn beside(&self, t: f32, offset: f32) -> Pt {
        self.at(t) + self.direction(t).perp() * offset
    }
}
