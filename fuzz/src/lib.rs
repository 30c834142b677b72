//! What the targets share.
//!
//! 1. [`memory`]: what an input may take
//! 2. [`json`]: JSON that is nearly right

pub mod json;
pub mod memory;
