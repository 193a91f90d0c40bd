//! Every program explains its arguments.
use std::process::Command;

use super::succeed;

#[test]
fn every_program_has_help() {
    for program in [
        env!("CARGO_BIN_EXE_ablation"),
        env!("CARGO_BIN_EXE_decoding"),
        env!("CARGO_BIN_EXE_imagenet_check"),
        env!("CARGO_BIN_EXE_make_bundled"),
        env!("CARGO_BIN_EXE_measure"),
        env!("CARGO_BIN_EXE_pretraining"),
    ] {
        let help = succeed(Command::new(program).arg("--help"));
        assert!(help.contains("Usage:") && help.contains("Options:"), "{help}");
    }
}
