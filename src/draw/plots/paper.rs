//! The background, colors and fonts of all plots.
use plotters::{coord::Shift, prelude::*};

use crate::{Error, ErrorKind};

pub(super) type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;
pub(super) type Drawn = Result<(), DrawingAreaErrorKind<std::io::Error>>;

/// Okabe and Ito's blue and vermilion, distinguishable with color blindness.
pub(super) const BLUE: RGBColor = RGBColor(0, 114, 178);
pub(super) const VERMILION: RGBColor = RGBColor(213, 94, 0);
/// The colors of reference lines and of the mesh.
pub(super) const GRAY: RGBColor = RGBColor(128, 128, 128);
pub(super) const PALE: RGBColor = RGBColor(222, 222, 222);

/// Captions, then labels; the browser chooses the font.
pub(super) const CAPTION: (&str, i32) = ("sans-serif", 20);
pub(super) const LABEL: (&str, i32) = ("sans-serif", 16);

/// Creates an SVG document of `size` (`[width, height]`) pixels with `draw`.
///
/// # Errors
/// A [plotting error](crate::ErrorKind::Plot) if it can't be rendered.
pub(super) fn svg(
    size: [u32; 2],
    draw: impl for<'a> FnOnce(&Area<'a>) -> Drawn,
) -> Result<String, Error> {
    let mut svg = String::new();
    let area = SVGBackend::with_string(&mut svg, size.into()).into_drawing_area();
    let drawn = area.fill(&WHITE).and_then(|()| draw(&area)).and_then(|()| area.present());
    drop(area);
    drawn.map(|()| svg).map_err(|error| Error::new(ErrorKind::Plot, error.to_string()))
}

/// The end of an axis from 0 that shows all of `values`: a little beyond the largest.
pub(super) fn end_of_axis(values: impl Iterator<Item = f64>) -> f64 {
    values.filter(|value| value.is_finite()).fold(0.0, f64::max).clamp(1e-9, 1e300) * 1.08
}
