//! Whether a file contains all of its image. JPEG and WebP decoders silently fill in what is
//! missing; the PNG decoder reports it.

/// Walks through a JPEG's markers to the end-of-image marker. Segment contents are skipped, because
/// an embedded thumbnail has its own end marker.
pub(super) fn jpeg(bytes: &[u8]) -> bool {
    let mut rest = bytes;
    while let Some(at) = rest.iter().position(|&byte| byte == 0xFF) {
        rest = &rest[at + 1..];
        match rest {
            [0xD9, ..] => return true,
            // Markers without a segment: escaped data byte, restart markers, start of image, TEM.
            // 0xFF is padding.
            [0x00 | 0x01 | 0xD0..=0xD8 | 0xFF, ..] => (),
            // All other markers are followed by the segment's length, which includes its own two
            // bytes.
            [_, high, low, ..] => {
                let length = usize::from(u16::from_be_bytes([*high, *low]));
                rest = rest.get(1 + length..).unwrap_or_default();
            }
            _ => return false,
        }
    }
    false
}

/// Whether a WebP file is as long as its header says and all of its chunks are complete.
pub(super) fn webp(bytes: &[u8]) -> bool {
    let Some((content, _)) = riff_chunk(bytes) else { return false };
    // After the word "WEBP". Bytes too few for a chunk header are not part of the image.
    let mut rest = content.get(4..).unwrap_or_default();
    while rest.len() >= 8 {
        match riff_chunk(rest) {
            Some((_, behind)) => rest = behind,
            None => return false,
        }
    }
    true
}

/// The contents of the first chunk, and the bytes after it.
fn riff_chunk(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let length = u32::from_le_bytes(*bytes.get(4..)?.first_chunk()?);
    let (content, behind) = bytes[8..].split_at_checked(length as usize)?;
    // Chunks of odd length are padded by one byte, which some writers omit at the end of the file.
    Some((content, behind.get(content.len() % 2..).unwrap_or_default()))
}
