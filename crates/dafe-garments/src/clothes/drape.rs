//! How cloth drapes around a trunk.
use crate::{geometry::point::Pt, person::body::Body};

/// How cloth drapes around a trunk.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Drape {
    /// Ease in centimeters: the distance from the body.
    pub ease: f32,
    /// 0 follows the waist, 1 falls straight.
    pub boxy: f32,
    /// Widening of each side per meter below `flare_from`, in centimeters.
    pub flare: f32,
    pub flare_from: f32,
}

impl Drape {
    /// Half the cloth's width at height `y`.
    pub fn half(&self, body: &Body, y: f32) -> f32 {
        let straight = body.build.chest.max(body.build.hip * 0.97);
        let near = body.half(y);
        let hang = (near + (straight - near) * self.boxy).max(near);
        hang + self.ease + self.flare * (y - self.flare_from).max(0.0) / 100.0
    }

    /// The cloth's edge at height `y`; `side` −1 or 1.
    pub fn edge(&self, body: &Body, side: f32, y: f32) -> Pt {
        body.edge(side, self.half(body, y), y)
    }
}
