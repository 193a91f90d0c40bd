//! Who shows clothes, and where.

/// The photographer's setting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Setting {
    /// A shop, with even lighting.
    Shop,
    /// At home, in the available light.
    Home,
    /// Anywhere else.
    Elsewhere,
}
