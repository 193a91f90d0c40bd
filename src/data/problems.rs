//! What is wrong with a dataset: the first problem that ends a reading, or all of them, kept within bounds.
use crate::error::Error;

/// Problems found while reading on. The first [`Self::KEPT`] are kept, further ones counted.
#[derive(Debug, Default)]
pub struct Problems {
    kept: Vec<Error>,
    count: usize,
}

/// What a reader tells of each problem: an error back ends the reading.
pub(crate) type Report<'a> = &'a mut dyn FnMut(Error) -> Result<(), Error>;

impl Problems {
    /// How many are kept, so that a large file of nonsense doesn't fill the memory.
    pub const KEPT: usize = 10_000;

    /// Notes a problem.
    pub fn push(&mut self, problem: Error) {
        self.count += 1;
        if self.kept.len() < Self::KEPT {
            self.kept.push(problem);
        }
    }

    /// Those that are kept, in the order in which they were found.
    pub fn kept(&self) -> &[Error] {
        &self.kept
    }

    /// How many there were.
    pub fn count(&self) -> usize {
        self.count
    }
}
