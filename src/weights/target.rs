//! What is to be loaded: the tensors that a module wants, and which others a file may have.
use std::collections::{BTreeMap, BTreeSet};

use burn::module::Module;

use super::{
    LoadRules,
    expected::{Wanted, expected},
};

/// A module's tensors, but for those that it keeps.
pub(super) struct Target<'a> {
    pub wanted: BTreeMap<String, Wanted>,
    rules: &'a LoadRules,
    /// The first parts of the keys that are the module's: a key of the file that begins with one of
    /// them and is not wanted means another network. `None`: all keys are.
    parts: Option<BTreeSet<String>>,
}

impl<'a> Target<'a> {
    /// Of a file for the module alone.
    pub fn new<M: Module>(module: &M, rules: &'a LoadRules) -> Self {
        let mut wanted = expected(module);
        wanted.retain(|key, _| !rules.keeps(key));
        Self { wanted, rules, parts: None }
    }

    /// Of a file that may have more than the module.
    pub fn among_others<M: Module>(module: &M, rules: &'a LoadRules) -> Self {
        let parts = expected(module).keys().map(|key| part(key).into()).collect();
        Self { parts: Some(parts), ..Self::new(module, rules) }
    }

    /// Takes other parts of keys for the module's, too.
    pub fn owning(mut self, others: &[&str]) -> Self {
        if let Some(parts) = &mut self.parts {
            parts.extend(others.iter().map(ToString::to_string));
        }
        self
    }

    /// Whether a key is of one of the module's parts.
    pub fn owns(&self, key: &str) -> bool {
        self.parts.as_ref().is_none_or(|parts| parts.contains(part(key)))
    }

    /// Whether a file with this key is another network's.
    pub fn refuses(&self, key: &str) -> bool {
        !self.wanted.contains_key(key) && self.owns(key) && !self.rules.ignores(key)
    }
}

/// A key's first part.
fn part(key: &str) -> &str {
    key.split('.').next().unwrap_or_default()
}
