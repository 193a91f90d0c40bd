//! Plot of the normalized error of a split's parts, with intervals.
use plotters::{
    prelude::*,
    style::text_anchor::{HPos, Pos, VPos},
};

use super::paper::{BLUE, CAPTION, GRAY, LABEL, PALE, end_of_axis, svg};
use crate::{
    Error,
    metric::{Named, NePart},
};

const WIDTH: u32 = 520;
/// The height of a part's row.
const ROW: u32 = 24;
/// The approximate width of a label's letter, and the most letters of a name; longer names are cut
/// off.
const LETTER: usize = 8;
const LONGEST: usize = 28;

/// Plots the normalized error of each part as an SVG document, in the parts' order.
///
/// Each row has a dot with its interval as a line, the value, and the number of landmarks. A
/// vertical line marks `overall`, the error of the whole split. Parts without a finite value are
/// left out.
///
/// # Errors
/// A [plotting error](crate::ErrorKind::Plot) if it can't be rendered.
pub fn ne_by_part(
    title: &str,
    parts: &Named<NePart>,
    overall: Option<f64>,
) -> Result<String, Error> {
    // Chart coordinates are computed with 32-bit integers.
    let drawable = |value: &f64| (0.0..=1e6).contains(value);
    let rows: Vec<_> = parts
        .iter()
        .filter_map(|(name, part)| Some((shortened(name), part, part.ne.value.filter(drawable)?)))
        .collect();
    let overall = overall.filter(drawable);
    let ends = rows.iter().filter_map(|(_, part, _)| Some(part.ne.interval?.high));
    let end = end_of_axis(rows.iter().map(|row| row.2).chain(ends).chain(overall));
    let longest = rows.iter().map(|(name, ..)| name.chars().count()).max().unwrap_or(0);
    let count = rows.len();
    let height = 84 + ROW * count.max(1) as u32;
    svg([WIDTH, height], |area| {
        let mut chart = ChartBuilder::on(area)
            .caption(title, CAPTION)
            .margin(10)
            .margin_right(144)
            .x_label_area_size(38)
            .y_label_area_size((LETTER * longest + 12) as i32)
            .build_cartesian_2d(0.0..end, 0.0..count.max(1) as f64)?;
        chart
            .configure_mesh()
            .disable_y_mesh()
            .disable_y_axis()
            .y_labels(0)
            .light_line_style(TRANSPARENT)
            .bold_line_style(PALE)
            .x_desc("normalized error")
            .x_labels(5)
            .x_label_formatter(&|x| if end < 0.02 { format!("{x:.3}") } else { format!("{x:.2}") })
            .label_style(LABEL)
            .draw()?;
        if let Some(overall) = overall {
            let line = [(overall, 0.0), (overall, count.max(1) as f64)];
            chart.draw_series([PathElement::new(line.to_vec(), GRAY.stroke_width(1))])?;
        }
        let text = |horizontal| {
            LABEL.into_text_style(area).pos(Pos::new(horizontal, VPos::Center)).color(&BLACK)
        };
        for (row, (name, part, value)) in rows.iter().enumerate() {
            let y = (count - row) as f64 - 0.5;
            if let Some(interval) = part.ne.interval {
                let line = [interval.low, interval.high].map(|x| (x.clamp(0.0, end), y));
                chart.draw_series([PathElement::new(line.to_vec(), BLUE.stroke_width(2))])?;
            }
            chart.draw_series([Circle::new((*value, y), 5, BLUE.filled())])?;
            let (left, middle) = chart.backend_coord(&(0.0, y));
            let (right, _) = chart.backend_coord(&(end, y));
            area.draw(&Text::new(name.as_str(), (left - 8, middle), text(HPos::Right)))?;
            let numbers = format!("{value:.4}  of {}", part.landmarks);
            area.draw(&Text::new(numbers, (right + 12, middle), text(HPos::Left)))?;
        }
        Ok(())
    })
}

fn shortened(name: &str) -> String {
    match name.chars().nth(LONGEST) {
        None => name.to_string(),
        Some(_) => name.chars().take(LONGEST - 1).chain(['…']).collect(),
    }
}
