//! How the model was made, and how it was evaluated.
use std::env;

use dafe::{detector::DataOrigin, metric::VisibilityRule};
use serde::Serialize;

use super::{Measured, table::grouped};

/// A row of a two-column table.
#[derive(Serialize)]
pub struct Fact {
    name: &'static str,
    text: String,
}

fn fact(name: &'static str, text: impl ToString) -> Fact {
    Fact { name, text: text.to_string() }
}

/// The text where the model's file has no information.
const UNKNOWN: &str = "unknown: the model's file does not say";

/// How the model was made.
pub fn of_model(measured: &Measured<'_>) -> Vec<Fact> {
    let model = measured.model;
    let input = model.codec.input_size();
    let cost = model.model.summary(input).total();
    let mut facts = vec![
        fact("model", measured.args.source().shown()),
        fact("decoder", model.model.decoder),
        fact("input", format!("{} × {} pixels", input[0], input[1])),
        fact("parameters", grouped(cost.parameters)),
        fact("landmarks", model.schema.len()),
    ];
    let Some(origin) = &model.origin else {
        let unknown = ["written by", "epoch", "seed", "training data"];
        facts.extend(unknown.map(|name| fact(name, UNKNOWN)));
        return facts;
    };
    let seed = origin.recipe.get("seed").map_or(UNKNOWN.to_string(), |seed| seed.to_string());
    facts.push(fact("written by", format!("dafe {}", origin.crate_version)));
    facts.push(fact("epoch", origin.epoch));
    facts.push(fact("seed", seed));
    for DataOrigin { split, samples, sha256 } in &origin.data {
        let samples = grouped(*samples as u64);
        facts.push(fact(
            "data",
            format!("{split}: {samples} samples, SHA-256 of annotations {sha256}"),
        ));
    }
    facts
}

/// The whole recipe as JSON, if the model's file has it.
pub fn recipe(measured: &Measured<'_>) -> Option<String> {
    serde_json::to_string_pretty(&measured.model.origin.as_ref()?.recipe).ok()
}

/// How the numbers were measured.
pub fn of_numbers(measured: &Measured<'_>) -> Vec<Fact> {
    let (args, bootstrap) = (measured.args, measured.args.bootstrap());
    let decoding = measured.model.decoding();
    let yes = |is: bool| if is { "yes" } else { "no" };
    let protocol = args.protocol();
    let scored = match (protocol.visibility, protocol.inside_box_only) {
        (VisibilityRule::Visible, false) => "visible landmarks",
        (VisibilityRule::Visible, true) => "visible landmarks in the labeled box",
        (_, false) => "visible and occluded landmarks",
        (_, true) => "visible and occluded landmarks in the labeled box",
    };
    let boxes = match &args.boxes {
        None => "labeled".to_string(),
        Some(path) => format!("a detector's, from {}", path.display()),
    };
    let intervals = match bootstrap.resamples {
        0 => "none".to_string(),
        resamples => format!(
            "{} %, percentile bootstrap over images, {} resamples, seed {}",
            100.0 * bootstrap.confidence,
            grouped(resamples as u64),
            bootstrap.seed
        ),
    };
    vec![
        fact("dataset", measured.root.display()),
        fact("split", measured.split),
        fact("boxes", boxes),
        fact("heatmap decoding", decoding.refinement),
        fact("flip test", yes(decoding.flip_test)),
        fact("landmarks in NE", scored),
        fact("intervals", intervals),
        fact("device", &args.device),
        fact("measured by", concat!("dafe ", env!("CARGO_PKG_VERSION"))),
        fact("command", command()),
    ]
}

/// The command line, quoted for a shell.
fn command() -> String {
    let words = env::args_os().skip(1).map(|word| {
        let word = word.to_string_lossy().into_owned();
        let plain = |c: char| c.is_alphanumeric() || "-_=./:,+@%{}".contains(c);
        match !word.is_empty() && word.chars().all(plain) {
            true => word,
            false => format!("'{}'", word.replace('\'', r"'\''")),
        }
    });
    ["dafe".to_string()].into_iter().chain(words).collect::<Vec<_>>().join(" ")
}
