//! What the simulator found, each told once as a story.

use domain::Mutation;
use domain::Record;
use domain::Reject;
use domain::job::{Decision, Job, JobState, Lookup, Outcome, Reason, plus};
use domain::post::PostStatus;

use crate::desk::{BLUESKY, MASTODON, ambiguous, desk, never_sent};

#[test]
fn a_ticket_number_is_used_once() {
    let world = &mut desk();
    let post = world.waiting(&["ada", "bread"], &[BLUESKY], 0);
    let first = world.ticket(post, BLUESKY);
    world.report(&first, never_sent());
    world.wait(2);
    let second = world.ticket(post, BLUESKY);
    let remote = world.posts(&second);
    world.report(&second, Outcome::Published { remote: remote.clone() });
    let third = world.ticket(post, BLUESKY);
    assert_eq!((first.attempt, second.attempt, third.attempt), (1, 2, 3));
    // somebody who was away all the time says it again: that is the first part's, not the second's
    let again = Mutation::Report { job: first.id, attempt: 2, outcome: Outcome::Published { remote } };
    assert_eq!(world.refuses(&again), Reject::OldTicket { ticket: 2, current: 3 });
}

#[test]
fn a_late_answer_wins_over_who_is_about_to_repeat_it() {
    let world = &mut desk();
    let post = world.waiting(&["ada"], &[BLUESKY], 0);
    let lost = world.loses(post, BLUESKY);
    let handed_back = world.looks(&lost, Lookup::Absent);
    assert_eq!(handed_back.state, JobState::Prepared);
    let repeating = world.prepare(post, BLUESKY);
    let remote = world.posts(&lost);
    let outcome = Outcome::Published { remote };
    world.does(&Mutation::Report { job: lost.id, attempt: lost.attempt, outcome });
    assert_eq!(world.read(post).status, PostStatus::Published);
    let ticket = Mutation::BeginSend { job: repeating.id, fence: repeating.fence };
    assert_eq!(world.refuses(&ticket), Reject::JobIs { state: JobState::Published });
}

#[test]
fn a_late_answer_wins_over_a_person_who_skipped_it() {
    let world = &mut desk();
    let post = world.waiting(&["ada"], &[BLUESKY], 0);
    let unsure = world.gives_up(post, BLUESKY);
    let remote = world.posts(&unsure);
    world.decides(&unsure, Decision::Skip);
    assert_eq!(world.read(post).status, PostStatus::Draft);
    world.does(&Mutation::Report { job: unsure.id, attempt: unsure.attempt, outcome: Outcome::Published { remote } });
    assert_eq!(world.read(post).status, PostStatus::Published);
}

#[test]
fn an_answer_about_the_first_part_is_not_taken_for_the_second() {
    let world = &mut desk();
    let post = world.waiting(&["ada", "bread"], &[BLUESKY], 0);
    let first = world.sends(post, BLUESKY).parts[0].remote.clone().unwrap();
    let second = world.loses(post, BLUESKY);
    let asked_long_ago = Mutation::LookedUp { job: second.id, found: Lookup::Found { remote: first } };
    assert!(matches!(world.refuses(&asked_long_ago), Reject::OldTicket { .. }));
}

#[test]
fn bluesky_may_be_repeated_at_once_and_for_ever() {
    let world = &mut desk();
    let post = world.waiting(&["ada"], &[BLUESKY], 0);
    let lost = world.loses(post, BLUESKY);
    world.wait(30 * 24 * 3600);
    let handed_back = world.looks(&lost, Lookup::Absent);
    assert_eq!(handed_back.state, JobState::Prepared);
    let repeat = world.ticket(post, BLUESKY);
    assert_eq!(repeat.parts[0].request, lost.parts[0].request);
    assert_eq!(repeat.parts[0].key, lost.parts[0].key);
    assert_eq!(repeat.parts[0].first_ticket_at, lost.parts[0].first_ticket_at);
}

