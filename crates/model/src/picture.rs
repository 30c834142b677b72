//! The picture of an account or a guild.

/// A picture in several sizes.
#[derive(Clone, PartialEq, Eq)]
pub struct Picture {
    /// By which it is known: the hash of what was sent.
    pub hash: String,
    /// As PNG, by the pixels along its sides, the smallest first.
    pub sizes: Vec<(u32, Vec<u8>)>,
}

/// The bytes say nothing to people.
impl std::fmt::Debug for Picture {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Picture").field("hash", &self.hash).finish_non_exhaustive()
    }
}
