//! The input images: files, folders, patterns, lists and standard input.
use std::{
    collections::HashSet,
    fs,
    io::{self, Read},
    path::{Path, PathBuf},
};

use dafe::Error;
use glob::{MatchOptions, Pattern};

use super::{
    args::{Args, STANDARD},
    names::Place,
    walk::Walk,
};
use crate::support::Outcome;

/// Matches like a shell: hidden files only if the pattern says so.
const MATCHING: MatchOptions = MatchOptions {
    case_sensitive: true,
    require_literal_separator: true,
    require_literal_leading_dot: true,
};

/// An input image.
pub struct Input {
    pub source: Source,
    /// The path of its results below the output folder, without extension.
    pub name: PathBuf,
}

/// The source of an image.
pub enum Source {
    /// A path as given, or below a folder as given.
    File(PathBuf),
    StandardInput,
}

impl Source {
    /// The name in results and messages.
    pub fn shown(&self) -> String {
        match self {
            Self::File(path) => path.display().to_string(),
            Self::StandardInput => STANDARD.into(),
        }
    }
}

/// All images that the arguments name, without duplicates, in the arguments' order; those of a
/// folder or pattern are sorted by path. Reports what is skipped in folders.
pub fn gather(args: &Args) -> Outcome<Vec<Input>> {
    let mut gathered = Gathered {
        args,
        // It may not exist yet.
        results: args.out.canonicalize().ok(),
        sources: Vec::new(),
        places: Vec::new(),
        seen: HashSet::new(),
    };
    for input in &args.inputs {
        gathered.add(input)?;
    }
    if let Some(list) = &args.list {
        if list == Path::new(STANDARD) && args.inputs.iter().any(|input| input == list) {
            return Err("standard input can't be both an image and the list of images".into());
        }
        for line in read_list(list)?.lines().filter(|line| !line.is_empty()) {
            gathered.add(Path::new(line))?;
        }
    }
    if gathered.sources.is_empty() {
        return Err("no images were given".into());
    }
    let names = Place::names(&gathered.places);
    let each = gathered.sources.into_iter().zip(names);
    Ok(each.map(|(source, name)| Input { source, name }).collect())
}

fn read_list(path: &Path) -> Outcome<String> {
    let mut text = String::new();
    let read = match path == Path::new(STANDARD) {
        true => io::stdin().read_to_string(&mut text),
        false => fs::File::open(path).and_then(|mut file| file.read_to_string(&mut text)),
    };
    read.map_err(Error::io("read", path))?;
    Ok(text)
}

/// The inputs collected so far.
struct Gathered<'a> {
    args: &'a Args,
    /// The output folder, whose rendered images are not taken as inputs.
    results: Option<PathBuf>,
    sources: Vec<Source>,
    places: Vec<Place>,
    seen: HashSet<PathBuf>,
}

impl Gathered<'_> {
    fn add(&mut self, input: &Path) -> Outcome<()> {
        if input == Path::new(STANDARD) {
            let place = Place::named("stdin");
            if self.seen.insert(input.into()) {
                self.sources.push(Source::StandardInput);
                self.places.push(place);
            }
            return Ok(());
        }
        if input.is_dir() {
            return self.add_folder(input);
        }
        match input.to_str() {
            // A file may have such a name, too.
            Some(pattern) if is_pattern(pattern) && !input.exists() => self.add_pattern(pattern),
            _ => {
                self.add_file(input.into(), Place::of_file(input));
                Ok(())
            }
        }
    }

    /// A file that can't be read is reported when it is processed.
    fn add_file(&mut self, shown: PathBuf, place: Place) {
        if self.seen.insert(place.path()) {
            self.sources.push(Source::File(shown));
            self.places.push(place);
        }
    }

    fn add_folder(&mut self, folder: &Path) -> Outcome<()> {
        let failed = |source| Error::io("read", folder)(source);
        let root = folder.canonicalize().map_err(failed)?;
        if self.results.as_ref() == Some(&root) {
            let message = "rendered images would be inputs, too; choose another folder for --out";
            return Err(format!("{}: {message}", folder.display()).into());
        }
        let walk = Walk::of(folder, self.results.as_deref())?;
        let passed_over = walk.passed_over();
        let mut images = walk.images()?;
        if let Some(passed_over) = passed_over {
            self.args.say(&format!("{}: {passed_over}", folder.display()));
        }
        images.sort();
        for path in images {
            let below = path.strip_prefix(folder).unwrap_or(&path).to_path_buf();
            self.add_file(path, Place::new(root.clone(), below));
        }
        Ok(())
    }

    fn add_pattern(&mut self, pattern: &str) -> Outcome<()> {
        let wrong = |error| format!("'{pattern}' is not a valid pattern: {error}");
        let matches = glob::glob_with(pattern, MATCHING).map_err(wrong)?;
        let fixed: PathBuf = Path::new(pattern)
            .components()
            .take_while(|part| !part.as_os_str().to_str().is_some_and(is_pattern))
            .collect();
        let mut matches = matches.collect::<Result<Vec<_>, _>>()?;
        // `**` also matches the folders themselves, whose images are not meant.
        matches.retain(|path| !path.is_dir());
        if matches.is_empty() {
            return Err(format!("no file matches '{pattern}'").into());
        }
        matches.sort();
        for path in matches {
            let place = match path.strip_prefix(&fixed) {
                Ok(below) => Place::below(&fixed, below),
                Err(_) => Place::of_file(&path),
            };
            self.add_file(path, place);
        }
        Ok(())
    }
}

fn is_pattern(text: &str) -> bool {
    Pattern::escape(text) != text
}
