//! Names next to landmarks.
use tiny_skia::{LineJoin, PathBuilder, Rect, Stroke, Transform};

use super::{
    canvas::{DARK, WHITE},
    colors::color,
    drawing::Drawing,
    mark::{LandmarkMark, Marker},
    placement::nearest,
    text::Font,
};
use crate::landmark::LandmarkSchema;

/// The size of names in units of the drawing, and the minimum in pixels.
const SIZE: (f32, f32) = (7.5, 11.0);

/// The maximum width of a name relative to the drawing's.
const WIDEST: f32 = 0.45;

impl Drawing {
    /// Writes each landmark's name next to it, without a leading category name: "short-sleeve-top
    /// 12" is written as "12". Otherwise the same as [`Self::labels`].
    ///
    /// # Panics
    /// If a mark's index is not in the schema.
    pub fn names(&mut self, schema: &LandmarkSchema, marks: &[LandmarkMark]) -> &mut Self {
        let short = short_names(schema);
        self.labels(marks, |mark| short[mark.index].to_string())
    }

    /// Writes `text`'s label next to each landmark, light with a dark edge.
    ///
    /// A line joins label and landmark if they are apart. Labels stay inside the image and never
    /// overlap each other; they avoid dots and lines that were drawn before, if there is room. A
    /// label without room is left out, as are those of landmarks outside the image. A long text is
    /// cut off with an ellipsis.
    pub fn labels(
        &mut self,
        marks: &[LandmarkMark],
        text: impl Fn(&LandmarkMark) -> String,
    ) -> &mut Self {
        let font = Font::bundled();
        let [width, height] = self.canvas.size();
        let size = (SIZE.0 * self.unit).max(SIZE.1);
        // Half of the dark edge's width lies outside the letters.
        let edge = 0.22 * size;
        let gap = self.reach(Marker::Dot) + 0.15 * size;
        let mut texts = Vec::new();
        for mark in marks {
            let inside =
                |[x, y]: &[f32; 2]| (0.0..=width).contains(x) && (0.0..=height).contains(y);
            let Some(anchor) = self.place(mark.position).filter(inside) else { continue };
            let Some(path) = font.line(&text(mark), size, WIDEST * width).path else { continue };
            let bounds = path.bounds();
            let room = [bounds.width() + edge, bounds.height() + edge];
            let Some(area) = self.occupancy.settle(anchor, gap, room) else { continue };
            let moved =
                [area.left() + edge / 2.0 - bounds.left(), area.top() + edge / 2.0 - bounds.top()];
            let path = path.transform(Transform::from_translate(moved[0], moved[1]));
            self.joint(anchor, &area, gap, color(mark.index));
            texts.extend(path);
        }
        // After all lines, so that no line crosses a text.
        let stroke = Stroke { width: edge, line_join: LineJoin::Round, ..Stroke::default() };
        for text in texts {
            self.canvas.stroke(&text, DARK, 230, &stroke);
            self.canvas.fill(&text, WHITE, 255);
        }
        self
    }

    /// Draws the line from a landmark to a name that is apart from it.
    fn joint(&mut self, anchor: [f32; 2], area: &Rect, gap: f32, color: [u8; 3]) {
        let end = nearest(area, anchor);
        let way = [end[0] - anchor[0], end[1] - anchor[1]];
        let length = way[0].hypot(way[1]);
        if length <= 1.8 * gap {
            return;
        }
        let begin = self.reach(Marker::Dot) / length;
        let mut path = PathBuilder::new();
        path.move_to(anchor[0] + begin * way[0], anchor[1] + begin * way[1]);
        path.line_to(end[0], end[1]);
        if let Some(path) = path.finish() {
            self.canvas.cased(&path, color, 0.7 * self.unit, false);
            self.occupancy.take_line(anchor, end);
        }
    }
}

