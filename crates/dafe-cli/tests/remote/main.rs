//! `serve-devices`, run as a user runs it, and killed.
mod process;
mod serving;
