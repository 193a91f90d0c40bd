//! The schema of a set of landmarks, used for flipping, rendering, tables and OKS with every
//! dataset.
use serde::{Deserialize, Deserializer, Serialize, de::Error as _};

use super::{ClothesType, bounded};
use crate::Error;

/// A category of objects that has some of a schema's landmarks: a clothes type, or a category of
/// DeepFashion2 or of a COCO file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LandmarkCategory {
    /// The dataset's number for it.
    pub id: u64,
    /// The name in tables.
    pub name: String,
    /// The schema's landmarks that it has, in the order of the dataset's files.
    #[serde(deserialize_with = "bounded::list")]
    pub landmarks: Vec<usize>,
}

/// The names, mirror pairs, skeleton, sigmas and categories of a set of landmarks.
///
/// ```
/// use dafe::landmark::LandmarkSchema;
///
/// let names = ["nose", "left eye", "right eye"].map(String::from).to_vec();
/// let schema = LandmarkSchema::new(names, vec![0, 2, 1], vec![[0, 1], [0, 2]])?
///     .with_sigmas(vec![0.026, 0.025, 0.025])?;
/// assert_eq!(schema.mirror()[1], 2);
/// assert!(LandmarkSchema::new(vec!["nose".into()], vec![7], vec![]).is_err());
/// # Ok::<(), dafe::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LandmarkSchema {
    names: Vec<String>,
    mirror: Vec<usize>,
    skeleton: Vec<[usize; 2]>,
    sigmas: Option<Vec<f64>>,
    categories: Vec<LandmarkCategory>,
}

/// The serialized form of a schema.
#[derive(Deserialize)]
#[serde(remote = "LandmarkSchema")]
struct Fields {
    #[serde(deserialize_with = "bounded::list")]
    names: Vec<String>,
    #[serde(deserialize_with = "bounded::list")]
    mirror: Vec<usize>,
    #[serde(deserialize_with = "bounded::list")]
    skeleton: Vec<[usize; 2]>,
    #[serde(deserialize_with = "bounded::optional_list")]
    sigmas: Option<Vec<f64>>,
    #[serde(deserialize_with = "categories")]
    categories: Vec<LandmarkCategory>,
}

impl<'de> Deserialize<'de> for LandmarkSchema {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let schema = Fields::deserialize(deserializer)?;
        schema.validate().map(|()| schema).map_err(D::Error::custom)
    }
}

/// Deserializes categories that have at most the limit of landmarks together.
fn categories<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Vec<LandmarkCategory>, D::Error> {
    bounded::counted(deserializer, |category: &LandmarkCategory| 1 + category.landmarks.len())
}

impl LandmarkSchema {
    /// A schema of your own. `mirror[i]` is the landmark that `i` becomes in a mirrored image, and
    /// `skeleton` lists the pairs to join with a line when rendering.
    ///
    /// # Errors
    /// As [`Self::validate`].
    pub fn new(
        names: Vec<String>,
        mirror: Vec<usize>,
        skeleton: Vec<[usize; 2]>,
    ) -> Result<Self, Error> {
        let schema = Self { names, mirror, skeleton, sigmas: None, categories: Vec::new() };
        schema.validate().map(|()| schema)
    }

    /// The same schema with OKS's per-landmark constants: the standard deviation of annotations,
    /// relative to the square root of the object's area.
    ///
    /// # Errors
    /// As [`Self::validate`].
    pub fn with_sigmas(self, sigmas: Vec<f64>) -> Result<Self, Error> {
        let schema = Self { sigmas: Some(sigmas), ..self };
        schema.validate().map(|()| schema)
    }

    /// The same schema with categories.
    ///
    /// # Errors
    /// As [`Self::validate`].
    pub fn with_categories(self, categories: Vec<LandmarkCategory>) -> Result<Self, Error> {
        let schema = Self { categories, ..self };
        schema.validate().map(|()| schema)
    }

    /// FLD's eight landmarks: left/right collar, sleeve, waistline, hem. "Left" is the image's left
    /// when the garment is seen from the front. The categories are the three clothes types. There
    /// are no published sigmas.
    pub fn fld() -> Self {
        let names = ["collar", "sleeve", "waistline", "hem"]
            .iter()
            .flat_map(|part| [format!("left {part}"), format!("right {part}")])
            .collect();
        let category = |kind: ClothesType| LandmarkCategory {
            id: kind.number().into(),
            name: kind.name().into(),
            landmarks: kind.slots().to_vec(),
        };
        Self {
            names,
            mirror: vec![1, 0, 3, 2, 5, 4, 7, 6],
            skeleton: vec![[0, 1], [0, 2], [1, 3], [0, 4], [1, 5], [4, 5], [4, 6], [5, 7], [6, 7]],
            sigmas: None,
            categories: ClothesType::ALL.iter().copied().map(category).collect(),
        }
    }

