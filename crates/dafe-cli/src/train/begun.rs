//! Errors about a run that was started with another recipe: the differences, and commands that
//! continue.
use std::path::{Path, PathBuf};

use clap::{ArgMatches, Command};
use dafe::prelude::*;

use super::{init::Init, session::is_given};

/// Options that set how a run starts, which differ in a new run, and those of this session only.
const LEFT_OUT: [&str; 8] =
    ["out", "resume", "init", "pretrained", "preset", "decoder", "accept_changed_data", "plain"];

/// The options on the command line, quoted for a shell, without those of [`LEFT_OUT`].
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

/// Why the run in `folder` can't be resumed with the recipe `now`, and what to do instead.
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
        "{} holds a run with another configuration, which can't be changed ({}); \
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
            "{message}; another network or other initial weights need a new run in another \
             folder: --out {out}"
        )
    } else if model.is_some() || folder.join(LandmarkDetector::FILE).is_file() {
        let model = model.map_or(run, |path| quoted(&path.display().to_string()));
        format!(
            "{message}; `dafe train --init {model} --out {out}{given}` trains its model further \
             with the new one, in a new run"
        )
    } else {
        format!(
            "{message}; it has no model yet to start another run from, as no epoch is finished: \
             to start over, choose another folder (--out {out})"
        )
    }
}

/// A folder name next to `folder` that doesn't exist yet.
fn unused(folder: &Path) -> PathBuf {
    let name = folder.file_name().unwrap_or_default().to_string_lossy();
    let numbered = (2..).map(|number| folder.with_file_name(format!("{name}-{number}")));
    numbered.into_iter().find(|path| !path.exists()).expect("numbers don't end")
}

/// Quotes a word for a shell.
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
