//! Nothing goes out that the right people did not agree to, exactly as it is.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

mod changes;
mod holes;
mod office;
mod rounds;
mod ways;

use std::collections::BTreeMap;

use domain::approval::{Chain, ChainStep, ChainText, Condition, Covers, Order, Quorum, StepState, Verdict};
use domain::id::{ChainId, JobId};
use domain::job::{Decision, JobState, Outcome, Remote};
use domain::mutation::PostsChange;
use domain::network::Network;
use domain::post::PostStatus;
use domain::team::Role;
use domain::{Context, Mutation, Reject};
use jiff::SignedDuration;
use uuid::Uuid;

use office::*;

#[test]
fn a_post_waits_for_one_who_has_to_agree_and_then_goes() {
    let mut office = Office::with(chain(vec![step(1, &[BEN, CARA], Quorum::Any)]));
    assert_eq!(office.status(), PostStatus::InReview);
    assert_eq!(office.ticket(), Err(Reject::NotApproved));
    office.approve(CARA);
    assert_eq!(office.status(), PostStatus::Scheduled);
    assert_eq!(office.ticket(), Ok(()));
    // and she may change her mind
    office.done(CARA, &Mutation::WithdrawReview { post: POST });
    assert_eq!((office.status(), office.ticket()), (PostStatus::InReview, Err(Reject::NotApproved)));
}

#[test]
fn without_a_chain_that_covers_it_nobody_is_asked() {
    let covers = Covers { networks: [Network::X].into(), ..Covers::default() };
    let mut office = Office::with(ChainText { covers, ..chain(vec![step(1, &[BEN], Quorum::Any)]) });
    assert_eq!((office.status(), office.ticket()), (PostStatus::Scheduled, Ok(())));
    assert_eq!(office.says(BEN, Verdict::Approve), Err(Reject::NotAsked));
}

#[test]
fn every_chain_that_covers_a_post_has_to_be_met() {
    let mut office = Office::with(chain(vec![step(1, &[BEN], Quorum::Any)]));
    let legal = ChainId::new(Uuid::from_u128(51));
    let covers = Covers { networks: [Network::Bluesky].into(), ..Covers::default() };
    let text = ChainText { name: "Legal".to_owned(), covers, ..chain(vec![step(2, &[CARA], Quorum::Any)]) };
    office.approve(BEN);
    office.done(ADA, &Mutation::AddChain { chain: legal, text });
    // the word is as it was until it is counted again, and no ticket believes it
    assert_eq!(office.ticket(), Err(Reject::NotApproved));
    office.done(DAN, &Mutation::Recount { posts: vec![POST] });
    assert_eq!(office.status(), PostStatus::InReview);
    office.approve(CARA);
    assert_eq!((office.status(), office.ticket()), (PostStatus::Scheduled, Ok(())));
}

#[test]
fn steps_in_order_cannot_be_skipped_and_others_can() {
    let steps = || vec![step(1, &[BEN], Quorum::Any), step(2, &[CARA], Quorum::Any)];
    let mut office = Office::with(chain(steps()));
    assert_eq!(office.says(CARA, Verdict::Approve), Err(Reject::NotAsked));
    assert_eq!(office.steps(), [(StepState::Open, vec![]), (StepState::Later, vec![])]);
    office.approve(BEN);
    assert_eq!(office.steps(), [(StepState::Met, vec![BEN]), (StepState::Open, vec![])]);
    assert_eq!(office.ticket(), Err(Reject::NotApproved));
    office.approve(CARA);
    assert_eq!(office.ticket(), Ok(()));
    let mut office = Office::with(ChainText { order: Order::AtOnce, ..chain(steps()) });
    office.approve(CARA);
    office.approve(BEN);
    assert_eq!(office.ticket(), Ok(()));
}

