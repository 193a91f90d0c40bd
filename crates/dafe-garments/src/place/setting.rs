//! Who shows clothes where.

/// Who takes an image.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Setting {
    /// A shop, which lights it evenly.
    Shop,
    /// Somebody at home, in what light there is.
    Home,
    /// Anybody elsewhere.
    Elsewhere,
}
