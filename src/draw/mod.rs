//! Rendering of results: landmarks with names and errors, boxes, attention maps, sheets of many
//! images, and plots. A [`Drawing`] takes positions in the original image's pixels; images are the
//! crate [`image`]'s, plots are SVG documents.
//!
//! ```
//! use dafe::{
//!     draw::{Drawing, LANDMARK_COLORS, LandmarkMark, Marker},
//!     image::RgbImage,
//!     prelude::*,
//! };
//!
//! let image = RgbImage::new(600, 400);
//! let schema = LandmarkSchema::fld();
//! let collar = [LandmarkMark::new(0, [200.0, 150.0])];
//! let drawn = Drawing::new(&image).landmarks(&schema, &collar, Marker::Dot).image();
//! assert_eq!(drawn.get_pixel(200, 150).0, LANDMARK_COLORS[0]);
//! ```
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
