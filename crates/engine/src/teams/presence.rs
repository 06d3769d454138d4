//! Who else has the post open that is open here. It is asked of nobody and kept nowhere: the window says what it shows as long as it shows
//! it, the server is told, and tells of the others.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use contract::{ApiError, Origin, Tag};
use domain::id::{PersonId, PostId};
use tokio::sync::watch;
use wire::live::{PRESENCE_AGAIN_S, PRESENCE_S};

use super::link::{failure, signed};
use super::team::Team;
use crate::engine::Shared;

/// What the window said counts for this long.
const LIFE: Duration = Duration::from_secs(PRESENCE_S);
/// What goes on is said again after this time.
const AGAIN: Duration = Duration::from_secs(PRESENCE_AGAIN_S);
/// After the server did not take it, at first: a new post is not there yet.
const REFUSED: Duration = Duration::from_secs(1);

/// What the window shows.
#[derive(Debug, Clone, Copy, Default)]
struct Shown {
    post: Option<PostId>,
    /// When it was said, by a clock that nobody can set.
    at: Duration,
    /// Grows when the server may have forgotten everything.
    round: u64,
}

#[derive(Debug, Default)]
pub(crate) struct Presence {
    shown: watch::Sender<Shown>,
    /// The post that the server told of, and who else has it open.
    others: Mutex<Option<(PostId, Vec<PersonId>)>>,
}

impl Presence {
    /// The window shows a post, or not any more.
    pub(crate) fn attend(&self, post: PostId, open: bool, now: Duration) {
        self.shown.send_modify(|shown| {
            if open {
                (shown.post, shown.at) = (Some(post), now);
            } else if shown.post == Some(post) {
                shown.post = None;
            }
        });
    }

    /// A window that was killed says nothing more.
    fn forget(&self, now: Duration) {
        self.shown.send_if_modified(|shown| now.saturating_sub(shown.at) >= LIFE && shown.post.take().is_some());
    }

    /// Another profile is shown.
    pub(crate) fn leave(&self) {
        self.shown.send_if_modified(|shown| shown.post.take().is_some());
    }

    /// The others who have this post open, as far as is known.
    pub(crate) fn beside(&self, post: PostId) -> Vec<PersonId> {
        let others = self.others.lock().unwrap_or_else(PoisonError::into_inner);
        others.iter().find(|(of, _)| *of == post).map(|(_, people)| people.clone()).unwrap_or_default()
    }

    pub(super) fn heard(&self, others: Option<(PostId, Vec<PersonId>)>) {
        *self.others.lock().unwrap_or_else(PoisonError::into_inner) = others;
    }

    /// A stream begins: the server may be another one.
    pub(super) fn say_again(&self) {
        self.shown.send_modify(|shown| shown.round = shown.round.wrapping_add(1));
    }
}

/// Tells the server what the window shows. Runs until it is dropped.
pub(super) async fn tell(engine: &Shared, team: &Team) {
    let clock = &engine.ports.clock;
    let mut shown = team.presence.shown.subscribe();
    // what the server was told last, when, and in which round
    let mut told = (None, Duration::ZERO, 0);
    let mut refused = REFUSED;
    loop {
        let now = clock.uptime();
        team.presence.forget(now);
        let Shown { post, round, .. } = *shown.borrow_and_update();
        let (known, at, known_round) = told;
        let since = now.saturating_sub(at);
        let pause = if post.is_none() && known.is_none() {
            LIFE
        } else if post == known && round == known_round && since < AGAIN {
            AGAIN.saturating_sub(since)
        } else if !team.ear.is_open() {
            // a stream that begins wakes this up; before that nobody would hear of it here
            AGAIN
        } else if let Err(error) = say(team, post).await {
            tracing::debug!(error.code = ?error.code, "the server was not told which post is open");
            let pause = refused;
            refused = refused.saturating_mul(2).min(AGAIN);
            pause
        } else {
            told = (post, now, round);
            refused = REFUSED;
            continue;
        };
        tokio::select! {
            // the sender lies in the team itself
            _ = changed(&mut shown, post) => refused = REFUSED,
            () = clock.sleep(pause) => {}
        }
    }
}

/// Ready when another post is shown, or a new round begins; not when the same is only said again.
async fn changed(shown: &mut watch::Receiver<Shown>, post: Option<PostId>) {
    let round = shown.borrow().round;
    let _ = shown.wait_for(|shown| shown.post != post || shown.round != round).await;
}

async fn say(team: &Team, post: Option<PostId>) -> Result<(), ApiError> {
    let said = wire::live::Presence { post };
    let told = signed!(team.link, |access| team.link.server.attend(access, team.organisation, &said));
    told.map_err(|error| failure(&error))
}

/// The server told who else has a post open; `None`: nothing is heard any more.
pub(super) fn heard(engine: &Shared, team: &Team, others: Option<(PostId, Vec<PersonId>)>) {
    team.presence.heard(others);
    engine.announce(&[Tag::Presence], Origin::Shell);
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn post(number: u128) -> PostId {
        PostId::new(Uuid::from_u128(number))
    }

    #[test]
    fn who_leaves_a_post_leaves_no_other_one() {
        let presence = Presence::default();
        presence.attend(post(7), true, Duration::ZERO);
        // the next post is opened before the last one is left
        presence.attend(post(8), true, Duration::ZERO);
        presence.attend(post(7), false, Duration::ZERO);
        assert_eq!(presence.shown.borrow().post, Some(post(8)));
        presence.attend(post(8), false, Duration::ZERO);
        assert_eq!(presence.shown.borrow().post, None);
    }

    #[test]
    fn a_window_that_says_nothing_more_shows_nothing() {
        let presence = Presence::default();
        presence.attend(post(7), true, Duration::from_secs(5));
        presence.forget(Duration::from_secs(34));
        assert_eq!(presence.shown.borrow().post, Some(post(7)));
        presence.attend(post(7), true, Duration::from_secs(34));
        presence.forget(Duration::from_secs(63));
        assert_eq!(presence.shown.borrow().post, Some(post(7)));
        presence.forget(Duration::from_secs(64));
        assert_eq!(presence.shown.borrow().post, None);
    }

    #[test]
    fn others_are_known_of_the_post_that_was_told_of() {
        let presence = Presence::default();
        let ben = PersonId::new(Uuid::from_u128(20));
        presence.heard(Some((post(7), vec![ben])));
        assert_eq!((presence.beside(post(7)), presence.beside(post(8))), (vec![ben], vec![]));
        presence.heard(None);
        assert!(presence.beside(post(7)).is_empty());
    }
}
