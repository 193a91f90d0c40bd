//! Landmarks, their skeleton and their errors on a picture.
use tiny_skia::{Path, PathBuilder, Rect, Stroke};

use super::{
    canvas::{DARK, WHITE},
    drawing::Drawing,
    placement::Taken,
};
#[cfg(feature = "detect")]
use crate::detector::DetectedLandmark;
use crate::landmark::{Landmark, LandmarkSchema, Visibility};

/// Okabe and Ito's colours, which colour-blind people can tell apart, in the order of FLD's landmarks, with a white in
/// place of their black; further landmarks begin again.
pub const LANDMARK_COLOURS: [[u8; 3]; 8] = [
    [230, 159, 0],
    [86, 180, 233],
    [0, 158, 115],
    [240, 228, 66],
    [0, 114, 178],
    [213, 94, 0],
    [204, 121, 167],
    [240, 240, 240],
];

/// A landmark to draw.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LandmarkMark {
    /// Which of the schema's landmarks it is.
    pub index: usize,
    /// `[x, y]` in the picture's pixels.
    pub position: [f32; 2],
    /// Whether it can be seen; none if that is not known. What is hidden is drawn hollow or dashed.
    pub visible: Option<bool>,
}

impl LandmarkMark {
    /// A landmark of unknown visibility.
    pub fn new(index: usize, position: [f32; 2]) -> Self {
        Self { index, position, visible: None }
    }

    /// Those of a sample's landmarks that have a position, as labelled.
    pub fn labelled(landmarks: &[Landmark]) -> Vec<Self> {
        let mark = |(index, landmark): (usize, &Landmark)| Self {
            index,
            position: [landmark.x, landmark.y],
            visible: Some(landmark.visibility == Visibility::Visible),
        };
        let labelled = |(_, landmark): &(usize, &Landmark)| landmark.visibility.has_position();
        landmarks.iter().enumerate().filter(labelled).map(mark).collect()
    }
}

#[cfg(feature = "detect")]
impl From<&DetectedLandmark> for LandmarkMark {
    fn from(found: &DetectedLandmark) -> Self {
        let visible = found.visibility.as_ref().map(|visibility| visibility.visible);
        Self { index: found.index, position: [found.x, found.y], visible }
    }
}

/// How a set of landmarks is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Marker {
    /// Filled dots, hollow for hidden landmarks: predictions.
    Dot,
    /// Rings, larger than the dots, dashed for hidden landmarks: the truth.
    Ring,
}

impl Drawing {
    /// Joins landmarks by the schema's lines, dashed where one of the two is hidden.
    ///
    /// # Panics
    /// If a mark's index is beyond the schema.
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

    /// Draws landmarks, each in its colour of [`LANDMARK_COLOURS`] with a dark edge: as circles, and as diamonds those
    /// that are the second of a mirror pair, so that left and right differ by more than colour.
    ///
    /// # Panics
    /// If a mark's index is beyond the schema.
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
            self.marker(&shape, colour(index), marker, mark.visible == Some(false));
            let reach = self.reach(marker);
            let around =
                Rect::from_xywh(place[0] - reach, place[1] - reach, 2.0 * reach, 2.0 * reach);
            if let Some(around) = around {
                self.occupancy.take(&around, Taken::Dot);
            }
        }
        self
    }

    /// Draws predictions on the truth: dots, rings, and a line from each landmark's ring to its dot.
    ///
    /// # Panics
    /// If a mark's index is beyond the schema.
    pub fn errors(
        &mut self,
        schema: &LandmarkSchema,
        truth: &[LandmarkMark],
        predicted: &[LandmarkMark],
    ) -> &mut Self {
        for mark in predicted {
            for labelled in truth.iter().filter(|labelled| labelled.index == mark.index) {
                self.line(labelled.position, mark.position, colour(mark.index), 1.1, false);
            }
        }
        self.landmarks(schema, truth, Marker::Ring).landmarks(schema, predicted, Marker::Dot)
    }

    fn line(&mut self, from: [f32; 2], to: [f32; 2], colour: [u8; 3], width: f32, dashed: bool) {
        let Some((from, to)) = self.place(from).zip(self.place(to)) else { return };
        let mut line = PathBuilder::new();
        line.move_to(from[0], from[1]);
        line.line_to(to[0], to[1]);
        if let Some(line) = line.finish() {
            self.canvas.cased(&line, colour, width * self.unit, dashed);
            self.occupancy.take_line(from, to);
        }
    }

    /// Draws one landmark; `shape` is its outline by its radius.
    fn marker(
        &mut self,
        shape: &dyn Fn(f32) -> Option<Path>,
        colour: [u8; 3],
        marker: Marker,
        hidden: bool,
    ) {
        let unit = self.unit;
        match marker {
            Marker::Dot if !hidden => {
                if let (Some(edge), Some(dot)) = (shape(3.2 * unit), shape(2.4 * unit)) {
                    self.canvas.fill(&edge, DARK, 255);
                    self.canvas.fill(&dot, colour, 255);
                }
            }
            Marker::Dot => {
                if let Some(ring) = shape(2.3 * unit) {
                    let stroke = |width| Stroke { width: width * unit, ..Stroke::default() };
                    self.canvas.stroke(&ring, DARK, 255, &stroke(1.9));
                    self.canvas.stroke(&ring, colour, 255, &stroke(1.0));
                }
            }
            Marker::Ring => {
                if let Some(ring) = shape(4.6 * unit) {
                    self.canvas.cased(&ring, colour, 1.2 * unit, hidden);
                }
            }
        }
    }

    /// How far from its position a landmark is drawn, in the drawing's pixels.
    pub(super) fn reach(&self, marker: Marker) -> f32 {
        self.unit * if marker == Marker::Dot { 3.2 } else { 5.7 }
    }
}

/// The colour of the schema's landmark `index`.
pub(super) fn colour(index: usize) -> [u8; 3] {
    LANDMARK_COLOURS[index % LANDMARK_COLOURS.len()]
}

/// A mark's index, which must be one of the schema's.
fn checked(schema: &LandmarkSchema, mark: &LandmarkMark) -> usize {
    let (index, count) = (mark.index, schema.len());
    assert!(index < count, "landmark {index} of a schema of {count}");
    index
}

fn circle([x, y]: [f32; 2], radius: f32) -> Option<Path> {
    PathBuilder::from_circle(x, y, radius)
}

/// A square on its corner, a little less wide than a circle would have to be for the same area.
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
