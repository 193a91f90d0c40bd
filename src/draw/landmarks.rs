//! Landmarks, their skeleton and their errors on an image.
use tiny_skia::{Path, PathBuilder, Rect, Stroke};

use super::{
    canvas::{DARK, WHITE},
    colors::color,
    drawing::Drawing,
    mark::{LandmarkMark, Marker},
    placement::Taken,
};
use crate::landmark::LandmarkSchema;

impl Drawing {
    /// Draws the schema's skeleton lines between landmarks, dashed if either end is hidden.
    ///
    /// # Panics
    /// If a mark's index is not in the schema.
    pub fn skeleton(&mut self, schema: &LandmarkSchema, marks: &[LandmarkMark]) -> &mut Self {
        let mut found = vec![None; schema.len()];
        for mark in marks {
            found[checked(schema, mark)] = Some(mark);
        }
        for &[from, to] in schema.skeleton() {
            let (Some(from), Some(to)) = (found[from], found[to]) else { continue };
            let hidden = [from, to].iter().any(|mark| mark.visible == Some(false));
            self.line(from.position, to.position, WHITE, 0.9, hidden);
        }
        self
    }

    /// Draws landmarks, each in its color of [`LANDMARK_COLORS`](super::LANDMARK_COLORS) with a
    /// dark edge.
    ///
    /// The second landmark of each mirror pair is a diamond, all others are circles, so that left
    /// and right differ by more than color.
    ///
    /// # Panics
    /// If a mark's index is not in the schema.
    pub fn landmarks(
        &mut self,
        schema: &LandmarkSchema,
        marks: &[LandmarkMark],
        marker: Marker,
    ) -> &mut Self {
        for mark in marks {
            let index = checked(schema, mark);
            let Some(place) = self.place(mark.position) else { continue };
            let second = schema.mirror()[index] < index;
            let shape = |radius: f32| if second { diamond } else { circle }(place, radius);
            self.marker(&shape, color(index), marker, mark.visible == Some(false));
            let reach = self.reach(marker);
            let around =
                Rect::from_xywh(place[0] - reach, place[1] - reach, 2.0 * reach, 2.0 * reach);
            if let Some(around) = around {
                self.occupancy.take(&around, Taken::Dot);
            }
        }
        self
    }

    /// Draws predictions over the ground truth: dots, rings, and a line from each landmark's ring
    /// to its dot.
    ///
    /// # Panics
    /// If a mark's index is not in the schema.
    pub fn errors(
        &mut self,
        schema: &LandmarkSchema,
        truth: &[LandmarkMark],
        predicted: &[LandmarkMark],
    ) -> &mut Self {
        for mark in predicted {
            for labeled in truth.iter().filter(|labeled| labeled.index == mark.index) {
                self.line(labeled.position, mark.position, color(mark.index), 1.1, false);
            }
        }
        self.landmarks(schema, truth, Marker::Ring).landmarks(schema, predicted, Marker::Dot)
    }

    fn line(&mut self, from: [f32; 2], to: [f32; 2], color: [u8; 3], width: f32, dashed: bool) {
        let Some((from, to)) = self.place(from).zip(self.place(to)) else { return };
        let mut line = PathBuilder::new();
        line.move_to(from[0], from[1]);
        line.line_to(to[0], to[1]);
        if let Some(line) = line.finish() {
            self.canvas.cased(&line, color, width * self.unit, dashed);
            self.occupancy.take_line(from, to);
        }
    }

    /// Draws one landmark; `shape` returns the outline for a radius.
    fn marker(
        &mut self,
        shape: &dyn Fn(f32) -> Option<Path>,
        color: [u8; 3],
        marker: Marker,
        hidden: bool,
    ) {
        let unit = self.unit;
        match marker {
            Marker::Dot if !hidden => {
                if let (Some(edge), Some(dot)) = (shape(3.2 * unit), shape(2.4 * unit)) {
                    self.canvas.fill(&edge, DARK, 255);
                    self.canvas.fill(&dot, color, 255);
                }
            }
            Marker::Dot => {
                if let Some(ring) = shape(2.3 * unit) {
                    let stroke = |width| Stroke { width: width * unit, ..Stroke::default() };
                    self.canvas.stroke(&ring, DARK, 255, &stroke(1.9));
                    self.canvas.stroke(&ring, color, 255, &stroke(1.0));
                }
            }
            Marker::Ring => {
                if let Some(ring) = shape(4.6 * unit) {
                    self.canvas.cased(&ring, color, 1.2 * unit, hidden);
                }
            }
        }
    }

    /// The radius within which a landmark is drawn, in the drawing's pixels.
    pub(super) fn reach(&self, marker: Marker) -> f32 {
        self.unit * if marker == Marker::Dot { 3.2 } else { 5.7 }
    }
}

/// The mark's index; panics if it is not in the schema.
fn checked(schema: &LandmarkSchema, mark: &LandmarkMark) -> usize {
    let (index, count) = (mark.index, schema.len());
    assert!(index < count, "landmark {index} of a schema of {count}");
    index
}

