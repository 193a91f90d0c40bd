//! Metrics of predicted landmarks: plain accumulators over numbers on the host, which need neither
//! a network nor a dataset. [`LandmarkReport`] computes all metrics of positions for a split, with
//! confidence intervals; [`LandmarkDistances`] collects the errors for a metric of your choice.
//!
//! ```
//! use dafe::{
//!     landmark::{Landmark, Visibility},
//!     metric::{Epe, LandmarkDistances, Ne, Pck},
//!     prelude::*,
//! };
//!
//! let bounds = BoundingBox::new(0.0, 0.0, 30.0, 80.0).unwrap();
//! let truth = [Landmark::new(10.0, 20.0, Visibility::Visible)];
//! let mut errors = LandmarkDistances::new(1);
//! errors.update(0, &[[13.0, 24.0]], &truth, &bounds, None);
//! assert_eq!(errors.headline(&Epe), Some(5.0)); // √(3² + 4²) pixels
//! assert_eq!(errors.headline(&Pck { threshold: 0.2 }), Some(1.0)); // 5 of 80 pixels
//! let ne = errors.headline(&Ne::default()).unwrap();
//! assert!((ne - f64::hypot(3.0 / 30.0, 4.0 / 80.0)).abs() < 1e-12);
//! ```
//!
//! | metric | meaning | definition |
//! |---|---|---|
//! | [`RunningNe`] | mean distance, each axis relative to the labeled box's side | NE of the fashion-landmark papers |
//! | [`Pck`], [`Auc`], [`Epe`] | fraction found within a distance, area under that curve, mean distance | PCK, AUC and EPE of MMPose |
//! | [`PdlCurve`], [`PdlArea`] | fraction found, by the normalized distance | PDL of the fashion-landmark papers |
//! | [`FailureRate`] | fraction of samples whose mean normalized error is above a threshold | face-landmark benchmarks |
//! | [`LandmarkPresence`] | false landmarks (the garment lacks them), and missed ones | this crate |
//! | [`VisibilityReport`] | classification of visible and hidden landmarks: balanced accuracy, reliability | Brodersen et al., 2010 |
//! | [`ConfidenceReport`] | wrong positions that are shown, right ones that are not, reliability | this crate |
//! | [`OksEvaluator`] | average precision and recall by object keypoint similarity | AP and AR of COCO and DeepFashion2 |
//!
//! NE, PCK, AUC, EPE and PDL area average one value per landmark error, and any [`LandmarkMetric`]
//! can be averaged over all or some of the errors of a split. In all distance metrics, a predicted
//! position that is NaN is infinitely far away: fractions count a miss, and NE and EPE become
//! infinite. [`Bootstrap`] computes confidence intervals. With the feature `burn-train`,
//! `NeMetric`, `PckMetric` and `ApMetric` are metrics of Burn's own learner.
mod average_precision;
mod baseline;
mod bootstrap;
mod confidence;
mod detection_score;
mod distance;
mod distances;
mod epe;
mod estimate;
mod failure_rate;
mod landmark_intervals;
mod landmark_means;
#[cfg(feature = "burn-train")]
mod learner;
mod ne;
mod oks;
mod oks_matching;
mod pck;
mod pdl;
mod presence;
mod reliability;
mod report;
mod visibility;
mod visibility_rule;

pub use average_precision::{AveragePrecision, OksEvaluator, PrecisionRecall};
pub use baseline::MeanBaseline;
pub use bootstrap::{Bootstrap, Interval};
pub use confidence::{ConfidenceReport, Placement, PlacementCounts};
pub use detection_score::detection_score;
pub use distance::{LandmarkDistance, landmark_distances};
pub use distances::{LandmarkDistances, LandmarkMetric};
pub use epe::Epe;
pub use estimate::{Estimate, Named};
pub use failure_rate::FailureRate;
pub use landmark_means::LandmarkMeans;
#[cfg(feature = "burn-train")]
pub use learner::{ApMetric, LearnerMetricInput, MeanMetric, NeMetric, PckMetric, PredictedSample};
pub use ne::{Ne, RunningNe};
pub use oks::{OksDetection, OksTruth, object_keypoint_similarity};
pub use oks_matching::AreaRange;
pub use pck::{Auc, Pck, PckCurve};
pub use pdl::{PdlArea, PdlCurve};
pub use presence::{LandmarkPresence, PresenceReport};
pub use reliability::ReliabilityBin;
pub use report::{LandmarkReport, LandmarkSummary, NePart, NeParts, OksSummary};
pub use visibility::{VisibilityCounts, VisibilityReport};
pub use visibility_rule::VisibilityRule;
