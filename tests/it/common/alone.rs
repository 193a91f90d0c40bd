//! Tests that run in a separate process.
use std::{env, process::Command};

/// The name of the test that a process was started for.
const VARIABLE: &str = "DAFE_TEST_ALONE";

/// Runs a test in a separate process of this program. `path` is the test's path, including the
/// program's name.
pub fn run(path: &str, test: fn()) {
    if env::var_os(VARIABLE).is_some_and(|started| started == path) {
        return test();
    }
    let (_, name) = path.split_once("::").unwrap();
    let output = Command::new(env::current_exe().unwrap())
        .args(["--exact", name, "--nocapture", "--test-threads", "1"])
        .env(VARIABLE, path)
        .output()
        .unwrap();
    let [stdout, stderr] =
        [&output.stdout, &output.stderr].map(|text| String::from_utf8_lossy(text));
    // A process without any matching test would succeed as well.
    let passed = output.status.success() && stdout.contains(" 1 passed;");
    assert!(passed, "{}\n{stdout}\n{stderr}", output.status);
}

/// Declares a test for each function that runs in a separate process: `alone::name`. Initial
/// parameters come from a generator shared by all threads of a process, and some tests need the
/// same ones twice.
macro_rules! alone {
    ($($(#[$attribute:meta])* $test:ident),+ $(,)?) => {
        mod alone {
            $($(#[$attribute])*
            #[test]
            fn $test() {
                let path = concat!(module_path!(), "::", stringify!($test));
                $crate::common::alone::run(path, super::$test);
            })+
        }
    };
}
pub(crate) use alone;
