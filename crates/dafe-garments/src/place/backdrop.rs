//! Kinds of backgrounds.
use super::setting::Setting;
use crate::{
    color::{Color, hex},
    random::dice::Dice,
};

/// A kind of background.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Backdrop {
    /// White or nearly so, as in product images.
    White,
    /// Paper lit from one side, with or without a floor.
    Studio,
    Plaster,
    Bricks,
    Boards,
    Wallpaper,
    /// Cloth that the clothes lie on.
    Sheet,
    Concrete,
    Tiles,
    /// Boards of wood on a floor.
    Laminate,
    /// Large tiles on a floor.
    FloorTiles,
    Carpet,
    Quilt,
    /// A printed sheet or blanket.
    Bedding,
    /// A door or the front of a wardrobe.
    Door,
    Room,
    Street,
    /// Other clothes on a rail.
    Rail,
    Foliage,
    Sea,
    /// Sand or snow.
    Dunes,
    Night,
    Rug,
    /// A floor that reaches to the wall behind.
    Perspective,
    Mosaic,
    Marble,
    /// A wall in colored light.
    Gels,
    Curtain,
}

impl Backdrop {
    /// The setting of clothes in front of it.
    pub fn setting(self, worn: bool) -> Setting {
        match self {
            _ if worn => Setting::Elsewhere,
            Self::White | Self::Studio => Setting::Shop,
            _ => Setting::Home,
        }
    }

    /// Its main color.
    pub fn color(self, dice: &mut Dice) -> Color {
        let (tints, off): (&[u32], f32) = match self {
            Self::White => {
                // Most are overexposed to white.
                let gray = if dice.chance(0.5) { 0.0 } else { dice.range(0.0, 0.7) };
                return hex(0xffffff).mix(hex(0xe9e9ea), gray);
            }
            Self::Studio => (
                &[
                    0xf4f4f5, 0xe2e2e1, 0xd0d4d9, 0xece6de, 0xb4bbc0, 0xeee0d8, 0xd8e0e4, 0x989da2,
                    0x5c6064,
                ],
                10.0,
            ),
            Self::Plaster | Self::Sheet => (
                &[0xf2f0ec, 0xe9e7e4, 0xd8d0c4, 0xcfd4d2, 0xe6e2da, 0x9aa4aa, 0xc9b8a4, 0x54565a],
                12.0,
            ),
            Self::Bricks => (&[0xa05a42, 0xb87458, 0xe4e0d8, 0x8a8078, 0x6a4a40, 0xcfc8bc], 12.0),
            Self::Boards => (&[0xb98f64, 0x8a6546, 0xd8c0a0, 0xe8e2d8, 0x6a4c38, 0x9a948c], 12.0),
            Self::Concrete => (&[0x9a9a98, 0xb4b2ae, 0x7c7e80, 0xc8c4bc], 10.0),
            Self::Tiles => (&[0xeeece8, 0xd4dcde, 0xa8b8ba, 0xc8a890, 0x6a7478, 0xf0e8dc], 10.0),
            Self::Laminate => (
                &[
                    0xc8a474, 0xd8c09a, 0xb08250, 0x8a5c38, 0x5a4030, 0xa09688, 0x6a625a, 0xe0d4c0,
                    0xb4855c, 0xa8672f,
                ],
                12.0,
            ),
            Self::FloorTiles => (
                &[0xe4dccc, 0xd8d0c0, 0xc8baa4, 0xeceae6, 0xa89c8c, 0x8a8a88, 0xb08a6c, 0x54524e],
                10.0,
            ),
            Self::Carpet => (
                &[
                    0xb0a48c, 0xd8cfbc, 0x8a8078, 0x6a6e74, 0xa87c54, 0x7a5a44, 0x9a8428, 0x8c2830,
                    0x4c5a6c, 0xc4b8a8, 0x3c3430,
                ],
                14.0,
            ),
            Self::Quilt => (
                &[0xe8e4dc, 0xd4d0cc, 0xb4b2b4, 0xd8c8b4, 0xc8b090, 0xa8b0b8, 0x6c7078, 0xe4ccd0],
                12.0,
            ),
            Self::Bedding => (
                &[
                    0xeceae6, 0xd4c0b0, 0xb0202c, 0x284878, 0x6c8cb0, 0x8a8480, 0xc89c98, 0x2c2c34,
                    0xb8b0a4, 0xd8b45c, 0x587c60, 0x8c6c9c,
                ],
                16.0,
            ),
            Self::Door => (
                &[
                    0xf0eeea, 0xe4e0d8, 0xd8ccb8, 0x9a6a3c, 0x6a4428, 0xc08a4c, 0x4a3024, 0xb8bcbe,
                    0xc8a880,
                ],
                10.0,
            ),
            Self::Dunes => (&[0xd8b88a, 0xe8d4b0, 0xe8eef4, 0xc09a70, 0xb0743e], 12.0),
            Self::Night => (&[0x20304a, 0x3a2048, 0x14283a, 0x402a20], 10.0),
            Self::Rug => (&[0x7a2028, 0x1c2c4c, 0xb04a28, 0x28483c, 0xd8c8a8, 0x5a2850], 12.0),
            Self::Perspective => (&[0xe8e2d8, 0xb98f64, 0xc8ccd0, 0xa85a40, 0x8a948c], 12.0),
            Self::Mosaic => (&[0x2a7a8c, 0xc8a060, 0x3c5a9a, 0xa84a40, 0x5c8a60, 0xd8d0c0], 12.0),
            Self::Marble => (&[0xf0eee9, 0x3a3c40, 0x2c4a40, 0xd8bca0, 0x7a4a48], 10.0),
            Self::Gels => (&[0xb0b0b4, 0x6a6a70, 0xd8d4d0], 10.0),
            Self::Curtain => (&[0x8a1c2c, 0x1c3a5a, 0x2a5a48, 0xb88a3a, 0x5a2a5a, 0x3a3a40], 14.0),
            _ => (&[0xd8d0c4, 0xb9b2a6, 0xcfd4d2, 0x9d8f80, 0xe6e2da, 0x8b98a0, 0xa8876b], 14.0),
        };
        hex(dice.pick(tints)).jitter(dice, off)
    }
}
