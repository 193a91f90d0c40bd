//! What a build without a feature says of it.
use super::{dafe, run};

/// The error of a command that this build can't run.
fn refused(arguments: &[&str]) -> String {
    let output = run(dafe(arguments[0]).args(&arguments[1..]));
    let errors = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{arguments:?}: {errors}");
    assert_eq!(errors.lines().count(), 1, "{errors}");
    assert!(output.stdout.is_empty(), "said before anything is done");
    errors
}

#[test]
fn what_a_build_lacks_is_said_with_the_way_to_get_it() {
    let remote = "remote:127.0.0.1:1";
    for (feature, has_it, arguments) in [
        ("report", cfg!(feature = "report"), &["evaluate", "--bundled", "--report", "page"][..]),
        ("remote", cfg!(feature = "remote"), &["serve-devices", "--devices", "flex"]),
        ("remote", cfg!(feature = "remote"), &["train", "--devices", remote]),
        ("pytorch", cfg!(feature = "pytorch"), &["train", "--pretrained", "resnet50.pth"]),
        ("ndarray", cfg!(feature = "ndarray"), &["evaluate", "--bundled", "--device", "ndarray"]),
        (
            "cuda",
            cfg!(feature = "cuda"),
            &["detect", "--device", "cuda:0", env!("CARGO_BIN_EXE_dafe")],
        ),
        ("vulkan", cfg!(feature = "vulkan"), &["train", "--devices", "flex,vulkan"]),
        ("wgpu", cfg!(feature = "wgpu"), &["train", "--devices", "wgpu:1"]),
    ] {
        if !has_it {
            let error = refused(arguments);
            let install = format!("`cargo install dafe-cli --features {feature}`");
            assert!(error.starts_with("error: this build of dafe has no "), "{error}");
            assert!(error.contains(&install), "{error}");
        }
    }
}

/// The command is there, and its help says how to get it.
#[cfg(not(feature = "remote"))]
#[test]
fn devices_are_not_served_without_the_feature() {
    let help = run(dafe("serve-devices").arg("--help"));
    let help = String::from_utf8(help.stdout).unwrap();
    assert!(help.contains("cargo install dafe-cli --features remote"), "{help}");
}
