//! Pictures of results: landmarks, boxes, attention maps, sheets of many pictures, and training curves.
mod canvas;
#[cfg(feature = "train")]
mod curves;
mod heat;
mod landmarks;
mod sheet;

#[cfg(feature = "train")]
pub use curves::training_curves;
pub use heat::overlay_map;
pub use landmarks::{LANDMARK_COLOURS, Marker, draw_box, draw_landmarks};
pub use sheet::sheet;
