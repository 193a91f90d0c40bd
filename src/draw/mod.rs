//! Pictures of results: landmarks with their names and errors, boxes, attention maps, sheets of many pictures, and training
//! curves.
mod canvas;
#[cfg(feature = "detect")]
mod caption;
#[cfg(feature = "detect")]
mod channels;
#[cfg(feature = "train")]
mod curves;
mod drawing;
#[cfg(feature = "detect")]
mod explanation;
#[cfg(feature = "detect")]
mod heat;
mod landmarks;
mod names;
mod placement;
mod sheet;
mod text;

#[cfg(feature = "detect")]
pub use caption::captioned;
#[cfg(feature = "train")]
pub use curves::training_curves;
pub use drawing::Drawing;
#[cfg(feature = "detect")]
pub use explanation::explanation_sheet;
#[cfg(feature = "detect")]
pub use heat::{ColourScale, highest};
pub use landmarks::{LANDMARK_COLOURS, LandmarkMark, Marker};
pub use sheet::sheet;
