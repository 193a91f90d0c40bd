//! The photograph: framing, and rendering to pixels.
pub(crate) mod bands;
pub(crate) mod camera;
pub(crate) mod chances;
pub(crate) mod effects;
pub(crate) mod finish;
pub(crate) mod framing;
pub(crate) mod gloom;
mod jpeg;
pub(crate) mod lighting;
pub(crate) mod look;
pub(crate) mod painter;
pub(crate) mod shot;
