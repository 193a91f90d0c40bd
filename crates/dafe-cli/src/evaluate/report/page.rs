//! The data of the templates.
use base64::{Engine, engine::general_purpose::STANDARD};
use serde::Serialize;

use super::{
    Measured, cases,
    cases::Case,
    estimates, metrics, parts, plots,
    plots::Plot,
    provenance,
    provenance::Fact,
    samples::SampleErrors,
    table::{Table, grouped, number},
};
use crate::support::Outcome;

/// The number of worst and of best cases.
const CASES: usize = 12;

#[derive(Serialize)]
pub struct Page {
    title: String,
    headline: Headline,
    /// Caveats to read before the numbers.
    notices: Vec<String>,
    tables: Vec<Table>,
    plots: Vec<Plot>,
    worst: Vec<Case>,
    best: Vec<Case>,
    samples: Option<Table>,
    made: Vec<Fact>,
    recipe: Option<String>,
    measured: Vec<Fact>,
    /// The JSON file of numbers, in base64.
    numbers: String,
}

/// The headline number.
#[derive(Serialize)]
struct Headline {
    name: String,
    value: String,
    interval: Option<String>,
    /// What the number covers.
    of: String,
}

impl Page {
    pub fn of(measured: &Measured<'_>) -> Outcome<Self> {
        let errors = SampleErrors::of(measured);
        let mut tables: Vec<_> = metrics::headlines(measured).into_iter().collect();
        tables.extend(metrics::without_boxes(measured));
        tables.extend(parts::tables(measured));
        tables.extend(estimates::tables(measured));
        tables.extend(metrics::others(measured));
        Ok(Self {
            title: format!("{} on the {} split", measured.args.source().shown(), measured.split),
            headline: Headline::of(measured),
            notices: notices(measured),
            tables,
            plots: plots::all(measured)?,
            worst: cases::shown(measured, errors.worst(CASES))?,
            best: cases::shown(measured, errors.best(CASES))?,
            samples: errors.table(measured),
            made: provenance::of_model(measured),
            recipe: provenance::recipe(measured),
            measured: provenance::of_numbers(measured),
            numbers: STANDARD.encode(serde_json::to_vec_pretty(measured.numbers)?),
        })
    }
}

impl Headline {
    /// NE, or average precision if nothing else is measured.
    fn of(measured: &Measured<'_>) -> Self {
        let summary = &measured.numbers.summary;
        let ne = summary.headlines.get("NE").map(|ne| ("Normalized error (NE)", ne));
        let ap =
            |oks: &Option<dafe::metric::OksSummary>| oks.as_ref()?.headlines.get("AP").copied();
        let ap = ap(&summary.oks_visible_and_occluded);
        let (name, estimate) = match (ne.filter(|(_, ne)| ne.value.is_some()), &ap) {
            (Some(ne), _) => ne,
            (None, Some(ap)) => ("Average precision, visible and occluded landmarks", ap),
            (None, None) => {
                let (name, value) = ("Nothing is measured".to_string(), number(None));
                return Self { name, value, interval: None, of: of(measured) };
            }
        };
        let confidence = 100.0 * measured.args.bootstrap().confidence;
        let interval = estimate.interval.map(|interval| {
            let [low, high] = [interval.low, interval.high].map(|end| number(Some(end)));
            format!("{confidence} % interval {low} to {high}")
        });
        Self { name: name.to_string(), value: number(estimate.value), interval, of: of(measured) }
    }
}

fn of(measured: &Measured<'_>) -> String {
    let summary = &measured.numbers.summary;
    format!(
        "{} samples in {} images of the {} split",
        grouped(summary.samples),
        grouped(summary.images),
        measured.split
    )
}

fn notices(measured: &Measured<'_>) -> Vec<String> {
    let (args, summary) = (measured.args, &measured.numbers.summary);
    let mut notices = Vec::new();
    if measured.split != args.split {
        notices.push(format!(
            "There is no labeled {} split: measured on {} instead, which may have chosen the \
             model's epoch.",
            args.split, measured.split
        ));
    }
    if summary.not_finite > 0 {
        notices.push(format!(
            "{} landmarks have predicted positions that are not finite: they count as missed, and \
             as infinitely far off.",
            grouped(summary.not_finite)
        ));
    }
    if args.boxes.is_some() {
        notices.push(
            "Evaluated in a detector's boxes, which don't belong to labeled samples: only average \
             precision is measured."
                .to_string(),
        );
    }
    if args.resamples == 0 {
        notices.push("Measured without intervals (--resamples 0).".to_string());
    }
    let skipped = &measured.found.skipped;
    if !skipped.is_empty() {
        notices.push(format!(
            "{} samples are left out, as their images can't be read; the first: {}",
            grouped(skipped.len() as u64),
            skipped[0].reason
        ));
    }
    notices
}
