//! A line of a label file: a class, a box, and landmarks, as fractions of the image.
use crate::data::{FindingKind, annotation::shortened};

/// The range of fractions. Larger numbers are probably pixels.
const PLACES: std::ops::RangeInclusive<f64> = -1.0..=2.0;
/// Maximum side of a box, as a fraction of the image.
const MAX_SIDE: f64 = 3.0;
/// The number of columns before the landmarks.
const BEFORE: usize = 5;

/// The format of the lines.
#[derive(Clone, Copy)]
pub(super) struct Form {
    pub(super) landmarks: usize,
    pub(super) has_visibility: bool,
    pub(super) classes: usize,
}

/// A landmark's visibility.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Seen {
    /// 1, whose meaning depends on the whole split.
    One,
    /// 2, or no visibility is given.
    Two,
    /// Between 0 and 1.
    Confidence,
}

/// An annotation in fractions.
#[derive(Debug, PartialEq)]
pub(super) struct Line {
    pub(super) class: usize,
    /// Center, width and height.
    pub(super) bounds: [f64; 4],
    /// The labeled landmarks, with their indices.
    pub(super) labeled: Vec<(u32, [f64; 2], Seen)>,
    /// Unusual data.
    pub(super) findings: Vec<(FindingKind, String)>,
}

impl Form {
    fn numbers(&self) -> usize {
        if self.has_visibility { 3 } else { 2 }
    }

    fn columns(&self) -> usize {
        BEFORE + self.landmarks * self.numbers()
    }

    /// Reads a line that is not blank.
    pub(super) fn parse(&self, text: &str) -> Result<Line, String> {
        let found = text.split_ascii_whitespace().count();
        if found != self.columns() {
            return Err(self.wrong_columns(found));
        }
        let mut tokens = text.split_ascii_whitespace();
        let class = self.class(tokens.next().unwrap_or_default())?;
        let mut next = |what: &dyn Fn() -> String| number(tokens.next().unwrap_or_default(), what);
        let mut bounds = [0.0; 4];
        for (value, name) in bounds.iter_mut().zip(["x", "y", "width", "height"]) {
            *value = next(&|| format!("the box's {name}"))?;
        }
        check_bounds(bounds)?;
        let mut line = Line { class, bounds, labeled: Vec::new(), findings: Vec::new() };
        for place in 0..self.landmarks {
            let of = |name: &str| format!("{name} of landmark {}", place + 1);
            let [x, y] = [next(&|| of("x"))?, next(&|| of("y"))?];
            let v = if self.has_visibility { Some(next(&|| of("the visibility"))?) } else { None };
            self.landmark(place, [x, y], v, &mut line)?;
        }
        Ok(line)
    }

    /// Adds landmark `place`, if it is labeled.
    fn landmark(
        &self,
        place: usize,
        at: [f64; 2],
        visibility: Option<f64>,
        line: &mut Line,
    ) -> Result<(), String> {
        let number = place + 1;
        let seen = match visibility {
            Some(0.0) => return Ok(()),
            Some(1.0) => Seen::One,
            Some(2.0) | None => Seen::Two,
            Some(v) if v > 0.0 && v < 1.0 => Seen::Confidence,
            Some(v) => return Err(format!("landmark {number}: visibility {v} is not 0, 1 or 2")),
        };
        let is_origin = at == [0.0, 0.0];
        if visibility.is_none() && is_origin {
            return Ok(());
        }
        let nowhere = at.iter().any(|value| value.is_nan());
        let negative = visibility.is_none() && at.iter().any(|&value| value < 0.0);
        let [x, y] = at;
        if nowhere || is_origin || negative {
            let message = format!("landmark {number} is at {x}, {y}: taken as not labeled");
            line.findings.push((FindingKind::Position, message));
            return Ok(());
        }
        if let Some(value) = at.iter().find(|value| !PLACES.contains(value)) {
            return Err(format!("landmark {number} is at {value}: {FRACTIONS}"));
        }
        line.labeled.push((place as u32, at, seen));
        Ok(())
    }

    fn class(&self, text: &str) -> Result<usize, String> {
        let last = self.classes - 1;
        let number = text.parse::<f64>().ok();
        let class =
            number.filter(|class| class.fract() == 0.0 && (0.0..=last as f64).contains(class));
        class.map(|class| class as usize).ok_or_else(|| {
            format!("class '{}' is not one of 0 to {last}, which names has", shortened(text))
        })
    }

    /// Explains what a line with another number of columns might be.
    fn wrong_columns(&self, found: usize) -> String {
        let Self { landmarks, .. } = *self;
        let other = Self { has_visibility: !self.has_visibility, ..*self };
        let cause = match found {
            5 => "a box without landmarks, as for detection".into(),
            6 => "a box with a score, as in detection".into(),
            _ if found == self.columns() + 1 => "one more, as in predictions with a score".into(),
            _ if found == other.columns() => {
                format!("as kpt_shape [{landmarks}, {}] would have", other.numbers())
            }
            _ if found >= 7 && found % 2 == 1 => {
                format!("perhaps an outline of {} points, as for segmentation", found / 2)
            }
            _ => "not a YOLO format".into(),
        };
        format!(
            "{found} columns instead of {}, which kpt_shape [{landmarks}, {}] has: {cause}",
            self.columns(),
            self.numbers()
        )
    }
}

const FRACTIONS: &str = "expected fractions of the image's width and height, not pixels";

fn check_bounds([x, y, width, height]: [f64; 4]) -> Result<(), String> {
    if let Some(value) = [x, y].iter().find(|value| !PLACES.contains(value)) {
        return Err(format!("the box's center is at {value}: {FRACTIONS}"));
    }
    match [width, height].iter().find(|side| !(0.0..=MAX_SIDE).contains(*side)) {
        Some(side) if *side > MAX_SIDE => Err(format!("the box's side is {side}: {FRACTIONS}")),
        Some(side) => Err(format!("the box's side is {side}")),
        None => Ok(()),
    }
}

/// Parses a number; infinite numbers are detected by the range check.
fn number(text: &str, what: &dyn Fn() -> String) -> Result<f64, String> {
    text.parse().map_err(|_| format!("{}: '{}' is not a number", what(), shortened(text)))
}
