use std::sync::Mutex;
use std::sync::PoisonError;

/// Numbers that follow from a seed (xorshift64*): what is chosen, never what is secret.
#[derive(Debug)]
pub struct Random(Mutex<u64>);

impl Random {
    pub fn new(seed: u64) -> Self {
        // no seed is 0, and neighbours have nothing in common
        let mixed = (seed ^ 0x9e37_79b9_7f4a_7c15).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        Self(Mutex::new((mixed ^ (mixed >> 31)) | 1))
    }

    fn next(&self) -> u64 {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *state ^= *state >> 12;
        *state ^= *state << 25;
        *state ^= *state >> 27;
        state.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 11
    }

    /// 0 to `n` without `n`; 0 of nothing.
    pub fn below(&self, n: usize) -> usize {
        usize::try_from(self.next() % u64::try_from(n.max(1)).unwrap_or(1)).unwrap_or(0)
    }

    pub fn percent(&self, percent: u32) -> bool {
        self.below(100) < percent as usize
    }

    pub fn pick<'a, T>(&self, from: &'a [T]) -> Option<&'a T> {
        from.get(self.below(from.len()))
    }
}
