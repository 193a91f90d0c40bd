//! Curves of the fraction of landmarks within a distance.
use plotters::prelude::*;

use super::paper::{BLUE, CAPTION, LABEL, PALE, VERMILION, svg};
use crate::{
    Error,
    metric::{PckCurve, PdlCurve},
};

/// Plots the PDL curve as an SVG document: the fraction of landmarks by the normalized distance.
///
/// # Errors
/// A [plotting error](crate::ErrorKind::Plot) if it can't be rendered.
pub fn pdl_curve(curve: &PdlCurve) -> Result<String, Error> {
    let texts = ["Landmarks within a distance (PDL)", "normalized distance"];
    fraction_curve(texts, &curve.distances, &curve.fractions, BLUE)
}

/// Plots the PCK curve as an SVG document: the fraction of landmarks by the distance relative to
/// the longer side of the box.
///
/// ```
/// use dafe::{draw::pck_curve, metric::PckCurve};
///
/// // A tenth of the longer side is enough for half of the landmarks, a fifth for all.
/// let curve = PckCurve { thresholds: vec![0.0, 0.1, 0.2], fractions: vec![0.0, 0.5, 1.0] };
/// assert!(pck_curve(&curve)?.starts_with("<svg"));
/// # Ok::<(), dafe::Error>(())
/// ```
///
/// # Errors
/// A [plotting error](crate::ErrorKind::Plot) if it can't be rendered.
pub fn pck_curve(curve: &PckCurve) -> Result<String, Error> {
    let texts = ["Landmarks within a distance (PCK)", "distance / longer side of the box"];
    fraction_curve(texts, &curve.thresholds, &curve.fractions, VERMILION)
}

fn fraction_curve(
    [title, x_title]: [&str; 2],
    x: &[f64],
    fractions: &[f64],
    color: RGBColor,
) -> Result<String, Error> {
    let points = x.iter().copied().zip(fractions.iter().copied());
    let points: Vec<_> = points.filter(|(x, y)| x.is_finite() && y.is_finite()).collect();
    let end = points.last().map_or(1.0, |point| point.0).max(1e-9);
    svg([480, 320], |area| {
        let mut chart = ChartBuilder::on(area)
            .caption(title, CAPTION)
            .margin(12)
            .margin_right(24)
            .x_label_area_size(40)
            .y_label_area_size(56)
            .build_cartesian_2d(0.0..end, 0.0..1.0)?;
        chart
            .configure_mesh()
            .light_line_style(TRANSPARENT)
            .bold_line_style(PALE)
            .x_desc(x_title)
            .x_labels(5)
            .y_labels(6)
            .x_label_formatter(&|x| format!("{x:.2}"))
            .y_label_formatter(&|y| format!("{:.0} %", 100.0 * y))
            .label_style(LABEL)
            .draw()?;
        chart.draw_series(LineSeries::new(points.iter().copied(), color.stroke_width(3)))?;
        Ok(())
    })
}
