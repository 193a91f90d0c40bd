//! Mirror pairs derived from landmark names.
use std::collections::HashMap;

/// Mirror pairs derived from names.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Sides {
    /// For each landmark, the one that it becomes in a mirrored image: itself if its name has no
    /// partner.
    pub(crate) mirror: Vec<usize>,
    /// The landmarks whose names contain a side but have no partner, so their mirror pair is
    /// unknown.
    pub(crate) unpaired: Vec<usize>,
}

impl Sides {
    /// Pairs the landmarks whose names differ only in their side.
    ///
    /// A side is "left" or "right", as a word or inside one, or "l" or "r": as a word (`l_hem`,
    /// `hem.r`), as a capital before a capitalized word (`LHem`), or as a capital after a lowercase
    /// letter (`hemL`, `legR2`). Otherwise, names are compared ignoring case and surrounding
    /// spaces. Two or more pairs such as `lankle` and `rankle` also count; a single one may be
    /// chance, like lip and rip. A name that occurs twice is ignored.
    pub(crate) fn by_name(names: &[String]) -> Self {
        let names: Vec<&str> = names.iter().map(|name| name.trim()).collect();
        let mut pairs = Pairs::new(&names);
        let mut says_side = vec![false; names.len()];
        // Words first: the partner of "upright left" is "upright right", not "upleft right".
        for swap in [swap_words, swap_capitals, swap_parts] {
            for (i, name) in names.iter().enumerate() {
                if let Some(swapped) = swap(name) {
                    says_side[i] = true;
                    pairs.join(i, &swapped);
                }
            }
        }
        pairs.join_prefixes(&names);
        let mirror = pairs.mirror;
        let alone = |&i: &usize| says_side[i] && mirror[i] == i;
        let unpaired = (0..names.len()).filter(alone).collect();
        Self { mirror, unpaired }
    }
}

/// The pairs found so far.
struct Pairs {
    /// Landmarks by lowercase name; `None` for names that occur twice.
    places: HashMap<String, Option<usize>>,
    /// Whether the name of each landmark is unique.
    unique: Vec<bool>,
    mirror: Vec<usize>,
}

impl Pairs {
    fn new(names: &[&str]) -> Self {
        let mut places = HashMap::with_capacity(names.len());
        for (i, name) in names.iter().enumerate() {
            let place = places.entry(name.to_lowercase());
            place.and_modify(|place| *place = None).or_insert(Some(i));
        }
        let unique = |name: &&str| places[&name.to_lowercase()].is_some();
        let unique = names.iter().map(unique).collect();
        Self { places, unique, mirror: (0..names.len()).collect() }
    }

    /// The landmark with that name, unless several have it.
    fn place(&self, name: &str) -> Option<usize> {
        self.places.get(&name.to_lowercase()).copied().flatten()
    }

    /// Pairs landmark `i` with the one called `other`, if there is one and neither has a partner.
    fn join(&mut self, i: usize, other: &str) {
        let is_free = |place: usize| self.mirror[place] == place;
        let Some(other) = self.place(other).filter(|&other| other != i && is_free(other)) else {
            return;
        };
        if self.unique[i] && is_free(i) {
            self.mirror[i] = other;
            self.mirror[other] = i;
        }
    }

    /// Pairs names such as `lankle` and `rankle`, if there are several such pairs.
    fn join_prefixes(&mut self, names: &[&str]) {
        let partner = |name: &str| {
            let rest = name.strip_prefix('l').filter(|rest| rest.chars().count() > 2)?;
            self.place(&format!("r{rest}"))
        };
        let found: Vec<[usize; 2]> = (names.iter().enumerate())
            .filter_map(|(i, name)| Some([i, partner(name)?]))
            .filter(|pair| pair.iter().all(|&place| self.mirror[place] == place))
            .collect();
        if found.len() > 1 {
            for [left, right] in found {
                self.mirror[left] = right;
                self.mirror[right] = left;
            }
        }
    }
}

/// Swaps the whole words left and right, l and r, if there are any. Words consist of letters.
fn swap_words(name: &str) -> Option<String> {
    let mut swapped = String::with_capacity(name.len() + 1);
    let mut rest = name;
    let mut found = false;
    while !rest.is_empty() {
        let end = rest.find(|c: char| !c.is_alphabetic()).unwrap_or(rest.len());
        let word = &rest[..end];
        let other = match word.to_lowercase().as_str() {
            "left" => Some("right"),
            "right" => Some("left"),
            "l" => Some("r"),
            "r" => Some("l"),
            _ => None,
        };
        found |= other.is_some();
        swapped.push_str(other.unwrap_or(word));
        let after = rest[end..].find(char::is_alphabetic).map_or(rest.len(), |next| end + next);
        swapped.push_str(&rest[end..after]);
        rest = &rest[after..];
    }
    found.then_some(swapped)
}

