//! Ways round those who have to agree that somebody thought of, each closed.

use std::collections::BTreeMap;

use domain::approval::{ChainStep, ChainText, Covers, Quorum, StepState, Verdict};
use domain::id::{JobId, PersonaId, PostId, SeriesId};
use domain::job::{Decision, JobState, Outcome, Reason, Remote};
use domain::mutation::PostsChange;
use domain::people::PersonaText;
use domain::post::{PostStatus, Target};
use domain::series::Ahead;
use domain::team::{Personas, Role};
use domain::{Context, Key, Mutation, Record, Reject, Step};
use jiff::SignedDuration;
use uuid::Uuid;

use crate::office::*;

fn all(change: PostsChange) -> Mutation {
    Mutation::ChangePosts { posts: vec![POST], change, seen: BTreeMap::new(), keys: KEYS }
}

#[test]
fn nobody_sends_the_bytes_of_somebody_else() {
    let mut office = Office::with(chain(vec![step(1, &[BEN], Quorum::Any)]));
    office.approve(BEN);
    let job = JobId::of(POST, account_id(ACCOUNT));
    office.now = office.post().schedule.as_ref().unwrap().at;
    office.done(EVE, &Mutation::Claim { job });
    let fence = office.job(job).fence;
    let prepare = |request: &str| Mutation::Prepare { job, fence, request: request.to_owned() };
    office.done(EVE, &prepare("what Ben agreed to"));
    office.done(DAN, &prepare("something else"));
    assert_eq!(office.ask(EVE, &Mutation::BeginSend { job, fence }), Err(Reject::LeaseHeld));
    // nor are bytes sent again that somebody else had made
    office.done(DAN, &Mutation::BeginSend { job, fence });
    office.done(DAN, &Mutation::LoseAnswer { job, reason: Reason::Interrupted });
    office.now += SignedDuration::from_secs(60);
    office.done(DAN, &Mutation::LookedUp { job, found: domain::job::Lookup::Absent });
    office.now += SignedDuration::from_secs(600);
    office.done(EVE, &Mutation::Claim { job });
    let fence = office.job(job).fence;
    office.done(EVE, &Mutation::Prepare { job, fence, request: "what Ben agreed to".to_owned() });
    assert_eq!(office.job(job).parts[0].request.as_deref(), Some("what Ben agreed to"));
    office.done(EVE, &Mutation::BeginSend { job, fence });
}

#[test]
fn who_is_away_and_their_deputy_are_one() {
    let away = |office: &mut Office, deputy| {
        let until = office.now + SignedDuration::from_hours(9);
        office.done(BEN, &Mutation::GoAway { until, deputy: person(deputy) });
    };
    for quorum in [Quorum::All, Quorum::AtLeast(2)] {
        let mut office = Office::with(chain(vec![step(1, &[BEN, CARA], quorum)]));
        away(&mut office, FAY);
        office.approve(BEN);
        office.approve(FAY);
        assert_eq!(office.ticket(), Err(Reject::NotApproved), "{quorum:?}: Cara was not asked");
        office.approve(CARA);
        assert_eq!(office.ticket(), Ok(()), "{quorum:?}");
    }
    let mut office = Office::with(chain(vec![step(1, &[BEN, CARA], Quorum::All)]));
    away(&mut office, CARA);
    office.approve(BEN);
    assert_eq!(office.ticket(), Err(Reject::NotApproved), "he agreed for himself alone");
    // whoever wrote it does not choose who agrees to it
    let mut office = Office::with(chain(vec![step(1, &[DAN], Quorum::Any)]));
    let until = office.now + SignedDuration::from_hours(9);
    office.done(DAN, &Mutation::GoAway { until, deputy: person(EVE) });
    assert_eq!(office.says(EVE, Verdict::Approve), Err(Reject::NotAsked));
}

#[test]
fn who_was_promised_to_be_asked_is_not_left_out() {
    // because they corrected a word
    let mut office = Office::with(chain(vec![step(1, &[BEN, CARA], Quorum::All)]));
    office.edit(CARA, draft("Rye is back!"));
    office.sign(DAN);
    office.approve(BEN);
    assert_eq!((office.ticket(), office.steps()), (Err(Reject::NotApproved), vec![(StepState::Stuck, vec![BEN])]));
    // or because they may not see it any more
    let mut office = Office::with(chain(vec![step(1, &[BEN, CARA], Quorum::All)]));
    let only = Personas::Only([PersonaId::new(Uuid::from_u128(77))].into());
    let persona = PersonaId::new(Uuid::from_u128(20));
    let text = PersonaText { name: "Bakery".to_owned(), accounts: vec![account_id(ACCOUNT)], ..Default::default() };
    office.done(ADA, &Mutation::AddPersona { persona, text });
    office.done(ADA, &Mutation::GrantPersonas { person: person(CARA), personas: only });
    office.done(DAN, &all(PostsChange::Persona { persona: Some(persona) }));
    office.sign(DAN);
    office.approve(BEN);
    assert_eq!(office.ticket(), Err(Reject::NotApproved));
}

