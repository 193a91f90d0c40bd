//! The effect of a finding on results, and the options that change it.
use dafe::data::FindingKind;
use serde::Serialize;

use super::findings::Kind;

/// The severity of a finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Level {
    /// Results would be incorrect, or training would fail.
    Error,
    /// Something unusual is interpreted as the finding says, which may be incorrect.
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

/// The advice on all findings of a kind.
#[derive(Debug, Clone, Copy)]
pub struct Advice {
    pub level: Level,
    /// The effect on results.
    pub effect: &'static str,
    /// The options or actions that fix it.
    pub remedy: &'static str,
}

impl Kind {
    /// The advice on this kind.
    pub fn advice(self) -> Advice {
        let (level, effect, remedy) = match self {
            Self::File => (Level::Error, "training fails", "export or copy the file again"),
            Self::Annotation => {
                (Level::Error, "training fails", "--skip-bad-annotations leaves them out")
            }
            Self::Image => (Level::Error, "training fails", "--skip-bad-images leaves them out"),
            Self::Overlap => (
                Level::Error,
                "metrics would be measured on training images, and look too good",
                "--annotations FILE without {split}, with --split 0.8,0.1,0.1, divides one file; \
                 --allow-overlap continues anyway",
            ),
            Self::Split => (
                Level::Error,
                "there is nothing to train or to validate on",
                "choose splits with --split 0.8,0.1,0.1, --annotations or --split-names",
            ),
            Self::Copy => (
                Level::Warning,
                "these images count more than others",
                "--fix DIR writes each once",
            ),
            Self::NoneVisible => (
                Level::Error,
                "the normalized error is not defined, and no epoch is the best",
                "--visibility binary, if 1 means labeled",
            ),
            Self::Outside => (
                Level::Warning,
                "visible landmarks outside of their image are trained at its edge and measured as \
                 labeled",
                "label them as not visible, or check the image's size",
            ),
            Self::BoxOutside => {
                (Level::Warning, "the crop contains nothing of the image", "fix the box")
            }
            Self::EndMarker => {
                (Level::Warning, "all of the image's pixels are present", "save the file again")
            }
            Self::Turned => (
                Level::Note,
                "read upright, as viewers show it",
                "--orientation stored, if stored pixels were labeled",
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
            "average precision uses the box's area",
            "give areas of outlines to compare AP with COCO's",
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
            "training does not flip images, since that would mix up left and right",
            "give flip_pairs in the file or in --schema FILE (dafe check --write-schema FILE); \
             --allow-unpaired flips anyway",
        ),
        FindingKind::Names => (
            Level::Warning,
            "tables and files use these names; mirror pairs are derived from names",
            "--schema FILE names them (dafe check --write-schema FILE writes one)",
        ),
        FindingKind::Skeleton => (Level::Note, "rendered images lack these lines", "--schema FILE"),
        FindingKind::Sigmas => (
            Level::Note,
            "average precision depends on sigmas",
            "--sigma or --schema FILE give others",
        ),
        FindingKind::Number => {
            (Level::Note, "results name annotations and images by number", "fix the file")
        }
        FindingKind::Repeated => (Level::Note, "used once", "fix the file"),
        FindingKind::Unlabeled => (Level::Note, "nothing is learned from it", "label it"),
        FindingKind::Orientation => (
            Level::Warning,
            "labels made for one orientation do not fit the other",
            "--orientation upright or --orientation stored",
        ),
        FindingKind::Size => (
            Level::Error,
            "landmarks are not where they were labeled",
            "use the images that were labeled, or fix the sizes if only they are incorrect",
        ),
        _ => (Level::Note, "skipped", "fix the file"),
    };
    Advice { level, effect, remedy }
}
