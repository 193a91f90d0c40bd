//! The file of a dataset's image, and the orientation in which it is read.
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
    /// Upright, unless the annotations give the size of the stored image and this differs from the
    /// upright size: the labels were then made on the stored image.
    #[default]
    Auto,
    /// Turned upright.
    Upright,
    /// As stored.
    Stored,
}

named_enum!(Orientation, "orientation", {
    Auto => "auto",
    Upright => "upright",
    Stored => "stored",
});

/// The file of a dataset's image and the options for reading it.
///
/// ```
/// use dafe::data::image::ImageFile;
///
/// # let folder = tempfile::tempdir()?;
/// # let path = folder.path().join("photograph.png");
/// # dafe::data::image::write_png(&path, &image::RgbImage::new(60, 40))?;
/// let header = ImageFile::new(&path).header()?; // Reads no pixels.
/// assert_eq!((header.size, header.is_turned), ([60, 40], false));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImageFile {
    /// The file's path.
    pub path: PathBuf,
    /// `[width, height]` of the image according to the annotations, if they give it.
    pub labeled_size: Option<[u32; 2]>,
    /// The orientation in which the image is read.
    pub orientation: Orientation,
}

/// The header of an image. Sizes are `[width, height]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImageHeader {
    /// Size of the stored pixels.
    pub stored_size: [u32; 2],
    /// Size after applying the EXIF orientation.
    pub upright_size: [u32; 2],
    /// Size of the image that [`ImageFile::read`] returns.
    pub size: [u32; 2],
    /// Whether the EXIF orientation is not 1, so that the stored image must be rotated or mirrored.
    pub is_turned: bool,
    /// Whether [`ImageFile::read`] returns the stored pixels although [`Self::is_turned`].
    pub read_as_stored: bool,
    /// Size of the file, in bytes.
    pub file_size: u64,
}

/// The result of checking a readable image.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImageCheck {
    /// `[width, height]` of the image that [`ImageFile::read`] returns.
    pub size: [u32; 2],
    /// Warnings, without the file's name.
    pub warnings: Vec<String>,
}

/// How many bytes of a JPEG are read to find its header, in the first and second attempt.
/// Thumbnails and color profiles come before the header; few take more than 64 KiB.
const JPEG_STARTS: [u64; 2] = [16 << 10, 256 << 10];

impl ImageFile {
    /// A file without a known labeled size, read with [`Orientation::Auto`].
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into(), labeled_size: None, orientation: Orientation::Auto }
    }

    /// Reads the image.
    ///
    /// # Errors
    /// As [`read_image`](super::read_image).
    pub fn read(&self) -> Result<RgbImage, Error> {
        self.decoded().map(|(image, _)| image)
    }

    /// Reads the image like [`Self::read`] and returns warnings about it.
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

    /// Reads the header only, from the start of the file as far as the format allows. Pixels are
    /// neither read nor decoded and may be damaged.
    ///
    /// # Errors
    /// Those of [`Self::read`] that can be detected from the header.
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
            // The buffer is small because little is read after each seek.
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
            // The two sizes differ only for quarter turns of images that are not square.
            Orientation::Auto => self.labeled_size.is_none_or(|labeled| {
                labeled != header.stored_size || labeled == header.upright_size()
            }),
        }
    }
}

/// Reads the header of a JPEG from as few bytes as possible.
fn jpeg_header(file: &mut File) -> std::io::Result<Result<Header, String>> {
    for length in JPEG_STARTS {
        file.rewind()?;
        // A header that is cut off is an error as well.
        if let Ok(header) = decode::header(Cursor::new(first(file, length)?), ImageFormat::Jpeg) {
            return Ok(Ok(header));
        }
    }
    file.rewind()?;
    Ok(decode::header(Cursor::new(first(file, MAX_FILE_BYTES)?), ImageFormat::Jpeg))
}

/// The next `length` bytes, or all that are left.
fn first(file: &mut File, length: u64) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    file.take(length).read_to_end(&mut bytes)?;
    Ok(bytes)
}
