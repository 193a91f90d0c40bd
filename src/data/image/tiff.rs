//! What the decoder does not check in a TIFF's first directory: whether it is the main image, and
//! whether its data are present.
use std::io::{self, BufRead, Read, Seek, SeekFrom};

use super::decode::TRUNCATED;

/// Tags of TIFF 6.0, § 8, 15, 18 and 22, and DNG 1.7.
const NEW_SUBFILE_TYPE: u16 = 254;
const COMPRESSION: u16 = 259;
const STRIP_OFFSETS: u16 = 273;
const STRIP_BYTE_COUNTS: u16 = 279;
const TILE_OFFSETS: u16 = 324;
const TILE_BYTE_COUNTS: u16 = 325;
const EXTRA_SAMPLES: u16 = 338;
const DNG_VERSION: u16 = 50_706;

const SHORT: u16 = 3;
const JPEG: u32 = 7;

/// Properties of a TIFF's first image.
#[derive(Default)]
pub(super) struct Directory {
    /// A reduced copy of another image in the file, or raw sensor data.
    is_raw: bool,
    /// The data are incomplete, and the JPEG decoder would silently fill in the rest.
    is_truncated: bool,
    /// The colors are premultiplied by alpha.
    pub is_premultiplied: bool,
}

/// A tag's values, or their offset.
struct Entry {
    tag: u16,
    kind: u16,
    count: u32,
    value: [u8; 4],
}

/// Reads numbers in the file's byte order.
struct Numbers {
    is_little: bool,
}

impl Directory {
    /// Reads the file's first directory as far as possible; the decoder rejects the rest.
    pub fn of<R: BufRead + Seek>(reader: &mut R) -> Self {
        let mut found = Self::default();
        let _ = found.read(reader);
        found
    }

    /// Returns what is wrong with the first image.
    pub fn check(&self) -> Result<(), String> {
        if self.is_raw {
            return Err("camera raw files are not supported: export it to JPEG".into());
        }
        if self.is_truncated {
            return Err(TRUNCATED.into());
        }
        Ok(())
    }

    fn read<R: BufRead + Seek>(&mut self, reader: &mut R) -> io::Result<()> {
        let mut header = [0; 10];
        reader.read_exact(&mut header)?;
        let [order, _, _, _, a, b, c, d, canon @ ..] = header;
        let numbers = Numbers { is_little: order == b'I' };
        self.is_raw = canon == *b"CR";
        reader.seek(SeekFrom::Start(numbers.long([a, b, c, d]).into()))?;
        let mut count = [0; 2];
        reader.read_exact(&mut count)?;
        let mut is_jpeg = false;
        // Offsets and lengths of the data.
        let mut data = [Vec::new(), Vec::new()];
        let mut entries = Vec::new();
        for _ in 0..numbers.short(count) {
            let mut entry = [0; 12];
            reader.read_exact(&mut entry)?;
            entries.push(numbers.entry(entry));
        }
        for entry in &entries {
            let value = numbers.first(entry);
            match entry.tag {
                NEW_SUBFILE_TYPE => self.is_raw |= value & 1 == 1,
                DNG_VERSION => self.is_raw = true,
                EXTRA_SAMPLES => self.is_premultiplied = value == 1,
                COMPRESSION => is_jpeg = value == JPEG,
                STRIP_OFFSETS | TILE_OFFSETS => data[0] = numbers.all(entry, reader)?,
                STRIP_BYTE_COUNTS | TILE_BYTE_COUNTS => data[1] = numbers.all(entry, reader)?,
                _ => (),
            }
        }
        let end = reader.seek(SeekFrom::End(0))?;
        let [starts, lengths] = data;
        let mut each = starts.into_iter().zip(lengths);
        self.is_truncated =
            is_jpeg && each.any(|(start, length)| u64::from(start) + u64::from(length) > end);
        Ok(())
    }
}

impl Numbers {
    fn short(&self, bytes: [u8; 2]) -> u16 {
        match self.is_little {
            true => u16::from_le_bytes(bytes),
            false => u16::from_be_bytes(bytes),
        }
    }

    fn long(&self, bytes: [u8; 4]) -> u32 {
        match self.is_little {
            true => u32::from_le_bytes(bytes),
            false => u32::from_be_bytes(bytes),
        }
    }

    fn entry(&self, [tag, tag_b, kind, kind_b, a, b, c, d, value @ ..]: [u8; 12]) -> Entry {
        Entry {
            tag: self.short([tag, tag_b]),
            kind: self.short([kind, kind_b]),
            count: self.long([a, b, c, d]),
            value,
        }
    }

    /// The only value, or the first of two short ones.
    fn first(&self, entry: &Entry) -> u32 {
        match entry.kind {
            SHORT => self.short([entry.value[0], entry.value[1]]).into(),
            _ => self.long(entry.value),
        }
    }

    /// All values. If they take more than four bytes, they are stored elsewhere in the file.
    fn all<R: BufRead + Seek>(&self, entry: &Entry, reader: &mut R) -> io::Result<Vec<u32>> {
        let size = if entry.kind == SHORT { 2 } else { 4 };
        let length = u64::from(entry.count) * size;
        let mut bytes = entry.value[..4.min(length as usize)].to_vec();
        if length > 4 {
            bytes.clear();
            reader.seek(SeekFrom::Start(self.long(entry.value).into()))?;
            // Reads at most what the file has.
            reader.by_ref().take(length).read_to_end(&mut bytes)?;
        }
        Ok(match entry.kind {
            SHORT => bytes.as_chunks().0.iter().map(|&bytes| self.short(bytes).into()).collect(),
            _ => bytes.as_chunks().0.iter().map(|&bytes| self.long(bytes)).collect(),
        })
    }
}
