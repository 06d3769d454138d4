//! Deliveries that a person makes: the program says when, and never that it did it.

use domain::id::{AccountId, PostId};
use domain::job::{Decision, Job, JobState};
use domain::network::Network;
use domain::post::PostStatus;
use domain::{Mutation, Record, Reject};
use uuid::Uuid;

use crate::desk::{BLUESKY, Desk, desk};
use crate::world;

const LINKEDIN: AccountId = AccountId::new(Uuid::from_u128(9));

/// Ada's two accounts, and one that she serves by hand.
fn with_linkedin() -> Desk {
    let mut desk = desk();
    desk.put(Record::Account(world::account(9, Network::LinkedIn)));
    desk
}

fn handed(world: &mut Desk, post: PostId) -> Job {
    let job = world.delivery(post, LINKEDIN).id;
    world.does(&Mutation::HandOver { job });
    world.delivery(post, LINKEDIN)
}

fn it_is_there(url: &str) -> Decision {
    Decision::ItIsThere { url: url.to_owned() }
}

#[test]
fn ada_is_handed_a_post_at_its_time_and_says_where_it_is() {
    let world = &mut with_linkedin();
    let post = world.waiting(&["ada", "bread"], &[LINKEDIN], 60);
    let job = world.delivery(post, LINKEDIN).id;
    assert_eq!(world.refuses(&Mutation::HandOver { job }), Reject::NotYet);
    world.wait(60);
    let job = handed(world, post);
    assert_eq!((job.state, world.read(post).status), (JobState::Handed, PostStatus::YourTurn));
    assert_eq!(world.refuses(&Mutation::HandOver { job: job.id }), Reject::JobIs { state: JobState::Handed });
    world.decides(&job, it_is_there("https://www.linkedin.com/posts/1"));
    let done = world.delivery(post, LINKEDIN);
    assert_eq!((done.state, world.read(post).status), (JobState::Published, PostStatus::Published));
    assert!(done.parts.iter().all(|part| part.remote.as_ref().unwrap().url.ends_with("/posts/1")));
    assert_eq!(done.attempt, 0, "the program sent nothing");
}

#[test]
fn however_late_it_is_noticed_ada_is_asked() {
    let world = &mut with_linkedin();
    let post = world.waiting(&["ada"], &[LINKEDIN], 60);
    world.wait(3 * 24 * 3_600);
    assert_eq!(handed(world, post).state, JobState::Handed);
}

#[test]
fn the_program_neither_sends_it_nor_publishes_it_now() {
    let world = &mut with_linkedin();
    let post = world.waiting(&["ada"], &[LINKEDIN], 0);
    let prepared = world.prepare(post, LINKEDIN);
    let ticket = Mutation::BeginSend { job: prepared.id, fence: prepared.fence };
    assert_eq!(world.refuses(&ticket), Reject::AccountUnavailable { account: LINKEDIN });
    // nor is what it publishes itself handed to anybody
    let other = world.waiting(&["ada"], &[BLUESKY], 0);
    let job = world.delivery(other, BLUESKY).id;
    assert_eq!(world.refuses(&Mutation::HandOver { job }), Reject::AccountUnavailable { account: BLUESKY });

    let post = world.waiting(&["ada"], &[LINKEDIN], 0);
    let job = handed(world, post);
    let again = world.decision(&job, Decision::PublishNow);
    assert_eq!(world.refuses(&again), Reject::JobIs { state: JobState::Handed });
    assert_eq!(world.refuses(&Mutation::Claim { job: job.id }), Reject::JobIs { state: JobState::Handed });
}

#[test]
fn what_was_changed_in_the_meantime_is_taken_back_until_it_is_signed_off() {
    let world = &mut with_linkedin();
    let post = world.waiting(&["ada"], &[LINKEDIN], 0);
    let job = handed(world, post).id;
    let edit = world.edit_to(post, &["bread"], &[LINKEDIN]);
    world.does(&edit);
    assert_eq!(world.delivery(post, LINKEDIN).state, JobState::Scheduled);
    assert_eq!(world.read(post).status, PostStatus::InReview);
    assert_eq!(world.refuses(&Mutation::HandOver { job }), Reject::ChangedAfterSignOff);
    let sign = world.sign(post);
    world.does(&sign);
    assert_eq!(handed(world, post).state, JobState::Handed);
}

#[test]
fn it_can_be_skipped_called_off_or_given_another_time() {
    let world = &mut with_linkedin();
    let post = world.waiting(&["ada"], &[LINKEDIN], 0);
    let job = handed(world, post);
    world.decides(&job, Decision::Skip);
    assert_eq!(world.read(post).status, PostStatus::Draft);

    let post = world.waiting(&["ada"], &[LINKEDIN], 0);
    handed(world, post);
    world.does(&Mutation::Unschedule { post });
    assert_eq!(world.delivery(post, LINKEDIN).state, JobState::Cancelled);

    let post = world.waiting(&["ada"], &[LINKEDIN], 0);
    handed(world, post);
    let later = world.plan_in(post, 3_600);
    world.does(&later);
    let job = world.delivery(post, LINKEDIN);
    assert_eq!((job.state, world.read(post).status), (JobState::Scheduled, PostStatus::Scheduled));
    assert_eq!(world.refuses(&Mutation::HandOver { job: job.id }), Reject::NotYet);

    // nobody is asked for an account that is gone
    world.does(&Mutation::RemoveAccount { account: LINKEDIN });
    world.wait(3_600);
    assert_eq!(world.refuses(&Mutation::HandOver { job: job.id }), Reject::AccountUnavailable { account: LINKEDIN });
}
