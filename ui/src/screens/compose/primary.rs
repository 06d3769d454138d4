//! Which single thing the main button does now.

use domain::mutation::When;
use domain::post::PostStatus;
use domain::schedule::Schedule;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Primary {
    /// No time is chosen yet.
    PickTime,
    Schedule,
    /// It is scheduled, and another time is chosen.
    Move,
    SignOff,
    /// It waits for its time; nothing is to be done.
    Waits,
    /// A person has to decide about a delivery first.
    Decide,
    /// It is out: the text can go on in a new post.
    Again,
}

/// `signed`: what stands there is what was signed off.
pub fn primary(status: PostStatus, signed: bool, schedule: Option<&Schedule>, chosen: Option<&When>) -> Primary {
    let same = match (schedule, chosen) {
        (Some(schedule), Some(chosen)) => {
            schedule.local == chosen.local && schedule.zone == chosen.zone && schedule.fold == chosen.fold
        }
        (Some(_), None) => true,
        (None, _) => false,
    };
    match status {
        PostStatus::Publishing | PostStatus::Published => Primary::Again,
        PostStatus::Unsure => Primary::Decide,
        PostStatus::YourTurn if same => Primary::Decide,
        PostStatus::Draft if chosen.is_some() => Primary::Schedule,
        PostStatus::Draft => Primary::PickTime,
        PostStatus::Scheduled | PostStatus::Held if same => Primary::Waits,
        status if status.is_in_review() && same && signed => Primary::Waits,
        status if status.is_in_review() && same => Primary::SignOff,
        PostStatus::Scheduled | PostStatus::Held | PostStatus::YourTurn => Primary::Move,
        PostStatus::InReview | PostStatus::ChangesRequested | PostStatus::Rejected => Primary::Move,
        PostStatus::Missed | PostStatus::Failed if same || chosen.is_none() => Primary::PickTime,
        PostStatus::Missed | PostStatus::Failed => Primary::Schedule,
    }
}

/// Sent, or on its way: the text stands.
pub const fn is_locked(status: PostStatus) -> bool {
    matches!(status, PostStatus::Publishing | PostStatus::Published)
}

#[cfg(test)]
mod tests {
    use domain::schedule::Fold;
    use jiff::civil::date;

    use super::*;

    fn schedule(hour: i8) -> Schedule {
        Schedule::resolve(date(2026, 11, 28).at(hour, 0, 0, 0), "Europe/Oslo", Fold::First).unwrap().0
    }

    fn when(hour: i8) -> When {
        When { local: schedule(hour).local, zone: "Europe/Oslo".into(), fold: Fold::First }
    }

    #[test]
    fn the_main_button_is_the_next_step() {
        use PostStatus as S;
        for (status, set, chosen, expected) in [
            (S::ChangesRequested, Some(9), Some(9), Primary::SignOff),
            (S::Draft, None, None, Primary::PickTime),
            (S::Draft, None, Some(9), Primary::Schedule),
            (S::Scheduled, Some(9), Some(9), Primary::Waits),
            (S::Scheduled, Some(9), Some(10), Primary::Move),
            (S::Held, Some(9), Some(9), Primary::Waits),
            (S::Held, Some(9), Some(10), Primary::Move),
            (S::InReview, Some(9), Some(9), Primary::SignOff),
            (S::InReview, Some(9), Some(10), Primary::Move),
            (S::Missed, Some(9), Some(9), Primary::PickTime),
            (S::Failed, Some(9), Some(10), Primary::Schedule),
            (S::Unsure, Some(9), Some(10), Primary::Decide),
            (S::YourTurn, Some(9), Some(9), Primary::Decide),
            (S::YourTurn, Some(9), Some(10), Primary::Move),
            (S::Published, Some(9), Some(9), Primary::Again),
        ] {
            let (set, chosen) = (set.map(schedule), chosen.map(when));
            assert_eq!(primary(status, false, set.as_ref(), chosen.as_ref()), expected, "{status:?}");
        }
        let nine = (schedule(9), when(9));
        assert_eq!(primary(S::InReview, true, Some(&nine.0), Some(&nine.1)), Primary::Waits, "for others");
    }
}
