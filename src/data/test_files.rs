//! Temporary files for tests.
use std::{fmt::Display, fs, path::Path};

use tempfile::TempDir;

use super::ReadEvent;
use crate::Error;

/// A temporary folder.
pub(super) struct Files(TempDir);

impl Files {
    pub(super) fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    pub(super) fn root(&self) -> &Path {
        self.0.path()
    }

    /// Writes a file, creating its folders.
    pub(super) fn bytes(&self, file: &str, bytes: impl AsRef<[u8]>) {
        let path = self.root().join(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }

    pub(super) fn rename(&self, from: &str, to: &str) {
        fs::create_dir_all(self.root().join(to).parent().unwrap()).unwrap();
        fs::rename(self.root().join(from), self.root().join(to)).unwrap();
    }

    /// The message without the root's path.
    pub(super) fn plain(&self, message: &impl Display) -> String {
        message.to_string().replace(&format!("{}/", self.root().display()), "")
    }

    /// The result of `open`, the findings (kind and message) and the problems.
    pub(super) fn reported<T>(
        &self,
        open: impl FnOnce(&mut dyn FnMut(ReadEvent) -> Result<(), Error>) -> Result<T, Error>,
    ) -> (Result<T, Error>, Vec<String>, Vec<String>) {
        let (mut findings, mut problems) = (Vec::new(), Vec::new());
        let read = open(&mut |event| {
            match event {
                ReadEvent::Finding(finding) => {
                    findings.push(format!("{}: {}", finding.kind(), self.plain(&finding)));
                }
                ReadEvent::Problem(error) => problems.push(self.plain(&error)),
                ReadEvent::Progress { .. } => (),
            }
            Ok(())
        });
        (read, findings, problems)
    }
}

/// Declares a test's own wrapper of [`Files`] with all its methods.
macro_rules! files {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        struct $name($crate::data::test_files::Files);

        impl ::std::ops::Deref for $name {
            type Target = $crate::data::test_files::Files;

            fn deref(&self) -> &Self::Target {
                &self.0
            }
        }
    };
}
pub(super) use files;
