//! The meaning of the third numbers of a file's keypoints.
use super::VisibilityCode;
use crate::landmark::Visibility;

/// Minimum confidence of keypoints that are used.
const MIN_CONFIDENCE: f32 = 0.3;

/// Counts of third numbers by kind, without zeros.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Histogram {
    ones: usize,
    twos: usize,
    /// Between 0 and 1.
    fractions: usize,
    others: usize,
}

impl Histogram {
    /// Counts an annotation's triplets.
    pub(super) fn add(&mut self, triplets: &[(u32, [f32; 3])]) {
        for (_, [_, _, v]) in triplets {
            let count = match *v {
                1.0 => &mut self.ones,
                2.0 => &mut self.twos,
                v if v > 0.0 && v < 1.0 => &mut self.fractions,
                _ => &mut self.others,
            };
            *count += 1;
        }
    }

    /// The code that the file appears to use.
    fn inferred(&self) -> VisibilityCode {
        match self {
            Self { fractions: 1.., .. } => VisibilityCode::Confidence,
            Self { ones: 1.., twos: 0, others: 0, .. } => VisibilityCode::Binary,
            _ => VisibilityCode::Coco,
        }
    }
}

/// How third numbers are interpreted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Visibilities {
    code: VisibilityCode,
    /// Whether there are twos, in which case a 1 has COCO's meaning.
    has_twos: bool,
}

impl Visibilities {
    pub(super) fn new(code: VisibilityCode, histogram: &Histogram) -> Self {
        let code = if code == VisibilityCode::Auto { histogram.inferred() } else { code };
        Self { code, has_twos: histogram.twos > 0 }
    }

    /// The code, or `None` if it is unknown because none was given and all numbers are 0.
    pub(super) fn code(self, histogram: &Histogram) -> Option<VisibilityCode> {
        let is_told = *histogram != Histogram::default();
        (is_told && (self.code != VisibilityCode::Coco || self.has_twos)).then_some(self.code)
    }

    /// The message of the finding about a code other than COCO's.
    pub(super) fn finding(self, histogram: &Histogram) -> Option<String> {
        match self.code {
            VisibilityCode::Binary => Some(format!(
                "visibilities are 0 and 1 only ({} keypoints): 1 is taken as visible",
                histogram.ones
            )),
            VisibilityCode::Confidence => Some(format!(
                "{} visibilities are fractions: taken as confidences, visible from \
                 {MIN_CONFIDENCE} on",
                histogram.fractions
            )),
            VisibilityCode::Coco | VisibilityCode::Auto => None,
        }
    }

    /// Interprets `v`; `None` if the keypoint is not labeled.
    pub(super) fn read(self, v: f32) -> Result<Option<Visibility>, String> {
        let expected = match (self.code, v) {
            (_, 0.0) => return Ok(None),
            (VisibilityCode::Coco, 1.0) => return Ok(Some(Visibility::Occluded)),
            (VisibilityCode::Coco, 2.0) => return Ok(Some(Visibility::Visible)),
            (VisibilityCode::Binary, 1.0) => return Ok(Some(Visibility::Visible)),
            (VisibilityCode::Confidence, v) if v > 0.0 && v < MIN_CONFIDENCE => return Ok(None),
            (VisibilityCode::Confidence, 1.0) if self.has_twos => {
                return Ok(Some(Visibility::Occluded));
            }
            (VisibilityCode::Confidence, v) if v > 0.0 && v <= 1.0 || v == 2.0 => {
                return Ok(Some(Visibility::Visible));
            }
            (VisibilityCode::Binary, _) => "0 or 1",
            (VisibilityCode::Confidence, _) => "a number from 0 to 1",
            (VisibilityCode::Coco | VisibilityCode::Auto, _) => "0, 1 or 2",
        };
        let shown = if v.is_nan() { "missing".to_string() } else { v.to_string() };
        Err(format!("visibility {shown} is not {expected}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn histogram(values: &[f32]) -> Histogram {
        let mut histogram = Histogram::default();
        let labeled: Vec<_> = values.iter().map(|&v| (0, [1.0, 1.0, v])).collect();
        histogram.add(&labeled);
        histogram
    }

    fn read(values: &[f32]) -> Vec<Option<Visibility>> {
        let visibilities = Visibilities::new(VisibilityCode::Auto, &histogram(values));
        values.iter().map(|&v| visibilities.read(v).unwrap()).collect()
    }

    #[test]
    fn the_whole_file_tells_the_code() {
        use Visibility::{Occluded, Visible};
        assert_eq!(read(&[1.0, 2.0]), [Some(Occluded), Some(Visible)]);
        assert_eq!(read(&[1.0, 1.0]), [Some(Visible); 2]);
        assert_eq!(
            read(&[0.1, 0.29, 0.3, 0.9, 1.0]),
            [None, None, Some(Visible), Some(Visible), Some(Visible)]
        );
        // COCO whole-body: hands and faces have confidences.
        assert_eq!(
            read(&[2.0, 1.0, 0.04, 0.8]),
            [Some(Visible), Some(Occluded), None, Some(Visible)]
        );
        assert!(read(&[]).is_empty());
    }

    #[test]
    fn numbers_outside_of_the_code_are_refused() {
        let refused = |code, v: f32| Visibilities::new(code, &histogram(&[])).read(v).unwrap_err();
        assert_eq!(refused(VisibilityCode::Auto, 3.0), "visibility 3 is not 0, 1 or 2");
        assert_eq!(refused(VisibilityCode::Coco, 0.5), "visibility 0.5 is not 0, 1 or 2");
        assert_eq!(refused(VisibilityCode::Binary, 2.0), "visibility 2 is not 0 or 1");
        assert_eq!(
            refused(VisibilityCode::Confidence, -0.5),
            "visibility -0.5 is not a number from 0 to 1"
        );
        assert_eq!(refused(VisibilityCode::Auto, f32::NAN), "visibility missing is not 0, 1 or 2");
    }
}
