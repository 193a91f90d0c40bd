//! Rendering of results: landmarks with names and errors, boxes, attention maps, sheets of many
//! images, and plots.
mod canvas;
mod caption;
mod channels;
mod colors;
mod drawing;
mod explanation;
mod heat;
mod landmarks;
mod mark;
mod names;
mod placement;
mod plots;
mod sheet;
mod text;

pub use caption::captioned;
pub use colors::LANDMARK_COLORS;
pub use drawing::Drawing;
pub use explanation::explanation_sheet;
pub use heat::ColorScale;
pub use mark::{LandmarkMark, Marker};
#[cfg(feature = "train")]
pub use plots::training_curves;
pub use plots::{ne_by_part, pck_curve, pdl_curve, reliability_diagram};
pub use sheet::sheet;
