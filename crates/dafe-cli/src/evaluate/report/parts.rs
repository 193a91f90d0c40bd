//! Tables of the split's parts: by landmark, category, variation type and visibility.
use dafe::metric::{Epe, Named, NePart, Pck};

use super::{
    Measured,
    table::{Cell, Table},
};

pub fn tables(measured: &Measured<'_>) -> Vec<Table> {
    let Some(parts) = &measured.numbers.ne_parts else {
        return categories(measured, None).into_iter().collect();
    };
    let mut tables = Vec::new();
    tables.extend(landmarks(measured, &parts.landmarks));
    tables.extend(categories(measured, Some(&parts.categories)));
    for (title, column, parts) in [
        ("By variation type", "variation type", &parts.variations),
        ("By visibility", "visibility", &parts.visibilities),
    ] {
        let columns = [column, "#NE", "#from", "#to", "#samples", "#landmarks"];
        let mut table = Table::new(title, "", &columns);
        parts.iter().for_each(|(name, part)| table.push(row(name, part)));
        tables.extend(table.unless_empty());
    }
    tables
}

/// The name, NE with its interval, and the counts.
fn row(name: &str, part: &NePart) -> impl Iterator<Item = Cell> {
    let counts = [part.samples, part.landmarks].map(Cell::count);
    [Cell::text(name)].into_iter().chain(Cell::estimate(&part.ne)).chain(counts)
}

fn landmarks(measured: &Measured<'_>, parts: &Named<NePart>) -> Option<Table> {
    let (summary, errors) = (&measured.numbers.summary, measured.report.errors());
    let pck = errors.means(&Pck { threshold: 0.1 }).per_landmark();
    let epe = errors.means(&Epe).per_landmark();
    let columns = ["landmark", "#NE", "#from", "#to", "#PCK@0.1", "#EPE", "#scored", "#in the box"];
    let note = "Landmarks without labels are left out. PCK and EPE also count occluded landmarks.";
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

/// Errors, if they are measured, and average precision, if the landmarks have sigmas.
fn categories(measured: &Measured<'_>, parts: Option<&Named<NePart>>) -> Option<Table> {
    let summary = &measured.numbers.summary;
    let errors = [
        ("#PCK@0.2", &summary.pck_by_category),
        ("#AUC", &summary.auc_by_category),
        ("#EPE", &summary.epe_by_category),
    ];
    let oks = [
        ("#AP visible", &summary.oks_visible),
        ("#AP vis. + occ.", &summary.oks_visible_and_occluded),
    ];
    let oks: Vec<_> = oks.iter().filter_map(|(title, oks)| Some((*title, oks.as_ref()?))).collect();
    let mut columns = vec!["category"];
    if parts.is_some() {
        columns.extend(["#NE", "#from", "#to", "#samples", "#landmarks"]);
        columns.extend(errors.iter().map(|(title, _)| *title));
    }
    columns.extend(oks.iter().map(|(title, _)| *title));
    let mut table = Table::new("By category", "", &columns);
    for (name, _) in summary.ne_by_category.iter().filter(|_| columns.len() > 1) {
        let mut cells: Vec<Cell> = match parts.and_then(|parts| parts.get(name)) {
            Some(part) => row(name, part).collect(),
            None => vec![Cell::text(name)],
        };
        if parts.is_some() {
            let of = |values: &Named<Option<f64>>| values.get(name).copied().flatten();
            cells.extend(errors.map(|(_, values)| Cell::number(of(values))));
        }
        cells.extend(oks.iter().map(|(_, oks)| {
            let found = oks.by_category.get(name).and_then(Option::as_ref);
            Cell::number(found.map(|found| found.ap()))
        }));
        table.push(cells);
    }
    table.unless_empty()
}
