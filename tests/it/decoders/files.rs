//! Refinements in files, and with numbers.
use dafe::prelude::*;

use super::support::*;

#[test]
fn files_of_refinements_load() {
    let read = |json: &str| serde_json::from_str::<Refinement>(json).unwrap();
    let soft = |window| Refinement::SoftArgmax { temperature: 0.5, window };
    for (json, expected) in [
        (r#""none""#, Refinement::None),
        (r#""quarter-offset""#, Refinement::QuarterOffset),
        (r#""mmpose-quarter-offset""#, Refinement::MmposeQuarterOffset),
        (r#""dark:17""#, Refinement::Dark { kernel: 17 }),
        (r#""mmpose-dark:17""#, Refinement::MmposeDark { kernel: 17 }),
        (r#""dark-udp:17""#, Refinement::DarkUdp { kernel: 17 }),
        (r#""soft-argmax:0.5:7""#, soft(Some(7))),
        // Omitted numbers have their defaults.
        (r#""soft-argmax:0.5""#, soft(Some(11))),
        (r#""soft-argmax:0.5:all""#, soft(None)),
        (r#""dark""#, Refinement::Dark { kernel: 11 }),
    ] {
        assert_eq!(read(json), expected, "{json}");
    }
    for refinement in Refinement::ALL.iter().copied().chain([soft(None)]) {
        let json = serde_json::to_string(&refinement).unwrap();
        assert_eq!(json, format!("\"{refinement}\""));
        assert_eq!(read(&json), refinement);
    }
    for (json, reason) in [
        (r#""dark:4""#, "odd number of cells"),
        (r#""darker""#, "unknown refinement 'darker'"),
        (r#""QuarterOffset""#, "unknown refinement 'QuarterOffset'"),
        (r#"{"Dark": {"kernel": 11}}"#, "expected a string"),
        ("11", "expected a string"),
    ] {
        let error = serde_json::from_str::<Refinement>(json).unwrap_err().to_string();
        assert!(error.contains(reason), "{json}: {error}");
    }
}

#[test]
#[should_panic(expected = "dark needs an odd number of cells up to 49, not 4")]
fn impossible_kernels_are_refused() {
    let codec = cells([8, 6], 1.0);
    codec.decode(Tensor::zeros([1, 1, 6, 8], &Device::flex()), Refinement::Dark { kernel: 4 });
}
