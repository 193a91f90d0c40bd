//! Points, smooth outlines and limbs: every shape is a polygon fine enough to look curved.
//!
//! Polygons are used rather than Bézier paths, because bending, foreshortening and occlusion tests
//! are then operations on points only.
pub(crate) mod curve;
pub(crate) mod interpolation;
pub(crate) mod lens;
pub(crate) mod lettering;
pub(crate) mod limb;
pub(crate) mod point;
pub(crate) mod polygon;
