//! A report as text, to be read in a terminal.
use std::fmt;

use super::{Estimate, LandmarkSummary, Named};
use crate::metric::Interval;

/// Characters that a line of landmarks may have: FLD's eight fit into one.
const WIDTH: usize = 160;

/// Landmarks of which no more are shown unasked.
const MANY: usize = 60;

/// Characters that a line's title has.
const TITLE: usize = 12;

/// Headlines with their intervals, then the breakdowns, then the normalized error of each landmark that was scored; of more
/// than 60 landmarks, as DeepFashion2's, only in the alternate form, `{:#}`.
///
/// Errors are left out where average precision is all that can be scored, as on a detector's boxes.
impl fmt::Display for LandmarkSummary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{} samples in {} pictures", self.samples, self.pictures)?;
        let errors = self.has_errors();
        if errors {
            headlines(f, "all", &self.headlines)?;
            writeln!(f, "{:<24}{:>9}", "NE in the box only", cell(self.ne_inside_box))?;
            match self.clipped_boxes {
                0 => writeln!(f, "PCK of boxes as labelled")?,
                clipped if clipped == self.samples => {
                    writeln!(f, "PCK of boxes clipped to pictures")?
                }
                clipped => writeln!(f, "PCK of boxes {clipped} of which are clipped to pictures")?,
            }
            if self.not_finite > 0 {
                writeln!(f, "predicted at no finite position: {}", self.not_finite)?;
            }
        }
        for (title, oks) in [
            ("visible", &self.oks_visible),
            ("visible and occluded", &self.oks_visible_and_occluded),
        ] {
            if let Some(oks) = oks {
                headlines(f, title, &oks.headlines)?;
            }
        }
        self.categories(f)?;
        if !errors {
            return Ok(());
        }
        for (title, groups) in
            [("variation type", &self.ne_by_variation), ("visibility", &self.ne_by_visibility)]
        {
            if !groups.is_empty() {
                writeln!(f, "\n{title:<24}{:>9}", "NE")?;
            }
            for (name, &ne) in groups.iter() {
                writeln!(f, "{name:<24}{:>9}", cell(ne))?;
            }
        }
        self.landmarks(f)
    }
}

impl LandmarkSummary {
    /// Whether there is any error of a landmark, or nothing else to be shown.
    fn has_errors(&self) -> bool {
        let any = |values: &Named<Estimate>| values.iter().any(|(_, e)| e.value.is_some());
        let oks = [&self.oks_visible, &self.oks_visible_and_occluded];
        any(&self.headlines) || !oks.into_iter().flatten().any(|oks| any(&oks.headlines))
    }

    fn categories(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.ne_by_category.is_empty() {
            return Ok(());
        }
        write!(f, "\n{:<24}", "category")?;
        let errors = self.has_errors();
        for title in ["NE", "PCK@0.2", "AUC", "EPE"].iter().filter(|_| errors) {
            write!(f, "{title:>9}")?;
        }
        let oks = [("AP vis", &self.oks_visible), ("AP v+o", &self.oks_visible_and_occluded)]
            .map(|(title, oks)| oks.as_ref().map(|oks| (title, oks)));
        for (title, _) in oks.iter().flatten() {
            write!(f, "{title:>9}")?;
        }
        writeln!(f)?;
        for (name, &ne) in self.ne_by_category.iter() {
            let of = |groups: &Named<Option<f64>>| groups.get(name).copied().flatten();
            write!(f, "{name:<24}")?;
            let (pck, auc, epe) =
                (of(&self.pck_by_category), of(&self.auc_by_category), of(&self.epe_by_category));
            for value in [ne, pck, auc, epe].into_iter().filter(|_| errors) {
                write!(f, "{:>9}", cell(value))?;
            }
            for (_, oks) in oks.iter().flatten() {
                let found = oks.by_category.get(name).and_then(Option::as_ref);
                write!(f, "{:>9}", cell(found.map(|found| found.ap())))?;
            }
            writeln!(f)?;
        }
        Ok(())
    }

    /// The paper's columns, as many as fit; under each landmark how many instances were scored, and how many of those
    /// are in the box.
    fn landmarks(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let count =
            |counts: &Named<u64>| counts.iter().map(|(_, &count)| count).collect::<Vec<_>>();
        let (counts, inside) = (count(&self.counts), count(&self.counts_inside_box));
        let scored: Vec<_> = (self.ne_per_landmark.iter().zip(counts).zip(inside))
            .filter_map(|(((name, &ne), count), inside)| Some((name, ne?, count, inside)))
            .collect();
        if scored.len() > MANY && !f.alternate() {
            return Ok(());
        }
        // Names are as long as "short-sleeve-outwear 31".
        let longest = scored.iter().map(|(name, ..)| name.chars().count()).max().unwrap_or(0);
        let width = longest.max(7) + 2;
        for line in scored.chunks(((WIDTH - TITLE) / width).max(1)) {
            write!(f, "\n{:<TITLE$}", "landmark")?;
            line.iter().try_for_each(|(name, ..)| write!(f, "{name:>width$}"))?;
            write!(f, "\n{:<TITLE$}", "NE")?;
            line.iter().try_for_each(|(_, ne, ..)| write!(f, "{ne:>width$.4}"))?;
            write!(f, "\n{:<TITLE$}", "scored")?;
            line.iter().try_for_each(|(_, _, count, _)| write!(f, "{count:>width$}"))?;
            write!(f, "\n{:<TITLE$}", "in the box")?;
            line.iter().try_for_each(|(.., inside)| write!(f, "{inside:>width$}"))?;
            writeln!(f)?;
        }
        Ok(())
    }
}

fn headlines(f: &mut fmt::Formatter<'_>, title: &str, values: &Named<Estimate>) -> fmt::Result {
    writeln!(f, "\n{title:<24}{:>9}   interval", "value")?;
    for (name, Estimate { value, interval }) in values.iter() {
        write!(f, "{name:<24}{:>9}", cell(*value))?;
        if let Some(Interval { low, high }) = interval {
            write!(f, "   {low:.4} to {high:.4}")?;
        }
        writeln!(f)?;
    }
    Ok(())
}

fn cell(value: Option<f64>) -> String {
    value.map_or("-".to_string(), |value| format!("{value:.4}"))
}
