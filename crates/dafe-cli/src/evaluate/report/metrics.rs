//! Tables of the whole split's metrics, and of average precision.
use dafe::metric::{Estimate, Named, OksSummary, PrecisionRecall};

use super::{
    Measured,
    table::{Cell, Table, grouped},
};

/// The meaning of each headline.
const MEANINGS: [(&str, &str); 8] = [
    ("NE", "mean distance, each axis relative to the box's side; mean over landmarks"),
    ("PCK@0.05", "fraction closer than 0.05 of the box's longer side; mean over landmarks"),
    ("PCK@0.1", "the same for 0.1"),
    ("PCK@0.2", "the same for 0.2"),
    ("AUC", "area under the fraction of landmarks within a distance of up to 30 pixels"),
    ("EPE", "mean distance in pixels, over all landmarks together"),
    ("PDL area", "area under the fraction within a normalized distance of up to 0.2"),
    ("failure rate@0.2", "fraction of the samples whose mean normalized error is more than 0.2"),
];

/// Similarity thresholds of average precision.
const THRESHOLDS: [&str; 10] =
    ["0.50", "0.55", "0.60", "0.65", "0.70", "0.75", "0.80", "0.85", "0.90", "0.95"];

/// Tables of average precision, and of the plots' numbers.
pub fn others(measured: &Measured<'_>) -> Vec<Table> {
    let numbers = measured.numbers;
    let mut tables = Vec::new();
    let oks = [
        ("visible landmarks", &numbers.summary.oks_visible),
        ("visible and occluded landmarks", &numbers.summary.oks_visible_and_occluded),
    ];
    let oks = || oks.iter().filter_map(|(of, oks)| Some((of, oks.as_ref()?)));
    if let Some((_, first)) = oks().next() {
        let columns = ["metric", "#visible", "#from", "#to", "#visible + occluded", "#from", "#to"];
        let note = "By object keypoint similarity, as COCO and DeepFashion2 evaluate landmarks.";
        let mut table = Table::new("Average precision and recall", note, &columns);
        for (name, _) in first.headlines.iter() {
            let cells = oks().flat_map(|(_, oks)| oks.headlines.get(name).map(Cell::estimate));
            table.push([Cell::text(name)].into_iter().chain(cells.flatten()));
        }
        tables.push(table);
    }
    tables.extend(oks().map(|(of, oks)| by_threshold(of, oks)));
    tables.extend(curves(measured));
    tables
}

/// The headlines; `None` with a detector's boxes, for which errors are not measured.
pub fn headlines(measured: &Measured<'_>) -> Option<Table> {
    let summary = &measured.numbers.summary;
    let note = match summary.clipped_boxes {
        0 => "PCK uses boxes as labeled.".to_string(),
        all if all == summary.samples => "PCK uses boxes clipped to their images.".to_string(),
        some => format!("PCK uses boxes, {some} of which are clipped to their images."),
    };
    let mut table =
        Table::new("All metrics", note, &["metric", "#value", "#from", "#to", "what it is"]);
    for (name, estimate) in summary.headlines.iter().filter(|(_, one)| one.value.is_some()) {
        let meaning = MEANINGS.iter().find(|(known, _)| *known == name).map_or("", |one| one.1);
        let cells = [Cell::text(name)].into_iter().chain(Cell::estimate(estimate));
        table.push(cells.chain([Cell::text(meaning)]));
    }
    if let Some(inside) = summary.ne_inside_box {
        let estimate = Estimate { value: Some(inside), interval: None };
        let cells = [Cell::text("NE in the box only")].into_iter().chain(Cell::estimate(&estimate));
        table.push(cells.chain([Cell::text("without landmarks outside the labeled box")]));
    }
    table.unless_empty()
}

/// The same samples with and without their boxes.
pub fn without_boxes(measured: &Measured<'_>) -> Option<Table> {
    let both = measured.numbers.without_boxes.as_ref()?;
    let note = format!(
        "{} samples: in each image, the one with the largest box. Without a box, the detector \
         first searches the whole image, then the regions around the landmarks.",
        grouped(both.samples)
    );
    let columns = ["metric", "#labeled box", "#from", "#to", "#no box", "#from", "#to"];
    let mut table = Table::new("With and without the labeled box", note, &columns);
    for (name, in_box) in both.in_labeled_boxes.iter() {
        let Some(without) = both.without_boxes.get(name) else { continue };
        let cells = [in_box, without].into_iter().flat_map(Cell::estimate);
        table.push([Cell::text(name)].into_iter().chain(cells));
    }
    table.unless_empty()
}

/// Average precision by area, category and threshold, before averaging.
fn by_threshold(of: &str, oks: &OksSummary) -> Table {
    let title = format!("Average precision of {of}, by similarity threshold");
    let columns = ["samples", "#threshold", "#precision", "#recall"];
    let mut table = Table::new(title, "Samples by area, then by category.", &columns).folded();
    let mut rows = |kind: &str, parts: &Named<Option<PrecisionRecall>>| {
        for (name, found) in parts.iter().filter_map(|(name, found)| Some((name, (*found)?))) {
            for ((threshold, precision), recall) in
                THRESHOLDS.iter().zip(found.precision).zip(found.recall)
            {
                let at = Cell { text: threshold.to_string(), key: Some(threshold.to_string()) };
                let values = [precision, recall].map(|value| Cell::number(Some(value)));
                table.push([Cell::text(format!("{kind} {name}")), at].into_iter().chain(values));
            }
        }
    };
    rows("area:", &oks.by_area);
    rows("category:", &oks.by_category);
    table
}

/// The numbers of the plots.
fn curves(measured: &Measured<'_>) -> Option<Table> {
    let columns = ["#distance", "#PDL", "#PCK"];
    let note = "The fractions of landmarks that are closer: by the normalized distance (PDL), and \
                by the distance over the box's longer side (PCK).";
    let mut table = Table::new("The curves' numbers", note, &columns).folded();
    let (pdl, pck) = (measured.numbers.summary.pdl.as_ref()?, measured.numbers.pck.as_ref()?);
    for ((distance, pdl), pck) in pdl.distances.iter().zip(&pdl.fractions).zip(&pck.fractions) {
        table.push([distance, pdl, pck].map(|value| Cell::number(Some(*value))));
    }
    Some(table)
}
