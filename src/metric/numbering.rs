//! Numbers for pictures: what a bootstrap draws.
use std::{borrow::Borrow, collections::HashMap, hash::Hash};

/// Numbers things in the order in which they first come, from 0 and without gaps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Numbering<K: Hash + Eq>(HashMap<K, usize>);

impl<K: Hash + Eq> Numbering<K> {
    /// The number of `key`: a new one if it has none yet. Only then the key is cloned.
    pub fn number<Q: Hash + Eq + ToOwned<Owned = K> + ?Sized>(&mut self, key: &Q) -> usize
    where
        K: Borrow<Q>,
    {
        let next = self.0.len();
        self.0.get(key).copied().unwrap_or_else(|| *self.0.entry(key.to_owned()).or_insert(next))
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }
}

impl<K: Hash + Eq> Default for Numbering<K> {
    fn default() -> Self {
        Self(HashMap::new())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_no_gaps() {
        let mut names = Numbering::<String>::default();
        assert_eq!(["b", "a", "b", "c"].map(|name| names.number(name)), [0, 1, 0, 2]);
        assert_eq!(names.len(), 3);
        let mut numbers = Numbering::<usize>::default();
        assert_eq!([usize::MAX, 7, usize::MAX].map(|number| numbers.number(&number)), [0, 1, 0]);
    }
}
