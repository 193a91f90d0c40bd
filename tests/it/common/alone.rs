//! Tests that have a process to themselves.
use std::{env, process::Command};

/// Names the test that a process was started for.
const VARIABLE: &str = "DAFE_TEST_ALONE";

/// Runs a test, named by its path with the program's name in front, in a process of its own: this
/// program over again.
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
    // A name that no test has would pass as well.
    let passed = output.status.success() && stdout.contains(" 1 passed;");
    assert!(passed, "{}\n{stdout}\n{stderr}", output.status);
}

/// A test of each function, in a process of its own: `alone::name`. Initial parameters come from a
/// generator that all threads of a process share, and some tests need the same ones twice.
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
