//! Backgrounds.
pub(crate) mod backdrop;
pub(crate) mod background;
pub(crate) mod canvas;
pub(crate) mod cast_shadow;
pub(crate) mod chances;
pub(crate) mod clutter;
pub(crate) mod floors;
pub(crate) mod grounds;
pub(crate) mod home;
pub(crate) mod outdoors;
pub(crate) mod plan;
pub(crate) mod rooms;
pub(crate) mod setting;
pub(crate) mod shop;
pub(crate) mod street;
pub(crate) mod walls;