#[test]
fn a_persona_is_not_left_by_not_naming_it() {
    let mut office = Office::open();
    let persona = PersonaId::new(Uuid::from_u128(20));
    let text = PersonaText { name: "Bakery".to_owned(), accounts: vec![account_id(ACCOUNT)], ..Default::default() };
    office.done(ADA, &Mutation::AddPersona { persona, text });
    let covers = Covers { personas: [persona].into(), ..Covers::default() };
    let text = ChainText { covers, ..chain(vec![step(1, &[BEN], Quorum::Any)]) };
    office.done(ADA, &Mutation::AddChain { chain: CHAIN, text });
    office.submit(DAN, "Rye is back.");
    assert_eq!((office.status(), office.ticket()), (PostStatus::InReview, Err(Reject::NotApproved)));
}

#[test]
fn a_post_that_lost_an_account_is_still_decided_about() {
    let mut office = Office::with(chain(vec![step(1, &[BEN], Quorum::Any)]));
    let mut two = draft("Rye is back.");
    two.targets.push(Target { account: account_id(OTHER_ACCOUNT), variant: None });
    office.edit(DAN, two);
    office.sign(DAN);
    office.edit(DAN, draft("Rye is back."));
    office.sign(DAN);
    office.approve(BEN);
    assert_eq!(office.ticket(), Ok(()));
    office.says(ADA, Verdict::Override).unwrap();
}

#[test]
fn what_has_begun_is_brought_to_its_end_and_what_follows_another_text_is_not() {
    let mut office = Office::open();
    office.done(ADA, &Mutation::AddChain { chain: CHAIN, text: chain(vec![step(1, &[BEN], Quorum::Any)]) });
    let mut thread = draft("Rye is back.");
    thread.base.parts.push(domain::post::Part { text: "And rolls.".to_owned(), ..Default::default() });
    office.done(DAN, &Mutation::CreatePost { post: POST, draft: thread.clone() });
    office.schedule(DAN, "2026-12-02T09:00:00");
    office.approve(BEN);
    let job = JobId::of(POST, account_id(ACCOUNT));
    office.now = office.post().schedule.as_ref().unwrap().at;
    let send = |office: &mut Office| {
        office.done(EVE, &Mutation::Claim { job });
        let fence = office.job(job).fence;
        office.done(EVE, &Mutation::Prepare { job, fence, request: "{}".to_owned() });
        office.ask(EVE, &Mutation::BeginSend { job, fence })
    };
    let writes = send(&mut office).unwrap();
    office.set.overlay(&writes);
    let remote = Remote { id: "1".to_owned(), url: String::new(), cid: String::new() };
    office.done(EVE, &Mutation::Report { job, attempt: 1, outcome: Outcome::Published { remote } });
    office.done(ADA, &Mutation::RemoveMember { person: person(BEN) });
    assert!(send(&mut office).is_ok(), "half a thread is worse");
    // what a person decides to send instead is another text
    let fence = office.job(job).fence;
    office.done(EVE, &Mutation::Release { job, fence, not_before: office.now, reason: Reason::NotApproved });
    office.done(EVE, &Mutation::Stop { job, reason: Reason::MediaMissing });
    thread.base.parts[1].text = "And cake.".to_owned();
    office.edit(DAN, thread);
    office.done(DAN, &Mutation::Decide { job, decision: Decision::PublishNow, seen: None, keys: KEYS });
    assert_eq!(send(&mut office), Err(Reject::NotApproved));
}

#[test]
fn the_copies_of_a_series_know_who_wrote_them() {
    let mut office = Office::open();
    office.done(ADA, &Mutation::AddChain { chain: CHAIN, text: chain(vec![step(1, &[EVE, DAN], Quorum::Any)]) });
    office.done(DAN, &Mutation::CreatePost { post: POST, draft: draft("Rye on Wednesday.") });
    let series = SeriesId::new(Uuid::from_u128(400));
    let place: jiff::civil::DateTime = "2026-12-09T09:00:00".parse().unwrap();
    let ahead = Ahead { places: vec![place], complete: false };
    let when = domain::mutation::When {
        local: "2026-12-02T09:00:00".parse().unwrap(),
        zone: "UTC".to_owned(),
        fold: Default::default(),
    };
    let (read, rule) = (office.post().version, "FREQ=WEEKLY".to_owned());
    let start = Mutation::StartSeries { series, post: POST, read, seen: None, rule, when, ahead, keys: KEYS };
    office.done(ADA, &start);
    let copy = PostId::of(series, place);
    let Some(Some(Record::Post(made))) = office.set.get(Key::Post(copy)) else { panic!() };
    let (read, note) = (made.version, String::new());
    let approve = Mutation::Review { post: copy, read, seen: None, verdict: Verdict::Approve, note };
    assert_eq!(office.ask(DAN, &approve), Err(Reject::OwnWork));
    office.done(EVE, &approve);
}

