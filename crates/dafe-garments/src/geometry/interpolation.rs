//! Interpolation between values.

/// Blends `a` into `b`; `t` is clamped to 0..1.
pub(crate) fn mix(a: f32, b: f32, t: f32) -> f32 {
    a + (b - a) * t.clamp(0.0, 1.0)
}

/// 0 below `from`, 1 above `to`, smooth between.
pub(crate) fn smoothstep(from: f32, to: f32, x: f32) -> f32 {
    let t = ((x - from) / (to - from)).clamp(0.0, 1.0);
    t * t * (3.0 - 2.0 * t)
}

/// A smooth curve through `knots` (x ascending), evaluated at `x`; constant beyond the ends.
pub(crate) fn through(knots: &[(f32, f32)], x: f32) -> f32 {
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

/// 0 below `level`, 1 above it, with an edge of width `soft`.
pub(crate) fn above(level: f32, soft: f32, x: f32) -> f32 {
    mix(0.0, 1.0, (x - level) / soft.max(1e-6) + 0.5)
}
