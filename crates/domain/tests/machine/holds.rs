//! Posts on hold, and what is done to many at once.

use domain::job::{Decision, JobState, Outcome, Reason};
use domain::mutation::{PostsChange, When};
use domain::post::PostStatus;
use domain::schedule::{Fold, Schedule};
use domain::{Mutation, Record, Reject};
use uuid::Uuid;

use crate::desk::{BLUESKY, Desk, MASTODON, desk, never_sent};

fn states(world: &Desk, post: domain::id::PostId) -> [JobState; 2] {
    [BLUESKY, MASTODON].map(|account| world.delivery(post, account).state)
}

#[test]
fn a_held_post_keeps_its_time_and_its_sign_off_and_does_not_go_out() {
    let world = &mut desk();
    let post = world.waiting(&["ada"], &[BLUESKY, MASTODON], 60);
    let ready = world.prepare(post, BLUESKY);
    let before = world.read(post);
    world.holds(post);
    let held = world.read(post);
    assert_eq!((held.status, held.held, held.version), (PostStatus::Held, true, before.version));
    assert_eq!((&held.schedule, &held.sign_off), (&before.schedule, &before.sign_off));
    assert_eq!(states(world, post), [JobState::Held; 2]);
    // whoever had made it ready comes too late with it
    world.wait(90);
    assert_eq!(world.refuses(&Mutation::BeginSend { job: ready.id, fence: ready.fence }), Reject::OnHold);
    assert!(matches!(world.refuses(&Mutation::Claim { job: ready.id }), Reject::JobIs { .. }));
    // late, and within the grace time, it goes as planned
    world.resumes(post);
    assert_eq!(world.read(post).status, PostStatus::Scheduled);
    assert_eq!(world.sends(post, BLUESKY).state, JobState::Published);
}

#[test]
fn what_is_resumed_too_late_is_missed_and_asked_about() {
    let world = &mut desk();
    let post = world.waiting(&["ada"], &[BLUESKY], 60);
    world.holds(post);
    world.wait(24 * 3_600);
    assert_eq!(world.read(post).status, PostStatus::Held, "nobody misses what is held back");
    let resume = world.change(&[post], PostsChange::Resume);
    let back = world.undoes(&resume).unwrap();
    let missed = world.delivery(post, BLUESKY);
    assert_eq!((missed.state, missed.reason.clone()), (JobState::Missed, Some(Reason::OnHold)));
    world.does(&back);
    assert_eq!(states_of(world, post), (PostStatus::Held, JobState::Held));
    world.resumes(post);
    let missed = world.delivery(post, BLUESKY);
    assert_eq!(world.decides(&missed, Decision::PublishNow).state, JobState::Scheduled);
    assert_eq!(world.sends(post, BLUESKY).state, JobState::Published);
}

fn states_of(world: &Desk, post: domain::id::PostId) -> (PostStatus, JobState) {
    (world.read(post).status, world.delivery(post, BLUESKY).state)
}

#[test]
fn a_thread_that_has_begun_is_brought_to_its_end_and_nothing_else_begins() {
    let world = &mut desk();
    let post = world.waiting(&["ada", "bread"], &[BLUESKY, MASTODON], 0);
    world.sends(post, BLUESKY);
    world.holds(post);
    assert_eq!(states(world, post), [JobState::Scheduled, JobState::Held]);
    assert_eq!(world.read(post).status, PostStatus::Publishing);
    assert_eq!(world.sends(post, BLUESKY).state, JobState::Published);
    assert_eq!(world.read(post).status, PostStatus::Held);
    world.resumes(post);
    world.sends(post, MASTODON);
    world.sends(post, MASTODON);
    assert_eq!(world.read(post).status, PostStatus::Published);
    let hold = world.change(&[post], PostsChange::Hold);
    assert_eq!(world.refuses(&hold), Reject::AlreadySent);
}

#[test]
fn what_comes_back_unsent_while_its_post_is_on_hold_waits_with_it() {
    let world = &mut desk();
    let post = world.waiting(&["ada"], &[BLUESKY, MASTODON], 0);
    let ticket = world.ticket(post, BLUESKY);
    world.holds(post);
    assert_eq!(states(world, post), [JobState::Sending, JobState::Held]);
    assert_eq!(world.report(&ticket, never_sent()).state, JobState::Held);
    world.resumes(post);
    world.wait(10);
    let ticket = world.ticket(post, BLUESKY);
    let remote = world.posts(&ticket);
    assert_eq!(world.report(&ticket, Outcome::Published { remote }).state, JobState::Published);
}

#[test]
fn another_time_and_another_text_are_no_word_to_let_it_go() {
    let world = &mut desk();
    let post = world.waiting(&["ada"], &[BLUESKY], 60);
    world.holds(post);
    let edit = world.edit_to(post, &["bread"], &[BLUESKY, MASTODON]);
    world.does(&edit);
    assert_eq!((world.read(post).status, world.read(post).held), (PostStatus::InReview, true));
    let sign = world.sign(post);
    world.does(&sign);
    assert_eq!(world.read(post).status, PostStatus::Held);
    assert_eq!(states(world, post), [JobState::Held; 2], "an account that came later waits with the others");
    let later = world.plan_in(post, 3_600);
    let back = world.undoes(&later).unwrap();
    assert_eq!(states(world, post), [JobState::Held; 2]);
    world.does(&back);
    assert_eq!(states(world, post), [JobState::Held; 2]);
    // deleted and brought back, off the schedule and on it again, it is still held
    for change in [Mutation::DeletePost { post }, Mutation::Unschedule { post }] {
        let back = world.undoes(&change).unwrap();
        assert_eq!(states(world, post), [JobState::Cancelled; 2]);
        world.wait(24 * 3_600);
        world.does(&back);
        assert_eq!((world.read(post).status, states(world, post)), (PostStatus::Held, [JobState::Held; 2]));
    }
}

