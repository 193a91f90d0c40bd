//! Empty: see this package's manifest.
