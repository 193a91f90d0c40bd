//! Points and vectors of the plane.
use std::ops::{Add, Mul, Neg, Sub};

/// A point or vector; x right, y down.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(crate) struct Pt {
    pub x: f32,
    pub y: f32,
}

/// The point `(x, y)`.
pub(crate) const fn pt(x: f32, y: f32) -> Pt {
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
    /// The length of the vector.
    pub fn length(self) -> f32 {
        self.x.hypot(self.y)
    }

    /// The vector of length 1 in its direction; straight down for the zero vector.
    pub fn unit(self) -> Self {
        let length = self.length();
        if length > 1e-6 { self * (1.0 / length) } else { pt(0.0, 1.0) }
    }

    /// The vector turned by 90°: down becomes left.
    pub fn perp(self) -> Self {
        pt(-self.y, self.x)
    }

    /// The point at fraction `t` of the way to `other`.
    pub fn lerp(self, other: Self, t: f32) -> Self {
        self + (other - self) * t
    }

    /// The vector turned by `radians`, clockwise on the screen.
    pub fn turned(self, radians: f32) -> Self {
        let (sin, cos) = radians.sin_cos();
        pt(self.x * cos - self.y * sin, self.x * sin + self.y * cos)
    }
}
