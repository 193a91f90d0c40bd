//! Reliability diagrams: are predicted probabilities calibrated?
use plotters::prelude::*;

use super::paper::{BLUE, CAPTION, GRAY, LABEL, PALE, end_of_axis, svg};
use crate::{
    Error,
    metric::{Interval, ReliabilityBin},
};

/// Plots a reliability diagram of the predicted probabilities of being `what` ("visible") as an SVG
/// document.
///
/// The upper part shows the observed fraction by predicted probability, which is the diagonal if
/// well calibrated, with its 95 % interval ([`ReliabilityBin::interval`]). The lower part shows the
/// number of landmarks in each bin. Empty bins are left out.
///
/// # Errors
/// A [plotting error](crate::ErrorKind::Plot) if it can't be rendered.
pub fn reliability_diagram(what: &str, bins: &[ReliabilityBin]) -> Result<String, Error> {
    let finite = |bin: &&ReliabilityBin| {
        [bin.low, bin.high, bin.probability, bin.observed].iter().all(|value| value.is_finite())
    };
    let bins: Vec<_> = bins.iter().filter(|bin| bin.count > 0).filter(finite).collect();
    let percent = |value: &f64| format!("{:.0} %", 100.0 * value);
    svg([480, 440], |area| {
        let (upper, lower) = area.split_vertically(320);
        let mut chart = ChartBuilder::on(&upper)
            .caption(format!("Predicted and observed: {what}"), CAPTION)
            .margin(12)
            .margin_right(24)
            .x_label_area_size(24)
            .y_label_area_size(70)
            .build_cartesian_2d(0.0..1.0, 0.0..1.0)?;
        chart
            .configure_mesh()
            .light_line_style(TRANSPARENT)
            .bold_line_style(PALE)
            .x_labels(6)
            .y_labels(6)
            .x_label_formatter(&percent)
            .y_label_formatter(&percent)
            .y_desc(format!("fraction {what}"))
            .label_style(LABEL)
            .draw()?;
        let diagonal = vec![(0.0, 0.0), (1.0, 1.0)];
        chart.draw_series([PathElement::new(diagonal, GRAY.stroke_width(1))])?;
        chart.draw_series(bins.iter().map(|bin| {
            let Interval { low, high } = bin.interval();
            let style = BLUE.stroke_width(2).filled();
            ErrorBar::new_vertical(bin.probability, low, bin.observed, high, style, 8)
        }))?;

        let most = end_of_axis(bins.iter().map(|bin| bin.count as f64)).max(1.0);
        let mut counts = ChartBuilder::on(&lower)
            .margin(12)
            .margin_top(0)
            .margin_right(24)
            .x_label_area_size(34)
            .y_label_area_size(70)
            .build_cartesian_2d(0.0..1.0, 0.0..most)?;
        counts
            .configure_mesh()
            .disable_mesh()
            .x_labels(0)
            .y_labels(3)
            .x_desc(format!("predicted probability of being {what}"))
            .y_label_formatter(&|count| format!("{count:.0}"))
            .label_style(LABEL)
            .draw()?;
        counts.draw_series(bins.iter().map(|bin| {
            let corners = [(bin.low, 0.0), (bin.high, bin.count as f64)];
            let mut bar = Rectangle::new(corners, BLUE.mix(0.6).filled());
            bar.set_margin(0, 0, 1, 1);
            bar
        }))?;
        Ok(())
    })
}
