//! The wearer: proportions and joints in centimeters; 0 is the hollow of the neck, y points down.
//!
//! A turned body stays flat: widths and depths become the silhouette of an ellipse, and points on
//! the front move sideways with the turn.
use crate::geometry::{
    interpolation::{mix, through},
    limb::Limb,
    point::{Pt, pt},
};

/// The heights of a body, in centimeters below the hollow of the neck.
pub(crate) mod level {
    /// Armpits.
    pub const ARMPIT: f32 = 17.0;
    /// Chest, at its widest.
    pub const CHEST: f32 = 24.0;
    /// Waist, at its narrowest.
    pub const WAIST: f32 = 40.0;
    /// Hips, at their widest.
    pub const HIP: f32 = 61.0;
    /// Crotch.
    pub const CROTCH: f32 = 71.0;
}

/// Half widths of a body, in centimeters.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Build {
    pub neck: f32,
    pub shoulder: f32,
    pub chest: f32,
    pub waist: f32,
    pub hip: f32,
    /// Thickness of arms and legs, about 1.
    pub limbs: f32,
}

/// A posed body (or the space that it would fill, for clothes that lie flat).
#[derive(Debug, Clone)]
pub(crate) struct Body {
    pub build: Build,
    /// Rotation in radians; positive faces the image's right.
    pub yaw: f32,
    /// Whether it is seen from behind.
    pub from_behind: bool,
    /// How far each side of a skirt is pulled out, in centimeters.
    pub pull: [f32; 2],
    /// The image's left and right arm: shoulder, elbow, wrist.
    pub arms: [Limb; 2],
    /// Whether an arm is behind the trunk.
    pub arm_behind: [bool; 2],
    /// Whether an arm is held in front of the head.
    pub arm_over_head: [bool; 2],
    /// Whether a hand is in a pocket.
    pub hand_in_pocket: [bool; 2],
    /// The image's left and right leg: hip, knee, ankle.
    pub legs: [Limb; 2],
    /// The center of the head.
    pub head: Pt,
    /// The head's rotation in radians.
    pub head_yaw: f32,
}

/// Depth over width of a trunk.
const DEPTH: f32 = 0.66;

impl Body {
    /// Half the trunk's width at height `y`, from the front.
    pub fn half(&self, y: f32) -> f32 {
        let b = &self.build;
        through(
            &[
                (level::ARMPIT - 4.0, b.chest),
                (level::CHEST, b.chest * 0.99),
                (level::WAIST, b.waist),
                (level::HIP, b.hip),
                (level::CROTCH + 4.0, b.hip * 0.96),
            ],
            y,
        )
    }

    /// How far the trunk's center is in front at height `y`: chest forward, seat back.
    fn forward(y: f32) -> f32 {
        through(
            &[
                (0.0, 0.0),
                (level::CHEST, 2.5),
                (level::WAIST, 0.5),
                (level::HIP, -2.5),
                (100.0, -1.0),
            ],
            y,
        )
    }

    /// Half the visible width of something `half` wide on the turned body.
    pub fn seen(&self, half: f32) -> f32 {
        let (sin, cos) = self.yaw.sin_cos();
        (half * cos).hypot(half * DEPTH * sin)
    }

    /// The trunk's edge at height `y` for a half width of `half`; `side` is −1 for the image's
    /// left, 1 for its right.
    pub fn edge(&self, side: f32, half: f32, y: f32) -> Pt {
        pt(side * self.seen(half) + Self::forward(y) * self.yaw.sin(), y)
    }

    /// The point of the front at fraction `u` (−1..1) of the width.
    pub fn front(&self, u: f32, half: f32, y: f32) -> Pt {
        let (sin, cos) = self.yaw.sin_cos();
        let u = u.clamp(-1.0, 1.0);
        let depth = half * DEPTH * (1.0 - u * u).sqrt() + Self::forward(y);
        pt(u * half * cos + depth * sin, y)
    }

    /// `p`, moved outwards where a skirt is pulled out, or where the leg of `side` would stick out.
    pub fn around_legs(&self, side: f32, p: Pt) -> Pt {
        let t = (p.y - 66.0) / 81.0;
        if t < 0.05 {
            return p;
        }
        let i = if side < 0.0 { 0 } else { 1 };
        let leg = &self.legs[i];
        let pulled = self.pull[i] * (1.6 * t).min(1.2);
        let p = p + pt(side * pulled, -0.3 * pulled);
        let outer = leg.at(t.min(1.0)).x + side * (self.leg_half(t.min(1.0)) + 1.0);
        pt(if side < 0.0 { p.x.min(outer) } else { p.x.max(outer) }, p.y)
    }

    /// A point on the shoulder line, `across` centimeters from the middle.
    pub fn shoulder(&self, across: f32) -> Pt {
        let b = &self.build;
        let t = (across.abs() - b.neck) / (b.shoulder - b.neck);
        pt(across * self.yaw.cos(), mix(-2.5, 4.5, t) + (t - 1.0).max(0.0) * 6.0)
    }

    /// The side (0 or 1) that is turned away, if any.
    pub fn far_side(&self) -> Option<usize> {
        (self.yaw.abs() > 0.35).then_some(if self.yaw > 0.0 { 1 } else { 0 })
    }

    /// The order of an arm: behind the trunk, in front of it, or in front of head and hair.
    pub fn arm_order(&self, side: usize) -> f32 {
        if self.arm_behind[side] {
            6.0
        } else if self.arm_over_head[side] {
            60.0
        } else {
            40.0
        }
    }

    /// Half the width of a bare arm at `t` (0 shoulder, 1 wrist).
    pub fn arm_half(&self, t: f32) -> f32 {
        self.build.limbs
            * through(&[(0.0, 4.1), (0.15, 4.7), (0.5, 3.9), (0.65, 3.9), (1.0, 2.5)], t)
    }

    /// Half the width of a bare leg at `t` (0 hip, 1 ankle).
    pub fn leg_half(&self, t: f32) -> f32 {
        self.build.limbs
            * through(&[(0.0, 7.6), (0.2, 7.8), (0.5, 5.6), (0.68, 5.6), (1.0, 3.4)], t)
    }
}

/// −1 for side 0 (the image's left), 1 for side 1.
pub(crate) fn sign(side: usize) -> f32 {
    side as f32 * 2.0 - 1.0
}
