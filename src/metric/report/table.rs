//! A report as text for the terminal.
use std::fmt;

use super::summary::LandmarkSummary;
use crate::{
    metric::{Estimate, Interval, Named},
    table::{
        Column::{Left, Right},
        Table,
    },
};

/// With more landmarks than this, they are only listed in the alternate form.
const MANY: usize = 60;

/// The widths of a name and of a number.
const NAME: usize = 24;
const NUMBER: usize = 9;

/// The width of a column of counts.
const COUNT: usize = 12;

/// Formats headlines with intervals, then breakdowns, then the normalized error by landmark. With
/// more than 60 landmarks, as in DeepFashion2, landmarks are only listed in the alternate form,
/// `{:#}`.
///
/// Errors are left out if only average precision can be measured, as for the boxes of a detector.
impl fmt::Display for LandmarkSummary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{} samples in {} images", self.samples, self.images)?;
        let errors = self.has_errors();
        if errors {
            let mut all = headlines("all", &self.headlines);
            all.row(["NE in the box only".into(), cell(self.ne_inside_box)]);
            write!(f, "\n{all}")?;
            match self.clipped_boxes {
                0 => writeln!(f, "PCK uses boxes as labeled")?,
                clipped if clipped == self.samples => {
                    writeln!(f, "PCK uses boxes clipped to their images")?
                }
                clipped => {
                    writeln!(f, "PCK uses boxes, {clipped} of them clipped to their images")?
                }
            }
            if self.not_finite > 0 {
                writeln!(f, "predicted positions that are not finite: {}", self.not_finite)?;
            }
        }
        for (title, oks) in [
            ("visible", &self.oks_visible),
            ("visible and occluded", &self.oks_visible_and_occluded),
        ] {
            if let Some(oks) = oks {
                write!(f, "\n{}", headlines(title, &oks.headlines))?;
            }
        }
        if !self.ne_by_category.is_empty() {
            write!(f, "\n{}", self.categories())?;
        }
        if !errors {
            return Ok(());
        }
        for (title, groups) in
            [("variation type", &self.ne_by_variation), ("visibility", &self.ne_by_visibility)]
        {
            if !groups.is_empty() {
                write!(f, "\n{}", errors_of(title, groups))?;
            }
        }
        self.landmarks(f)
    }
}

impl LandmarkSummary {
    /// Whether to show landmark errors: if there are any, or if there is nothing else to show.
    fn has_errors(&self) -> bool {
        let any = |values: &Named<Estimate>| values.values().any(|e| e.value.is_some());
        let oks = [&self.oks_visible, &self.oks_visible_and_occluded];
        any(&self.headlines) || !oks.into_iter().flatten().any(|oks| any(&oks.headlines))
    }

    /// A line per category: its errors, if there are any, and its average precision.
    fn categories(&self) -> Table {
        let of = |groups: &Named<Option<f64>>, name: &str| groups.get(name).copied().flatten();
        let errors = [
            ("NE", &self.ne_by_category),
            ("PCK@0.2", &self.pck_by_category),
            ("AUC", &self.auc_by_category),
            ("EPE", &self.epe_by_category),
        ];
        let errors = if self.has_errors() { &errors[..] } else { &[] };
        let oks = [("AP vis", &self.oks_visible), ("AP v+o", &self.oks_visible_and_occluded)];
        let oks = oks.map(|(title, oks)| oks.as_ref().map(|oks| (title, &oks.by_category)));
        let oks: Vec<_> = oks.into_iter().flatten().collect();

        let numbers = errors.len() + oks.len();
        let mut table = Table::new([Left(NAME)].into_iter().chain(vec![Right(NUMBER); numbers]));
        let titles =
            errors.iter().map(|(title, _)| *title).chain(oks.iter().map(|(title, _)| *title));
        table.row(["category"].into_iter().chain(titles));
        for name in self.ne_by_category.keys() {
            let errors = errors.iter().map(|(_, groups)| cell(of(groups, name)));
            let precision = oks.iter().map(|(_, found)| {
                let found = found.get(name).and_then(Option::as_ref);
                cell(found.map(|found| found.ap()))
            });
            table.row([name.clone()].into_iter().chain(errors).chain(precision));
        }
        table
    }

    /// A line per landmark: its error, the number of scored instances, and how many of them are in
    /// the box.
    fn landmarks(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let counts = self.counts.values().zip(self.counts_inside_box.values());
        let scored: Vec<_> = (self.ne_per_landmark.iter().zip(counts))
            .filter_map(|((name, &ne), (count, inside))| Some((name, ne?, count, inside)))
            .collect();
        if scored.is_empty() || (scored.len() > MANY && !f.alternate()) {
            return Ok(());
        }
        let mut table = Table::new([Left(NAME), Right(NUMBER), Right(NUMBER), Right(COUNT)]);
        table.row(["landmark", "NE", "scored", "in the box"]);
        for (name, ne, count, inside) in scored {
            table.row([name.clone(), cell(Some(ne)), count.to_string(), inside.to_string()]);
        }
        write!(f, "\n{table}")
    }
}

/// Values with their intervals.
fn headlines(title: &str, values: &Named<Estimate>) -> Table {
    let mut table = Table::new([Left(NAME), Right(NUMBER), Left(0)]);
    table.row([title, "value", "   interval"]);
    for (name, Estimate { value, interval }) in values {
        let interval = interval.map(|Interval { low, high }| format!("   {low:.4} to {high:.4}"));
        table.row([name.clone(), cell(*value), interval.unwrap_or_default()]);
    }
    table
}

/// The normalized error by group.
fn errors_of(title: &str, groups: &Named<Option<f64>>) -> Table {
    let mut table = Table::new([Left(NAME), Right(NUMBER)]);
    table.row([title, "NE"]);
    groups.iter().for_each(|(name, &ne)| table.row([name.clone(), cell(ne)]));
    table
}

fn cell(value: Option<f64>) -> String {
    value.map_or("-".to_string(), |value| format!("{value:.4}"))
}