    /// The subset of FLD's landmarks that a clothes type has, in the order of
    /// [`ClothesType::slots`], as predicted by networks for one type.
    pub fn fld_of(kind: ClothesType) -> Self {
        Self::fld().only(kind as usize)
    }

    /// The schema of only one category's landmarks, in the category's order. Mirror pairs and lines
    /// with landmarks that the category lacks are left out.
    ///
    /// ```
    /// use dafe::landmark::LandmarkSchema;
    ///
    /// let upper = LandmarkSchema::fld().only(0);
    /// assert_eq!(upper.names()[4], "left hem"); // upper-body clothes have no waistline
    /// ```
    ///
    /// # Panics
    /// If the category does not exist.
    pub fn only(&self, category: usize) -> Self {
        let category = &self.categories[category];
        let slots = &category.landmarks;
        let place = |landmark: usize| slots.iter().position(|&slot| slot == landmark);
        Self {
            names: slots.iter().map(|&slot| self.names[slot].clone()).collect(),
            mirror: (slots.iter().enumerate())
                .map(|(i, &slot)| place(self.mirror[slot]).unwrap_or(i))
                .collect(),
            skeleton: (self.skeleton.iter())
                .filter_map(|&[a, b]| Some([place(a)?, place(b)?]))
                .collect(),
            sigmas: (self.sigmas.as_ref())
                .map(|sigmas| slots.iter().map(|&slot| sigmas[slot]).collect()),
            categories: vec![LandmarkCategory {
                landmarks: (0..slots.len()).collect(),
                ..category.clone()
            }],
        }
    }

    /// Checks that the schema is consistent.
    ///
    /// Mirror pairs, skeleton and categories must refer to existing landmarks, mirroring twice must
    /// change nothing, sigmas must be positive numbers, and the names of landmarks and of
    /// categories must be unique, because tables and files refer to them by name.
    ///
    /// # Errors
    /// A [configuration error](crate::ErrorKind::Config) naming the first invalid entry.
    pub fn validate(&self) -> Result<(), Error> {
        let n = self.names.len();
        let config = |message: String| Err(Error::config(message));
        if let Some((i, name)) = repeated(&self.names) {
            return config(format!("landmark {i} repeats the name '{}'", name.escape_debug()));
        }
        if let Some((i, name)) = repeated(self.categories.iter().map(|category| &category.name)) {
            return config(format!("category {i} repeats the name '{}'", name.escape_debug()));
        }
        if self.mirror.len() != n {
            return config(format!("{n} landmarks, but {} mirror entries", self.mirror.len()));
        }
        for (i, &mirrored) in self.mirror.iter().enumerate() {
            if self.mirror.get(mirrored) != Some(&i) {
                return config(format!("landmarks {i} and {mirrored} don't mirror each other"));
            }
        }
        if let Some(i) = self.skeleton.iter().flatten().find(|&&i| i >= n) {
            return config(format!("the skeleton names landmark {i} of {n}"));
        }
        if let Some(sigmas) = &self.sigmas {
            if sigmas.len() != n {
                return config(format!("{n} landmarks, but {} sigmas", sigmas.len()));
            }
            if let Some(i) = sigmas.iter().position(|s| !(s.is_finite() && *s > 0.0)) {
                return config(format!("sigma {i} is {}, not a positive number", sigmas[i]));
            }
        }
        // The category that last named each landmark, counted from 1. One table is enough for all
        // categories.
        let mut named_by = vec![0; n];
        for (number, category) in (1usize..).zip(&self.categories) {
            for &i in &category.landmarks {
                match named_by.get_mut(i) {
                    Some(last) if *last != number => *last = number,
                    _ => {
                        let name = &category.name;
                        return config(format!(
                            "category '{name}' names landmark {i} of {n}, or names it twice"
                        ));
                    }
                }
            }
        }
        Ok(())
    }

    /// The number of landmarks.
    pub fn len(&self) -> usize {
        self.names.len()
    }

    /// Whether there are no landmarks.
    pub fn is_empty(&self) -> bool {
        self.names.is_empty()
    }

    /// The names of the landmarks, in order.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// `mirror()[i]` is the landmark that `i` becomes in a mirrored image.
    pub fn mirror(&self) -> &[usize] {
        &self.mirror
    }

