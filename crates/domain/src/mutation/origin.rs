//! Whether a person did it.

use super::Mutation;
use crate::team::Right;

impl Mutation {
    /// The program does it by itself: nobody waits for it, and nobody's words are in it. What a server refuses of this concerns no
    /// person; it is done again, from what stands there then, if it is still to be done.
    pub const fn is_by_program(&self) -> bool {
        matches!(self.right(), Right::Delivery)
            || matches!(
                self,
                Self::RecordProfile { .. }
                    | Self::RecordHealth { .. }
                    | Self::ExtendSeries { .. }
                    | Self::Recount { .. }
            )
    }
}
