//! How much memory an input may take. One that takes more ends the process, which is a finding.

use std::alloc::System;

use cap::Cap;

#[global_allocator]
static HEAP: Cap<System> = Cap::new(System, usize::MAX);

/// Runs `work`, which may hold `bytes` more than is held before.
///
/// # Panics
/// Never: where it takes more, the process is ended by the failed allocation.
pub fn within<T>(bytes: usize, work: impl FnOnce() -> T) -> T {
    HEAP.set_limit(HEAP.allocated().saturating_add(bytes)).expect("more than is held is a limit");
    let result = work();
    HEAP.set_limit(usize::MAX).expect("no limit is a limit");
    result
}
