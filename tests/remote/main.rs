//! Devices that another machine serves, on this one's loopback address.
#[path = "../common/mod.rs"]
mod common;
mod training;
