//! Tables of the split's parts: by landmark, category, variation type and visibility.
use dafe::metric::{EndPointError, Named, NePart, Pck};

use super::{
    Measured,
    table::{Cell, Table},
};

pub fn tables(measured: &Measured<'_>) -> Vec<Table> {
    let summary = &measured.numbers.summary;
    let mut tables = Vec::new();
    if let Some(parts) = &measured.numbers.ne_parts {
        tables.extend(landmarks(measured, &parts.landmarks));
        tables.extend(categories(measured, &parts.categories));
        let plain = [
            ("By variation type", "variation type", &parts.variations),
            ("By visibility", "visibility", &parts.visibilities),
        ];
        for (title, column, parts) in plain {
            let columns = [column, "#NE", "#from", "#to", "#samples", "#landmarks"];
            let mut table = Table::new(title, "", &columns);
            parts.iter().for_each(|(name, part)| table.push(row(name, part)));
            tables.extend(table.unless_empty());
        }
    } else if summary.oks_visible.is_some() {
        tables.extend(categories(measured, &Named::from_iter([("", NONE); 0])));
    }
    tables
}

/// A name that no sample has.
const NONE: NePart =
    NePart { samples: 0, landmarks: 0, ne: dafe::metric::Estimate { value: None, interval: None } };

/// Name, NE with its interval, and what it is of.
fn row(name: &str, part: &NePart) -> impl Iterator<Item = Cell> {
    let counts = [part.samples, part.landmarks].map(Cell::count);
    [Cell::text(name)].into_iter().chain(Cell::estimate(&part.ne)).chain(counts)
}

fn landmarks(measured: &Measured<'_>, parts: &Named<NePart>) -> Option<Table> {
    let (summary, errors) = (&measured.numbers.summary, measured.report.errors());
    let pck = errors.means(&Pck { threshold: 0.1 }).per_landmark();
    let epe = errors.means(&EndPointError).per_landmark();
    let columns = ["landmark", "#NE", "#from", "#to", "#PCK@0.1", "#EPE", "#scored", "#in the box"];
    let note = "Landmarks of which none is labelled are left out. PCK and EPE count occluded landmarks, too.";
    let mut table = Table::new("By landmark", note, &columns);
    let inside = summary.counts_inside_box.iter().map(|(_, &count)| count);
    for (((name, part), inside), (pck, epe)) in
        parts.iter().zip(inside).zip(pck.into_iter().zip(epe))
    {
        if pck.is_none() && epe.is_none() {
            continue;
        }
        let counts = [summary.counts.get(name).copied().unwrap_or(0), inside].map(Cell::count);
        let cells = [Cell::text(name)].into_iter().chain(Cell::estimate(&part.ne));
        table.push(cells.chain([pck, epe].map(Cell::number)).chain(counts));
    }
    table.unless_empty()
}

fn categories(measured: &Measured<'_>, parts: &Named<NePart>) -> Option<Table> {
    let summary = &measured.numbers.summary;
    let oks = [
        ("AP visible", &summary.oks_visible),
        ("AP vis. + occ.", &summary.oks_visible_and_occluded),
    ]
    .map(|(title, oks)| oks.as_ref().map(|oks| (title, oks)));
    let errors = [
        ("PCK@0.2", &summary.pck_by_category),
        ("AUC", &summary.auc_by_category),
        ("EPE", &summary.epe_by_category),
    ];
    let with_errors = !parts.is_empty();
    let mut columns = vec!["category".to_string()];
    if with_errors {
        columns.extend(["#NE", "#from", "#to", "#samples", "#landmarks"].map(String::from));
        columns.extend(errors.iter().map(|(title, _)| format!("#{title}")));
    }
    columns.extend(oks.iter().flatten().map(|(title, _)| format!("#{title}")));
    let columns: Vec<_> = columns.iter().map(String::as_str).collect();
    let mut table = Table::new("By category", "", &columns);
    for (name, _) in summary.ne_by_category.iter() {
        let mut cells = match parts.get(name) {
            Some(part) if with_errors => row(name, part).collect(),
            _ => vec![Cell::text(name)],
        };
        if with_errors {
            let of = |values: &Named<Option<f64>>| values.get(name).copied().flatten();
            cells.extend(errors.map(|(_, values)| Cell::number(of(values))));
        }
        for (_, oks) in oks.iter().flatten() {
            let found = oks.by_category.get(name).and_then(Option::as_ref);
            cells.push(Cell::number(found.map(|found| found.ap())));
        }
        table.push(cells);
    }
    table.unless_empty()
}
