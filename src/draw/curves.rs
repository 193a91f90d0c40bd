//! Training curves as SVG.
use plotters::prelude::*;

use crate::{error::Error, train::History};

type DrawingError = DrawingAreaErrorKind<std::io::Error>;

/// Training loss (left) and validation normalized error (right) by epoch, as an SVG document.
///
/// # Errors
/// [`Error::Training`] if there are no epochs, or a value can't be plotted.
pub fn training_curves(history: &History) -> Result<String, Error> {
    let mut svg = String::new();
    let loss = history.epochs.iter().map(|epoch| (epoch.epoch, epoch.train_loss)).collect();
    let ne = history.epochs.iter().filter_map(|epoch| Some((epoch.epoch, epoch.val_ne?))).collect();
    {
        let area = SVGBackend::with_string(&mut svg, (960, 360)).into_drawing_area();
        let drawn = area.fill(&WHITE).and_then(|()| {
            let (left, right) = area.split_horizontally(480);
            curve(&left, "training loss", loss, &RGBColor(0, 114, 178))?;
            curve(&right, "validation NE", ne, &RGBColor(213, 94, 0))?;
            area.present()
        });
        drawn.map_err(|error| Error::Training(format!("the curves can't be plotted: {error}")))?;
    }
    Ok(svg)
}

fn curve(
    area: &DrawingArea<SVGBackend<'_>, plotters::coord::Shift>,
    title: &str,
    points: Vec<(usize, f64)>,
    colour: &RGBColor,
) -> Result<(), DrawingError> {
    let points: Vec<_> = points.into_iter().filter(|(_, value)| value.is_finite()).collect();
    let last = points.iter().map(|(epoch, _)| *epoch).max().unwrap_or(1).max(2);
    let top = points.iter().map(|(_, value)| *value).fold(0.0, f64::max).max(1e-9) * 1.08;
    let font = ("sans-serif", 15);
    let mut chart = ChartBuilder::on(area)
        .caption(title, ("sans-serif", 20))
        .margin(12)
        .x_label_area_size(36)
        .y_label_area_size(64)
        .build_cartesian_2d(1..last, 0.0..top)?;
    chart
        .configure_mesh()
        .light_line_style(TRANSPARENT)
        .x_desc("epoch")
        .label_style(font)
        .x_labels(last.min(10))
        .y_label_formatter(&|value| {
            if top < 0.01 { format!("{value:.5}") } else { format!("{value:.3}") }
        })
        .draw()?;
    chart.draw_series(LineSeries::new(points.iter().copied(), colour.stroke_width(2)))?;
    chart.draw_series(points.iter().map(|&point| Circle::new(point, 3, colour.filled())))?;
    Ok(())
}
