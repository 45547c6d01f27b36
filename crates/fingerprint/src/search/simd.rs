//! Which vector instructions a score is computed with. All give the same score: it is one function of integers, compiled several times.
//!
//! Start reading at [`Simd::best`].

/// The vector instructions in use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Simd {
    /// None beyond those that every machine of the kind has.
    Off,
    /// SSE4.2 with POPCNT.
    Sse4,
    /// AVX2 with POPCNT.
    Avx2,
}

impl Simd {
    /// The best that this machine has.
    #[must_use]
    pub fn best() -> Self {
        [Self::Avx2, Self::Sse4].into_iter().find(|simd| simd.is_there()).unwrap_or(Self::Off)
    }

    /// Whether this machine has them.
    #[must_use]
    pub fn is_there(self) -> bool {
        match self {
            Self::Off => true,
            #[cfg(target_arch = "x86_64")]
            Self::Sse4 => is_x86_feature_detected!("sse4.2") && is_x86_feature_detected!("popcnt"),
            #[cfg(target_arch = "x86_64")]
            Self::Avx2 => is_x86_feature_detected!("avx2") && is_x86_feature_detected!("popcnt"),
            #[cfg(not(target_arch = "x86_64"))]
            _ => false,
        }
    }
}

/// Compiles a function for each kind of [`Simd`]: `NAME(simd, arguments)` calls `BODY`, which is inlined everywhere, as compiled for the
/// instructions asked for; where the machine has them not, as compiled for any.
macro_rules! for_each_simd {
    ($(#[$doc:meta])* $name:ident = $body:ident($($argument:ident: $kind:ty),*) -> $result:ty) => {
        $(#[$doc])*
        #[cfg_attr(
            target_arch = "x86_64",
            expect(unsafe_code, reason = "code for instructions that the machine was just seen to have")
        )]
        pub(super) fn $name(simd: super::simd::Simd, $($argument: $kind),*) -> $result {
            #[cfg(target_arch = "x86_64")]
            {
                #[target_feature(enable = "avx2,popcnt")]
                fn avx2($($argument: $kind),*) -> $result {
                    $body($($argument),*)
                }
                #[target_feature(enable = "sse4.2,popcnt")]
                fn sse4($($argument: $kind),*) -> $result {
                    $body($($argument),*)
                }
                match simd {
                    // SAFETY: the machine has the instructions.
                    super::simd::Simd::Avx2 if simd.is_there() => return unsafe { avx2($($argument),*) },
                    // SAFETY: the machine has the instructions.
                    super::simd::Simd::Sse4 if simd.is_there() => return unsafe { sse4($($argument),*) },
                    _ => {}
                }
            }
            let _ = simd;
            $body($($argument),*)
        }
    };
}
pub(super) use for_each_simd;
