//! The crate's error type for everything that can go wrong outside the program.
use std::{
    error::Error as StdError,
    fmt, io,
    path::{Path, PathBuf},
};

/// A result with this crate's [`Error`].
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// An error caused from outside the program: by a file, an annotation, an image, a configuration,
/// weights or a device.
///
/// [`kind`](Self::kind) is meant for programs, the message for people. The message includes the
/// location as far as it is known: file, line, image, annotation, landmark. It does not repeat the
/// underlying error ([`source`](StdError::source)); `{error:#}` shows both.
///
/// Tensors of wrong shapes are a programming error and panic instead.
///
/// ```
/// use dafe::{Error, ErrorKind};
///
/// let error = Error::new(ErrorKind::Annotation, "x is not a number")
///     .with_path("list_landmarks.txt")
///     .with_line(7)
///     .with_landmark("left collar");
/// assert_eq!(error.kind(), ErrorKind::Annotation);
/// assert_eq!(
///     error.to_string(),
///     "list_landmarks.txt:7: landmark 'left collar': x is not a number"
/// );
/// ```
pub struct Error(Box<Parts>);

/// The kinds of error that a program may want to tell apart.
///
/// ```
/// use dafe::{ErrorKind, prelude::*};
///
/// let error = "medium".parse::<Preset>().unwrap_err();
/// assert_eq!(error.kind(), ErrorKind::Parse);
/// assert_eq!(error.value(), Some("medium"));
/// assert_eq!(error.known(), ["nano", "lite", "small", "paper"]);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// A file or folder cannot be read or written.
    Io,
    /// A request that cannot be served, such as an image without pixels or a box outside its image.
    Input,
    /// A configuration value is invalid.
    Config,
    /// A text is not one of the accepted names: see [`Error::value`] and [`Error::known`].
    Parse,
    /// One annotation is malformed.
    Annotation,
    /// A dataset as a whole is unusable, such as a missing split or inconsistent files.
    Dataset,
    /// An image could not be decoded.
    Image,
    /// A weights file is damaged or does not fit the network.
    Weights,
    /// A tensor in a weights file has another shape than the network's.
    Shape,
    /// The format of a file, or its version, is not supported.
    Format,
    /// Something is larger than the accepted limit.
    Limit,
    /// A device is unknown, not compiled in, or not available.
    Device,
    /// A checkpoint is damaged or belongs to another run.
    Checkpoint,
    /// Training cannot continue.
    Training,
    /// Numbers that cannot be plotted.
    Plot,
}

struct Parts {
    kind: ErrorKind,
    message: String,
    path: Option<PathBuf>,
    line: Option<usize>,
    image: Option<String>,
    annotation: Option<String>,
    landmark: Option<String>,
    value: Option<String>,
    known: Vec<String>,
    source: Option<Box<dyn StdError + Send + Sync>>,
}

