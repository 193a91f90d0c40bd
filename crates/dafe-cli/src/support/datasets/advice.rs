//! What a finding does to a result, and the option that changes it.
use dafe::data::FindingKind;
use serde::Serialize;

use super::findings::Kind;

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Level {
    /// A result would be wrong, or training would end.
    Error,
    /// Something unusual is used as the finding says, which may not be what was meant.
    Warning,
    /// Unusual and harmless.
    Note,
}

impl Level {
    pub fn name(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Note => "note",
        }
    }
}

/// What is said about all findings of a kind.
#[derive(Debug, Clone, Copy)]
pub struct Advice {
    pub level: Level,
    /// What they do to a result.
    pub effect: &'static str,
    /// The options that go on or mend.
    pub remedy: &'static str,
}

impl Kind {
    /// What is said about it.
    pub fn advice(self) -> Advice {
        let (level, effect, remedy) = match self {
            Self::File => (Level::Error, "training ends with it", "export or copy the file again"),
            Self::Annotation => {
                (Level::Error, "training ends with it", "--skip-bad-annotations leaves them out")
            }
            Self::Image => {
                (Level::Error, "training ends with it", "--skip-bad-images leaves them out")
            }
            Self::Overlap => (
                Level::Error,
                "metrics would be measured on what was trained on, and look too good",
                "--annotations FILE without {split}, with --split 0.8,0.1,0.1, divides one file; \
                 --allow-overlap goes on",
            ),
            Self::Split => (
                Level::Error,
                "there is nothing to train or to validate on",
                "--split 0.8,0.1,0.1, --annotations and --split-names say what to take",
            ),
            Self::Copy => (
                Level::Warning,
                "these images count more than others",
                "--fix DIR writes each once",
            ),
            Self::NoneVisible => (
                Level::Error,
                "the normalized error is not defined, and no epoch is the best",
                "--visibility binary, if 1 means labelled",
            ),
            Self::Outside => (
                Level::Warning,
                "visible landmarks outside of their image are trained at its edge and measured as \
                 labelled",
                "label them as not visible, or check the image's size",
            ),
            Self::BoxOutside => {
                (Level::Warning, "the crop shows nothing of the image", "mend the box")
            }
            Self::EndMarker => {
                (Level::Warning, "the image's pixels are all there", "save the file again")
            }
            Self::Turned => (
                Level::Note,
                "read upright, as viewers show it",
                "--orientation stored, if stored pixels were labelled",
            ),
            Self::Found(kind) => return found(kind),
        };
        Advice { level, effect, remedy }
    }
}

fn found(kind: FindingKind) -> Advice {
    let (level, effect, remedy) = match kind {
        FindingKind::BoxFromLandmarks => (
            Level::Warning,
            "the box decides the crop and the scale of the normalized error",
            "--box-margin changes how far it reaches beyond the landmarks",
        ),
        FindingKind::BoxOfImage => (
            Level::Warning,
            "the whole image is the crop, and the scale of the normalized error",
            "label boxes",
        ),
        FindingKind::Area => (
            Level::Note,
            "average precision goes by the box's area",
            "give areas of outlines, if AP is to be compared with COCO's",
        ),
        FindingKind::VisibilityCode => (
            Level::Warning,
            "decides which landmarks count as visible, and so the normalized error",
            "--visibility coco, binary or confidence, in COCO's format",
        ),
        FindingKind::Position => {
            (Level::Warning, "the landmarks are not trained and not measured", "label them again")
        }
        FindingKind::MirrorPairs => (
            Level::Warning,
            "images are not flipped: a flipped one would teach the wrong side",
            "give flip_pairs in the file or in --schema FILE (dafe check --write-schema FILE); \
             --allow-unpaired flips all the same",
        ),
        FindingKind::Names => (
            Level::Warning,
            "tables and files call landmarks so; mirror pairs come from names",
            "--schema FILE names them (dafe check --write-schema FILE writes one)",
        ),
        FindingKind::Skeleton => (Level::Note, "only drawings lack the lines", "--schema FILE"),
        FindingKind::Sigmas => (
            Level::Note,
            "average precision goes by sigmas",
            "--sigma or --schema FILE give others",
        ),
        FindingKind::Number => {
            (Level::Note, "results name annotations and images by number", "mend the file")
        }
        FindingKind::Repeated => (Level::Note, "used once", "mend the file"),
        FindingKind::Unlabeled => (Level::Note, "nothing is learned from it", "label it"),
        FindingKind::Orientation => (
            Level::Warning,
            "labels of the one are wrong in the other, wherever they are",
            "--orientation upright or --orientation stored",
        ),
        FindingKind::Size => (
            Level::Error,
            "landmarks are in other places than they were labelled in",
            "give the images that were labelled, or mend the sizes if they are only written wrongly",
        ),
        _ => (Level::Note, "passed over", "mend the file"),
    };
    Advice { level, effect, remedy }
}
