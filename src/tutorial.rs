//! The tutorial: three pages that can be read in any order.
//!
//! | page | for |
//! |---|---|
//! | [`own_landmarks`] | training a network on your own landmarks, from a COCO file |
//! | [`images_to_landmarks`] | using a trained network: from an image to named landmarks |
//! | [`own_network`] | building your own network from this crate's blocks |
//!
//! Every Rust block on these pages runs as a documentation test, and every shell command runs in
//! the program's tests. The modules contain only text and exist only in the documentation.

#[doc = include_str!("../docs/tutorial/1-own-landmarks.md")]
pub mod own_landmarks {}

#[doc = include_str!("../docs/tutorial/2-images-to-landmarks.md")]
pub mod images_to_landmarks {}

#[doc = include_str!("../docs/tutorial/3-own-network.md")]
pub mod own_network {}