/// Swaps a capital L or R that stands before a capitalized word, or after a lowercase letter or
/// digit and not before a letter.
fn swap_capitals(name: &str) -> Option<String> {
    let letters: Vec<char> = name.chars().collect();
    let is = |at: Option<usize>, kind: fn(&char) -> bool| {
        at.and_then(|at| letters.get(at)).is_some_and(kind)
    };
    let swapped = |i: usize| match letters[i] {
        'L' => Some('R'),
        'R' => Some('L'),
        _ => None,
    };
    let is_side = |&i: &usize| {
        let (before, next, after) = (i.checked_sub(1), Some(i + 1), Some(i + 2));
        let starts = !is(before, |c| c.is_alphabetic())
            && is(next, |c| c.is_uppercase())
            && is(after, |c| c.is_lowercase());
        let ends =
            is(before, |c| c.is_lowercase() || c.is_numeric()) && !is(next, |c| c.is_alphabetic());
        swapped(i).is_some() && (starts || ends)
    };
    let at = (0..letters.len()).find(is_side)?;
    let side = swapped(at)?;
    Some(
        letters
            .iter()
            .enumerate()
            .map(|(i, &letter)| if i == at { side } else { letter })
            .collect(),
    )
}

/// Swaps every "left" and "right", including those inside words.
fn swap_parts(name: &str) -> Option<String> {
    let lower = name.to_lowercase();
    // "bright", "upright" and "cleft" contain no side; "eyeright" and "lefthand" do.
    let is_side = ["left", "right"].iter().any(|side| {
        lower
            .match_indices(side)
            .any(|(at, _)| !NO_SIDES.iter().any(|word| holds(&lower, word, at)))
    });
    // A placeholder that occurs in no sensible name keeps the swapped words apart.
    is_side.then(|| lower.replace("left", "\0").replace("right", "left").replace('\0', "right"))
}

/// English words that contain "left" or "right" but no side.
const NO_SIDES: [&str; 7] =
    ["bright", "upright", "fright", "wright", "copyright", "cleft", "leftover"];

/// Whether `text` contains `word` around position `at`.
fn holds(text: &str, word: &str, at: usize) -> bool {
    text.match_indices(word).any(|(start, _)| (start..start + word.len()).contains(&at))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sides(names: &[&str]) -> Sides {
        Sides::by_name(&names.iter().map(|name| name.to_string()).collect::<Vec<_>>())
    }

    /// The mirror table of names that all have a pair or no side.
    #[track_caller]
    fn of(names: &[&str]) -> Vec<usize> {
        let Sides { mirror, unpaired } = sides(names);
        assert!(unpaired.is_empty(), "{unpaired:?} of {names:?}");
        mirror
    }

    #[test]
    fn sides_are_found_in_all_usual_spellings() {
        assert_eq!(of(&["nose", "left_eye", "right_eye"]), [0, 2, 1]);
        assert_eq!(of(&["L_Ear", "Tail", "R_Ear"]), [2, 1, 0]);
        assert_eq!(of(&["hem left 1", "hem left 2", "hem right 1", "hem right 2"]), [2, 3, 0, 1]);
        assert_eq!(of(&["eyeRight", "eyeLeft", "LeftHand", "RightHand"]), [1, 0, 3, 2]);
        assert_eq!(of(&["knee.r", "knee.l", "wrist-R2", "wrist-L2"]), [1, 0, 3, 2]);
        assert_eq!(of(&["upright left", "upright right"]), [1, 0]);
        assert_eq!(of(&["größe left", "größe right"]), [1, 0]);
        assert_eq!(of(&["Ankle_Left ", "Ankle_Right"]), [1, 0]);
    }

    #[test]
    fn single_capitals_say_a_side() {
        assert_eq!(of(&["LCollar", "RCollar", "LHem", "RHem"]), [1, 0, 3, 2]);
        assert_eq!(of(&["collarL", "collarR", "head"]), [1, 0, 2]);
        assert_eq!(of(&["forelegL1", "forelegR1", "forelegL2", "forelegR2"]), [1, 0, 3, 2]);
        assert_eq!(of(&["LBigToe", "RBigToe", "MidHip"]), [1, 0, 2]);
        // Capitals of other words.
        assert_eq!(of(&["LEFT EYE", "RIGHT EYE", "TAIL", "Lip", "Rip"]), [1, 0, 2, 3, 4]);
    }

    #[test]
    fn small_letters_in_front_are_sides_if_several_names_have_them() {
        assert_eq!(of(&["lankle", "rankle", "lknee", "rknee", "head"]), [1, 0, 3, 2, 4]);
        assert_eq!(of(&["lace", "race"]), [0, 1]);
    }

    #[test]
    fn names_that_say_no_side_are_their_own_mirror_image() {
        assert_eq!(of(&["bright spot", "lip", "rip"]), [0, 1, 2]);
        assert!(of(&[]).is_empty());
    }

    #[test]
    fn names_that_say_a_side_and_have_no_partner_are_told() {
        let typo = sides(&["left collar", "right collar", "left sleeve", "right sleve", "neck"]);
        assert_eq!(typo, Sides { mirror: vec![1, 0, 2, 3, 4], unpaired: vec![2, 3] });
        assert_eq!(sides(&["left eye", "bright spot"]).unpaired, [0]);
        assert_eq!(sides(&["LHem", "hemR"]).unpaired, [0, 1]);
        let twice = sides(&["left", "left", "right"]);
        assert_eq!(twice, Sides { mirror: vec![0, 1, 2], unpaired: vec![0, 1, 2] });
        assert_eq!(sides(&["left", "Right", "\0"]).mirror, [1, 0, 2]);
    }
}
