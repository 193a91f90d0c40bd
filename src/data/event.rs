//! What readers report while they read.
use super::finding::Finding;
use crate::Error;

/// What a reader reports while it reads.
///
/// A handler that returns an error ends the reading with it; if it returns `Ok`, the reading
/// continues.
#[derive(Debug)]
#[non_exhaustive]
pub enum ReadEvent {
    /// How far it is.
    Progress {
        /// What is read: bytes, or files where every image has its own.
        done: usize,
        /// How much there is.
        total: usize,
    },
    /// Something that can't be used. If the reading continues, it is left out.
    Problem(Error),
    /// Something unusual that is used, as the finding says.
    Finding(Finding),
}

/// The handler of plain reading: the first problem ends it.
pub(super) fn strictly(event: ReadEvent) -> Result<(), Error> {
    match event {
        ReadEvent::Problem(error) => Err(error),
        ReadEvent::Progress { .. } | ReadEvent::Finding(_) => Ok(()),
    }
}

/// Bytes between two reports of progress.
const REPORT_EVERY: u64 = 4 << 20;

/// A handler, and how many of some files' bytes are read.
pub(super) struct Reporter<'a> {
    on_event: &'a mut dyn FnMut(ReadEvent) -> Result<(), Error>,
    done: u64,
    total: u64,
    next: u64,
}

impl<'a> Reporter<'a> {
    /// Tells `on_event` how much is read of files that have `total` bytes together.
    pub(super) fn new(
        on_event: &'a mut dyn FnMut(ReadEvent) -> Result<(), Error>,
        total: u64,
    ) -> Self {
        Self { on_event, done: 0, total, next: REPORT_EVERY }
    }

    /// So many more bytes are read.
    pub(super) fn advance(&mut self, bytes: u64) -> Result<(), Error> {
        self.done += bytes;
        if self.done < self.next {
            return Ok(());
        }
        self.next = self.done + REPORT_EVERY;
        self.progress()
    }

    /// Something can't be used.
    pub(super) fn problem(&mut self, error: Error) -> Result<(), Error> {
        (self.on_event)(ReadEvent::Problem(error))
    }

    /// Something unusual is used.
    pub(super) fn finding(&mut self, finding: Finding) -> Result<(), Error> {
        (self.on_event)(ReadEvent::Finding(finding))
    }

    /// All is read.
    pub(super) fn finish(&mut self) -> Result<(), Error> {
        self.done = self.total;
        self.progress()
    }

    fn progress(&mut self) -> Result<(), Error> {
        let count = |bytes| usize::try_from(bytes).unwrap_or(usize::MAX);
        // A file may have grown since its size was asked for.
        let done = count(self.done.min(self.total));
        (self.on_event)(ReadEvent::Progress { done, total: count(self.total) })
    }
}
