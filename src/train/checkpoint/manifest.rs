//! The manifest of a checkpoint: lengths and SHA-256 of its files, in a separate file.
use std::{collections::BTreeMap, io::Write, path::Path};

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::{Error, ErrorKind, atomic::write_atomically, file::read_bounded, format};

/// The lengths and hashes of a checkpoint's files.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::train) struct Manifest {
    format: u64,
    files: BTreeMap<String, Digest>,
}

/// The expected length and hash of a file.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Digest {
    bytes: u64,
    sha256: String,
}

/// Three files take about 500 bytes.
const MAX_BYTES: u64 = 1 << 16;

impl Manifest {
    pub const FILE: &str = "manifest.json";
    const FORMAT: u64 = 1;

    /// The manifest of files with these names and contents.
    pub fn of(files: &[(&str, &[u8])]) -> Self {
        let files = files.iter().map(|&(name, bytes)| (name.to_string(), Digest::of(bytes)));
        Self { format: Self::FORMAT, files: files.collect() }
    }

    /// Writes the manifest into the checkpoint's folder.
    pub fn write(&self, folder: &Path) -> Result<(), Error> {
        write_atomically(folder.join(Self::FILE), |file| file.write_all(&self.json()))
    }

    /// Reads a checkpoint's manifest, which must be byte for byte as written.
    pub fn read(folder: &Path) -> Result<Self, Error> {
        let path = &folder.join(Self::FILE);
        let json = read_bounded(path, MAX_BYTES, |message| damaged(path, message))?;
        let not_read = |error: serde_json::Error| damaged(path, error.to_string());
        format::check(&json, Self::FORMAT, "")
            .map_err(|refused| damaged(path, refused.message()))?;
        let manifest: Self = serde_json::from_slice(&json).map_err(not_read)?;
        match manifest.json() == json {
            true => Ok(manifest),
            false => Err(damaged(path, "modified since it was written".into())),
        }
    }

    /// Reads a file of the checkpoint and verifies it against the manifest. At most `most` bytes
    /// are read.
    pub fn read_file(&self, folder: &Path, name: &str, most: u64) -> Result<Vec<u8>, Error> {
        let path = &folder.join(name);
        let expected = self.files.get(name);
        let expected = expected.ok_or_else(|| damaged(path, "missing from the manifest".into()))?;
        let bytes = read_bounded(path, most, |message| damaged(path, message))?;
        let found = Digest::of(&bytes);
        if found.bytes != expected.bytes {
            let message = format!("{} bytes instead of {}", found.bytes, expected.bytes);
            return Err(damaged(path, message));
        }
        match found == *expected {
            true => Ok(bytes),
            false => Err(damaged(path, "its SHA-256 differs from the manifest's".into())),
        }
    }

    fn json(&self) -> Vec<u8> {
        serde_json::to_vec_pretty(self).expect("plain numbers and strings")
    }
}

impl Digest {
    fn of(bytes: &[u8]) -> Self {
        Self { bytes: bytes.len() as u64, sha256: format!("{:x}", Sha256::digest(bytes)) }
    }
}

/// An error about a file of a checkpoint.
pub(in crate::train) fn damaged(path: &Path, message: String) -> Error {
    Error::new(ErrorKind::Checkpoint, message).with_path(path)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn hashes_are_sha_256() {
        // FIPS 180-2, appendix B.1.
        let expected = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(Digest::of(b"abc"), Digest { bytes: 3, sha256: expected.into() });
    }

    #[test]
    fn a_manifest_is_taken_as_it_was_written_or_not_at_all() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(Manifest::FILE);
        fs::write(folder.path().join("a"), "1").unwrap();
        fs::write(folder.path().join("b"), "22").unwrap();
        let read_all = || {
            let manifest = Manifest::read(folder.path())?;
            manifest.read_file(folder.path(), "a", 9)?;
            manifest.read_file(folder.path(), "b", 9)
        };
        let manifest = Manifest::of(&[("a", b"1"), ("b", b"22")]);
        manifest.write(folder.path()).unwrap();
        assert_eq!(Manifest::read(folder.path()).unwrap(), manifest);
        assert_eq!(read_all().unwrap(), b"22");
        let written = fs::read(&path).unwrap();
        for position in 0..written.len() {
            for bit in 0..8 {
                let mut flipped = written.clone();
                flipped[position] ^= 1 << bit;
                fs::write(&path, &flipped).unwrap();
                assert!(read_all().is_err(), "byte {position}, bit {bit}");
            }
            fs::write(&path, &written[..position]).unwrap();
            assert!(Manifest::read(folder.path()).is_err(), "cut at {position}");
        }
        fs::write(&path, r#"{"format": 2, "parts": []}"#).unwrap();
        let error = Manifest::read(folder.path()).unwrap_err().to_string();
        assert!(error.contains("its format is 2; this is dafe"), "{error}");
        fs::write(&path, vec![b' '; MAX_BYTES as usize + 1]).unwrap();
        let error = Manifest::read(folder.path()).unwrap_err().to_string();
        assert!(error.contains("larger than 65536 bytes"), "{error}");
    }

    #[test]
    fn files_are_what_the_manifest_says_or_refused() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        let manifest = Manifest::of(&[("a", b"1234")]);
        let read = |most| manifest.read_file(folder.path(), "a", most);
        let fails = |most, expected: &str| {
            let error = read(most).unwrap_err().to_string();
            assert!(
                error.contains(expected) && error.contains(at("a").to_str().unwrap()),
                "{error}"
            );
        };
        fails(9, "cannot read");
        for (content, most, expected) in [
            ("1234", 3, "larger than 3 bytes"),
            ("123", 9, "3 bytes instead of 4"),
            ("12345", 9, "5 bytes instead of 4"),
            ("", 9, "the file is empty"),
            ("1235", 9, "its SHA-256 differs from the manifest's"),
        ] {
            fs::write(at("a"), content).unwrap();
            fails(most, expected);
        }
        fs::write(at("a"), "1234").unwrap();
        assert_eq!(read(4).unwrap(), b"1234");
        fs::remove_file(at("a")).unwrap();
        fs::create_dir(at("a")).unwrap();
        fails(9, "a folder, not a file");
        let error = manifest.read_file(folder.path(), "b", 9).unwrap_err().to_string();
        assert!(error.contains("missing from the manifest"), "{error}");
    }
}