#[test]
fn of_two_out_of_three_two_different_people_are_two() {
    let mut office = Office::with(chain(vec![step(1, &[BEN, CARA, FAY], Quorum::AtLeast(2))]));
    office.approve(BEN);
    office.approve(BEN);
    assert_eq!(office.ticket(), Err(Reject::NotApproved), "twice the same");
    office.approve(FAY);
    assert_eq!(office.ticket(), Ok(()));
    // one of them leaves: their word leaves with them
    office.done(ADA, &Mutation::RemoveMember { person: person(BEN) });
    assert_eq!(office.ticket(), Err(Reject::NotApproved));
    office.approve(CARA);
    assert_eq!(office.ticket(), Ok(()));
    office.done(ADA, &Mutation::RemoveMember { person: person(CARA) });
    assert_eq!(office.steps(), [(StepState::Stuck, vec![FAY])], "of three there is one left");
}

#[test]
fn all_are_all_who_are_still_there() {
    let mut office = Office::with(chain(vec![step(1, &[BEN, CARA], Quorum::All)]));
    office.approve(BEN);
    assert_eq!(office.ticket(), Err(Reject::NotApproved));
    office.done(ADA, &Mutation::RemoveMember { person: person(CARA) });
    assert_eq!(office.ticket(), Ok(()));
    office.done(ADA, &Mutation::RemoveMember { person: person(BEN) });
    assert_eq!(office.ticket(), Err(Reject::NotApproved), "nobody is not everybody");
    assert_eq!(office.steps(), [(StepState::Stuck, vec![])]);
}

#[test]
fn a_role_is_asked_as_it_is_held_now_and_only_where_it_reaches() {
    let by_role = ChainStep { roles: [Role::Approver].into(), ..step(1, &[], Quorum::Any) };
    let mut office = Office::with(chain(vec![by_role]));
    assert_eq!(office.says(EVE, Verdict::Approve), Err(Reject::NotAsked));
    office.approve(BEN);
    assert_eq!(office.ticket(), Ok(()));
    office.done(ADA, &Mutation::ChangeRole { person: person(BEN), role: Role::Creator });
    assert_eq!(office.ticket(), Err(Reject::NotApproved));
    office.done(ADA, &Mutation::ChangeRole { person: person(EVE), role: Role::Approver });
    office.approve(EVE);
    assert_eq!(office.ticket(), Ok(()));
}

#[test]
fn nobody_agrees_to_their_own_work() {
    let text = chain(vec![step(1, &[BEN, DAN, EVE], Quorum::Any)]);
    let mut office = Office::with(text.clone());
    assert_eq!(office.says(DAN, Verdict::Approve), Err(Reject::OwnWork));
    // who changed a word wrote it too, and so did who signed it off
    office.edit(EVE, draft("Rye is back!"));
    office.sign(DAN);
    assert_eq!(office.says(EVE, Verdict::Approve), Err(Reject::OwnWork));
    office.approve(BEN);
    assert_eq!(office.ticket(), Ok(()));
    office.sign(BEN);
    assert_eq!(office.ticket(), Ok(()), "who signs off what others wrote may agree to it");
    // unless the chain says so
    let mut office = Office::with(ChainText { own_work: true, ..text });
    office.approve(DAN);
    assert_eq!(office.ticket(), Ok(()));
}

#[test]
fn the_time_counts_where_the_chain_says_so() {
    for time_counts in [false, true] {
        let text = ChainText { time_counts, ..chain(vec![step(1, &[BEN], Quorum::Any)]) };
        let mut office = Office::with(text);
        office.approve(BEN);
        office.schedule(DAN, "2026-12-02T09:00:01");
        let expected = if time_counts { Err(Reject::NotApproved) } else { Ok(()) };
        assert_eq!(office.ticket(), expected, "{time_counts}");
        office.schedule(DAN, "2026-12-02T09:00:00");
        assert_eq!(office.ticket(), Ok(()), "{time_counts}: what he saw");
    }
}

