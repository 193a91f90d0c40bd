//! Metrics: plain accumulators over numbers on the host.
//!
//! | | what it is | whose definition |
//! |---|---|---|
//! | [`RunningNe`] | mean distance, each axis over the labelled box's side | the fashion-landmark papers' NE |
//! | [`Pck`], [`Auc`], [`Epe`] | share found within a distance, area under that curve, mean distance | MMPose's PCK, AUC, EPE |
//! | [`PdlCurve`], [`PdlArea`] | share found, by the normalized distance | the fashion-landmark papers' PDL |
//! | [`FailureRate`] | share of samples whose mean normalized error is above a threshold | the face-landmark benchmarks' |
//! | [`LandmarkPresence`] | landmarks named that the garment lacks, and left out that it has | ours |
//! | [`VisibilityReport`] | visible landmarks told from hidden ones: balanced accuracy, reliability | Brodersen et al., 2010 |
//! | [`ConfidenceReport`] | wrong positions that are shown, right ones that are not, reliability | ours |
//! | [`OksEvaluator`] | average precision and recall by object keypoint similarity | COCO's and DeepFashion2's AP and AR |
//!
//! All but the last four are averages of a number of each landmark's error: [`LandmarkDistances`]
//! collects the errors of a split, and any [`LandmarkMetric`] can be averaged over it or a part of
//! it. In all of them, a predicted position that isn't a number is infinitely far away: shares
//! count a miss, and NE and EPE become infinite. [`Bootstrap`] gives confidence intervals, and
//! [`LandmarkReport`] all of that for a split. With the feature `burn-train`, `NeMetric`,
//! `PckMetric` and `ApMetric` are metrics of Burn's own learner.
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
