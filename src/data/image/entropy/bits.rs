//! Reads variable-length codes from entropy-coded data.

/// A Huffman table, with codes by length: ITU-T T.81, annex C.
pub(super) struct Table {
    /// The number of codes of 1 to 16 bits.
    counts: [u8; 16],
    /// The symbols, in the order of the codes.
    symbols: Vec<u8>,
}

impl Table {
    pub fn new(counts: [u8; 16], symbols: Vec<u8>) -> Self {
        Self { counts, symbols }
    }
}

/// The bits of a scan.
pub(super) struct Bits<'a> {
    /// The bytes not yet started.
    rest: &'a [u8],
    /// The current byte, read from its highest bit, and the number of its bits left.
    byte: u8,
    left: u8,
}

impl<'a> Bits<'a> {
    pub fn new(data: &'a [u8]) -> Self {
        Self { rest: data, byte: 0, left: 0 }
    }

    /// The bytes after the last one that was read from.
    pub fn rest(self) -> &'a [u8] {
        self.rest
    }

    /// Reads a block's codes and skips the bits of its coefficients. `None` if the data end or are
    /// not a valid block.
    pub fn block(&mut self, dc: &Table, ac: &Table) -> Option<()> {
        let length = self.symbol(dc)?;
        if length > 11 {
            return None;
        }
        self.skip(length)?;
        let mut at = 1;
        while at < 64 {
            let symbol = self.symbol(ac)?;
            let (zeros, length) = (symbol >> 4, symbol & 15);
            match (zeros, length) {
                // End of block: all other coefficients are 0.
                (0, 0) => return Some(()),
                (15, 0) => (),
                (_, 0) => return None,
                _ => self.skip(length)?,
            }
            at += zeros + 1;
        }
        (at == 64).then_some(())
    }

    /// Skips the bits that pad the byte, and the restart marker `number`.
    pub fn restart(&mut self, number: usize) -> Option<()> {
        self.left = 0;
        let marker = self.rest.strip_prefix(b"\xff")?;
        let padding = marker.iter().take_while(|&&byte| byte == 0xFF).count();
        let (marker, rest) = marker[padding..].split_first()?;
        self.rest = rest;
        (usize::from(*marker) == 0xD0 + number).then_some(())
    }

    fn symbol(&mut self, table: &Table) -> Option<u8> {
        // Codes of one length are consecutive. The first one is twice the successor of the last
        // code that is one bit shorter.
        let (mut code, mut first, mut before) = (0, 0, 0);
        for count in table.counts.map(usize::from) {
            code = code * 2 + usize::from(self.bit()?);
            first *= 2;
            if let Some(offset) = code.checked_sub(first).filter(|offset| *offset < count) {
                return table.symbols.get(before + offset).copied();
            }
            first += count;
            before += count;
        }
        None
    }

    fn skip(&mut self, count: u8) -> Option<()> {
        (0..count).try_for_each(|_| self.bit().map(|_| ()))
    }

    fn bit(&mut self) -> Option<bool> {
        if self.left == 0 {
            (self.byte, self.rest) = match self.rest {
                // A marker ends the data, and so does a possible first half of one.
                [0xFF, 0, rest @ ..] => (0xFF, rest),
                [0xFF, ..] | [] => return None,
                [byte, rest @ ..] => (*byte, rest),
            };
            self.left = 8;
        }
        self.left -= 1;
        Some(self.byte >> self.left & 1 == 1)
    }
}
