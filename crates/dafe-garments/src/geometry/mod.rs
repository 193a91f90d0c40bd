//! Points, smooth outlines and limbs: every shape is a polygon fine enough to look curved.
//!
//! Polygons rather than Bézier paths, because bending, foreshortening and the test for what covers
//! a landmark are then a matter of points alone.
pub(crate) mod curve;
pub(crate) mod interpolation;
pub(crate) mod lens;
pub(crate) mod lettering;
pub(crate) mod limb;
pub(crate) mod point;
pub(crate) mod polygon;