/// A server that looks a key up first and notes it last makes two posts of two requests at once.
#[test]
fn mastodon_is_repeated_when_nothing_can_be_on_its_way_any_more() {
    let world = &mut desk();
    let post = world.waiting(&["ada"], &[MASTODON], 0);
    let mut job = world.loses(post, MASTODON);
    let alone = plus(job.deadline.unwrap(), 180);
    // however often it is asked, and whatever it answers
    for found in [Lookup::Absent, Lookup::Unknown { detail: "down".to_owned() }].into_iter().cycle().take(10) {
        job = world.looks(&job, found);
        assert_eq!(job.state, JobState::Reconciling, "after {} lookups", job.lookups);
        assert!(job.not_before.unwrap() <= alone, "nobody asks at the moment when it may be repeated");
    }
    world.now = plus(alone, -1).as_millisecond();
    job = world.looks(&job, Lookup::Absent);
    assert_eq!((job.state, job.not_before), (JobState::Reconciling, Some(alone)));
    world.now = alone.as_millisecond();
    job = world.looks(&job, Lookup::Absent);
    assert_eq!(job.state, JobState::Prepared);
}

#[test]
fn mastodon_is_not_repeated_once_it_may_have_forgotten_the_key() {
    let world = &mut desk();
    let post = world.waiting(&["ada"], &[MASTODON], 0);
    let mut job = world.loses(post, MASTODON);
    world.wait(51 * 60);
    for _ in 0..2 {
        job = world.looks(&job, Lookup::Absent);
        assert_eq!(job.state, JobState::Reconciling);
    }
    job = world.looks(&job, Lookup::Absent);
    assert_eq!((job.state, job.reason.clone()), (JobState::Unsure, Some(Reason::NotFoundAfterwards)));
    assert_eq!(world.read(post).status, PostStatus::Unsure);
}

#[test]
fn a_network_that_is_down_is_asked_for_twenty_minutes_before_a_person_is() {
    let world = &mut desk();
    let post = world.waiting(&["ada"], &[BLUESKY], 0);
    let mut job = world.loses(post, BLUESKY);
    let lost = world.now;
    while job.state == JobState::Reconciling {
        world.now = job.not_before.unwrap().as_millisecond();
        job = world.looks(&job, Lookup::Unknown { detail: "down".to_owned() });
    }
    assert_eq!(job.state, JobState::Unsure);
    let minutes = (world.now - lost) / 60_000;
    assert!((20..=30).contains(&minutes), "asked for {minutes} minutes");
}

#[test]
fn a_clock_that_was_set_back_makes_no_key_younger() {
    let world = &mut desk();
    let post = world.waiting(&["ada"], &[MASTODON], 0);
    let mut job = world.loses(post, MASTODON);
    world.wait(2 * 3600);
    world.ahead = -3 * 3600 * 1_000;
    for _ in 0..3 {
        job = world.looks(&job, Lookup::Absent);
    }
    assert_eq!(job.state, JobState::Unsure);
}

#[test]
fn a_repeat_that_is_told_to_wait_is_looked_up_when_the_wait_is_over() {
    let world = &mut desk();
    let post = world.waiting(&["ada"], &[BLUESKY], 0);
    let lost = world.loses(post, BLUESKY);
    world.looks(&lost, Lookup::Absent);
    let repeat = world.ticket(post, BLUESKY);
    let until = plus(world.shown(), 900);
    let job = world.report(&repeat, Outcome::RateLimited { until });
    // the refusal speaks of the repeat alone: the first request may be there
    assert_eq!((job.state, job.not_before), (JobState::Reconciling, Some(until)));
    assert!(job.parts[0].first_ticket_at.is_some());
}

#[test]
fn who_read_the_old_text_does_not_come_back_with_it() {
    let world = &mut desk();
    let post = world.waiting(&["ada"], &[BLUESKY], 0);
    let holder = world.claim(post, BLUESKY);
    let edit = world.edit_to(post, &["bread"], &[BLUESKY]);
    world.does(&edit);
    let with_the_wrong_text = world.ready(&holder);
    // changed back before anybody looked: what stands there is signed again
    let back = world.edit_to(post, &["ada"], &[BLUESKY]);
    world.does(&back);
    assert_eq!(world.read(post).status, PostStatus::Scheduled);
    let taken_back = world.delivery(post, BLUESKY);
    assert_eq!((taken_back.state, taken_back.lease_until), (JobState::Scheduled, None));
    assert_eq!(world.refuses(&with_the_wrong_text), Reject::JobIs { state: JobState::Scheduled });
    let published = world.sends(post, BLUESKY);
    assert_eq!(published.state, JobState::Published);
}

