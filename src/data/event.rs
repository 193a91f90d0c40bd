//! Events that readers report.
use super::finding::Finding;
use crate::Error;

/// An event that a reader reports to its handler.
///
/// If the handler returns an error, reading stops with that error; if it returns `Ok`, reading
/// continues.
///
/// ```
/// use dafe::{
///     data::{ReadEvent, coco::CocoOptions},
///     prelude::*,
/// };
///
/// # let folder = tempfile::tempdir()?;
/// # let path = folder.path().join("kites.json");
/// # std::fs::write(&path, r#"{
/// #     "images": [{"id": 1, "file_name": "kite.jpg"}],
/// #     "annotations": [{"id": 1, "image_id": 1, "category_id": 1, "bbox": [0, 0, 9, 9],
/// #                      "keypoints": [4, 5, 2]},
/// #                     {"id": 2, "image_id": 7, "category_id": 1, "bbox": [0, 0, 9, 9],
/// #                      "keypoints": [4, 5, 2]}],
/// #     "categories": [{"id": 1, "name": "kite", "keypoints": ["top"]}]
/// # }"#)?;
/// // Leaves out invalid annotations and keeps their errors.
/// let mut problems = Vec::new();
/// let kites = CocoDataset::open_with(&path, "images", &CocoOptions::default(), &mut |event| {
///     if let ReadEvent::Problem(error) = event {
///         problems.push(error.to_string());
///     }
///     Ok(())
/// })?;
/// assert_eq!(kites.len(), 1);
/// assert!(problems[0].contains("annotation 2"), "{}", problems[0]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
#[non_exhaustive]
pub enum ReadEvent {
    /// Reading progress.
    Progress {
        /// What has been read so far: bytes, or files if every image has its own.
        done: usize,
        /// The total, in the same unit.
        total: usize,
    },
    /// Data that can't be used. It is skipped if reading continues.
    Problem(Error),
    /// Unusual data that is used, as the finding describes.
    Finding(Finding),
}

/// The default handler: stops at the first problem.
pub(super) fn strictly(event: ReadEvent) -> Result<(), Error> {
    match event {
        ReadEvent::Problem(error) => Err(error),
        ReadEvent::Progress { .. } | ReadEvent::Finding(_) => Ok(()),
    }
}

/// Bytes between two progress reports.
const REPORT_EVERY: u64 = 4 << 20;

/// A handler together with the number of bytes read.
pub(super) struct Reporter<'a> {
    on_event: &'a mut dyn FnMut(ReadEvent) -> Result<(), Error>,
    done: u64,
    total: u64,
    next: u64,
}

impl<'a> Reporter<'a> {
    /// Reports to `on_event` how much of `total` bytes has been read.
    pub(super) fn new(
        on_event: &'a mut dyn FnMut(ReadEvent) -> Result<(), Error>,
        total: u64,
    ) -> Self {
        Self { on_event, done: 0, total, next: REPORT_EVERY }
    }

    /// Adds `bytes` to the bytes read.
    pub(super) fn advance(&mut self, bytes: u64) -> Result<(), Error> {
        self.done += bytes;
        if self.done < self.next {
            return Ok(());
        }
        self.next = self.done + REPORT_EVERY;
        self.progress()
    }

    /// Reports data that can't be used.
    pub(super) fn problem(&mut self, error: Error) -> Result<(), Error> {
        (self.on_event)(ReadEvent::Problem(error))
    }

    /// Reports unusual data that is used.
    pub(super) fn finding(&mut self, finding: Finding) -> Result<(), Error> {
        (self.on_event)(ReadEvent::Finding(finding))
    }

    /// Reports that everything has been read.
    pub(super) fn finish(&mut self) -> Result<(), Error> {
        self.done = self.total;
        self.progress()
    }

    fn progress(&mut self) -> Result<(), Error> {
        let count = |bytes| usize::try_from(bytes).unwrap_or(usize::MAX);
        // The file may have grown since its size was queried.
        let done = count(self.done.min(self.total));
        (self.on_event)(ReadEvent::Progress { done, total: count(self.total) })
    }
}
