//! Datasets of generated images: in memory, and on disk.
pub(crate) mod config;
pub(crate) mod folder;
pub(crate) mod garments;
pub(crate) mod in_memory;
pub(crate) mod scenes;
pub(crate) mod writer;