#[test]
fn who_is_against_it_is_heard_until_the_text_is_another() {
    for (verdict, status) in
        [(Verdict::RequestChanges, PostStatus::ChangesRequested), (Verdict::Reject, PostStatus::Rejected)]
    {
        let mut office = Office::with(chain(vec![step(1, &[BEN, CARA], Quorum::Any)]));
        office.approve(CARA);
        office.says(BEN, verdict).unwrap();
        assert_eq!((office.status(), office.ticket()), (status, Err(Reject::NotApproved)));
        office.schedule(DAN, "2026-12-02T10:00:00");
        assert_eq!(office.status(), status, "another time is no other text");
        office.edit(DAN, draft("Rye is back on Friday."));
        office.sign(DAN);
        assert_eq!(office.status(), PostStatus::InReview);
        office.approve(BEN);
        assert_eq!((office.status(), office.ticket()), (PostStatus::Scheduled, Ok(())));
        let last = office.post().review.as_deref().unwrap();
        assert_eq!(last.last_read(person(CARA)).unwrap().draft, draft("Rye is back."), "to be compared with");
    }
}

#[test]
fn a_word_is_about_what_was_seen() {
    let mut office = Office::with(chain(vec![step(1, &[BEN], Quorum::Any)]));
    let seen = Some(office.post().seen());
    let (read, note) = (office.post().version, String::new());
    let approve = Mutation::Review { post: POST, read, seen, verdict: Verdict::Approve, note };
    office.edit(DAN, draft("Rye is back, and cheaper."));
    office.sign(DAN);
    assert!(matches!(office.ask(BEN, &approve), Err(Reject::Stale { .. })));
    // a desk that counted to the same number saw another text
    let Mutation::Review { seen, verdict, note, .. } = approve else { panic!() };
    let read = office.post().version;
    let approve = Mutation::Review { post: POST, read, seen, verdict, note };
    assert_eq!(office.ask(BEN, &approve), Err(Reject::NotAsRead));
}

#[test]
fn a_step_is_asked_where_its_condition_holds() {
    let only_if =
        vec![Condition::HasLink, Condition::MoreAccountsThan(1), Condition::Mentions(["rival".into()].into())];
    let legal = ChainStep { only_if, ..step(2, &[CARA], Quorum::Any) };
    let mut office = Office::with(chain(vec![step(1, &[BEN], Quorum::Any), legal]));
    office.approve(BEN);
    assert_eq!(office.ticket(), Ok(()));
    for text in ["Rye: https://bakery.example", "Better than RIVAL!"] {
        office.edit(DAN, draft(text));
        office.sign(DAN);
        office.approve(BEN);
        assert_eq!((office.status(), office.ticket()), (PostStatus::InReview, Err(Reject::NotApproved)), "{text}");
        office.approve(CARA);
        assert_eq!(office.ticket(), Ok(()), "{text}");
    }
}

#[test]
fn after_its_deadline_somebody_else_may_agree_too() {
    let asks = ChainStep { within_h: Some(4), then: people(&[ADA]), ..step(1, &[BEN], Quorum::Any) };
    let mut office = Office::with(chain(vec![asks]));
    assert_eq!(office.says(ADA, Verdict::Approve), Err(Reject::NotAsked));
    office.now += SignedDuration::from_hours(4) + SignedDuration::from_secs(1);
    office.approve(ADA);
    assert_eq!(office.ticket(), Ok(()));
}

#[test]
fn who_is_away_is_stood_in_for_and_what_was_said_meanwhile_counts() {
    let mut office = Office::with(chain(vec![step(1, &[BEN], Quorum::All)]));
    let until = office.now + SignedDuration::from_hours(4);
    let away = |deputy| Mutation::GoAway { until, deputy: person(deputy) };
    assert_eq!(office.ask(BEN, &away(BEN)), Err(Reject::OwnWork), "nobody stands in for themselves");
    assert_eq!(office.ask(BEN, &away(77)), Err(Reject::NotFound));
    assert_eq!(office.says(CARA, Verdict::Approve), Err(Reject::NotAsked));
    office.done(BEN, &away(CARA));
    office.approve(CARA);
    assert_eq!(office.ticket(), Ok(()), "the next morning he is back, and her word was said in time");
    office.edit(DAN, draft("Rye is back on Friday."));
    office.sign(DAN);
    office.done(BEN, &Mutation::ComeBack);
    assert_eq!(office.says(CARA, Verdict::Approve), Err(Reject::NotAsked));
    office.approve(BEN);
    assert_eq!(office.ticket(), Ok(()));
    // whoever wrote it stands in for nobody
    let mut office = Office::with(chain(vec![step(1, &[BEN], Quorum::All)]));
    office.done(BEN, &away(DAN));
    assert_eq!(office.says(DAN, Verdict::Approve), Err(Reject::OwnWork));
    assert_eq!(office.steps(), [(StepState::Open, vec![])], "he can still do it himself");
    // of two who have to agree one stands in for the other: everybody who decides has
    let mut office = Office::with(chain(vec![step(1, &[BEN, CARA], Quorum::All)]));
    office.done(BEN, &away(CARA));
    office.approve(CARA);
    assert_eq!(office.status(), PostStatus::Scheduled);
}

