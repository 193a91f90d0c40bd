//! The numbers of a report.
use serde::{Deserialize, Serialize};

use super::{
    landmark_report::{Group, LandmarkReport},
    oks_samples::OksSamples,
};
use crate::{
    landmark::Visibility,
    metric::{
        AreaRange, Auc, Bootstrap, Epe, Estimate, FailureRate, LandmarkMetric, Named, Ne, Pck,
        PdlArea, PdlCurve, PrecisionRecall, VisibilityRule,
    },
};

/// The numbers of a [`LandmarkReport`]. A number is `None` if there was nothing to score.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LandmarkSummary {
    /// The number of images.
    pub images: u64,
    /// The number of samples; an image may have several.
    pub samples: u64,
    /// Which landmarks the normalized error scores.
    pub protocol: Ne,
    /// Labeled landmarks whose predicted position isn't finite. They count as infinitely far off:
    /// if there are any, NE and EPE are infinite, which JSON can only represent as null.
    pub not_finite: u64,
    /// The number of samples whose boxes were clipped to the image for PCK, as MMPose does. It is 0
    /// if no image sizes were given, and all samples if they all were. PCK with and without
    /// clipping are different metrics.
    pub clipped_boxes: u64,
    /// The normalized error: the value of the headline "NE".
    pub ne: Option<f64>,
    /// "NE", "PCK@0.05", "PCK@0.1", "PCK@0.2", "AUC", "EPE", "PDL area" and "failure rate@0.2".
    pub headlines: Named<Estimate>,
    /// The normalized error by landmark.
    pub ne_per_landmark: Named<Option<f64>>,
    /// The number of instances of each landmark that the normalized error can score, inside and
    /// outside the labeled box.
    pub counts: Named<u64>,
    /// The number of those instances inside the labeled box.
    pub counts_inside_box: Named<u64>,
    /// The normalized error by category (FLD's clothes types).
    pub ne_by_category: Named<Option<f64>>,
    /// The normalized error by variation type.
    pub ne_by_variation: Named<Option<f64>>,
    /// The normalized error of "visible" and "occluded" landmarks.
    pub ne_by_visibility: Named<Option<f64>>,
    /// The normalized error without landmarks outside the labeled box.
    pub ne_inside_box: Option<f64>,
    /// PCK@0.2 by category.
    pub pck_by_category: Named<Option<f64>>,
    /// AUC by category.
    pub auc_by_category: Named<Option<f64>>,
    /// EPE by category.
    pub epe_by_category: Named<Option<f64>>,
    /// The fraction of landmarks within a normalized distance.
    pub pdl: Option<PdlCurve>,
    /// Average precision of visible landmarks ("vis"), if the schema has sigmas.
    pub oks_visible: Option<OksSummary>,
    /// Average precision of visible and occluded landmarks ("vis + occ"), if the schema has sigmas.
    pub oks_visible_and_occluded: Option<OksSummary>,
}

/// Average precision and recall.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OksSummary {
    /// "AP", "AP50", "AP75", "APm", "APl", "AR", "AR50", "AR75", "ARm" and "ARl".
    pub headlines: Named<Estimate>,
    /// Means over the categories by similarity threshold, for instances of "all", "medium" and
    /// "large" area.
    pub by_area: Named<Option<PrecisionRecall>>,
    /// Precision and recall of each category by similarity threshold, for instances of any area.
    pub by_category: Named<Option<PrecisionRecall>>,
}

impl LandmarkSummary {
    fn of(report: &LandmarkReport, bootstrap: &Bootstrap) -> Self {
        let errors = &report.errors;
        let protocol = report.protocol;
        let means = errors.means(&protocol);
        let inside = Ne { inside_box_only: true, ..protocol };
        let means_inside = errors.means(&inside);
        let anywhere = Ne { inside_box_only: false, ..protocol };
        let all = Ne { visibility: VisibilityRule::VisibleAndOccluded, ..protocol };
        let not_finite =
            errors.samples().flatten().filter(|error| !error.pixels.is_finite()).count();
        let names = report.schema.names();
        let by_landmark =
            |values: &[u64]| names.iter().cloned().zip(values.iter().copied()).collect();
        let of_visibility = |visibility: Visibility| {
            errors.means_where(&all, |_, error| error.visibility == visibility).average()
        };
        let oks =
            |rule| report.oks.as_ref().map(|oks| OksSummary::of(report, oks, rule, bootstrap));
        Self {
            images: report.images.len() as u64,
            samples: errors.num_samples() as u64,
            protocol,
            not_finite: not_finite as u64,
            clipped_boxes: report.clipped_boxes,
            ne: means.average(),
            headlines: report.headlines(bootstrap),
            ne_per_landmark: names.iter().cloned().zip(means.per_landmark()).collect(),
            counts: by_landmark(errors.means(&anywhere).counts()),
            counts_inside_box: by_landmark(means_inside.counts()),
            ne_by_category: report.by_category(&protocol),
            ne_by_variation: report.by_variation(&protocol),
            ne_by_visibility: [
                ("visible".into(), of_visibility(Visibility::Visible)),
                ("occluded".into(), of_visibility(Visibility::Occluded)),
            ]
            .into(),
            ne_inside_box: means_inside.average(),
            pck_by_category: report.by_category(&Pck { threshold: 0.2 }),
            auc_by_category: report.by_category(&Auc::default()),
            epe_by_category: report.by_category(&Epe),
            pdl: PdlCurve::of(errors, &protocol, |_, _| true),
            oks_visible: oks(VisibilityRule::Visible),
            oks_visible_and_occluded: oks(VisibilityRule::VisibleAndOccluded),
        }
    }
}

