//! The shared secret of a device server and its clients.
use std::{env, fmt, fs::File, io::Read, path::Path};

use burn::remote::Credential;

use crate::Error;

/// The secret that a device server requires from clients: 16 to 1,024 printable ASCII characters
/// without blanks.
///
/// It is never shown, not even by `Debug`, and can't be saved in a configuration. It is sent
/// unencrypted: it stops strangers, but not an eavesdropper. Create one with `openssl rand -hex
/// 32`.
///
/// ```
/// use dafe::device::Token;
///
/// let token = Token::new("5f4dcc3b5aa765d61d8327deb882cf99")?;
/// assert!(!format!("{token:?}").contains("5f4d"));
/// assert!(Token::new("too short").is_err());
/// # Ok::<(), dafe::Error>(())
/// ```
#[derive(Clone)]
pub struct Token(Credential);

impl Token {
    /// The environment variable that [`from_env`](Self::from_env) reads.
    pub const VARIABLE: &str = "DAFE_REMOTE_TOKEN";
    const LENGTHS: std::ops::RangeInclusive<usize> = 16..=1024;

    /// Creates a token from text. Trailing line breaks are removed.
    ///
    /// # Errors
    /// A [configuration error](crate::ErrorKind::Config) if it is too short, too long, or has other
    /// characters.
    pub fn new(text: &str) -> Result<Self, Error> {
        let text = text.trim_end_matches(['\r', '\n']);
        let lengths = Self::LENGTHS;
        if !lengths.contains(&text.len()) || !text.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(Error::config(format!(
                "a token has {} to {} printable ASCII characters without blanks",
                lengths.start(),
                lengths.end(),
            )));
        }
        Ok(Self(text.into()))
    }

    /// The token in the environment variable `DAFE_REMOTE_TOKEN`, if it is set and not empty.
    ///
    /// # Errors
    /// As [`new`](Self::new).
    pub fn from_env() -> Result<Option<Self>, Error> {
        let text = env::var_os(Self::VARIABLE).filter(|text| !text.is_empty());
        text.map(|text| Self::new(&text.to_string_lossy())).transpose()
    }

    /// Reads a token from a file with a single line.
    ///
    /// # Errors
    /// An [I/O error](crate::ErrorKind::Io) if it can't be read as text, and as [`new`](Self::new).
    pub fn read(path: impl AsRef<Path>) -> Result<Self, Error> {
        let path = path.as_ref();
        let failed = |source| Error::io("read", path)(source);
        let mut text = String::new();
        // Room for a line break, and for detecting that it is too long.
        let limit = *Self::LENGTHS.end() as u64 + 3;
        File::open(path).map_err(failed)?.take(limit).read_to_string(&mut text).map_err(failed)?;
        Self::new(&text)
    }

    pub(super) fn credential(&self) -> Credential {
        self.0.clone()
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("Token(..)")
    }
}
