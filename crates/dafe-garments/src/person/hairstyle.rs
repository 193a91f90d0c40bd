//! Hairstyles.

/// A hairstyle.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Hair {
    Short,
    Bob,
    /// Loose, behind the shoulders or in front of them.
    Long,
    /// Long, all in front of one shoulder.
    OneSide,
    Curls,
    Bun,
    Ponytail,
    Braids,
    Bald,
}

impl Hair {
    /// Whether ears are visible.
    pub fn shows_ears(self) -> bool {
        !matches!(self, Self::Bob | Self::Long | Self::OneSide | Self::Curls)
    }
}
