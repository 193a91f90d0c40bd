//! Landmarks, their skeleton and boxes on a picture.
use image::RgbImage;
use tiny_skia::{FillRule, LineCap, Path, PathBuilder, Rect, Stroke, Transform};

use super::canvas::{Canvas, paint};
use crate::{geometry::BoundingBox, landmark::LandmarkSchema};

/// Okabe and Ito's colours, which colour-blind people can tell apart, in the order of FLD's landmarks; further
/// landmarks begin again.
pub const LANDMARK_COLOURS: [[u8; 3]; 8] = [
    [230, 159, 0],
    [86, 180, 233],
    [0, 158, 115],
    [240, 228, 66],
    [0, 114, 178],
    [213, 94, 0],
    [204, 121, 167],
    [120, 120, 120],
];

/// How a set of landmarks is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Marker {
    /// Filled dots, joined by the schema's skeleton: predictions.
    Dot,
    /// Rings, a little larger than the dots: the truth.
    Ring,
}

/// Draws landmarks on `picture`, each in its colour of [`LANDMARK_COLOURS`] with a dark edge; `None` is left out.
/// Positions are in the picture's pixels. Sizes follow the picture's.
///
/// # Panics
/// If there are not as many `points` as the schema has landmarks.
pub fn draw_landmarks(
    picture: &mut RgbImage,
    schema: &LandmarkSchema,
    points: &[Option<[f32; 2]>],
    marker: Marker,
) {
    assert_eq!(points.len(), schema.len(), "the schema has {} landmarks", schema.len());
    let unit = unit(picture);
    let Some(mut canvas) = Canvas::new(picture) else { return };
    if marker == Marker::Dot {
        let stroke = Stroke { width: 0.9 * unit, line_cap: LineCap::Round, ..Stroke::default() };
        for &[from, to] in schema.skeleton() {
            let (Some(from), Some(to)) = (at(points, from), at(points, to)) else { continue };
            let mut builder = PathBuilder::new();
            builder.move_to(from[0], from[1]);
            builder.line_to(to[0], to[1]);
            if let Some(path) = builder.finish() {
                line(&mut canvas, &path, [255, 255, 255], 150, &stroke);
            }
        }
    }
    for (i, colour) in (0..points.len()).zip(LANDMARK_COLOURS.iter().cycle()) {
        let Some([x, y]) = at(points, i) else { continue };
        let circle = |radius: f32| PathBuilder::from_circle(x, y, radius);
        match marker {
            Marker::Dot => {
                let radius = 2.4 * unit;
                if let (Some(edge), Some(dot)) = (circle(radius + 0.8 * unit), circle(radius)) {
                    fill(&mut canvas, &edge, [20, 20, 20]);
                    fill(&mut canvas, &dot, *colour);
                }
            }
            Marker::Ring => {
                if let Some(ring) = circle(4.4 * unit) {
                    let stroke = |width| Stroke { width, ..Stroke::default() };
                    line(&mut canvas, &ring, [20, 20, 20], 220, &stroke(2.2 * unit));
                    line(&mut canvas, &ring, *colour, 255, &stroke(1.2 * unit));
                }
            }
        }
    }
    canvas.finish();
}

/// Draws a box's outline.
pub fn draw_box(picture: &mut RgbImage, bounds: &BoundingBox) {
    let unit = unit(picture);
    let Some(mut canvas) = Canvas::new(picture) else { return };
    // Box coordinates are pixel edges, as tiny-skia's.
    let rect = Rect::from_ltrb(bounds.x1, bounds.y1, bounds.x2, bounds.y2);
    if let Some(path) = rect.map(PathBuilder::from_rect) {
        let stroke = |width| Stroke { width, ..Stroke::default() };
        line(&mut canvas, &path, [20, 20, 20], 160, &stroke(1.6 * unit));
        line(&mut canvas, &path, [255, 255, 255], 220, &stroke(0.7 * unit));
    }
    canvas.finish();
}

/// What line widths and radii are measured in: a pixel on a picture 300 pixels high.
fn unit(picture: &RgbImage) -> f32 {
    (picture.width().max(picture.height()) as f32 / 300.0).max(0.7)
}

/// A landmark's place in tiny-skia's coordinates, which count from a pixel's edge; `None` if it has none that can
/// be drawn.
fn at(points: &[Option<[f32; 2]>], index: usize) -> Option<[f32; 2]> {
    let limit = 2.0 * BoundingBox::MAX_SIDE;
    points[index]
        .filter(|point| point.iter().all(|v| v.abs() < limit))
        .map(|[x, y]| [x + 0.5, y + 0.5])
}

fn fill(canvas: &mut Canvas<'_>, path: &Path, colour: [u8; 3]) {
    canvas.pixmap.fill_path(
        path,
        &paint(colour, 255),
        FillRule::Winding,
        Transform::identity(),
        None,
    );
}

fn line(canvas: &mut Canvas<'_>, path: &Path, colour: [u8; 3], alpha: u8, stroke: &Stroke) {
    canvas.pixmap.stroke_path(path, &paint(colour, alpha), stroke, Transform::identity(), None);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dot_has_its_landmarks_colour_at_its_place_and_nowhere_else() {
        let mut picture = RgbImage::from_pixel(60, 40, image::Rgb([9, 9, 9]));
        let schema = LandmarkSchema::fld();
        let mut points = vec![None; 8];
        points[2] = Some([30.0, 20.0]);
        draw_landmarks(&mut picture, &schema, &points, Marker::Dot);
        assert_eq!(picture.get_pixel(30, 20).0, LANDMARK_COLOURS[2]);
        let touched = picture.enumerate_pixels().filter(|(_, _, pixel)| pixel.0 != [9; 3]);
        for (x, y, _) in touched {
            assert!(x.abs_diff(30) <= 4 && y.abs_diff(20) <= 4, "({x}, {y}) was drawn on");
        }
    }

    #[test]
    fn places_that_cannot_be_drawn_are_left_out() {
        let mut picture = RgbImage::new(20, 20);
        let points = [f32::NAN, f32::INFINITY, -1e30, 1e9, 500.0, -500.0, 1e38, 0.0];
        let points: Vec<_> = points.iter().map(|&v| Some([v, v])).collect();
        draw_landmarks(&mut picture, &LandmarkSchema::fld(), &points, Marker::Ring);
        draw_landmarks(&mut RgbImage::new(0, 0), &LandmarkSchema::fld(), &points, Marker::Dot);
    }
}