/// The schema's names, without the leading category name if all landmarks of the category have it.
pub(super) fn short_names(schema: &LandmarkSchema) -> Vec<&str> {
    let mut names: Vec<&str> = schema.names().iter().map(String::as_str).collect();
    for category in schema.categories() {
        let short = |&landmark: &usize| {
            let rest = schema.names()[landmark].strip_prefix(&category.name)?.strip_prefix(' ');
            rest.filter(|rest| !rest.is_empty())
        };
        let shorter: Option<Vec<_>> = category.landmarks.iter().map(short).collect();
        for (&landmark, name) in category.landmarks.iter().zip(shorter.into_iter().flatten()) {
            names[landmark] = name;
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use image::{Rgb, RgbImage};

    use super::*;
    use crate::landmark::DeepFashion2Category;

    fn drawn_on(image: &RgbImage) -> impl Iterator<Item = (u32, u32)> {
        image.enumerate_pixels().filter(|(_, _, p)| p.0 != [90; 3]).map(|(x, y, _)| (x, y))
    }

    fn gray(width: u32, height: u32) -> Drawing {
        Drawing::new(&RgbImage::from_pixel(width, height, Rgb([90; 3])))
    }

    #[test]
    fn a_name_is_beside_its_landmark_light_with_a_dark_edge() {
        let mut drawing = gray(600, 600);
        let image =
            drawing.labels(&[LandmarkMark::new(0, [100.0, 300.0])], |_| "HHHH".into()).image();
        let (left, right) = drawn_on(&image).fold((600, 0), |(a, b), (x, _)| (a.min(x), b.max(x)));
        let (top, bottom) = drawn_on(&image).fold((600, 0), |(a, b), (_, y)| (a.min(y), b.max(y)));
        // Past the dot, whose radius is 6.4 pixels, and vertically centered on the landmark's
        // middle at 300.5.
        assert!((107..112).contains(&left) && right < 160, "{left} to {right}");
        assert!(
            (top + bottom).abs_diff(600) <= 1 && (12..20).contains(&(bottom - top)),
            "{top} to {bottom}"
        );
        assert!(image.pixels().any(|pixel| pixel.0 == WHITE));
        assert!(image.pixels().any(|pixel| pixel.0.iter().all(|&v| v < 40)));
    }

    #[test]
    fn a_name_that_does_not_fit_is_cut_off_and_one_of_a_landmark_outside_left_out() {
        let long = |_: &LandmarkMark| "漢Ångström\n".repeat(100);
        let mut drawing = gray(520, 520);
        let image = drawing.labels(&[LandmarkMark::new(0, [260.0, 260.0])], long).image();
        let (left, right) = drawn_on(&image).fold((520, 0), |(a, b), (x, _)| (a.min(x), b.max(x)));
        assert!(right - left < 240 && right - left > 150, "{left} to {right}");
        for outside in [[-9.0, 50.0], [f32::NAN, 50.0], [50.0, 531.0]] {
            let image = gray(520, 520).labels(&[LandmarkMark::new(0, outside)], long).image();
            assert_eq!(drawn_on(&image).count(), 0);
        }
    }

    #[test]
    fn at_the_images_edge_a_name_is_still_whole() {
        let whole = |position| {
            let mut drawing = gray(600, 600);
            let mark = LandmarkMark::new(0, position);
            let image = drawing.labels(&[mark], |_| "left hem".into()).image();
            image.pixels().filter(|pixel| pixel.0 == WHITE).count()
        };
        let expected = whole([300.0, 300.0]) as f64;
        for corner in [[0.0, 0.0], [599.0, 0.0], [0.0, 599.0], [599.0, 599.0]] {
            // Letters start at fractions of pixels, so the number of fully white pixels varies
            // slightly.
            let found = whole(corner) as f64;
            assert!(
                (found / expected - 1.0).abs() < 0.25,
                "{found} at {corner:?}, else {expected}"
            );
        }
    }

    #[test]
    fn a_category_that_all_of_its_landmarks_begin_with_is_left_out() {
        let schema = LandmarkSchema::deepfashion2(DeepFashion2Category::Skirt);
        assert_eq!(short_names(&schema)[..3], ["1", "2", "3"]);
        assert_eq!(short_names(&LandmarkSchema::deepfashion2_all())[293], "19");
        assert_eq!(short_names(&LandmarkSchema::fld())[0], "left collar");
    }

    #[test]
    fn many_names_in_one_place_are_settled_quickly_or_left_out() {
        let marks: Vec<_> = (0..2000).map(|_| LandmarkMark::new(0, [255.0, 255.0])).collect();
        gray(512, 512).labels(&marks, |_| "a name".into());
    }
}
