//! A run that was begun with another recipe: what differs, and the commands that go on.
use std::path::{Path, PathBuf};

use clap::{ArgMatches, Command};
use dafe::prelude::*;

use super::{init::Init, session::is_given};

/// Options that say where a run begins, and not how it is trained (another beginning has its own),
/// and those of this session alone.
const LEFT_OUT: [&str; 8] =
    ["out", "resume", "init", "pretrained", "preset", "decoder", "accept_changed_data", "plain"];

/// What was given on the command line, as it is written there, but for where the run begins.
pub fn given(command: &Command, matches: &ArgMatches) -> String {
    let mut words = String::new();
    for option in command.get_arguments() {
        let id = option.get_id().as_str();
        let (Some(long), false) = (option.get_long(), LEFT_OUT.contains(&id)) else { continue };
        if !is_given(matches, id) {
            continue;
        }
        words += &format!(" --{long}");
        if option.get_action().takes_values() {
            let values = matches.get_raw(id).into_iter().flatten();
            let values: Vec<_> = values.map(|value| value.to_string_lossy()).collect();
            words += &format!(" {}", quoted(&values.join(",")));
        }
    }
    words
}

/// Why the run in `folder` can't be resumed by the recipe `now`, and what can be done instead.
pub fn other_recipe(
    folder: &Path,
    was: &TrainConfig,
    now: &TrainConfig,
    init: Option<&Init>,
    given: &str,
) -> String {
    let differences = was.differences(now);
    let run = quoted(&folder.display().to_string());
    let shown: Vec<String> = differences.iter().map(ToString::to_string).collect();
    let message = format!(
        "{} holds a run with another configuration, which it keeps to its end ({}); \
         `dafe train --resume {run}` resumes it",
        folder.display(),
        shown.join(", ")
    );
    let differs = |start: &str| differences.iter().any(|found| found.key.starts_with(start));
    let model = init.and_then(Init::model);
    let from_other = model.is_none() && differs("fine_tuning.initial_weights");
    let out = quoted(&unused(folder).display().to_string());
    if differs("model.") || differs("codec.") || from_other {
        format!(
            "{message}; another network or other initial weights make a run of their own, in \
             another folder: --out {out}"
        )
    } else if model.is_some() || folder.join(LandmarkDetector::FILE).is_file() {
        let model = model.map_or(run, |path| quoted(&path.display().to_string()));
        format!(
            "{message}; `dafe train --init {model} --out {out}{given}` trains its model further \
             with the new one, in a run of its own"
        )
    } else {
        format!(
            "{message}; it has no model yet that another run could start from, as none of its \
             epochs is done: to begin anew, choose another folder (--out {out})"
        )
    }
}

/// A folder beside `folder` that is not there yet.
fn unused(folder: &Path) -> PathBuf {
    let name = folder.file_name().unwrap_or_default().to_string_lossy();
    let numbered = (2..).map(|number| folder.with_file_name(format!("{name}-{number}")));
    numbered.into_iter().find(|path| !path.exists()).expect("numbers don't end")
}

/// As a shell takes it for one word.
fn quoted(word: &str) -> String {
    let is_plain = |c: char| c.is_alphanumeric() || "_-./:=,+@%".contains(c);
    match !word.is_empty() && word.chars().all(is_plain) {
        true => word.into(),
        false => format!("'{}'", word.replace('\'', r"'\''")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_quoted_where_a_shell_needs_it() {
        assert_eq!(quoted("runs/a-2"), "runs/a-2");
        assert_eq!(quoted("{split} a.json"), "'{split} a.json'");
        assert_eq!(quoted("it's"), r"'it'\''s'");
        assert_eq!(quoted(""), "''");
    }
}
