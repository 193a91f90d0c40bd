//! A dataset's image: its file, and which way up it is read.
use std::{
    fs::File,
    io::{BufReader, Cursor, Read, Seek},
    path::PathBuf,
};

use image::{ImageFormat, RgbImage};

use super::{
    MAX_FILE_BYTES,
    decode::{self, Header},
    format, refused,
};
use crate::{
    Error, ErrorKind,
    file::{open_regular, read_bounded},
    named::named_enum,
};

/// How an image's EXIF orientation is treated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum Orientation {
    /// Upright, unless the annotations give the size of the image as it is stored, and not the one
    /// that it has upright: then they were made on the stored image.
    #[default]
    Auto,
    /// Turned upright.
    Upright,
    /// As the pixels are stored.
    Stored,
}

named_enum!(Orientation, "orientation", {
    Auto => "auto",
    Upright => "upright",
    Stored => "stored",
});

/// The file of a dataset's image and how it is to be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImageFile {
    /// Where it is.
    pub path: PathBuf,
    /// `[width, height]` that the annotations give the image, if they do.
    pub labeled_size: Option<[u32; 2]>,
    /// Which way up it is read.
    pub orientation: Orientation,
}

/// What an image's header says of it. Sizes are `[width, height]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImageHeader {
    /// Of the pixels as they are stored.
    pub stored_size: [u32; 2],
    /// Once turned by the EXIF orientation.
    pub upright_size: [u32; 2],
    /// As [`ImageFile::read`] gives it.
    pub size: [u32; 2],
    /// Whether there is an EXIF orientation other than 1, by which the stored image is turned or
    /// mirrored.
    pub is_turned: bool,
    /// Whether [`ImageFile::read`] takes the pixels as stored although [`Self::is_turned`].
    pub read_as_stored: bool,
    /// In bytes.
    pub file_size: u64,
}

/// An image that can be read, and what is odd about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImageCheck {
    /// `[width, height]`, as [`ImageFile::read`] gives it.
    pub size: [u32; 2],
    /// In sentences without the file's name.
    pub warnings: Vec<String>,
}

/// How much of a JPEG is read, at first and then, to find its header. Thumbnails and color profiles
/// come before it; few have more than 64 KiB.
const JPEG_STARTS: [u64; 2] = [16 << 10, 256 << 10];

impl ImageFile {
    /// No size is known, and the orientation is treated by [`Orientation::Auto`].
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into(), labeled_size: None, orientation: Orientation::Auto }
    }

    /// The pixels.
    ///
    /// # Errors
    /// As [`read_image`](super::read_image).
    pub fn read(&self) -> Result<RgbImage, Error> {
        self.decoded().map(|(image, _)| image)
    }

    /// Reads the image as [`Self::read`] does, for what is odd about it.
    ///
    /// # Errors
    /// As [`Self::read`].
    pub fn check(&self) -> Result<ImageCheck, Error> {
        let (image, warnings) = self.decoded()?;
        Ok(ImageCheck { size: image.dimensions().into(), warnings })
    }

    fn decoded(&self) -> Result<(RgbImage, Vec<String>), Error> {
        let refused = refused(&self.path);
        let bytes = read_bounded(&self.path, MAX_FILE_BYTES, &refused)?;
        decode::decoded(&bytes, |header| self.turns(header)).map_err(refused)
    }

    /// What the header says, from the file's first bytes as far as the format allows: pixels are
    /// neither read nor decoded, and may be damaged.
    ///
    /// # Errors
    /// Those of [`Self::read`] that the header tells.
    pub fn header(&self) -> Result<ImageHeader, Error> {
        let refused = refused(&self.path);
        let (mut file, file_size) = open_regular(&self.path, &refused)?;
        if file_size > MAX_FILE_BYTES {
            let message = format!("larger than {MAX_FILE_BYTES} bytes");
            return Err(refused(message).with_kind(ErrorKind::Limit));
        }
        let failed = |source| Error::io("read", &self.path)(source);
        let start = first(&mut file, format::START_BYTES as u64).map_err(failed)?;
        let format = format::of(&start).map_err(&refused)?;
        file.rewind().map_err(failed)?;
        let header = match format {
            ImageFormat::Jpeg => jpeg_header(&mut file).map_err(failed)?,
            // A small buffer: what follows a seek is rarely read.
            _ => decode::header(BufReader::with_capacity(1 << 10, file), format),
        };
        let header = header.map_err(refused)?;
        let turns = self.turns(&header);
        Ok(ImageHeader {
            stored_size: header.stored_size,
            upright_size: header.upright_size(),
            size: if turns { header.upright_size() } else { header.stored_size },
            is_turned: header.is_turned(),
            read_as_stored: header.is_turned() && !turns,
            file_size,
        })
    }

    /// Whether the stored image is turned upright.
    fn turns(&self, header: &Header) -> bool {
        match self.orientation {
            Orientation::Upright => true,
            Orientation::Stored => false,
            // The two differ only where the image is turned by a quarter and is not square.
            Orientation::Auto => self.labeled_size.is_none_or(|labeled| {
                labeled != header.stored_size || labeled == header.upright_size()
            }),
        }
    }
}

/// The header of a JPEG, from as little of its start as has it.
fn jpeg_header(file: &mut File) -> std::io::Result<Result<Header, String>> {
    for length in JPEG_STARTS {
        file.rewind()?;
        // What is cut off within the header is an error, too.
        if let Ok(header) = decode::header(Cursor::new(first(file, length)?), ImageFormat::Jpeg) {
            return Ok(Ok(header));
        }
    }
    file.rewind()?;
    Ok(decode::header(Cursor::new(first(file, MAX_FILE_BYTES)?), ImageFormat::Jpeg))
}

/// The next `length` bytes, or all that there are.
fn first(file: &mut File, length: u64) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    file.take(length).read_to_end(&mut bytes)?;
    Ok(bytes)
}
