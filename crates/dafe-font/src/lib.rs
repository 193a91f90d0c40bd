//! The font with which [`dafe`](https://docs.rs/dafe) labels images.
#![warn(missing_docs)]
#![no_std]

/// Roboto Medium (copyright 2011 Google Inc., Apache License 2.0), cut down to Latin, Greek,
/// Cyrillic and some punctuation: a TrueType file.
pub static ROBOTO_MEDIUM: &[u8] = include_bytes!("../Roboto-Medium-subset.ttf");
