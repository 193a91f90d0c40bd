//! Arms and legs.
use super::point::Pt;

/// An arm or a leg: three joints, rounded at the middle one.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limb {
    /// Shoulder, elbow, wrist, or hip, knee, ankle.
    pub joints: [Pt; 3],
}

impl Limb {
    fn straight(&self, t: f32) -> Pt {
        let [a, b, c] = self.joints;
        if t < 0.5 { a.lerp(b, t * 2.0) } else { b.lerp(c, t * 2.0 - 1.0) }
    }

    /// The point at `t`: 0 at the first joint, ½ at the middle one, 1 at the last; extrapolated in
    /// a straight line.
    pub fn at(&self, t: f32) -> Pt {
        const ROUNDING: f32 = 0.07;
        let ends = self.straight(t - ROUNDING) + self.straight(t + ROUNDING);
        (ends + self.straight(t)) * (1.0 / 3.0)
    }

    /// The direction at `t`, towards the last joint.
    pub fn direction(&self, t: f32) -> Pt {
        (self.at(t + 0.03) - self.at(t - 0.03)).unit()
    }

    /// The point `offset` to the side of the limb at `t`; positive is towards the image's left for
    /// a hanging limb.
    pub fn beside(&self, t: f32, offset: f32) -> Pt {
        self.at(t) + self.direction(t).perp() * offset
    }
}
