//! The operations against Burn's own.
