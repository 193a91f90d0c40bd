//! Differences between the two styles.
use std::collections::HashSet;

use dafe::data::Split;

use super::STYLES;
use crate::{
    Style,
    cloth::pattern::Pattern,
    photo, place,
    scene::{several, single},
};

/// Unlike images have backdrops and looks that no usual image has.
#[test]
fn styles_share_neither_backdrops_nor_looks() {
    let [usual, unlike] = STYLES.map(|style| {
        let scenes = (0..600).map(|index| single::compose(style, 1, Split::Train, index).shot);
        let chosen = scenes.map(|p| (p.background.backdrop, p.finish.look));
        let (backdrops, looks): (HashSet<_>, HashSet<_>) = chosen.unzip();
        (backdrops, looks)
    });
    assert!(usual.0.is_disjoint(&unlike.0) && usual.1.is_disjoint(&unlike.1));
    assert_eq!(
        [usual.0.len(), unlike.0.len()],
        [place::chances::USUAL_BACKDROPS.len(), place::chances::UNLIKE_BACKDROPS.len()]
    );
    assert_eq!(
        [usual.1.len(), unlike.1.len()],
        [photo::chances::USUAL_LOOKS.len(), photo::chances::UNLIKE_LOOKS.len()]
    );
}

/// Neither style shows the other's cloth, so a network trained on one is tested on unseen cloth in
/// the other.
#[test]
fn no_image_shows_a_pattern_of_the_other_style() {
    for (style, other) in [(Style::Usual, Style::Unlike), (Style::Unlike, Style::Usual)] {
        let mut seen = Vec::new();
        for index in 0..150 {
            let single = single::compose(style, 9, Split::Train, index).shot.fabrics;
            let several = several::compose(style, 9, Split::Train, index).shot.fabrics;
            seen.extend(single.into_iter().chain(several).map(|fabric| fabric.pattern));
        }
        let tables = [Pattern::table(other), Pattern::open(other), Pattern::jeans(other)];
        for (_, (pattern, _)) in tables.concat() {
            assert!(!seen.contains(&pattern), "{} images show {pattern:?}", style.name());
        }
        for (_, (pattern, _)) in Pattern::table(style) {
            assert!(seen.contains(pattern), "{} images lack {pattern:?}", style.name());
        }
    }
}