#[test]
fn an_objection_is_not_taken_back_with_a_mistake() {
    let mut office = Office::with(chain(vec![step(1, &[BEN, CARA], Quorum::Any)]));
    office.says(BEN, Verdict::RequestChanges).unwrap();
    office.approve(CARA);
    office.approve(BEN);
    office.done(BEN, &Mutation::WithdrawReview { post: POST });
    assert_eq!(office.status(), PostStatus::ChangesRequested, "what he had said before");
    office.done(BEN, &Mutation::WithdrawReview { post: POST });
    assert_eq!(office.status(), PostStatus::Scheduled);
}

#[test]
fn what_was_said_before_somebody_left_does_not_come_back_with_them() {
    let mut office = Office::with(chain(vec![step(1, &[BEN, CARA], Quorum::All)]));
    office.approve(BEN);
    office.done(ADA, &Mutation::RemoveMember { person: person(BEN) });
    office.now += SignedDuration::from_secs(60);
    let (role, personas) = (Role::Approver, Personas::All);
    office.admit(&Mutation::AddMember { person: person(BEN), name: "Ben".to_owned(), role, personas });
    office.approve(CARA);
    assert_eq!(office.ticket(), Err(Reject::NotApproved));
}

#[test]
fn a_deadline_does_not_run_before_anybody_is_asked_and_what_was_said_late_stays() {
    let second = ChainStep { within_h: Some(24), then: people(&[EVE]), ..step(2, &[CARA], Quorum::Any) };
    let mut office = Office::with(chain(vec![step(1, &[BEN], Quorum::Any), second]));
    office.approve(BEN);
    office.done(DAN, &Mutation::Unschedule { post: POST });
    office.now += SignedDuration::from_hours(48);
    office.schedule(DAN, "2026-12-05T09:00:00");
    assert_eq!(office.says(EVE, Verdict::Approve), Err(Reject::NotAsked));
    office.now += SignedDuration::from_hours(25);
    office.approve(EVE);
    office.schedule(DAN, "2026-12-05T09:05:00");
    assert_eq!((office.status(), office.ticket()), (PostStatus::Scheduled, Ok(())));
}

/// A server asks its database so often at most for one mutation, and then says "later".
const ROUNDS_MAX: usize = 10;

#[test]
fn a_thousand_posts_are_counted_with_a_few_questions() {
    let mut office = Office::open();
    let posts: Vec<PostId> = (0..1_000).map(|number| PostId::new(Uuid::from_u128(10_000 + number))).collect();
    for post in &posts {
        office.done(DAN, &Mutation::CreatePost { post: *post, draft: draft("Rye.") });
        let when = domain::mutation::When {
            local: "2026-12-02T09:00:00".parse().unwrap(),
            zone: "UTC".to_owned(),
            fold: Default::default(),
        };
        office.done(DAN, &Mutation::SchedulePost { post: *post, read: 1, seen: None, when, keys: KEYS });
    }
    office.done(ADA, &Mutation::AddChain { chain: CHAIN, text: chain(vec![step(1, &[BEN], Quorum::Any)]) });
    let context = Context::team(ORGANISATION, person(ADA), office.now);
    let mutation = Mutation::Recount { posts };
    let (mut set, mut rounds) = (domain::WorkingSet::default(), 0);
    let writes = loop {
        match domain::apply(&context, &set, &mutation) {
            Step::Done(decided) => break decided.unwrap(),
            Step::Need(keys) => {
                rounds += 1;
                for key in keys {
                    set.load(key, office.set.get(key).flatten().cloned());
                }
            }
        }
    };
    assert_eq!(writes.len(), 1_000);
    assert!(writes.iter().all(|record| matches!(record, Record::Post(post) if post.status == PostStatus::InReview)));
    assert!(rounds <= ROUNDS_MAX, "{rounds} questions");
    assert!(matches!(
        office.job(JobId::of(PostId::new(Uuid::from_u128(10_000)), account_id(ACCOUNT))).state,
        JobState::Scheduled
    ));
}
