//! Smooth outlines as polygons.
use super::point::Pt;

/// A line being built from smooth points and corners.
#[derive(Debug, Clone, Default)]
pub(crate) struct Curve(Vec<(Pt, bool)>);

impl Curve {
    /// An empty curve.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a corner at `p`.
    pub fn corner(mut self, p: Pt) -> Self {
        self.0.push((p, true));
        self
    }

    /// Adds a smooth point at `p`.
    pub fn smooth(mut self, p: Pt) -> Self {
        self.0.push((p, false));
        self
    }

    /// Adds smooth points.
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