#[test]
fn a_keystroke_that_changes_nothing_takes_nothing_back() {
    let world = &mut desk();
    let post = world.waiting(&["ada"], &[BLUESKY], 0);
    let holder = world.claim(post, BLUESKY);
    let same = world.edit_to(post, &["ada"], &[BLUESKY]);
    world.does(&same);
    assert_eq!(world.delivery(post, BLUESKY), holder);
}

#[test]
fn a_deleted_post_comes_back_waiting() {
    let world = &mut desk();
    let post = world.waiting(&["ada"], &[BLUESKY, MASTODON], 60);
    let before = world.delivery(post, MASTODON);
    let back = world.undoes(&Mutation::DeletePost { post }).unwrap();
    assert_eq!(world.delivery(post, MASTODON).state, JobState::Cancelled);
    world.does(&back);
    let after = world.delivery(post, MASTODON);
    assert_eq!(world.read(post).status, PostStatus::Scheduled);
    assert_eq!((after.state, after.due_at, after.hash), (JobState::Scheduled, before.due_at, before.hash));
    assert_ne!(after.parts[0].key, before.parts[0].key, "a key is used for one plan");
    // late, and within the grace time, it is as good as before
    world.wait(20 * 60);
    let back = world.undoes(&Mutation::DeletePost { post }).unwrap();
    world.does(&back);
    assert_eq!(world.read(post).status, PostStatus::Scheduled);
    // then it is a draft, and its time is forgotten
    let back = world.undoes(&Mutation::DeletePost { post }).unwrap();
    world.wait(20 * 60);
    world.does(&back);
    let draft = world.read(post);
    assert_eq!((draft.status, draft.schedule, draft.sign_off), (PostStatus::Draft, None, None));
}

#[test]
fn a_late_post_that_was_released_comes_back_released() {
    let world = &mut desk();
    let post = world.waiting(&["ada"], &[BLUESKY], 0);
    let missed = world.misses(post, BLUESKY);
    world.decides(&missed, Decision::PublishNow);
    let back = world.undoes(&Mutation::DeletePost { post }).unwrap();
    world.does(&back);
    assert_eq!(world.sends(post, BLUESKY).state, JobState::Published);
}

#[test]
fn what_went_out_keeps_its_time_when_the_rest_is_taken_off() {
    let world = &mut desk();
    let post = world.waiting(&["ada"], &[BLUESKY, MASTODON], 0);
    world.sends(post, BLUESKY);
    world.misses(post, MASTODON);
    world.does(&Mutation::Unschedule { post });
    let history = world.read(post);
    assert_eq!(history.status, PostStatus::Published);
    assert!(history.schedule.is_some(), "when it went out");
    assert_eq!(world.refuses(&Mutation::Unschedule { post }), Reject::AlreadySent);
}

#[test]
fn what_was_missed_is_a_draft_once_it_is_taken_off() {
    let world = &mut desk();
    let post = world.waiting(&["ada"], &[BLUESKY], 0);
    world.misses(post, BLUESKY);
    let back = world.undoes(&Mutation::Unschedule { post });
    assert_eq!(back, None, "no undo sends what had come to rest");
    assert_eq!((world.read(post).status, world.read(post).schedule), (PostStatus::Draft, None));
}

#[test]
fn undo_does_not_send_what_ada_decided_to_skip() {
    let world = &mut desk();
    let post = world.waiting(&["ada"], &[BLUESKY, MASTODON], 600);
    let job = world.claim(post, MASTODON);
    world.does(&Mutation::Stop { job: job.id, reason: Reason::MediaMissing });
    let refused = world.delivery(post, MASTODON);
    world.decides(&refused, Decision::Skip);
    assert_eq!(world.read(post).status, PostStatus::Scheduled);
    assert_eq!(world.undoes(&Mutation::Unschedule { post }), None);
}

