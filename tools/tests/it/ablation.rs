//! The comparison of decoders.
use std::{fs, process::Command};

use serde_json::Value;

use super::{fail, json, succeed, tree};

#[test]
fn decoders_are_compared_and_done_runs_are_not_done_again() {
    let folder = tempfile::tempdir().unwrap();
    let (tree_at, out) = (folder.path().join("tree"), folder.path().join("ablation"));
    tree(&tree_at);
    let ablation = || {
        let mut command = Command::new(env!("CARGO_BIN_EXE_ablation"));
        command.args(["--variants", "transposed,dafe-no-spatial,transposed", "--epochs", "1"]);
        command.args(["--seeds", "2", "--timed-steps", "1"]);
        command.arg("--data").arg(&tree_at).arg("--out").arg(&out);
        command
    };
    let printed = succeed(&mut ablation());
    assert!(printed.contains("| `dafe`: DAFE as in the paper |"), "{printed}");
    let numbers = |table: &Value| -> Vec<(String, Vec<f64>)> {
        let rows = table["rows"].as_array().unwrap().iter();
        rows.map(|row| {
            let ne = row["ne"].as_array().unwrap().iter().map(|ne| ne.as_f64().unwrap());
            (row["variant"].as_str().unwrap().to_string(), ne.collect())
        })
        .collect()
    };
    let table = json(out.join("ablation.json"));
    let first = numbers(&table);
    let names: Vec<&str> = first.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["dafe", "transposed", "dafe-no-spatial"]);
    assert!(first.iter().all(|(_, ne)| ne.len() == 2));
    // The paired difference is the mean of the differences; its interval is t(1) = 12.706 standard
    // deviations over √2.
    let (dafe, other) = (&first[0].1, &first[1].1);
    let paired = [other[0] - dafe[0], other[1] - dafe[1]];
    let mean = (paired[0] + paired[1]) / 2.0;
    let half = 12.706 * ((paired[0] - mean).powi(2) * 2.0).sqrt() / 2f64.sqrt();
    let difference = &table["rows"][1]["difference"];
    assert!((difference["mean"].as_f64().unwrap() - mean).abs() < 1e-12);
    assert!((difference["half_interval"].as_f64().unwrap() - half).abs() < 1e-9 * half);

    let weights = out.join("transposed/seed-1/model.safetensors");
    let made = fs::metadata(&weights).unwrap().modified().unwrap();
    succeed(&mut ablation());
    assert_eq!(fs::metadata(&weights).unwrap().modified().unwrap(), made);
    assert_eq!(numbers(&json(out.join("ablation.json"))), first);
    let error = fail(ablation().args(["--preset", "small"]));
    assert!(error.contains("another configuration"), "{error}");
}
