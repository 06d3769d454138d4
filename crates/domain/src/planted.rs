//! Faults that are built in on purpose, one at a time, so that a simulator can show that it would find them. Exists with the
//! feature `planted` alone, which no program that is shipped turns on.

use std::sync::atomic::{AtomicUsize, Ordering};

macro_rules! faults {
    ($($name:ident: $what:literal,)+) => {
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Planted {
            $($name,)+
        }

        impl Planted {
            pub const ALL: &[Self] = &[$(Self::$name,)+];

            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$name => stringify!($name),)+
                }
            }

            /// What is wrong with it.
            pub const fn what(self) -> &'static str {
                match self {
                    $(Self::$name => $what,)+
                }
            }
        }
    };
}

faults! {
    SeenNotCompared: "a sign-off counts for whatever stands there",
    MergeTakesTheLast: "of two changes of one draft the last one wins",
    BlanksHoldWords: "words are aligned by the blanks between them",
    UndoWritesOver: "an undo restores the text as it was, over what others wrote since",
    ReachNotChecked: "whoever has a role sees and writes everything",
    ShadowNotKept: "what the server said is not kept below a pending change",
    RefusedIsDropped: "a refused change is deleted",
    AckedIsDropped: "what the server took is not kept until it cannot lose it",
    SentIsWrittenInto: "what was sent is still joined with what is typed",
    DoubtfulIsDropped: "what the rules of the desk refuse by now is not sent",
    NewIdWhenSentAgain: "what is sent again has a new id",
    ExitNotTaken: "what left a scope stays on the desk",
    PendingNotReplayed: "a pull covers what still waits",
    PagesNotKept: "of a pull only the last page is taken",
    NumberSkipped: "a used number is taken for done, whatever it stands for",
    IdNotKnownAgain: "the id of a mutation is not looked for",
    ExitNotWritten: "a row that changes its scope leaves no exit",
    RefusalNotKept: "a refusal is told once and forgotten",
    GrantNotFromStart: "a scope that was granted is read from where the others are",
    ScopesNotHeld: "a pull brings the rows of all scopes",
    ChainNotCompared: "a cursor of another history is believed",
    ApprovalNotAsked: "a post goes out whoever has not agreed",
    OwnWorkAgreed: "who wrote it may agree to it",
    WriterNotNoted: "who changed a word is nobody who wrote it",
    ApprovalOutlivesText: "what was agreed to counts for any text",
    ApprovalOutlivesMember: "the word of somebody who left still counts",
    ApprovalOutlivesRole: "a role that was held once is asked for ever",
    ApprovalOutlivesTime: "a time that counts does not",
    OneIsEnough: "one agrees for all",
    AgainstIsNotHeard: "who is against it is not heard",
    ConditionNeverHolds: "a step with a condition is never asked",
    OnlyTheFirstChain: "of several chains the first alone counts",
    WithdrawnStillCounts: "a word that was taken back still counts",
    AnsweredBeforeCommit: "a push is answered although the commit failed",
}

/// 0 is none.
static WHICH: AtomicUsize = AtomicUsize::new(0);

/// From now on the whole process has this fault, or none.
pub fn plant(fault: Option<Planted>) {
    WHICH.store(fault.map_or(0, |fault| fault as usize + 1), Ordering::SeqCst);
}

pub fn is(fault: Planted) -> bool {
    WHICH.load(Ordering::SeqCst) == fault as usize + 1
}