impl Error {
    /// An error without a location; the `with_…` methods add it.
    pub fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self(Box::new(Parts {
            kind,
            message: message.into(),
            path: None,
            line: None,
            image: None,
            annotation: None,
            landmark: None,
            value: None,
            known: Vec::new(),
            source: None,
        }))
    }

    /// An invalid configuration value.
    pub fn config(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Config, message)
    }

    /// An operating system error, for `map_err`. `action` is a verb: "read", "write", "create".
    ///
    /// ```
    /// # fn main() {
    /// use dafe::Error;
    ///
    /// let read = std::fs::read("missing.json").map_err(Error::io("read", "missing.json"));
    /// assert_eq!(read.unwrap_err().to_string(), "cannot read missing.json");
    /// # }
    /// ```
    pub fn io(action: &'static str, path: impl Into<PathBuf>) -> impl FnOnce(io::Error) -> Self {
        let path = path.into();
        move |source| {
            let message = format!("cannot {action}");
            Self::new(ErrorKind::Io, message).with_path(path).with_source(source)
        }
    }

    /// An error for a `value` that is not a valid `what` ("preset", "device"); `known` lists the
    /// valid ones.
    pub fn parse<T: fmt::Display>(
        what: &str,
        value: &str,
        known: impl IntoIterator<Item = T>,
    ) -> Self {
        let known: Vec<_> = known.into_iter().map(|name| name.to_string()).collect();
        let message = format!("unknown {what} '{value}'; there are {}", known.join(", "));
        let mut error = Self::new(ErrorKind::Parse, message);
        error.0.value = Some(value.into());
        error.0.known = known;
        error
    }

    /// Adds the file or folder that is wrong.
    pub fn with_path(mut self, path: impl Into<PathBuf>) -> Self {
        self.0.path = Some(path.into());
        self
    }

    /// Adds the line of the file, counted from 1.
    pub fn with_line(mut self, line: usize) -> Self {
        self.0.line = Some(line);
        self
    }

    /// Adds the name of the image, or its number in the file.
    pub fn with_image(mut self, image: impl Into<String>) -> Self {
        self.0.image = Some(image.into());
        self
    }

    /// Adds the annotation's identifier in its file.
    pub fn with_annotation(mut self, annotation: impl fmt::Display) -> Self {
        self.0.annotation = Some(annotation.to_string());
        self
    }

    /// Adds the name of the landmark.
    pub fn with_landmark(mut self, landmark: impl Into<String>) -> Self {
        self.0.landmark = Some(landmark.into());
        self
    }

    /// Adds the underlying error, which the message need not repeat.
    pub fn with_source(mut self, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        self.0.source = Some(source.into());
        self
    }

    /// What is wrong, for programs.
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// What is wrong, for people, without the place.
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// The file or folder that is wrong.
    pub fn path(&self) -> Option<&Path> {
        self.0.path.as_deref()
    }

    /// The line of the file, counted from 1.
    pub fn line(&self) -> Option<usize> {
        self.0.line
    }

    /// The name of the image, or its number in the file.
    pub fn image(&self) -> Option<&str> {
        self.0.image.as_deref()
    }

    /// The annotation's identifier in its file.
    pub fn annotation(&self) -> Option<&str> {
        self.0.annotation.as_deref()
    }

    /// The name of the landmark.
    pub fn landmark(&self) -> Option<&str> {
        self.0.landmark.as_deref()
    }

    /// The unknown text of an [`ErrorKind::Parse`].
    pub fn value(&self) -> Option<&str> {
        self.0.value.as_deref()
    }

    /// The accepted names of an [`ErrorKind::Parse`]. Empty if they cannot be listed.
    pub fn known(&self) -> &[String] {
        &self.0.known
    }

    /// Writes the underlying errors in the alternate form (`{:#}`).
    fn write_causes(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut cause = self.source().filter(|_| f.alternate());
        while let Some(error) = cause {
            write!(f, ": {error}")?;
            cause = error.source();
        }
        Ok(())
    }

    /// The same error of another kind.
    #[cfg(any(feature = "data", feature = "weights"))]
    pub(crate) fn with_kind(mut self, kind: ErrorKind) -> Self {
        self.0.kind = kind;
        self
    }

    /// The same error with another message, made from this one.
    #[cfg(feature = "detect")]
    pub(crate) fn map_message(mut self, map: impl FnOnce(String) -> String) -> Self {
        self.0.message = map(self.0.message);
        self
    }
}

impl fmt::Display for Error {
    /// The message with its location; `{:#}` adds the underlying errors.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Parts { kind, message, path, line, image, annotation, landmark, .. } = &*self.0;
        match (path, line) {
            (Some(path), _) if *kind == ErrorKind::Io => {
                write!(f, "{message} {}", path.display())?;
                return self.write_causes(f);
            }
            (Some(path), Some(line)) => write!(f, "{}:{line}: ", path.display())?,
            (Some(path), None) => write!(f, "{}: ", path.display())?,
            (None, Some(line)) => write!(f, "line {line}: ")?,
            (None, None) => {}
        }
        match (annotation, image) {
            (Some(annotation), Some(image)) => {
                write!(f, "annotation {annotation} (image {image}): ")?
            }
            (Some(annotation), None) => write!(f, "annotation {annotation}: ")?,
            (None, Some(image)) => write!(f, "image {image}: ")?,
            (None, None) => {}
        }
        if let Some(landmark) = landmark {
            write!(f, "landmark '{landmark}': ")?;
        }
        f.write_str(message)?;
        self.write_causes(f)
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut debug = f.debug_struct("Error");
        debug.field("kind", &self.0.kind).field("message", &self.to_string());
        if let Some(source) = &self.0.source {
            debug.field("source", source);
        }
        debug.finish()
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0.source.as_deref().map(|source| source as _)
    }
}