#[test]
fn many_are_moved_at_once_and_what_cannot_move_stays() {
    let world = &mut desk();
    let waiting = [60, 120].map(|seconds| world.waiting(&["ada"], &[BLUESKY], seconds));
    let held = world.waiting(&["bread"], &[MASTODON], 180);
    world.holds(held);
    let (draft, out) = (world.write(&["class"], &[BLUESKY]), world.waiting(&["class"], &[BLUESKY], 0));
    world.sends(out, BLUESKY);
    let all = [waiting[0], draft, waiting[1], out, held, waiting[0]];
    let at = |world: &Desk, post| world.read(post).schedule.map(|schedule: Schedule| schedule.at);
    let before = all.map(|post| at(world, post));
    let shift = world.change(&all, PostsChange::Shift { days: 7 });
    let back = world.undoes(&shift).unwrap();
    for (post, before) in all.into_iter().zip(before) {
        let week = before.map(|before| before + jiff::SignedDuration::from_hours(7 * 24));
        let expected = if post == draft || post == out { before } else { week };
        assert_eq!(at(world, post), expected);
    }
    assert_eq!(world.read(held).status, PostStatus::Held);
    let again = world.undoes(&back).unwrap();
    assert_eq!(all.map(|post| at(world, post)), before, "one step back for all of them");
    world.does(&again);
    assert_eq!(at(world, waiting[0]).map(|at| at > world.shown()), Some(true));
    let nothing = world.change(&[draft, out], PostsChange::Shift { days: 1 });
    assert_eq!(world.refuses(&nothing), Reject::NotScheduled, "none of them moves");
    let nowhere = world.change(&[], PostsChange::Hold);
    assert!(matches!(world.refuses(&nowhere), Reject::Empty { .. }));
}

#[test]
fn drafts_are_scheduled_together_and_become_drafts_again() {
    let world = &mut desk();
    let drafts =
        [world.write(&["ada"], &[BLUESKY]), world.write(&["bread"], &[MASTODON]), world.write(&["class"], &[])];
    let Schedule { local, zone, .. } =
        Schedule::at_instant(domain::job::plus(world.shown(), 3_600), "Europe/Oslo").unwrap();
    let move_to = PostsChange::MoveTo { when: When { local, zone, fold: Fold::First } };
    let schedule = world.change(&drafts, move_to);
    let back = world.undoes(&schedule).unwrap();
    let words = |world: &Desk| drafts.map(|post| world.read(post).status);
    assert_eq!(words(world), [PostStatus::Scheduled, PostStatus::Scheduled, PostStatus::Draft], "one goes to nobody");
    world.does(&back);
    assert_eq!(words(world), [PostStatus::Draft; 3]);
}

#[test]
fn no_undo_signs_what_was_changed_since() {
    let world = &mut desk();
    let [one, other] = [60, 120].map(|seconds| world.waiting(&["ada"], &[BLUESKY], seconds));
    let off = world.change(&[one, other], PostsChange::Unschedule);
    let back = world.undoes(&off).unwrap();
    let edit = world.edit_to(one, &["bread"], &[BLUESKY]);
    world.does(&edit);
    world.does(&back);
    assert_eq!((world.read(one).status, world.read(other).status), (PostStatus::Draft, PostStatus::Scheduled));
}

#[test]
fn another_voice_for_many_is_an_edit_of_each() {
    let world = &mut desk();
    let persona = domain::id::PersonaId::new(Uuid::from_u128(9));
    let text = domain::people::PersonaText {
        name: "Bakery".to_owned(),
        color: domain::people::PersonaColor::Fern,
        voice: String::new(),
        audience: String::new(),
        accounts: Vec::new(),
        link_tags: None,
    };
    world.does(&Mutation::AddPersona { persona, text });
    let posts = [world.waiting(&["ada"], &[BLUESKY], 60), world.write(&["bread"], &[BLUESKY])];
    let speak = world.change(&posts, PostsChange::Persona { persona: Some(persona) });
    let back = world.undoes(&speak).unwrap();
    assert_eq!(posts.map(|post| world.read(post).status), [PostStatus::InReview, PostStatus::Draft]);
    assert!(posts.iter().all(|post| world.read(*post).draft.persona == Some(persona)));
    world.does(&back);
    assert_eq!(posts.map(|post| world.read(post).status), [PostStatus::Scheduled, PostStatus::Draft]);
}

#[test]
fn many_are_deleted_and_come_back() {
    let world = &mut desk();
    let posts = [60, 120].map(|seconds| world.waiting(&["ada"], &[BLUESKY], seconds));
    let delete = world.change(&posts, PostsChange::Delete);
    let back = world.undoes(&delete).unwrap();
    assert!(posts.iter().all(|post| world.read(*post).deleted));
    let again = world.undoes(&back).unwrap();
    assert!(posts.iter().all(|post| world.read(*post).status == PostStatus::Scheduled));
    let written = world.does(&again);
    assert_eq!(written.iter().filter(|record| matches!(record, Record::Post(post) if post.deleted)).count(), 2);
}
