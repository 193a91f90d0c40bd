//! Checks whether a JPEG without its end-of-image marker contains all of its pixels. Decoders do
//! not report this; they fill in what is missing.
//!
//! All codes of the entropy-coded data are read without computing pixels. The image is complete if
//! each block has all of its codes and only the bits that pad the last byte are left. This works
//! for sequential images. A progressive image stores each block in several scans, and the expected
//! number of scans is not known.
//!
//! Reference: ITU-T T.81, annexes A, B and F.
mod bits;

use bits::{Bits, Table};

/// A component of a frame: its identifier, and its number of blocks per MCU in each direction.
#[derive(Clone, Copy)]
struct Component {
    id: u8,
    blocks: [usize; 2],
    is_read: bool,
}

/// The state before a scan.
#[derive(Default)]
struct State {
    size: [usize; 2],
    components: Vec<Component>,
    /// Huffman tables of the DC and AC coefficients.
    tables: [[Option<Table>; 4]; 2],
    /// MCUs between two restart markers; 0 if there are none.
    restart: usize,
}

/// Whether this is a sequential JPEG that contains each block of each component and ends after the
/// last.
pub(super) fn is_whole(bytes: &[u8]) -> bool {
    is_whole_or_unknown(bytes).unwrap_or(false)
}

/// `None` if the file is cut off, damaged or of an unsupported kind.
fn is_whole_or_unknown(bytes: &[u8]) -> Option<bool> {
    let mut state = State::default();
    let mut rest = bytes.strip_prefix(b"\xff\xd8")?;
    loop {
        rest = rest.strip_prefix(b"\xff")?;
        let (marker, behind) = rest.split_first()?;
        if *marker == 0xFF {
            // Padding.
            continue;
        }
        let length = usize::from(u16::from_be_bytes(*behind.first_chunk()?));
        let (segment, behind) = behind.split_at_checked(length)?;
        let segment = segment.get(2..)?;
        rest = behind;
        match marker {
            0xC0 | 0xC1 => state.frame(segment)?,
            0xC4 => state.tables(segment)?,
            0xDD => state.restart = u16::from_be_bytes(*segment.first_chunk()?).into(),
            0xDA => {
                rest = state.scan(segment, rest)?;
                if state.components.iter().all(|component| component.is_read) {
                    // The first half of the end marker may be present.
                    return Some(rest.iter().all(|&byte| byte == 0xFF));
                }
            }
            // Quantization tables, application data, comments.
            0xDB | 0xE0..=0xEF | 0xFE => (),
            // Progressive, arithmetic, lossless and hierarchical frames, a deferred number of
            // lines, and markers without a length.
            _ => return None,
        }
    }
}

impl State {
    fn frame(&mut self, segment: &[u8]) -> Option<()> {
        let [8, h1, h0, w1, w0, count, components @ ..] = segment else { return None };
        self.size = [[*w1, *w0], [*h1, *h0]].map(|side| u16::from_be_bytes(side).into());
        let each = components.chunks_exact(3).map(|component| Component {
            id: component[0],
            blocks: [(component[1] >> 4).into(), (component[1] & 15).into()],
            is_read: false,
        });
        // A sequential image has only one frame.
        let is_first = self.components.is_empty();
        self.components = each.collect();
        let is_sound = |component: &Component| component.blocks.iter().all(|n| (1..5).contains(n));
        let sound = is_first
            && components.len() == 3 * usize::from(*count)
            && !self.components.is_empty()
            && self.size.iter().all(|&side| side > 0)
            && self.components.iter().all(is_sound);
        sound.then_some(())
    }

    fn tables(&mut self, mut segment: &[u8]) -> Option<()> {
        while let Some((name, rest)) = segment.split_first() {
            let (counts, rest) = rest.split_first_chunk()?;
            let count = counts.iter().map(|&n| usize::from(n)).sum();
            let (symbols, rest) = rest.split_at_checked(count)?;
            let class = self.tables.get_mut(usize::from(name >> 4))?;
            *class.get_mut(usize::from(name & 15))? = Some(Table::new(*counts, symbols.into()));
            segment = rest;
        }
        Some(())
    }

    /// Reads a scan's data and returns the bytes after it.
    fn scan<'a>(&mut self, segment: &[u8], data: &'a [u8]) -> Option<&'a [u8]> {
        let (count, rest) = segment.split_first()?;
        let (selectors, spectral) = rest.split_at_checked(2 * usize::from(*count))?;
        // Sequential: all coefficients in one scan.
        if spectral != [0, 63, 0] {
            return None;
        }
        let most = |axis: usize| self.components.iter().map(|c| c.blocks[axis]).max();
        let most = [most(0)?, most(1)?];
        let mut parts = Vec::new();
        for selector in selectors.chunks_exact(2) {
            let index = self.components.iter().position(|c| c.id == selector[0] && !c.is_read)?;
            self.components[index].is_read = true;
            let [dc, ac] = &self.tables;
            let dc = dc.get(usize::from(selector[1] >> 4))?.as_ref()?;
            let ac = ac.get(usize::from(selector[1] & 15))?.as_ref()?;
            parts.push((self.components[index].blocks, dc, ac));
        }
        let units = |axis: usize, side: usize| match &parts[..] {
            // A scan of a single component has one block per unit and none beyond its own edge.
            [(blocks, ..)] => (side * blocks[axis]).div_ceil(most[axis]).div_ceil(8),
            _ => side.div_ceil(8 * most[axis]),
        };
        let total = units(0, self.size[0]) * units(1, self.size[1]);
        let is_alone = parts.len() == 1;
        let mut bits = Bits::new(data);
        for unit in 0..total {
            if unit > 0 && self.restart > 0 && unit % self.restart == 0 {
                bits.restart((unit / self.restart - 1) % 8)?;
            }
            for (blocks, dc, ac) in &parts {
                for _ in 0..if is_alone { 1 } else { blocks[0] * blocks[1] } {
                    bits.block(dc, ac)?;
                }
            }
        }
        (!parts.is_empty()).then(|| bits.rest())
    }
}
