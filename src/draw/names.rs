//! Names of landmarks beside them.
use tiny_skia::{LineJoin, PathBuilder, Rect, Stroke, Transform};

use super::{
    canvas::{DARK, WHITE},
    drawing::Drawing,
    landmarks::{LandmarkMark, Marker, colour},
    placement::nearest,
    text::Font,
};
use crate::landmark::LandmarkSchema;

/// The size of names, in units of the drawing, and the least in pixels.
const SIZE: (f32, f32) = (7.5, 11.0);

/// The widest that a name may be, as a part of the drawing.
const WIDEST: f32 = 0.45;

impl Drawing {
    /// Writes each landmark's name beside it, but a name's beginning that is the name of its category:
    /// "short-sleeve-top 12" is written as "12". Otherwise as [`Self::labels`].
    ///
    /// # Panics
    /// If a mark's index is beyond the schema.
    pub fn names(&mut self, schema: &LandmarkSchema, marks: &[LandmarkMark]) -> &mut Self {
        let short = short_names(schema);
        self.labels(marks, |mark| short[mark.index].to_string())
    }

    /// Writes a text beside each landmark, light with a dark edge: `text` says which. A line joins the two where they are
    /// not side by side. Texts lie inside the picture and never on one another; they keep off dots and lines that were
    /// drawn before, if there is room. For texts that there is no room for, and landmarks outside, nothing is written.
    /// A long text is cut off with an ellipsis.
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
            self.joint(anchor, &area, gap, colour(mark.index));
            texts.extend(path);
        }
        // Over all of the lines.
        let stroke = Stroke { width: edge, line_join: LineJoin::Round, ..Stroke::default() };
        for text in texts {
            self.canvas.stroke(&text, DARK, 230, &stroke);
            self.canvas.fill(&text, WHITE, 255);
        }
        self
    }

    /// The line from a landmark to a name that is not beside it.
    fn joint(&mut self, anchor: [f32; 2], area: &Rect, gap: f32, colour: [u8; 3]) {
        let end = nearest(area, anchor);
        let way = [end[0] - anchor[0], end[1] - anchor[1]];
        let length = way[0].hypot(way[1]);
        if length <= 1.2 * gap {
            return;
        }
        let begin = self.reach(Marker::Dot) / length;
        let mut path = PathBuilder::new();
        path.move_to(anchor[0] + begin * way[0], anchor[1] + begin * way[1]);
        path.line_to(end[0], end[1]);
        if let Some(path) = path.finish() {
            self.canvas.cased(&path, colour, 0.7 * self.unit, false);
            self.occupancy.take_line(anchor, end);
        }
    }
}

/// The schema's names, without the category's in front if all of the category's have it there.
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
