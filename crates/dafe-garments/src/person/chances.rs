//! How often wearers have what: the probabilities of hair, poses and what is worn besides clothes.
//! Those of several choices together are weights.
use super::hairstyle::Hair;

/// How hair is worn.
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
/// Locks of long hair before each shoulder.
pub(crate) const LOCKS_BEFORE_A_SHOULDER: f32 = 0.6;
/// What else is worn about head and neck.
pub(crate) const HAT: f32 = 0.15;
pub(crate) const SUNGLASSES: f32 = 0.08;
pub(crate) const GLASSES: f32 = 0.06;
pub(crate) const NECKLACE: f32 = 0.22;
pub(crate) const SCARF: f32 = 0.04;
/// A mannequin instead of somebody; most have no head.
pub(crate) const MANNEQUIN: f32 = 0.05;
/// Legs in tights, and in boots.
pub(crate) const TIGHTS: f32 = 0.12;
pub(crate) const BOOTS: f32 = 0.15;
/// A weight among the same for a hand that holds a skirt out.
pub(crate) const HOLD: f32 = 0.1;
/// Feet close together, and one lifted behind.
pub(crate) const FEET_TOGETHER: f32 = 0.15;
pub(crate) const LIFTED_FOOT: f32 = 0.08;
/// Bodies that are turned by half, however still they stand, and those seen from behind.
pub(crate) const THREE_QUARTER: f32 = 0.12;
pub(crate) const FROM_BEHIND: f32 = 0.09;
/// What nobody wears that lies flat, and so is half as wide as it is around.
pub(crate) const FLAT: f32 = 0.75;
/// A top and a bottom laid out together, as they are worn.
pub(crate) const OUTFIT: f32 = 0.07;
/// A skirt of what nobody wears whose one side lies farther out.
pub(crate) const SPREAD_HEM: f32 = 0.2;
/// How sleeves lie of what nobody wears, by weight: along the trunk, off it, out to the sides, up;
/// bent over the trunk, bent upwards beside it, folded beneath it. And how often the second sleeve
/// lies as the first one does, and legs lie side by side. Set by where cuffs are in the labels of
/// the open clothing benchmark's training split, which has hardly a bent sleeve: a few are left.
pub(crate) const SLEEVES_LAID: [f32; 7] = [0.78, 0.12, 0.02, 0.01, 0.03, 0.025, 0.015];
pub(crate) const LAID_EVENLY: f32 = 0.55;
pub(crate) const LEGS_LAID_EVENLY: f32 = 0.55;
/// Both arms folded before the chest; each hand in a pocket (a weight among some eight poses that
/// add up to about 3).
pub(crate) const FOLDED_ARMS: f32 = 0.06;
pub(crate) const POCKET: f32 = 0.2;
