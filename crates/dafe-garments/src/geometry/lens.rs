//! The map from the wearer's centimeters to the image's pixels: bend, foreshortening, rotation,
//! scale, position.
use super::point::{Pt, pt};

/// A map of the plane, applied point by point.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Lens {
    /// Curvature of the spine above and below the hips, per centimeter.
    pub bend: [f32; 2],
    /// The height of the fixed point of the bend.
    pub pivot: f32,
    /// Height over width: below 1 for a camera that looks down or up.
    pub squash: f32,
    /// How much larger the top is than the bottom, per centimeter.
    pub taper: f32,
    /// Rotation in radians, clockwise.
    pub roll: f32,
    /// Pixels per centimeter.
    pub scale: f32,
    /// The position of the body's (0, pivot), in pixels.
    pub place: Pt,
}

impl Lens {
    /// Maps `p` to the image.
    pub fn apply(&self, p: Pt) -> Pt {
        let up = self.pivot - p.y;
        let curvature = if up > 0.0 { self.bend[0] } else { self.bend[1] };
        // Along a circular arc that leaves the pivot vertically; the limit without curvature is the
        // identity.
        let angle = (curvature * up).clamp(-1.2, 1.2);
        let reach = up - if curvature.abs() > 1e-6 { angle / curvature } else { up };
        let (sin, cos) = angle.sin_cos();
        let spine = if curvature.abs() > 1e-6 {
            pt((1.0 - cos) / curvature, -sin / curvature) + pt(sin, -cos) * reach
        } else {
            pt(0.0, -up)
        };
        let bent = spine + pt(cos, sin) * p.x;
        let grown = 1.0 - self.taper * bent.y;
        let flat = pt(bent.x * grown, bent.y * self.squash * grown);
        self.place + flat.turned(self.roll) * self.scale
    }

    /// Pixels per centimeter at `p`.
    pub fn scale_at(&self, p: Pt) -> f32 {
        let at = self.apply(p);
        let across = (self.apply(p + pt(0.5, 0.0)) - at).length();
        let down = (self.apply(p + pt(0.0, 0.5)) - at).length();
        across + down
    }
}
