//! How hair is worn.

/// How hair is worn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Hair {
    Short,
    Bob,
    /// Loose, behind the shoulders or before them.
    Long,
    /// Long, all over one shoulder.
    OneSide,
    Curls,
    Bun,
    Ponytail,
    Braids,
    Bald,
}

impl Hair {
    /// Whether ears are seen.
    pub fn shows_ears(self) -> bool {
        !matches!(self, Self::Bob | Self::Long | Self::OneSide | Self::Curls)
    }
}
