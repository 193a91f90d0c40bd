//! The comparison of heatmap decoders.
use std::process::Command;

use super::{fail, succeed};

fn decoding() -> Command {
    Command::new(env!("CARGO_BIN_EXE_decoding"))
}

#[test]
fn ways_to_decode_are_compared() {
    let table = succeed(decoding().args(["--places", "20", "--refinements", "none,dark:7"]));
    assert_eq!(table.matches("| `none` |").count(), 3, "{table}");
    assert_eq!(table.matches("| `dark:7` |").count(), 3, "{table}");
    let error = fail(decoding().args(["--refinements", "darker"]));
    assert!(error.contains("unknown refinement 'darker'"), "{error}");
    assert!(fail(decoding().args(["--noise", "2"])).contains("no number from 0 to 1"));
}
