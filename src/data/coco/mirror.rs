//! Mirror pairs from landmarks' names.
use std::collections::HashMap;

/// For each name the landmark that it becomes in a mirrored image: the one whose name has "right"
/// where its own has "left", or "r" for "l" as a word by itself; capitals don't count, and words
/// end at anything but letters. A name without such a partner is its own mirror image.
pub(super) fn mirror_by_name(names: &[String]) -> Vec<usize> {
    let lower: Vec<String> = names.iter().map(|name| name.to_lowercase()).collect();
    let mut places = HashMap::with_capacity(lower.len());
    for (i, name) in lower.iter().enumerate() {
        // The same name twice tells nothing.
        places.entry(name.as_str()).and_modify(|place| *place = None).or_insert(Some(i));
    }
    let mut mirror: Vec<usize> = (0..names.len()).collect();
    for (i, name) in lower.iter().enumerate() {
        let partner = |swapped: String| {
            places.get(swapped.as_str()).copied().flatten().filter(|&other| other != i)
        };
        // Words first: "upright left" is "upright right", not "upleft right".
        let other = partner(swap_words(name)).or_else(|| partner(swap_parts(name)));
        let free = |place: usize| mirror[place] == place;
        let unique = places[name.as_str()] == Some(i);
        if let Some(other) = other.filter(|&other| unique && free(i) && free(other)) {
            mirror[i] = other;
            mirror[other] = i;
        }
    }
    mirror
}

/// With whole words exchanged: left and right, l and r.
fn swap_words(name: &str) -> String {
    let mut swapped = String::with_capacity(name.len() + 1);
    let mut rest = name;
    while !rest.is_empty() {
        let end = rest.find(|c: char| !c.is_alphabetic()).unwrap_or(rest.len());
        swapped.push_str(match &rest[..end] {
            "left" => "right",
            "right" => "left",
            "l" => "r",
            "r" => "l",
            word => word,
        });
        let after = rest[end..].find(char::is_alphabetic).map_or(rest.len(), |next| end + next);
        swapped.push_str(&rest[end..after]);
        rest = &rest[after..];
    }
    swapped
}

/// With every "left" and "right" exchanged, inside words as well.
fn swap_parts(name: &str) -> String {
    // A character that is in no name of sense keeps the exchanged ones apart.
    name.replace("left", "\0").replace("right", "left").replace('\0', "right")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(names: &[&str]) -> Vec<usize> {
        mirror_by_name(&names.iter().map(|name| name.to_string()).collect::<Vec<_>>())
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
    }

    #[test]
    fn names_without_a_partner_are_their_own_mirror_image() {
        assert_eq!(of(&["left eye", "bright spot", "lip", "rip"]), [0, 1, 2, 3]);
        assert_eq!(of(&["left", "left", "right"]), [0, 1, 2]);
        assert_eq!(of(&["left", "Right", "\0"]), [1, 0, 2]);
        assert!(of(&[]).is_empty());
    }
}
