//! A hash that is the same in every process and every version of this crate.

/// FNV-1a of 64 bits. The standard library's hashers differ from process to process, or can differ
/// from version to version, and what is hashed here is written down in cursors.
#[derive(Clone, Copy)]
pub(super) struct StableHash(u64);

impl StableHash {
    pub(super) fn new() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }

    /// Adds a part. It ends with a byte that no text has, so that `ab`, `c` is not `a`, `bc`.
    pub(super) fn with(self, part: &[u8]) -> Self {
        let bytes = part.iter().chain(&[0xff]);
        Self(bytes.fold(self.0, |hash, byte| {
            (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3)
        }))
    }

    pub(super) fn finish(self) -> u64 {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::StableHash;

    #[test]
    fn it_never_changes_because_cursors_hold_it() {
        assert_eq!(StableHash::new().finish(), 0xcbf2_9ce4_8422_2325);
        assert_eq!(StableHash::new().with(b"foobar").finish(), 0x3452_4ba7_168a_2c15);
    }

    #[test]
    fn parts_are_told_apart() {
        let hash = |parts: &[&str]| {
            parts.iter().fold(StableHash::new(), |hash, part| hash.with(part.as_bytes())).finish()
        };
        assert_ne!(hash(&["ab", "c"]), hash(&["a", "bc"]));
        assert_ne!(hash(&["a", ""]), hash(&["a"]));
    }
}
