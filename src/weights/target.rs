//! The target of loading: the tensors that a module needs, and which others a file may have.
use std::collections::{BTreeMap, BTreeSet};

use burn::module::Module;

use super::{
    LoadRules,
    expected::{Wanted, expected},
};

/// A module's tensors, except for those that it keeps.
pub(super) struct Target<'a> {
    pub wanted: BTreeMap<String, Wanted>,
    rules: &'a LoadRules,
    /// The first parts of the keys that belong to the module: a key of the file that begins with
    /// one of them and is not wanted means another network. `None`: all keys belong to the module.
    parts: Option<BTreeSet<String>>,
}

impl<'a> Target<'a> {
    /// The target for a file that contains only the module.
    pub fn new<M: Module>(module: &M, rules: &'a LoadRules) -> Self {
        let mut wanted = expected(module);
        wanted.retain(|key, _| !rules.keeps(key));
        Self { wanted, rules, parts: None }
    }

    /// The target for a file that may contain more than the module.
    pub fn among_others<M: Module>(module: &M, rules: &'a LoadRules) -> Self {
        let parts = expected(module).keys().map(|key| part(key).into()).collect();
        Self { parts: Some(parts), ..Self::new(module, rules) }
    }

    /// Adds parts of keys that belong to the module.
    pub fn owning(mut self, others: &[&str]) -> Self {
        if let Some(parts) = &mut self.parts {
            parts.extend(others.iter().map(ToString::to_string));
        }
        self
    }

    /// Whether a key belongs to the module.
    pub fn owns(&self, key: &str) -> bool {
        self.parts.as_ref().is_none_or(|parts| parts.contains(part(key)))
    }

    /// Whether this key means that the file contains another network.
    pub fn refuses(&self, key: &str) -> bool {
        !self.wanted.contains_key(key) && self.owns(key) && !self.rules.ignores(key)
    }
}

/// The first part of a key.
fn part(key: &str) -> &str {
    key.split('.').next().unwrap_or_default()
}