fn circle([x, y]: [f32; 2], radius: f32) -> Option<Path> {
    PathBuilder::from_circle(x, y, radius)
}

/// A square on its corner, with slightly less than the area of a circle of the same radius.
fn diamond([x, y]: [f32; 2], radius: f32) -> Option<Path> {
    let reach = 1.2 * radius;
    let mut path = PathBuilder::new();
    path.move_to(x + reach, y);
    path.line_to(x, y + reach);
    path.line_to(x - reach, y);
    path.line_to(x, y - reach);
    path.close();
    path.finish()
}

#[cfg(test)]
mod tests {
    use image::{Rgb, RgbImage};

    use super::*;
    use crate::draw::LANDMARK_COLORS;

    /// With a side of 600, so that the unit is 2.
    fn gray() -> Drawing {
        Drawing::new(&RgbImage::from_pixel(600, 600, Rgb([90; 3])))
    }

    #[test]
    fn a_dot_has_its_landmarks_color_at_its_place_and_nowhere_else() {
        let marks = [LandmarkMark::new(2, [30.0, 20.0])];
        let image = gray().landmarks(&LandmarkSchema::fld(), &marks, Marker::Dot).image();
        assert_eq!(image.get_pixel(30, 20).0, LANDMARK_COLORS[2]);
        assert!(image.get_pixel(30, 26).0[0] < 60);
        for (x, y, _) in image.enumerate_pixels().filter(|(_, _, pixel)| pixel.0 != [90; 3]) {
            assert!(x.abs_diff(30) <= 7 && y.abs_diff(20) <= 7, "({x}, {y}) was drawn on");
        }
    }

    #[test]
    fn what_is_hidden_is_hollow_or_dashed() {
        let at = |marker, visible| {
            let mark = LandmarkMark { visible, ..LandmarkMark::new(0, [300.0, 300.0]) };
            gray().landmarks(&LandmarkSchema::fld(), &[mark], marker).image()
        };
        assert_eq!(at(Marker::Dot, Some(false)).get_pixel(300, 300).0, [90; 3]);
        assert_eq!(at(Marker::Dot, Some(true)).get_pixel(300, 300).0, LANDMARK_COLORS[0]);
        assert_eq!(at(Marker::Dot, None), at(Marker::Dot, Some(true)));
        assert_eq!(at(Marker::Ring, None), at(Marker::Ring, Some(true)));
        let colored = |image: &RgbImage| image.pixels().filter(|pixel| pixel.0[0] > 200).count();
        let [whole, dashed] =
            [true, false].map(|visible| colored(&at(Marker::Ring, Some(visible))));
        assert!(dashed > whole / 4 && dashed < whole * 3 / 5, "{dashed} of {whole}");
    }

    #[test]
    fn left_and_right_differ_by_more_than_color() {
        let shown = |index| {
            let marks = [LandmarkMark::new(index, [300.0, 300.0])];
            gray().landmarks(&LandmarkSchema::fld(), &marks, Marker::Dot).image()
        };
        let drawn_on = |image: &RgbImage, x, y| image.get_pixel(x, y).0 != [90; 3];
        let ([left, right], tip) = ([shown(0), shown(1)], 307);
        assert!(drawn_on(&left, 304, 305) && !drawn_on(&left, tip, 300));
        assert!(!drawn_on(&right, 304, 305) && drawn_on(&right, tip, 300));
    }

    #[test]
    fn an_error_is_a_line_from_the_truth_to_the_prediction_of_the_same_landmark() {
        let truth = [LandmarkMark::new(0, [100.0, 100.0]), LandmarkMark::new(3, [400.0, 100.0])];
        let predicted =
            [LandmarkMark::new(0, [200.0, 100.0]), LandmarkMark::new(5, [400.0, 300.0])];
        let shown = gray().errors(&LandmarkSchema::fld(), &truth, &predicted).image();
        assert_eq!(shown.get_pixel(150, 100).0, LANDMARK_COLORS[0]);
        assert_eq!(shown.get_pixel(200, 100).0, LANDMARK_COLORS[0]);
        assert_eq!(shown.get_pixel(400, 200).0, [90; 3]);
    }

    #[test]
    fn a_line_joins_landmarks_that_are_there() {
        let marks = [0, 1, 7].map(|i| LandmarkMark::new(i, [100.0 + 100.0 * i as f32, 100.0]));
        let shown = gray().skeleton(&LandmarkSchema::fld(), &marks).image();
        assert_eq!(shown.get_pixel(150, 100).0, WHITE);
        assert_eq!(shown.get_pixel(500, 100).0, [90; 3]);
    }

    #[test]
    #[should_panic(expected = "landmark 8 of a schema of 8")]
    fn a_landmark_beyond_the_schema_is_a_mistake() {
        gray().landmarks(&LandmarkSchema::fld(), &[LandmarkMark::new(8, [0.0; 2])], Marker::Dot);
    }
}
