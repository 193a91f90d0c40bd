//! What is behind: plain paper, studio walls, rooms and streets out of focus.
use tiny_skia::Pixmap;

use super::{
    colour::{Colour, hex},
    dice::Dice,
    places::{self, Canvas},
    shape::pt,
    soft,
};

/// A kind of background.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Backdrop {
    /// White or nearly so, as in shops' pictures.
    White,
    /// A wall lit from one side, with or without a floor.
    Studio,
    Wall,
    Room,
    Street,
    Rail,
}

/// A background about to be painted.
#[derive(Debug, Clone, Copy)]
pub(super) struct Background {
    pub backdrop: Backdrop,
    /// The colour that it mostly shows.
    pub colour: Colour,
    pub seed: u64,
}

impl Background {
    /// Chooses; clothes alone mostly lie on plain ground.
    pub fn new(dice: &mut Dice, worn: bool) -> Self {
        let backdrop = if worn {
            dice.weighted(&[
                (0.24, Backdrop::White),
                (0.3, Backdrop::Studio),
                (0.14, Backdrop::Wall),
                (0.16, Backdrop::Room),
                (0.17, Backdrop::Street),
                (0.07, Backdrop::Rail),
            ])
        } else {
            dice.weighted(&[
                (0.55, Backdrop::White),
                (0.2, Backdrop::Studio),
                (0.25, Backdrop::Wall),
            ])
        };
        let colour = match backdrop {
            Backdrop::White => hex(0xffffff).mix(hex(0xe9e9ea), dice.range(0.0, 0.6)),
            Backdrop::Studio => {
                let tints = [0xe2e2e1, 0xd0d4d9, 0xece6de, 0xb4bbc0, 0xeee0d8, 0xd8e0e4, 0x989da2];
                hex(dice.pick(&tints)).jitter(dice, 10.0)
            }
            _ => {
                let walls = [0xd8d0c4, 0xb9b2a6, 0xcfd4d2, 0x9d8f80, 0xe6e2da, 0x8b98a0, 0xa8876b];
                hex(dice.pick(&walls)).jitter(dice, 14.0)
            }
        };
        Self { backdrop, colour, seed: dice.number() }
    }

    /// Paints it, `width` × `height`.
    ///
    /// # Panics
    /// If a side is 0 or the picture does not fit into memory.
    pub fn paint(&self, width: u32, height: u32) -> Pixmap {
        let mut dice = Dice::from_number(self.seed);
        // What is out of focus is drawn small.
        let far = matches!(self.backdrop, Backdrop::Street | Backdrop::Room | Backdrop::Rail);
        let shrink = if far { 3 } else { 1 };
        let (small_width, small_height) = (width.div_ceil(shrink), height.div_ceil(shrink));
        let map = Pixmap::new(small_width, small_height).expect("a picture's size");
        let mut canvas = Canvas { map, w: width as f32, h: height as f32, shrink: shrink as f32 };
        canvas.map.fill(self.colour.skia(1.0));
        match self.backdrop {
            Backdrop::White => {
                if dice.chance(0.4) {
                    canvas.glow(self.colour, hex(0xd8d8da), 0.35);
                }
                if dice.chance(0.12) {
                    places::sign(&mut canvas, &mut dice, self.colour);
                }
            }
            Backdrop::Studio => {
                let dark = self.colour.darker(dice.range(0.05, 0.3));
                canvas.glow(self.colour.lighter(0.35), dark, 1.0);
                if dice.chance(0.5) {
                    let y = canvas.h * dice.range(0.7, 0.95);
                    canvas.fade(
                        pt(0.0, y),
                        pt(0.0, canvas.h),
                        dark.skia(0.75),
                        self.colour.skia(0.2),
                        y,
                    );
                }
            }
            Backdrop::Wall => places::wall(&mut canvas, &mut dice, self.colour),
            Backdrop::Room => places::room(&mut canvas, &mut dice, self.colour),
            Backdrop::Street => places::street(&mut canvas, &mut dice),
            Backdrop::Rail => places::rail(&mut canvas, &mut dice, self.colour),
        }
        if far {
            soft::blur(&mut canvas.map, dice.count(1, 2));
            return soft::enlarged(&canvas.map, width, height).expect("a picture's size");
        }
        canvas.map
    }
}