    /// The pairs of landmarks to join with a line when rendering.
    pub fn skeleton(&self) -> &[[usize; 2]] {
        &self.skeleton
    }

    /// OKS's per-landmark constants, if they are known.
    pub fn sigmas(&self) -> Option<&[f64]> {
        self.sigmas.as_deref()
    }

    /// The categories and the landmarks that each has; may be empty.
    pub fn categories(&self) -> &[LandmarkCategory] {
        &self.categories
    }

    /// The landmarks that an object of `category` has: all of them if the category is unknown.
    ///
    /// # Panics
    /// If the category does not exist.
    pub fn landmarks_of(&self, category: Option<usize>) -> Vec<usize> {
        match category {
            Some(category) => self.categories[category].landmarks.clone(),
            None => (0..self.len()).collect(),
        }
    }
}

/// The first repeated name and its position.
fn repeated<'a>(names: impl IntoIterator<Item = &'a String>) -> Option<(usize, &'a String)> {
    let mut seen = std::collections::HashSet::new();
    names.into_iter().enumerate().find(|&(_, name)| !seen.insert(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kind_of_clothes_keeps_its_own_names_pairs_and_lines() {
        let lower = LandmarkSchema::fld_of(ClothesType::Lower);
        assert_eq!(
            lower.names(),
            ["left waistline", "right waistline", "left hem", "right hem"].map(String::from)
        );
        assert_eq!(lower.mirror(), [1, 0, 3, 2]);
        assert_eq!(lower.skeleton(), [[0, 1], [0, 2], [1, 3], [2, 3]]);
        assert_eq!(lower.categories().len(), 1);
        assert_eq!(lower.landmarks_of(Some(0)), [0, 1, 2, 3]);
        lower.validate().unwrap();
    }

    #[test]
    fn entries_at_fault_are_named() {
        let schema = LandmarkSchema::fld;
        let fault = |schema: Result<LandmarkSchema, Error>| schema.unwrap_err().to_string();
        assert!(fault(schema().with_sigmas(vec![0.1; 7])).contains("8 landmarks, but 7 sigmas"));
        let mut sigmas = vec![0.1; 8];
        sigmas[3] = f64::NAN;
        assert!(fault(schema().with_sigmas(sigmas)).contains("sigma 3 is NaN"));
        let hat = |landmarks| vec![LandmarkCategory { id: 9, name: "hat".into(), landmarks }];
        assert!(fault(schema().with_categories(hat(vec![0, 8]))).contains("'hat'"));
        let hats = [hat(vec![0]), hat(vec![1])].concat();
        assert!(
            fault(schema().with_categories(hats)).contains("category 1 repeats the name 'hat'")
        );
        let names = ["tip", "heel", "tip"].map(String::from).to_vec();
        let named = LandmarkSchema::new(names, vec![0, 1, 2], vec![]);
        assert!(fault(named).contains("landmark 2 repeats the name 'tip'"));
        assert!(fault(schema().with_categories(hat(vec![2, 2]))).contains("twice"));
    }

    #[test]
    fn lists_from_outside_have_a_limit() {
        let read = |json: String| serde_json::from_str::<LandmarkSchema>(&json).unwrap_err();
        let mirror = "0,".repeat(1_000_001);
        let error = read(format!(r#"{{"names": [], "mirror": [{mirror}"#));
        assert!(error.to_string().contains("more than 1000000 names"), "{error}");
        let half = "0,".repeat(500_000);
        let category = format!(r#"{{"id": 1, "name": "", "landmarks": [{half}0]}}"#);
        let rest = r#""names": [], "mirror": [], "skeleton": [], "sigmas": null"#;
        let error = read(format!(r#"{{{rest}, "categories": [{category}, {category}"#));
        assert!(error.to_string().contains("more than 1000000 names"), "{error}");
    }

    #[test]
    fn schemas_are_checked_while_they_are_read() {
        let with = |mirror: &str| {
            let rest = r#""names": ["tip"], "skeleton": [], "sigmas": null, "categories": []"#;
            serde_json::from_str::<LandmarkSchema>(&format!(r#"{{{rest}, "mirror": {mirror}}}"#))
        };
        let schema = with("[0]").unwrap();
        assert_eq!((schema.sigmas(), schema.categories()), (None, &[][..]));
        assert_eq!(schema.landmarks_of(None), [0]);
        let error = with("[1]").unwrap_err().to_string();
        assert_eq!(error, "landmarks 0 and 1 don't mirror each other");
    }
}
