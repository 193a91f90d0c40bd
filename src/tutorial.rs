//! The tutorial: three pages, each of which needs no other.
//!
//! | page | for |
//! |---|---|
//! | [`own_landmarks`] | training a network to find landmarks on things of your own, from a COCO file |
//! | [`images_to_landmarks`] | using a trained network: images in, named landmarks out |
//! | [`own_network`] | building networks of your own from this crate's blocks |
//!
//! Every Rust block on these pages is run as a documentation test, and every line for the shell by
//! the program's tests, so that what they say works. The modules hold nothing but text, and exist
//! in the documentation only.

#[doc = include_str!("../docs/tutorial/1-own-landmarks.md")]
pub mod own_landmarks {}

#[doc = include_str!("../docs/tutorial/2-images-to-landmarks.md")]
pub mod images_to_landmarks {}

#[doc = include_str!("../docs/tutorial/3-own-network.md")]
pub mod own_network {}
