//! The vector length that all kernels here use.
use std::sync::LazyLock;

use pulp::{Arch, Simd, WithSimd};

/// The environment variable that limits the vector length.
const VARIABLE: &str = "DAFE_CPU_CAPABILITY";

/// The maximum number of vectors in a block's row.
pub(super) const VECTORS: usize = 4;

/// The maximum number of lanes in a vector (AVX-512).
pub(super) const MAX_LANES: usize = 16;

static LONGEST: LazyLock<Result<Arch, String>> =
    LazyLock::new(|| match std::env::var_os(VARIABLE) {
        None => Ok(Arch::new()),
        Some(limit) => within(&limit.to_string_lossy()),
    });

/// The processor's longest vectors within the limit.
fn within(limit: &str) -> Result<Arch, String> {
    match limit {
        "avx512" => Ok(Arch::new()),
        "avx2" => {
            #[cfg(target_arch = "x86_64")]
            if let Some(avx2) = pulp::x86::V3::try_new() {
                return Ok(Arch::V3(avx2));
            }
            Ok(Arch::new())
        }
        other => Err(format!("{VARIABLE} must be avx2 or avx512, not '{}'", other.escape_debug())),
    }
}

/// The vectors to compute with. An invalid limit, which [`check`] reports, has no effect.
#[inline(always)]
pub(super) fn arch() -> Arch {
    // Tests also use shorter vectors.
    #[cfg(test)]
    if let Some(arch) = super::tests::forced() {
        return arch;
    }
    match &*LONGEST {
        Ok(arch) => *arch,
        Err(_) => Arch::new(),
    }
}

/// Checks that the environment variable is valid, if it is set.
pub(crate) fn check() -> Result<(), String> {
    LONGEST.clone().map(|_| ())
}

/// The number of lanes of its vectors.
pub(super) fn lanes(arch: Arch) -> usize {
    struct Lanes;
    impl WithSimd for Lanes {
        type Output = usize;

        #[inline(always)]
        fn with_simd<S: Simd>(self, _: S) -> usize {
            S::F32_LANES
        }
    }
    arch.dispatch(Lanes)
}

/// The number of vectors in a block's row, for vectors with this number of lanes.
#[inline(always)]
pub(super) const fn vectors(lanes: usize) -> usize {
    // AVX2 has 16 registers.
    if lanes == 8 { 2 } else { VECTORS }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_are_kept_or_named() {
        assert_eq!(lanes(within("avx512").unwrap()), lanes(Arch::new()));
        assert!(lanes(within("avx2").unwrap()) <= 8);
        let error = within("avx").unwrap_err();
        assert_eq!(error, "DAFE_CPU_CAPABILITY must be avx2 or avx512, not 'avx'");
    }
}
