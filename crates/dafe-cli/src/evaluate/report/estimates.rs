//! Tables of the model's other estimates: categories, visibility and confidence.
use dafe::metric::{Estimate, Named, ReliabilityBin};

use super::{
    Measured,
    table::{Cell, Table},
};
use crate::evaluate::numbers::{
    CONFIDENCE_RATES, ConfidenceNumbers, PRESENCE_RATES, VisibilityNumbers,
};

pub fn tables(measured: &Measured<'_>) -> Vec<Table> {
    let numbers = measured.numbers;
    let mut tables = Vec::new();
    if let Some(presence) = &numbers.presence {
        tables.push(inferred(presence, measured.model.infers_category));
    }
    if let Some(visibility) = &numbers.visibility {
        let note = "Landmarks by their predicted probability of being visible.";
        let bins = reliability("Reliability of visibility", note, &visibility.reliability);
        tables.extend([visible_or_hidden(visibility), bins]);
    }
    if let Some(confidence) = &numbers.confidence {
        let note = "Visible landmarks by the predicted probability that they are off by at most \
                    0.2 of the box.";
        let bins = reliability("Reliability of confidence", note, &confidence.reliability);
        tables.extend([rendering_threshold(confidence), bins]);
    }
    tables
}

fn inferred(presence: &Named<Estimate>, trained: bool) -> Table {
    let note = match trained {
        true => {
            "Results with each sample's category inferred, and landmarks that it lacks left out."
        }
        false => {
            "Results if categories were inferred. The model was not trained for it, so all \
             landmarks are returned."
        }
    };
    let columns = ["rate", "#value", "#from", "#to", "what it is"];
    let mut table = Table::new("Inferred category", note, &columns);
    for (name, meaning) in PRESENCE_RATES {
        if let Some(estimate) = presence.get(name) {
            let cells = [Cell::text(name)].into_iter().chain(Cell::estimate(estimate));
            table.push(cells.chain([Cell::text(meaning)]));
        }
    }
    table
}

/// Balanced accuracy by landmark.
fn visible_or_hidden(numbers: &VisibilityNumbers) -> Table {
    let note = "Balanced accuracy: the mean of the fractions of visible and of hidden (occluded \
                or truncated) landmarks that are classified correctly. A constant answer has 0.5.";
    let columns = [
        "landmark",
        "#balanced accuracy",
        "#from",
        "#to",
        "#visible",
        "#correct",
        "#hidden",
        "#correct",
    ];
    let mut table = Table::new("Visible or hidden", note, &columns);
    let mut total = [0; 4];
    for (name, estimate) in numbers.by_landmark.iter() {
        let counts = numbers.counts.get(name).copied().unwrap_or_default();
        let counts = [counts.visible, counts.visible_found, counts.hidden, counts.hidden_found];
        total.iter_mut().zip(counts).for_each(|(total, count)| *total += count);
        let cells = [Cell::text(name)].into_iter().chain(Cell::estimate(estimate));
        table.push(cells.chain(counts.map(Cell::count)));
    }
    let all =
        [Cell::text("all landmarks")].into_iter().chain(Cell::estimate(&numbers.balanced_accuracy));
    table.push(all.chain(total.map(Cell::count)));
    table
}

/// How many incorrect and correct positions are rendered.
fn rendering_threshold(numbers: &ConfidenceNumbers) -> Table {
    let note = format!(
        "dafe detect renders landmarks from the score {:.2} on, which best separates correct \
         and incorrect positions on the validation split.",
        numbers.min_score
    );
    let columns = ["rate", "#value", "#from", "#to", "what it is", "#landmarks", "#rendered"];
    let mut table = Table::new("Rendering threshold", &note, &columns);
    let counts = &numbers.counts;
    let counts =
        [(counts.incorrect, counts.incorrect_rendered), (counts.correct, counts.correct_rendered)];
    for ((name, meaning), (all, rendered)) in CONFIDENCE_RATES.into_iter().zip(counts) {
        if let Some(estimate) = numbers.rates.get(name) {
            let cells = [Cell::text(name)].into_iter().chain(Cell::estimate(estimate));
            let counts = [all, rendered].map(Cell::count);
            table.push(cells.chain([Cell::text(meaning)]).chain(counts));
        }
    }
    table
}

/// The numbers of a reliability plot.
fn reliability(title: &str, note: &str, bins: &[ReliabilityBin]) -> Table {
    let columns = ["#from", "#to", "#landmarks", "#predicted probability", "#observed fraction"];
    let mut table = Table::new(title, note, &columns).folded();
    for bin in bins {
        let [low, high, probability, observed] = [bin.low, bin.high, bin.probability, bin.observed]
            .map(|value| Cell::number(Some(value)));
        table.push([low, high, Cell::count(bin.count), probability, observed]);
    }
    table
}