#[test]
fn an_owner_overrides_with_a_reason_and_for_exactly_this() {
    let mut office = Office::with(chain(vec![step(1, &[BEN], Quorum::Any)]));
    assert_eq!(office.says(BEN, Verdict::Override), Err(Reject::NotPermitted));
    office.says(BEN, Verdict::Reject).unwrap();
    office.says(ADA, Verdict::Override).unwrap();
    assert_eq!((office.status(), office.ticket()), (PostStatus::Scheduled, Ok(())));
    office.schedule(DAN, "2026-12-02T09:00:01");
    assert_eq!(office.status(), PostStatus::Rejected);
    let read = office.post().version;
    let silent = Mutation::Review { post: POST, read, seen: None, verdict: Verdict::Override, note: " ".to_owned() };
    assert!(matches!(office.ask(ADA, &silent), Err(Reject::Empty { .. })));
}

#[test]
fn a_chain_that_is_edited_counts_from_then_on() {
    let mut office = Office::with(chain(vec![step(1, &[BEN, CARA], Quorum::Any)]));
    office.approve(CARA);
    let stricter = chain(vec![step(1, &[BEN, CARA], Quorum::All)]);
    let edit = Mutation::EditChain { chain: CHAIN, read: 1, text: stricter };
    let before = office.set.clone();
    office.done(ADA, &edit);
    assert_eq!(office.ticket(), Err(Reject::NotApproved));
    assert!(matches!(office.ask(ADA, &edit), Err(Reject::Stale { read: 1, current: 2 })));
    let undo = domain::inverse(&before, &edit).unwrap();
    office.done(ADA, &undo);
    assert_eq!(office.ticket(), Ok(()));
    office.done(ADA, &Mutation::DeleteChain { chain: CHAIN, read: 3 });
    assert_eq!(office.ticket(), Ok(()), "and what is gone asks nobody");
}

#[test]
fn what_waits_for_approval_is_moved_held_and_brought_back_like_anything_planned() {
    let mut office = Office::with(chain(vec![step(1, &[BEN], Quorum::Any)]));
    let change = |change| Mutation::ChangePosts { posts: vec![POST], change, seen: BTreeMap::new(), keys: KEYS };
    let before = office.set.clone();
    let shift = change(PostsChange::Shift { days: 1 });
    office.done(DAN, &shift);
    assert_eq!(office.post().schedule.as_ref().unwrap().local.day(), 3);
    office.done(DAN, &domain::inverse(&before, &shift).unwrap());
    assert_eq!((office.post().schedule.as_ref().unwrap().local.day(), office.status()), (2, PostStatus::InReview));
    office.done(DAN, &change(PostsChange::Hold));
    assert_eq!(office.status(), PostStatus::InReview, "what nobody agreed to is not only on hold");
    office.approve(BEN);
    assert_eq!(office.status(), PostStatus::Held);
    office.done(DAN, &change(PostsChange::Resume));
    assert_eq!((office.status(), office.ticket()), (PostStatus::Scheduled, Ok(())));
    office.done(DAN, &Mutation::DeletePost { post: POST });
    office.done(DAN, &Mutation::RestorePost { post: POST, keys: KEYS });
    assert_eq!((office.status(), office.ticket()), (PostStatus::Scheduled, Ok(())));
}

