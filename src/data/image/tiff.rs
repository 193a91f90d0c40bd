//! What a TIFF's first directory says of the image that the decoder does not: whether it is the
//! image at all.
use std::io::{BufRead, Seek, SeekFrom};

/// TIFF 6.0, § 8, and DNG 1.7, tags.
const NEW_SUBFILE_TYPE: u16 = 254;
const EXTRA_SAMPLES: u16 = 338;
const DNG_VERSION: u16 = 50_706;

/// What is to be known of a TIFF before its first image is taken for the photograph.
#[derive(Default)]
pub(super) struct Directory {
    /// A smaller copy of another image in the file, or the sensor's own samples.
    is_raw: bool,
    /// Colors are multiplied by the alpha already.
    pub is_premultiplied: bool,
}

impl Directory {
    /// Of the file's first directory, as far as that can be read: the decoder refuses what it can't.
    pub fn of<R: BufRead + Seek>(reader: &mut R) -> Self {
        let mut found = Self::default();
        let _ = found.read(reader);
        found
    }

    /// What is wrong with the first image.
    pub fn check(&self) -> Result<(), String> {
        match self.is_raw {
            true => Err("a camera's raw file, which is not read: export it to JPEG".into()),
            false => Ok(()),
        }
    }

    fn read<R: BufRead + Seek>(&mut self, reader: &mut R) -> std::io::Result<()> {
        let mut header = [0; 10];
        reader.read_exact(&mut header)?;
        let is_little = header[0] == b'I';
        let short = |bytes: [u8; 2]| match is_little {
            true => u16::from_le_bytes(bytes),
            false => u16::from_be_bytes(bytes),
        };
        let long = |bytes: [u8; 4]| match is_little {
            true => u32::from_le_bytes(bytes),
            false => u32::from_be_bytes(bytes),
        };
        let [_, _, _, _, a, b, c, d, canon @ ..] = header;
        self.is_raw = canon == *b"CR";
        reader.seek(SeekFrom::Start(long([a, b, c, d]).into()))?;
        let mut count = [0; 2];
        reader.read_exact(&mut count)?;
        for _ in 0..short(count) {
            let mut entry = [0; 12];
            reader.read_exact(&mut entry)?;
            let [tag_a, tag_b, type_a, type_b, _, _, _, _, value @ ..] = entry;
            // Two bytes or four: one number, or the first of several.
            let value = match short([type_a, type_b]) {
                3 => short([value[0], value[1]]).into(),
                _ => long(value),
            };
            match short([tag_a, tag_b]) {
                NEW_SUBFILE_TYPE => self.is_raw |= value & 1 == 1,
                DNG_VERSION => self.is_raw = true,
                EXTRA_SAMPLES => self.is_premultiplied = value == 1,
                _ => (),
            }
        }
        Ok(())
    }
}
