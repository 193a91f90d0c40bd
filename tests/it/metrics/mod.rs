//! Metrics compared with other implementations: pycocotools and xtcocotools, and MMPose's formulas
//! in numpy. No backend is needed.
mod average_precision;
mod distances;
mod random_garments;
mod report;

use std::path::PathBuf;

fn fixture(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/metrics").join(name)
}
