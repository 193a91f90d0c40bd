//! The wearer: a posed body and its visible parts.
pub(crate) mod accessories;
pub(crate) mod behind;
pub(crate) mod body;
pub(crate) mod chances;
pub(crate) mod figure;
pub(crate) mod hair;
pub(crate) mod hairstyle;
pub(crate) mod head;
mod laid;
pub(crate) mod pose;