impl OksSummary {
    fn of(
        report: &LandmarkReport,
        samples: &OksSamples,
        rule: VisibilityRule,
        bootstrap: &Bootstrap,
    ) -> Self {
        let evaluator = samples.evaluator(rule);
        let found = evaluator.evaluate();
        let headlines = found.headlines().into_iter().zip(evaluator.intervals(bootstrap));
        let categories = found.categories(AreaRange::All).iter().enumerate();
        Self {
            headlines: headlines
                .map(|((name, value), interval)| (name.to_string(), Estimate { value, interval }))
                .collect(),
            by_area: AreaRange::ALL
                .iter()
                .copied()
                .map(|range| (range.name().into(), found.mean(range)))
                .collect(),
            by_category: categories
                .map(|(category, found)| (report.category_name(category), *found))
                .collect(),
        }
    }
}

impl LandmarkReport {
    /// The report's numbers with 95 % intervals.
    ///
    /// These are from 1000 resamples of all images, which takes a while for large splits.
    pub fn summary(&self) -> LandmarkSummary {
        self.summary_with(&Bootstrap::default())
    }

    /// The report's numbers with the intervals of `bootstrap`; without intervals if it has no
    /// resamples.
    pub fn summary_with(&self, bootstrap: &Bootstrap) -> LandmarkSummary {
        LandmarkSummary::of(self, bootstrap)
    }

    fn headlines(&self, bootstrap: &Bootstrap) -> Named<Estimate> {
        let [near, far, farther] = [0.05, 0.1, 0.2].map(|threshold| Pck { threshold });
        let (auc, protocol) = (Auc::default(), self.protocol);
        let area = PdlArea { protocol, ..PdlArea::default() };
        let named: [(&str, &dyn LandmarkMetric); 7] = [
            ("NE", &protocol),
            ("PCK@0.05", &near),
            ("PCK@0.1", &far),
            ("PCK@0.2", &farther),
            ("AUC", &auc),
            ("EPE", &Epe),
            ("PDL area", &area),
        ];
        let intervals = self.errors.intervals(named.map(|(_, metric)| metric), bootstrap);
        let estimate = |((name, metric), interval): ((&str, _), _)| {
            (name.to_string(), Estimate { value: self.errors.headline(metric), interval })
        };
        let failures = FailureRate { protocol, ..FailureRate::default() };
        let failures = Estimate {
            value: failures.of(&self.errors),
            interval: failures.interval(&self.errors, bootstrap),
        };
        let of_landmarks = named.into_iter().zip(intervals).map(estimate);
        of_landmarks.chain([("failure rate@0.2".into(), failures)]).collect()
    }

    /// The headline by category, for the categories of samples.
    fn by_category(&self, metric: &dyn LandmarkMetric) -> Named<Option<f64>> {
        let of = |category: usize| self.of_group(metric, |group| group.category == Some(category));
        let categories = self.categories().into_iter();
        categories.map(|category| (self.category_name(category), of(category))).collect()
    }

    /// The headline by variation type, for the types of samples.
    fn by_variation(&self, metric: &dyn LandmarkMetric) -> Named<Option<f64>> {
        self.variations()
            .into_iter()
            .map(|variation| {
                let ne = self.of_group(metric, |group| group.variation == Some(variation));
                (variation.name().into(), ne)
            })
            .collect()
    }

    fn of_group(&self, metric: &dyn LandmarkMetric, is: impl Fn(&Group) -> bool) -> Option<f64> {
        metric.headline(&self.errors.means_where(metric, |sample, _| is(&self.groups[sample])))
    }
}
