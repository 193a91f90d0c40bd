//! A page in a browser without a window: Chromium, where there is one.
use std::{
    env,
    ffi::OsString,
    fs::{self, File},
    path::Path,
    process::{Command, Stdio},
    thread::sleep,
    time::{Duration, Instant},
};

use serde::Deserialize;

/// After which a browser hangs.
const PATIENCE: Duration = Duration::from_secs(120);

/// Catches errors, tries what a reader does, and leaves what it found in the page.
const PROBE: &str = include_str!("probe.js");

/// What the probe found.
#[derive(Debug, Deserialize)]
struct Findings {
    /// Errors of scripts, and what was written to the console as such.
    errors: Vec<String>,
    images: usize,
    /// Images that were not loaded.
    broken: Vec<String>,
    /// Columns that were sorted up and down.
    sorted: usize,
    /// Columns that were not as they should be afterwards.
    unsorted: Vec<String>,
    /// What was wider than a phone's screen.
    wide: Vec<String>,
}

/// Opens the page and tries it, where there is a browser; says so where there is none.
pub fn check(page: &str) {
    let Some(browser) = browser() else {
        eprintln!("no browser: DAFE_CHROMIUM names none, and there is no chromium in PATH");
        return;
    };
    let (found, console) = findings(&browser, page);
    assert!(console.is_empty(), "{console:?}");
    let problems = [&found.errors, &found.broken, &found.unsorted, &found.wide];
    assert!(problems.iter().all(|problems| problems.is_empty()), "{found:?}");
    assert!(found.sorted >= 5, "{found:?}");
    assert_eq!(found.images, page.matches("<img ").count());
}

/// The probe finds what it looks for.
#[test]
fn a_broken_page_is_found_out() {
    let Some(browser) = browser() else { return };
    let page = "<!doctype html><html><head></head><body><img src=\"data:image/jpeg;base64,AAAA\">\
        <div style=\"width: 500px\">wide</div>\
        <table><thead><tr><th class=\"number\"><button>n</button></th></tr></thead>\
        <tbody><tr><td data-key=\"2\"></td></tr><tr><td data-key=\"10\"></td></tr><tr><td data-key=\"1\"></td></tr>\
        </tbody></table><script>console.error(\"said\"); undefined.thrown;</script></body></html>";
    let (found, console) = findings(&browser, page);
    assert!(!console.is_empty());
    assert!(found.errors.len() >= 2, "{found:?}");
    assert_eq!((found.images, found.broken.len(), found.unsorted.len()), (1, 1, 1), "{found:?}");
    assert!(!found.wide.is_empty(), "{found:?}");
}

fn browser() -> Option<OsString> {
    if let Some(named) = env::var_os("DAFE_CHROMIUM").filter(|name| !name.is_empty()) {
        return Some(named);
    }
    let mut folders = env::split_paths(&env::var_os("PATH")?).collect::<Vec<_>>().into_iter();
    folders.find_map(|folder| {
        let path = folder.join("chromium");
        path.is_file().then(|| path.into_os_string())
    })
}

/// What the probe finds in the page, and the lines of the browser's console.
fn findings(browser: &OsString, page: &str) -> (Findings, Vec<String>) {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let probed = page.replacen("<head>", &format!("<head><script>{PROBE}</script>"), 1);
    assert_ne!(probed, page);
    fs::write(at("page.html"), probed).unwrap();
    let mut command = Command::new(browser);
    command.args(["--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]);
    command.args(["--no-first-run", "--enable-logging=stderr", "--window-size=1280,1000"]);
    command.args(["--virtual-time-budget=10000", "--dump-dom"]);
    command.arg(format!("--user-data-dir={}", at("profile").display()));
    command.arg(format!("file://{}", at("page.html").display()));
    finish(&mut command, &at("dom"), &at("log"));
    let dom = fs::read_to_string(at("dom")).unwrap();
    let log = String::from_utf8_lossy(&fs::read(at("log")).unwrap()).into_owned();
    let start = "<template id=\"findings\">";
    let found = dom.split(start).nth(1).unwrap_or_else(|| panic!("nothing was found: {log}"));
    // As HTML writes text.
    let found = found.split("</template>").next().unwrap();
    let found = found.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&");
    let console = log.lines().filter(|line| line.contains("CONSOLE")).map(String::from).collect();
    (serde_json::from_str(&found).unwrap_or_else(|error| panic!("{error}: {found}")), console)
}

/// Runs to the end, or to the end of patience; into files, which no length of output can block.
fn finish(command: &mut Command, output: &Path, errors: &Path) {
    let file = |path: &Path| Stdio::from(File::create(path).unwrap());
    command.stdin(Stdio::null()).stdout(file(output)).stderr(file(errors));
    let mut child = command.spawn().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    let started = Instant::now();
    while child.try_wait().unwrap().is_none() {
        if started.elapsed() > PATIENCE {
            child.kill().unwrap();
            child.wait().unwrap();
            panic!("the browser hangs: {}", fs::read_to_string(errors).unwrap_or_default());
        }
        sleep(Duration::from_millis(50));
    }
}