#[test]
fn publishing_one_account_now_forgets_none_of_the_others() {
    let world = &mut desk();
    let post = world.waiting(&["ada"], &[BLUESKY, MASTODON], 0);
    let without = world.edit_to(post, &["ada"], &[BLUESKY]);
    world.does(&without);
    let sign = world.sign(post);
    world.does(&sign);
    assert_eq!(world.delivery(post, MASTODON).state, JobState::Cancelled);
    let missed = world.misses(post, BLUESKY);
    let with_both = world.edit_to(post, &["bread"], &[BLUESKY, MASTODON]);
    world.does(&with_both);
    world.decides(&missed, Decision::PublishNow);
    assert_eq!(world.read(post).status, PostStatus::Scheduled);
    for account in [BLUESKY, MASTODON] {
        assert_eq!(world.sends(post, account).state, JobState::Published);
    }
}

#[test]
fn the_rest_of_a_thread_whose_text_changed_meanwhile_waits_for_ada() {
    let world = &mut desk();
    let post = world.waiting(&["ada", "bread"], &[BLUESKY], 0);
    let unsure = world.gives_up(post, BLUESKY);
    let remote = world.posts(&unsure);
    let edit = world.edit_to(post, &["ada", "class"], &[BLUESKY]);
    world.does(&edit);
    let stopped = world.decides(&unsure, Decision::ItIsThere { url: remote.url });
    assert_eq!((stopped.state, stopped.reason.clone()), (JobState::Refused, Some(Reason::ChangedAfterSignOff)));
    assert_eq!(world.read(post).status, PostStatus::Failed);
    assert!(stopped.remote().is_some());
    // she signs the new text by asking for the rest
    assert_eq!(world.decides(&stopped, Decision::PublishNow).state, JobState::Scheduled);
    assert_eq!(world.read(post).status, PostStatus::Publishing);
    let ticket = world.ticket(post, BLUESKY);
    assert_eq!(ticket.next_part(), Some(1));
}

#[test]
fn the_rest_of_a_deleted_thread_is_not_sent() {
    let world = &mut desk();
    let post = world.waiting(&["ada", "bread"], &[BLUESKY], 0);
    let unsure = world.gives_up(post, BLUESKY);
    world.does(&Mutation::DeletePost { post });
    let again = world.decision(&unsure, Decision::PublishNow);
    assert_eq!(world.refuses(&again), Reject::NotFound);
    let remote = world.posts(&unsure);
    let report = Mutation::Report { job: unsure.id, attempt: unsure.attempt, outcome: Outcome::Published { remote } };
    world.does(&report);
    assert_eq!(world.delivery(post, BLUESKY).state, JobState::Refused);
}

#[test]
fn a_repeat_is_neither_stopped_nor_missed_nor_called_off() {
    let world = &mut desk();
    let post = world.waiting(&["ada"], &[BLUESKY], 0);
    let lost = world.loses(post, BLUESKY);
    world.looks(&lost, Lookup::Absent);
    let holder = world.claim(post, BLUESKY);
    world.wait(24 * 3600);
    let stop = Mutation::Stop { job: holder.id, reason: Reason::AccountUnavailable };
    assert_eq!(world.refuses(&stop), Reject::AlreadySent);
    let miss = Mutation::Miss { job: holder.id, reason: Reason::NobodyPublishing };
    assert_eq!(world.refuses(&miss), Reject::NotYet);
    assert_eq!(world.refuses(&Mutation::DeletePost { post }), Reject::AlreadySent);
    world.does(&Mutation::LoseAnswer { job: holder.id, reason: Reason::AccountUnavailable });
    assert_eq!(world.delivery(post, BLUESKY).state, JobState::Reconciling);
}

#[test]
fn a_job_of_an_earlier_version_is_read() {
    let world = &mut desk();
    let post = world.waiting(&["ada"], &[BLUESKY], 0);
    let ticket = world.ticket(post, BLUESKY);
    let mut stored = serde_json::to_value(&ticket).unwrap();
    assert_eq!(stored["parts"][0].as_object_mut().unwrap().remove("after"), Some(0.into()));
    let read: Job = serde_json::from_value(stored).unwrap();
    assert_eq!(read, ticket);
    world.put(Record::Job(read));
    let lost = world.report(&ticket, ambiguous());
    assert_eq!(lost.state, JobState::Reconciling);
}
