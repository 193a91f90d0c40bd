//! JSON as other programs write it: with a byte-order mark, or with NaN in place of missing
//! numbers.
use std::io::{self, Read};

/// Bytes per read.
const CHUNK: usize = 1 << 16;

/// A JSON reader that skips a leading byte-order mark and replaces `NaN`, `Infinity` and
/// `-Infinity` outside of strings with `null`.
///
/// Python's `json` writes these values although they are not valid JSON.
pub(super) struct LenientJson<R> {
    reader: R,
    /// Bytes that are read but not yet passed on, starting at `next`.
    ready: Vec<u8>,
    next: usize,
    state: State,
    at_start: bool,
    chunk: Box<[u8]>,
}

/// The position of the last byte in the text.
#[derive(Clone, Copy, PartialEq)]
enum State {
    Outside,
    String,
    /// After a backslash in a string.
    Escape,
    /// After a minus sign that has not been passed on yet.
    Minus,
    /// In a word for a non-finite number; holds the letters that must follow.
    Word(&'static [u8]),
}

impl<R: Read> LenientJson<R> {
    pub(super) fn new(reader: R) -> Self {
        Self {
            reader,
            ready: Vec::new(),
            next: 0,
            state: State::Outside,
            at_start: true,
            chunk: vec![0; CHUNK].into(),
        }
    }

    /// Reads the next chunk; `false` at the end.
    fn fill(&mut self) -> io::Result<bool> {
        self.ready.clear();
        self.next = 0;
        let mut count = self.reader.read(&mut self.chunk)?;
        if self.at_start {
            // Reads the whole mark even if only a few bytes arrive at a time.
            while (1..3).contains(&count) {
                match self.reader.read(&mut self.chunk[count..])? {
                    0 => break,
                    more => count += more,
                }
            }
            self.at_start = false;
        }
        if count == 0 {
            if self.state == State::Minus {
                self.ready.push(b'-');
            }
            self.state = State::Outside;
            return Ok(!self.ready.is_empty());
        }
        let chunk = std::mem::take(&mut self.chunk);
        chunk[..count].iter().for_each(|&byte| self.take(byte));
        self.chunk = chunk;
        Ok(true)
    }

    fn take(&mut self, byte: u8) {
        self.state = match (self.state, byte) {
            (State::Word([first, rest @ ..]), _) if byte == *first => match rest {
                [] => State::Outside,
                rest => State::Word(rest),
            },
            (State::Word(_), _) => {
                // Not one of the known words: make the text invalid JSON, as the original was.
                self.ready.extend_from_slice(&[b'?', byte]);
                State::Outside
            }
            (State::Outside | State::Minus, b'N' | b'I') => {
                self.ready.extend_from_slice(b"null");
                State::Word(if byte == b'N' { b"aN" } else { b"nfinity" })
            }
            (State::Outside, b'-') => State::Minus,
            (state, _) => {
                if state == State::Minus {
                    self.ready.push(b'-');
                }
                self.ready.push(byte);
                match (state, byte) {
                    (State::String, b'\\') => State::Escape,
                    (State::String, b'"') => State::Outside,
                    (State::String | State::Escape, _) => State::String,
                    (_, b'"') => State::String,
                    _ => State::Outside,
                }
            }
        };
    }
}

impl<R: Read> Read for LenientJson<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let is_first = self.at_start;
        while self.next == self.ready.len() {
            if !self.fill()? {
                return Ok(0);
            }
            if is_first && self.ready.starts_with(b"\xEF\xBB\xBF") {
                self.next = 3;
            }
        }
        let rest = &self.ready[self.next..];
        let count = rest.len().min(buffer.len());
        buffer[..count].copy_from_slice(&rest[..count]);
        self.next += count;
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// A reader that returns a few bytes at a time.
    struct Slow<'a>(&'a [u8], usize);

    impl Read for Slow<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let count = self.1.min(self.0.len()).min(buffer.len());
            buffer[..count].copy_from_slice(&self.0[..count]);
            self.0 = &self.0[count..];
            Ok(count)
        }
    }

    fn read(text: &[u8], step: usize) -> Vec<u8> {
        let mut out = Vec::new();
        LenientJson::new(Slow(text, step)).read_to_end(&mut out).unwrap();
        out
    }

    #[test]
    fn what_is_no_number_becomes_null_outside_of_strings() {
        let text = br#"[NaN, -Infinity,Infinity, -1, "NaN \" Infinity -", {"-Infinity": NaN}]"#;
        let expected = br#"[null, null,null, -1, "NaN \" Infinity -", {"-Infinity": null}]"#;
        for step in [1, 2, 3, 7, 1000] {
            assert_eq!(read(text, step), expected);
        }
        assert_eq!(read(b"\xEF\xBB\xBF[1]", 1), b"[1]");
        assert_eq!(read(b"-", 1), b"-");
        assert!(read(b"", 1).is_empty() && read(b"\xEF\xBB\xBF", 2).is_empty());
    }

    #[test]
    fn other_words_stay_errors() {
        for text in ["[NaNN]", "[Nope]", "[-Inf]", "[N]", "[nan]"] {
            let read = read(text.as_bytes(), 1);
            assert!(serde_json::from_slice::<serde_json::Value>(&read).is_err(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn json_stays_as_it_is(text in r#"([0-9.,:\[\]{} -]|"([a-zA-Z -]|\\")*")*"#, step in 1usize..9) {
            prop_assert_eq!(read(text.as_bytes(), step), text.as_bytes());
        }
    }
}