#[test]
fn publishing_at_once_asks_too() {
    let mut office = Office::with(chain(vec![step(1, &[BEN], Quorum::Any)]));
    let job = JobId::of(POST, account_id(ACCOUNT));
    office.now = "2026-12-02T11:00:00Z".parse().unwrap();
    office.done(EVE, &Mutation::Miss { job, reason: domain::job::Reason::NotApproved });
    assert_eq!(office.status(), PostStatus::Missed);
    office.done(DAN, &Mutation::Decide { job, decision: Decision::PublishNow, seen: None, keys: KEYS });
    assert_eq!(office.status(), PostStatus::InReview);
    office.done(EVE, &Mutation::Claim { job });
    let fence = office.job(job).fence;
    office.done(EVE, &Mutation::Prepare { job, fence, request: "{}".to_owned() });
    assert_eq!(office.ask(EVE, &Mutation::BeginSend { job, fence }), Err(Reject::NotApproved));
    office.approve(BEN);
    office.done(EVE, &Mutation::BeginSend { job, fence });
    assert_eq!(office.says(BEN, Verdict::Reject), Err(Reject::AlreadySent), "too late");
    let (id, url, cid) = ("1".to_owned(), "https://bsky.app/1".to_owned(), "1".to_owned());
    let outcome = Outcome::Published { remote: Remote { id, url, cid } };
    office.done(EVE, &Mutation::Report { job, attempt: 1, outcome });
    assert_eq!((office.status(), office.job(job).state), (PostStatus::Published, JobState::Published));
}

#[test]
fn a_chain_with_a_hole_is_refused() {
    let mut office = Office::open();
    let mut refused = |text: ChainText| office.ask(ADA, &Mutation::AddChain { chain: CHAIN, text }).is_err();
    let good = || step(1, &[BEN], Quorum::Any);
    assert!(!refused(chain(vec![good()])));
    assert!(refused(chain(vec![])), "nobody would be asked");
    assert!(refused(ChainText { name: " ".to_owned(), ..chain(vec![good()]) }));
    assert!(refused(chain(vec![good(), good()])), "two steps with one id");
    assert!(refused(chain(vec![step(1, &[], Quorum::Any)])), "asks nobody");
    assert!(refused(chain(vec![step(1, &[BEN], Quorum::AtLeast(2))])), "two of one");
    assert!(refused(chain(vec![step(1, &[BEN, CARA], Quorum::AtLeast(1))])), "that is anybody");
    let all_of_a_role = ChainStep { roles: [Role::Approver].into(), ..step(1, &[BEN], Quorum::All) };
    assert!(refused(chain(vec![all_of_a_role])));
    assert!(refused(chain(vec![ChainStep { within_h: Some(0), ..good() }])));
    assert!(refused(chain(vec![ChainStep { within_h: Some(Chain::WITHIN_MAX_H + 1), ..good() }])));
    let words = Condition::Mentions([" ".to_owned()].into());
    assert!(refused(chain(vec![ChainStep { only_if: vec![words], ..good() }])));
    assert!(refused(chain((0..9).map(|n| step(n, &[BEN], Quorum::Any)).collect())));
    for who in [BEN, DAN, FAY] {
        let add = Mutation::AddChain { chain: CHAIN, text: chain(vec![good()]) };
        assert_eq!(office.ask(who, &add), Err(Reject::NotPermitted));
    }
    let alone = Context::solo(person(ADA), office.now);
    let add = Mutation::AddChain { chain: CHAIN, text: chain(vec![good()]) };
    assert_eq!(office.judge(&alone, &add), Err(Reject::NotInOrganisation));
}

#[test]
fn who_only_looks_on_writes_nothing_and_decides_where_they_are_named() {
    let mut office = Office::with(chain(vec![step(1, &[FAY], Quorum::Any)]));
    let read = office.post().version;
    let edit = Mutation::EditDraft { post: POST, read, draft: draft("Mine."), since: None };
    assert_eq!(office.ask(FAY, &edit), Err(Reject::NotPermitted));
    assert_eq!(
        office.ask(FAY, &Mutation::SignOff { post: POST, read, seen: None, keys: KEYS }),
        Err(Reject::NotPermitted)
    );
    office.approve(FAY);
    assert_eq!(office.ticket(), Ok(()));
}
