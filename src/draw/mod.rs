//! Pictures of results: landmarks, boxes, attention maps, sheets of many pictures, and plots.
mod canvas;
mod heat;
mod landmarks;
mod plots;
mod sheet;

pub use heat::overlay_map;
pub use landmarks::{LANDMARK_COLOURS, Marker, draw_box, draw_landmarks};
#[cfg(feature = "train")]
pub use plots::training_curves;
pub use plots::{ne_by_part, pck_curve, pdl_curve, reliability_diagram};
pub use sheet::sheet;
