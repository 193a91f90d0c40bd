//! Checks a checkpoint's pickle before pytorch-reader reads it.
//!
//! The reader checks every length that a file claims, but it uses some hundred bytes for each
//! pickle byte that pushes an object, and in an archive those bytes may be compressed a
//! thousandfold. A file of a few hundred kilobytes could exhaust the memory.
use std::{
    fs::File,
    io::{BufRead, BufReader, Error, ErrorKind, Read, Seek, SeekFrom},
};

/// The maximum number of instructions in a checkpoint's pickles: a ResNet-152 with its optimizer
/// state has some hundred thousand.
const MOST_INSTRUCTIONS: usize = 2_000_000;

/// The maximum size of a compressed pickle. PyTorch does not compress pickles, and files
/// recompressed by other tools contain no optimizer state.
const MOST_PACKED: u64 = 4 << 20;

/// Rejects files whose pickles would exhaust the memory. Other errors are left to the reader.
pub(super) fn check(file: File, zip: bool) -> Result<(), String> {
    let mut file = BufReader::new(file);
    let pickles = match zip {
        true => match find_pickle(&mut file) {
            Ok(Found::Stored) => 1,
            Ok(Found::Packed { length }) if length <= MOST_PACKED => return Ok(()),
            Ok(Found::Packed { length }) => {
                return Err(format!(
                    "its compressed data.pkl has {length} bytes, which is too large"
                ));
            }
            Ok(Found::None) => {
                return Err("a zip archive, but not PyTorch's: it has no data.pkl".into());
            }
            Ok(Found::Several) => return Err("it has two entries named data.pkl".into()),
            Err(error) => {
                return Err(format!("a truncated or damaged zip archive: {error}"));
            }
        },
        // The magic number, the protocol version, the system information, the object, and the
        // storage order.
        false => 5,
    };
    let mut budget = MOST_INSTRUCTIONS;
    for _ in 0..pickles {
        if skip_pickle(&mut file, &mut budget).is_err() {
            break;
        }
    }
    match budget {
        0 => Err(format!("its pickle has more than {MOST_INSTRUCTIONS} instructions")),
        _ => Ok(()),
    }
}

/// Skips a pickle, taking one from `budget` for each of its instructions; stops when it is used up.
fn skip_pickle(file: &mut impl BufRead, budget: &mut usize) -> Result<(), Error> {
    loop {
        let [instruction] = take(file)?;
        *budget = budget.saturating_sub(1);
        if *budget == 0 {
            return Err(ErrorKind::InvalidData.into());
        }
        let length = match instruction {
            b'.' => return Ok(()),
            b'K' | b'h' | b'q' | 0x80 | 0x82 => 1,
            b'M' | 0x83 => 2,
            b'J' | b'j' | b'r' | 0x84 => 4,
            b'G' | 0x95 => 8,
            // A length, followed by as many bytes.
            b'U' | b'C' | 0x8a | 0x8c => take::<1>(file)?[0].into(),
            b'T' | b'X' | b'B' | 0x8b => u32::from_le_bytes(take(file)?).into(),
            0x8d | 0x8e | 0x96 => u64::from_le_bytes(take(file)?),
            b'I' | b'L' | b'F' | b'V' | b'g' | b'p' | b'P' => skip_lines(file, 1)?,
            b'c' => skip_lines(file, 2)?,
            _ => 0,
        };
        skip(file, length)?;
    }
}

fn take<const N: usize>(file: &mut impl Read) -> Result<[u8; N], Error> {
    let mut bytes = [0; N];
    file.read_exact(&mut bytes)?;
    Ok(bytes)
}

fn skip(file: &mut impl BufRead, mut length: u64) -> Result<(), Error> {
    while length > 0 {
        let present = file.fill_buf()?.len();
        if present == 0 {
            return Err(ErrorKind::UnexpectedEof.into());
        }
        let step = length.min(present as u64);
        file.consume(step as usize);
        length -= step;
    }
    Ok(())
}

fn skip_lines(file: &mut impl BufRead, count: usize) -> Result<u64, Error> {
    for _ in 0..count {
        file.skip_until(b'\n')?;
    }
    Ok(0)
}

/// The pickle found in an archive.
enum Found {
    None,
    Several,
    Packed {
        length: u64,
    },
    /// The file is positioned at its first byte.
    Stored,
}

/// Finds `data.pkl` in an archive's directory.
///
/// Stricter than the reader, which also accepts archives that begin later in a file: both must read
/// the same pickle.
fn find_pickle(file: &mut BufReader<File>) -> Result<Found, Error> {
    let place = find_directory(file)?;
    file.seek(SeekFrom::Start(place))?;
    let mut found: Vec<(usize, [u8; 46])> = Vec::new();
    while let Ok(entry) = take::<46>(file) {
        if !entry.starts_with(b"PK\x01\x02") {
            break;
        }
        let mut name = vec![0; number(&entry, 28, 2) as usize];
        file.read_exact(&mut name)?;
        skip(file, number(&entry, 30, 2) + number(&entry, 32, 2))?;
        if let Some(root) = name.strip_suffix(b"data.pkl")
            && (root.is_empty() || root.ends_with(b"/"))
        {
            found.push((root.len(), entry));
        }
    }
    // The reader takes the one nearest to the archive's root.
    let Some(nearest) = found.iter().map(|(depth, _)| *depth).min() else {
        return Ok(Found::None);
    };
    found.retain(|(depth, _)| *depth == nearest);
    let [(_, entry)] = found.as_slice() else { return Ok(Found::Several) };
    if number(entry, 10, 2) != 0 {
        return Ok(Found::Packed { length: number(entry, 24, 4) });
    }
    file.seek(SeekFrom::Start(number(entry, 42, 4)))?;
    let header = take::<30>(file)?;
    skip(file, number(&header, 26, 2) + number(&header, 28, 2))?;
    Ok(Found::Stored)
}

/// The position of an archive's directory, which is near the archive's end.
fn find_directory(file: &mut BufReader<File>) -> Result<u64, Error> {
    // A comment of up to 64 KiB may follow the end record; the 20-byte ZIP64 locator precedes it.
    let length = file.seek(SeekFrom::End(0))?;
    file.seek(SeekFrom::Start(length.saturating_sub(20 + 22 + 0xffff)))?;
    let mut end = Vec::new();
    file.read_to_end(&mut end)?;
    let none = || Error::new(ErrorKind::UnexpectedEof, "its directory is missing");
    let at =
        end.windows(22).rposition(|bytes| bytes.starts_with(b"PK\x05\x06")).ok_or_else(none)?;
    let place = number(&end, at + 16, 4);
    if place != 0xffff_ffff {
        return Ok(place);
    }
    // Beyond 4 GiB (ZIP64).
    let at = at.checked_sub(20).ok_or_else(none)?;
    file.seek(SeekFrom::Start(number(&end, at + 8, 8)))?;
    Ok(number(&take::<56>(file)?, 48, 8))
}

/// The little-endian number of `count` bytes at `at`.
fn number(bytes: &[u8], at: usize, count: usize) -> u64 {
    bytes[at..at + count].iter().rev().fold(0, |number, &byte| number << 8 | u64::from(byte))
}
