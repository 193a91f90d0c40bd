//! What was measured.
use dafe::{
    metric::{Estimate, Named, NeParts, PckCurve},
    prelude::*,
};
use serde::Serialize;

use super::args::Args;

/// The file of numbers.
#[derive(Serialize)]
pub struct Numbers {
    #[serde(flatten)]
    pub summary: LandmarkSummary,
    /// The normalized error of the split's parts, with intervals. Not with a detector's boxes, in which there are no errors.
    pub ne_parts: Option<NeParts>,
    /// PCK by its threshold.
    pub pck: Option<PckCurve>,
    /// What leaving out the landmarks that the inferred category lacks would come to.
    /// Not with a detector's boxes, whose categories are the detector's.
    pub presence: Option<Named<Estimate>>,
}

impl Numbers {
    /// Everything that can be measured of what was found in `dataset`.
    pub fn of(
        report: &LandmarkReport,
        found: &Predictions,
        dataset: &dyn LandmarkDataset,
        args: &Args,
    ) -> Self {
        let (bootstrap, in_labelled_boxes) = (args.bootstrap(), args.boxes.is_none());
        let told = dataset.schema().categories().len() > 1 && in_labelled_boxes;
        Self {
            summary: report.summary_with(&bootstrap),
            ne_parts: in_labelled_boxes.then(|| report.ne_parts(&bootstrap)),
            pck: PckCurve::of(report.errors()).filter(|_| in_labelled_boxes),
            presence: told.then(|| found.presence(dataset).estimates(&bootstrap)),
        }
    }
}

/// What comes of inferring the category and leaving out the landmarks that it lacks.
pub fn print_presence(presence: &Named<Estimate>, trained: bool) {
    println!("\n{:<24}{:>9}   interval", "inferred category", "value");
    let titles = [
        ("right category", "right, of the samples"),
        ("false landmarks", "returned, of the absent landmarks (1 if all always are)"),
        ("missed landmarks", "left out, of the labelled ones (0 if all always are)"),
    ];
    for (name, meaning) in titles {
        if let Some(Estimate { value: Some(value), interval }) = presence.get(name) {
            let interval = interval.map_or(String::new(), |interval| {
                format!("{:.4} to {:.4}", interval.low, interval.high)
            });
            println!("{name:<24}{value:>9.4}   {interval:<18}   {meaning}");
        }
    }
    if !trained {
        println!(
            "the model was not trained for that (train_fld --empty-weight), so predict returns all landmarks"
        );
    }
}
