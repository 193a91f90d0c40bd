//! What is wrong with a dataset, and what is merely odd, by kind and within bounds.
use std::fmt::Write;

use serde::Serialize;

/// Findings of each kind. The first [`KEPT`] of a kind are kept, further ones counted.
#[derive(Debug, Default, Serialize)]
pub struct Problems {
    annotations: Kind,
    images: Kind,
    /// Odd, but as it may be in real datasets.
    notes: Kind,
}

/// How many are kept of each kind, so that a large file of nonsense doesn't fill the memory.
const KEPT: usize = 10_000;

#[derive(Debug, Default, Serialize)]
struct Kind {
    count: usize,
    first: Vec<String>,
}

impl Kind {
    fn push(&mut self, text: String) {
        self.count += 1;
        if self.first.len() < KEPT {
            self.first.push(text);
        }
    }

    /// Adds lines to `shown`.
    fn show(&self, shown: &mut String, title: &str, show: usize) {
        if self.count > 0 {
            let _ = writeln!(shown, "{title}: {}", self.count);
            for text in self.first.iter().take(show) {
                let _ = writeln!(shown, "  {text}");
            }
            if self.count > show {
                let _ = writeln!(shown, "  … and {} more", self.count - show);
            }
        }
    }
}

impl Problems {
    pub fn annotation(&mut self, text: String) {
        self.annotations.push(text);
    }

    pub fn image(&mut self, text: String) {
        self.images.push(text);
    }

    pub fn note(&mut self, text: String) {
        self.notes.push(text);
    }

    /// How many make a sample unusable.
    pub fn errors(&self) -> usize {
        self.annotations.count + self.images.count
    }

    /// All kinds as lines, at most `show` problems of each.
    pub fn shown(&self, show: usize) -> String {
        let mut shown = String::new();
        self.annotations.show(&mut shown, "annotations that can't be used", show);
        self.images.show(&mut shown, "images that can't be used", show);
        self.notes.show(&mut shown, "odd, but used", show);
        shown
    }
}
