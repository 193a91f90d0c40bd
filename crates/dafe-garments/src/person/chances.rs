//! Probabilities of hair, poses and accessories. Those of alternatives are weights.
use super::hairstyle::Hair;

/// Hairstyles.
pub(crate) const HAIR: [(f32, Hair); 9] = [
    (0.22, Hair::Short),
    (0.12, Hair::Bob),
    (0.32, Hair::Long),
    (0.08, Hair::OneSide),
    (0.07, Hair::Curls),
    (0.08, Hair::Bun),
    (0.05, Hair::Ponytail),
    (0.03, Hair::Braids),
    (0.03, Hair::Bald),
];
/// Locks of long hair in front of each shoulder.
pub(crate) const LOCKS_BEFORE_A_SHOULDER: f32 = 0.6;
/// Accessories on head and neck.
pub(crate) const HAT: f32 = 0.15;
pub(crate) const SUNGLASSES: f32 = 0.08;
pub(crate) const GLASSES: f32 = 0.06;
pub(crate) const NECKLACE: f32 = 0.22;
pub(crate) const SCARF: f32 = 0.04;
/// A mannequin instead of a person; most have no head.
pub(crate) const MANNEQUIN: f32 = 0.05;
/// Legs in tights, and in boots.
pub(crate) const TIGHTS: f32 = 0.12;
pub(crate) const BOOTS: f32 = 0.15;
/// The weight of a hand holding a skirt, among the same poses.
pub(crate) const HOLD: f32 = 0.1;
/// Feet close together, and one lifted behind.
pub(crate) const FEET_TOGETHER: f32 = 0.15;
pub(crate) const LIFTED_FOOT: f32 = 0.08;
/// Bodies in three-quarter view, even if otherwise still, and those seen from behind.
pub(crate) const THREE_QUARTER: f32 = 0.12;
pub(crate) const FROM_BEHIND: f32 = 0.09;
/// Clothes without a wearer that lie flat, and so are half as wide as their circumference.
pub(crate) const FLAT: f32 = 0.75;
/// A top and a bottom laid out together, as if worn.
pub(crate) const OUTFIT: f32 = 0.07;
/// A skirt without a wearer, with one side spread out.
pub(crate) const SPREAD_HEM: f32 = 0.2;
/// How sleeves lie without a wearer, by weight: along the trunk, off it, out to the sides, up; bent
/// over the trunk, bent upwards beside it, folded beneath it. Then the probabilities that the
/// second sleeve lies like the first, and that legs lie side by side. Fitted to the positions of
/// cuffs in the labels of the open clothing benchmark's training split, which has hardly any bent
/// sleeves: a few are kept.
pub(crate) const SLEEVES_LAID: [f32; 7] = [0.78, 0.12, 0.02, 0.01, 0.03, 0.025, 0.015];
pub(crate) const LAID_EVENLY: f32 = 0.55;
pub(crate) const LEGS_LAID_EVENLY: f32 = 0.55;
/// Both arms folded in front of the chest; each hand in a pocket (a weight among about eight poses
/// that add up to about 3).
pub(crate) const FOLDED_ARMS: f32 = 0.06;
pub(crate) const POCKET: f32 = 0.2;
