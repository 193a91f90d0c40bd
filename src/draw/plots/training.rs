//! Training curves.
use std::ops::Range;

use plotters::prelude::*;

use super::paper::{Area, BLUE, CAPTION, Drawn, GRAY, LABEL, PALE, VERMILION, end_of_axis, svg};
use crate::{Error, train::History};

/// The size of each of the three curves, side by side.
const PANEL: [u32; 2] = [380, 320];

/// Plots training loss, validation normalized error with the best epoch marked, and learning rate
/// by epoch, as an SVG document. Values that aren't finite are left out.
///
/// ```
/// use dafe::{
///     draw::training_curves,
///     train::{EpochRecord, History},
/// };
///
/// let epoch = |epoch, train_loss, val_ne| EpochRecord {
///     epoch,
///     train_loss,
///     val_ne: Some(val_ne),
///     learning_rate: 1e-3,
///     seconds: 60.0,
/// };
/// let history = History { epochs: vec![epoch(1, 0.02, 0.09), epoch(2, 0.01, 0.05)] };
/// assert!(training_curves(&history)?.contains("best 0.0500 in epoch 2"));
/// # Ok::<(), dafe::Error>(())
/// ```
///
/// # Errors
/// A [plotting error](crate::ErrorKind::Plot) if it can't be rendered.
pub fn training_curves(history: &History) -> Result<String, Error> {
    let epochs = &history.epochs;
    let last = epochs.iter().map(|epoch| epoch.epoch).max().unwrap_or(1).max(2);
    let loss: Vec<_> = epochs.iter().map(|epoch| (epoch.epoch, epoch.train_loss)).collect();
    let ne: Vec<_> = epochs.iter().filter_map(|epoch| Some((epoch.epoch, epoch.val_ne?))).collect();
    let rate: Vec<_> = epochs.iter().map(|epoch| (epoch.epoch, epoch.learning_rate)).collect();
    let best = history.best().and_then(|best| Some((best.epoch, best.val_ne?)));
    let best = best.filter(|best| best.1.is_finite());
    svg([3 * PANEL[0], PANEL[1]], |area| {
        let panels = area.split_evenly((1, 3));
        linear(&panels[0], "training loss", last, &loss, BLUE, None)?;
        let title = match best {
            Some((epoch, ne)) => format!("validation NE, best {ne:.4} in epoch {epoch}"),
            None => "validation NE".to_string(),
        };
        linear(&panels[1], &title, last, &ne, VERMILION, best)?;
        logarithmic(&panels[2], "learning rate", last, &rate)
    })
}

/// A curve on a linear axis from 0, with the epoch of `mark` marked.
fn linear(
    area: &Area<'_>,
    title: &str,
    last: usize,
    points: &[(usize, f64)],
    color: RGBColor,
    mark: Option<(usize, f64)>,
) -> Drawn {
    let points: Vec<_> = points.iter().copied().filter(|(_, y)| y.is_finite()).collect();
    let top = end_of_axis(points.iter().map(|point| point.1));
    let digits = if top < 0.01 { 5 } else { 3 };
    let axis = Axis { range: 0.0..top, labels: 6, label: &|y| format!("{y:.digits$}") };
    curve(area, title, last, &points, axis, color, mark)
}

/// A curve on a logarithmic axis. It is computed here, as plotters' own never terminates on numbers
/// that are far apart.
fn logarithmic(area: &Area<'_>, title: &str, last: usize, points: &[(usize, f64)]) -> Drawn {
    let drawable = |point: &&(usize, f64)| point.1.is_finite() && point.1 > 0.0;
    let exponents = points.iter().filter(drawable).map(|&(epoch, value)| (epoch, value.log10()));
    let points: Vec<_> = exponents.collect();
    let high = points.iter().map(|point| point.1).reduce(f64::max).unwrap_or(0.0);
    let low = points.iter().map(|point| point.1).reduce(f64::min).unwrap_or(0.0);
    let label = |exponent: f64| format!("{:.0e}", 10f64.powf(exponent));
    // Whole powers of ten.
    let axis = Axis { range: low.floor()..high.floor() + 1.0, labels: 5, label: &label };
    curve(area, title, last, &points, axis, GRAY, None)
}

/// The vertical axis.
struct Axis<'a> {
    range: Range<f64>,
    labels: usize,
    label: &'a dyn Fn(f64) -> String,
}

/// One curve by epoch.
fn curve(
    area: &Area<'_>,
    title: &str,
    last: usize,
    points: &[(usize, f64)],
    axis: Axis<'_>,
    color: RGBColor,
    mark: Option<(usize, f64)>,
) -> Drawn {
    let Axis { range, labels, label } = axis;
    let mut chart = ChartBuilder::on(area)
        .caption(title, CAPTION)
        .margin(12)
        .x_label_area_size(38)
        .y_label_area_size(62)
        .build_cartesian_2d(1..last, range.clone())?;
    chart
        .configure_mesh()
        .light_line_style(TRANSPARENT)
        .bold_line_style(PALE)
        .x_desc("epoch")
        .x_labels(last.min(8))
        .y_labels(labels)
        .y_label_formatter(&|y| label(*y))
        .label_style(LABEL)
        .draw()?;
    if let Some((epoch, value)) = mark {
        let line = vec![(epoch, range.start), (epoch, range.end)];
        chart.draw_series([PathElement::new(line, GRAY.stroke_width(1))])?;
        chart.draw_series([Circle::new((epoch, value), 7, color.stroke_width(2))])?;
    }
    chart.draw_series(LineSeries::new(points.iter().copied(), color.stroke_width(2)))?;
    chart.draw_series(points.iter().map(|&point| Circle::new(point, 3, color.filled())))?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::train::EpochRecord;

    fn history(numbers: &[(f64, Option<f64>, f64)]) -> History {
        let record = |(i, &(train_loss, val_ne, learning_rate)): (usize, &_)| EpochRecord {
            epoch: i + 1,
            train_loss,
            val_ne,
            learning_rate,
            seconds: 0.0,
        };
        History { epochs: numbers.iter().enumerate().map(record).collect() }
    }

    #[test]
    fn the_best_epoch_is_named() {
        let epochs = [(0.02, Some(0.3), 1e-3), (0.01, Some(0.1), 1e-3), (0.005, Some(0.2), 1e-4)];
        let svg = training_curves(&history(&epochs)).unwrap();
        assert!(svg.contains("best 0.1000 in epoch 2"), "{svg}");
        assert!(svg.contains("learning rate") && svg.contains("1e-3"), "{svg}");
    }

    #[test]
    fn any_numbers_can_be_drawn() {
        let odd = [
            (f64::NAN, None, 0.0),
            (f64::INFINITY, Some(f64::NAN), f64::NAN),
            (0.0, Some(f64::INFINITY), 5e-324),
            (f64::MAX, Some(0.0), f64::MAX),
        ];
        for count in 0..=odd.len() {
            let svg = training_curves(&history(&odd[..count])).unwrap();
            assert!(svg.trim_end().ends_with("</svg>") && !svg.contains("NaN"), "{svg}");
        }
    }
}
