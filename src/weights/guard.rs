//! A look at a checkpoint's pickle before pytorch-reader gets it.
//!
//! The reader checks every length that a file claims, but keeps some hundred bytes for each byte of a pickle that
//! puts an object on its stack; in an archive, those bytes may even be packed a thousandfold. A few hundred
//! kilobytes could so fill the memory.
use std::{
    fs::File,
    io::{BufRead, BufReader, Error, ErrorKind, Read, Seek, SeekFrom},
};

/// The most instructions in a checkpoint's pickles: a ResNet-152 with its optimizer's state has some hundred thousand.
const MOST_INSTRUCTIONS: usize = 2_000_000;

/// The longest packed pickle. PyTorch packs none, and whoever packs one anew has no optimizer's state in it.
const MOST_PACKED: u64 = 4 << 20;

/// Refuses files whose pickles would fill the memory. What is wrong with a file otherwise is the reader's to say.
pub(super) fn check(file: File, zip: bool) -> Result<(), String> {
    let mut file = BufReader::new(file);
    let pickles = match zip {
        true => match find_pickle(&mut file) {
            Ok(Some(Pickle { packed: false, .. })) => 1,
            Ok(Some(Pickle { length, .. })) if length > MOST_PACKED => {
                return Err(format!("its packed data.pkl has {length} bytes, too many to be read"));
            }
            _ => return Ok(()),
        },
        // A number, a version, the system, the object, the order of the storages.
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

/// Goes past a pickle, taking one from `budget` for each of its instructions; stops where it is empty.
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
            // A length, then as many bytes.
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

/// The entry of an archive that holds the pickle.
struct Pickle {
    length: u64,
    packed: bool,
}

/// Finds `data.pkl` in the archive's directory, and goes to its bytes. `None` if the directory is unusual or broken.
fn find_pickle(file: &mut BufReader<File>) -> Result<Option<Pickle>, Error> {
    // The directory's place stands at the end, after which there may be a comment of up to 64 KiB.
    let length = file.seek(SeekFrom::End(0))?;
    let start = length.saturating_sub(22 + 0xffff + 20);
    file.seek(SeekFrom::Start(start))?;
    let mut end = Vec::new();
    file.read_to_end(&mut end)?;
    let Some(at) = end.windows(4).rposition(|bytes| bytes == b"PK\x05\x06") else {
        return Ok(None);
    };
    let mut place = number(&end, at + 16, 4);
    if place == Some(0xffff_ffff) {
        // As PyTorch writes it: the long form's place stands in the 20 bytes before.
        let Some(long) = at.checked_sub(20).and_then(|at| number(&end, at + 8, 8)) else {
            return Ok(None);
        };
        file.seek(SeekFrom::Start(long))?;
        place = number(&take::<56>(file)?, 48, 8);
    }
    let Some(place) = place else { return Ok(None) };

    file.seek(SeekFrom::Start(place))?;
    let mut found: Option<(usize, u64, Pickle)> = None;
    while let Ok(entry) = take::<46>(file) {
        if !entry.starts_with(b"PK\x01\x02") {
            break;
        }
        let field = |at, bytes| number(&entry, at, bytes).unwrap_or_default();
        let mut name = vec![0; field(28, 2) as usize];
        file.read_exact(&mut name)?;
        skip(file, field(30, 2) + field(32, 2))?;
        // The reader takes the one nearest to the archive's root.
        let root =
            name.strip_suffix(b"data.pkl").filter(|root| root.is_empty() || root.ends_with(b"/"));
        if let Some(root) = root
            && found.as_ref().is_none_or(|(depth, ..)| root.len() < *depth)
        {
            let pickle = Pickle { length: field(24, 4), packed: field(10, 2) != 0 };
            found = Some((root.len(), field(42, 4), pickle));
        }
    }
    let Some((_, place, pickle)) = found else { return Ok(None) };
    file.seek(SeekFrom::Start(place))?;
    let header = take::<30>(file)?;
    let field = |at| number(&header, at, 2).unwrap_or_default();
    skip(file, field(26) + field(28))?;
    Ok(Some(pickle))
}

/// A little-endian number of `bytes` bytes.
fn number(from: &[u8], at: usize, bytes: usize) -> Option<u64> {
    let bytes = from.get(at..at.checked_add(bytes)?)?;
    Some(bytes.iter().rev().fold(0, |number, &byte| number << 8 | u64::from(byte)))
}
