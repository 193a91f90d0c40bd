//! Links in the repository's Markdown files lead to files and headings that exist.
use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

/// The repository's files on the main branch.
const OURS: &str = "https://github.com/dafe-rs/dafe/blob/main/";

/// A page's links, and the anchors of its headings.
struct Page {
    links: Vec<String>,
    anchors: BTreeSet<String>,
}

impl Page {
    fn read(path: &Path) -> Self {
        let text = fs::read_to_string(path).unwrap();
        let (mut links, mut anchors) = (Vec::new(), BTreeSet::new());
        let mut heading: Option<String> = None;
        for event in Parser::new_ext(&text, Options::ENABLE_TABLES) {
            match event {
                Event::Start(Tag::Heading { .. }) => heading = Some(String::new()),
                Event::End(TagEnd::Heading(_)) => {
                    let anchor = anchor(&heading.take().unwrap_or_default());
                    let mut numbered = anchor.clone();
                    let mut number = 1;
                    while !anchors.insert(numbered.clone()) {
                        numbered = format!("{anchor}-{number}");
                        number += 1;
                    }
                }
                Event::Text(text) | Event::Code(text) => {
                    if let Some(heading) = &mut heading {
                        heading.push_str(&text);
                    }
                }
                Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => {
                    links.push(dest_url.to_string());
                }
                _ => (),
            }
        }
        Self { links, anchors }
    }
}

/// A heading's anchor, as GitHub makes it.
fn anchor(heading: &str) -> String {
    let kept = heading.chars().filter(|c| c.is_alphanumeric() || [' ', '-', '_'].contains(c));
    kept.map(|c| if c == ' ' { '-' } else { c.to_ascii_lowercase() }).collect()
}

/// The Markdown files in `folder` and below.
fn collect(folder: &Path, pages: &mut BTreeMap<PathBuf, Page>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if path.is_dir() {
            let is_hidden = name.starts_with('.') && name != ".github";
            if !is_hidden && !["target", "runs", "corpus", "node_modules"].contains(&name.as_str())
            {
                collect(&path, pages);
            }
        } else if name.ends_with(".md") {
            pages.insert(path.canonicalize().unwrap(), Page::read(&path));
        }
    }
}

/// What is wrong with a link, if anything. Links to other sites aren't checked.
fn problem(
    page: &Path,
    link: &str,
    root: &Path,
    pages: &BTreeMap<PathBuf, Page>,
) -> Option<String> {
    let (base, link) = match link.strip_prefix(OURS) {
        Some(own) => (root, own),
        None if link.contains("://") || link.starts_with("mailto:") => return None,
        None => (page.parent().unwrap(), link),
    };
    let (file, fragment) = link.split_once('#').unwrap_or((link, ""));
    let target = if file.is_empty() { page.to_path_buf() } else { base.join(file) };
    let Ok(target) = target.canonicalize() else { return Some("no such file".into()) };
    let has_anchor = |page: &Page| page.anchors.contains(fragment);
    match pages.get(&target) {
        Some(page) if !fragment.is_empty() && !has_anchor(page) => Some("no such heading".into()),
        None if !fragment.is_empty() => Some("a heading of a file that is no page".into()),
        _ => None,
    }
}

#[test]
fn every_link_leads_somewhere() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").canonicalize().unwrap();
    let mut pages = BTreeMap::new();
    collect(&root, &mut pages);
    let mut problems = Vec::new();
    let mut checked = 0;
    for (path, page) in &pages {
        for link in &page.links {
            checked += 1;
            if let Some(problem) = problem(path, link, &root, &pages) {
                problems.push(format!("{}: {link}: {problem}", path.display()));
            }
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
    assert!(checked > 100, "only {checked} links found");
}

#[test]
fn anchors_are_githubs() {
    let anchors = [
        ("What is guaranteed, and how it is tested", "what-is-guaranteed-and-how-it-is-tested"),
        ("Generated + real", "generated--real"),
        ("`dafe train` in 2 minutes", "dafe-train-in-2-minutes"),
    ];
    for (heading, expected) in anchors {
        assert_eq!(anchor(heading), expected);
    }
}
