//! Serves this machine's devices, so that programs on other machines can train and detect on them.
#[cfg(not(feature = "remote"))]
mod missing;
#[cfg(feature = "remote")]
mod serving;

#[cfg(not(feature = "remote"))]
pub use self::missing::{Args, run};
#[cfg(feature = "remote")]
pub use self::serving::{Args, run};
