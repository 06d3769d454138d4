//! Two desks have the same number and different texts: nothing is decided about what was not read.

use std::collections::BTreeMap;

use domain::account::{Account, Health, Limits, Profile, SignIn};
use domain::id::{AccountId, SeriesId};
use domain::job::Decision;
use domain::mutation::PostsChange;
use domain::network::Network;
use domain::post::Target;
use domain::series::Ahead;

use super::*;

const TEXT: &str = "Bread at eight.";

fn account() -> AccountId {
    AccountId::new(Uuid::from_u128(3))
}

fn to_account(text: &str) -> Draft {
    Draft { targets: vec![Target { account: account(), variant: None }], ..draft(text) }
}

/// A draft for an account, at version 1.
fn office() -> Office {
    let mut office = Office::with("An older one");
    let at = "2026-11-01T12:00:00Z".parse().unwrap();
    let profile = Profile {
        remote_id: "did:plc:1".to_owned(),
        handle: "bakery.example".to_owned(),
        display_name: String::new(),
        url: "https://bsky.app/profile/bakery.example".to_owned(),
        limits: Limits::Bluesky,
    };
    let account = Account {
        id: account(),
        network: Network::Bluesky,
        server: "https://bsky.social".to_owned(),
        sign_in: SignIn::AppPassword,
        profile,
        health: Health::Healthy,
        ends_at: None,
        checked_at: at,
        grace_s: 1800,
        removed: false,
        sample: false,
        created_at: at,
    };
    office.done(ADA, &Mutation::ConnectAccount { account: Box::new(account) });
    let mut post = office.post().clone();
    post.draft = to_account(TEXT);
    office.0.load(Key::Post(post.id), Some(Record::Post(post)));
    office
}

fn when(local: &str) -> When {
    When { local: local.parse().unwrap(), zone: "UTC".to_owned(), fold: Default::default() }
}

fn schedule(read: u32, seen: Option<ContentHash>) -> Mutation {
    Mutation::SchedulePost { post: post(), read, seen, when: when("2026-12-24T09:00:00"), keys: KEYS }
}

/// What the other desk has under the same number.
fn other_text(office: &Office) -> Option<ContentHash> {
    Some(Post { draft: to_account("Bread at nine."), ..office.post().clone() }.seen())
}

fn decisions(office: &Office, seen: Option<ContentHash>) -> Vec<Mutation> {
    let (read, series) = (office.post().version, SeriesId::new(Uuid::from_u128(4)));
    let ahead = Ahead { places: Vec::new(), complete: false };
    let rule = "FREQ=WEEKLY".to_owned();
    let when = when("2026-12-25T09:00:00");
    let each = seen.map(|seen| (post(), seen)).into_iter().collect();
    vec![
        Mutation::SettleMerge { post: post(), read, seen },
        Mutation::RestoreVersion { post: post(), read, seen, draft: to_account("Old") },
        Mutation::SchedulePost { post: post(), read, seen, when: when.clone(), keys: KEYS },
        Mutation::StartSeries { series, post: post(), read, seen, rule, when: when.clone(), ahead, keys: KEYS },
        Mutation::ChangePosts { posts: vec![post()], change: PostsChange::MoveTo { when }, seen: each, keys: KEYS },
    ]
}

#[test]
fn nothing_is_decided_about_a_text_that_was_not_read() {
    let mut office = office();
    let (other, same) = (other_text(&office), office.seen());
    for (other, same) in decisions(&office, other).iter().zip(decisions(&office, same)) {
        assert_eq!(office.ask(BEN, other), Err(Reject::NotAsRead), "{}", other.name());
        office.ask(BEN, &same).unwrap_or_else(|refused| panic!("{}: {refused}", same.name()));
    }
    for unsaid in decisions(&office, None) {
        assert_eq!(office.ask(BEN, &unsaid), Err(Reject::NotAsRead), "{}", unsaid.name());
    }
    // what waits with its time, and what came too late
    office.done(ADA, &schedule(1, office.seen()));
    let shift = |seen: Option<ContentHash>| {
        let seen = seen.map(|seen| (post(), seen)).into_iter().collect();
        Mutation::ChangePosts { posts: vec![post()], change: PostsChange::Shift { days: 1 }, seen, keys: KEYS }
    };
    assert_eq!(office.ask(BEN, &shift(other_text(&office))), Err(Reject::NotAsRead));
    assert_eq!(office.ask(BEN, &shift(None)), Err(Reject::NotAsRead));
    assert!(office.ask(BEN, &shift(office.seen())).is_ok());
    let sign = |seen| Mutation::SignOff { post: post(), read: 2, seen, keys: KEYS };
    assert_eq!(office.ask(BEN, &sign(None)), Err(Reject::NotAsRead));
    assert_eq!(office.ask(BEN, &sign(other_text(&office))), Err(Reject::NotAsRead));
    let mut later = office.post().clone();
    later.schedule = later
        .schedule
        .map(|schedule| domain::schedule::Schedule { at: "2026-12-24T10:00:00Z".parse().unwrap(), ..schedule });
    assert_eq!(office.ask(BEN, &sign(Some(later.seen()))), Err(Reject::NotAsRead), "another time is another decision");
    assert!(office.ask(BEN, &sign(office.seen())).is_ok());
}

#[test]
fn publishing_now_is_bound_to_what_was_read_too() {
    let mut office = office();
    office.done(ADA, &schedule(1, office.seen()));
    let job = domain::id::JobId::of(post(), account());
    let reason = domain::job::Reason::ByPerson;
    let Some(Some(Record::Job(planned))) = office.0.get(Key::Job(job)) else { panic!("no job") };
    let missed = planned.clone().miss("2026-12-25T09:00:00Z".parse().unwrap(), reason).unwrap();
    office.0.load(Key::Job(job), Some(Record::Job(missed)));
    let now = |seen| Mutation::Decide { job, decision: Decision::PublishNow, seen, keys: KEYS };
    assert_eq!(office.ask(BEN, &now(None)), Err(Reject::NotAsRead));
    assert_eq!(office.ask(BEN, &now(other_text(&office))), Err(Reject::NotAsRead));
    assert!(office.ask(BEN, &now(office.seen())).is_ok());
    // leaving it out signs nothing
    let skip = Mutation::Decide { job, decision: Decision::Skip, seen: None, keys: KEYS };
    assert!(office.ask(BEN, &skip).is_ok());
}

#[test]
fn the_start_of_a_series_is_taken_back_to_what_was_signed_off_and_nothing_else() {
    let mut office = office();
    office.done(ADA, &schedule(1, office.seen()));
    let (series, ahead) = (SeriesId::new(Uuid::from_u128(4)), Ahead { places: Vec::new(), complete: false });
    let (rule, when, seen) = ("FREQ=WEEKLY".to_owned(), when("2026-12-25T09:00:00"), office.seen());
    let start = Mutation::StartSeries { series, post: post(), read: 2, seen, rule, when, ahead, keys: KEYS };
    let before = office.0.clone();
    office.done(ADA, &start);
    let back = domain::inverse(&before, &start).unwrap();
    let unsaid = match back.clone() {
        Mutation::DropSeries { series, post, back, place, resumes, keys, .. } => {
            Mutation::DropSeries { series, post, back, signed: None, place, resumes, keys }
        }
        other => panic!("{other:?}"),
    };
    assert_eq!(office.ask(BEN, &unsaid), Err(Reject::NotAsRead));
    assert!(office.ask(BEN, &back).is_ok());
    // somebody else wrote meanwhile
    let new = to_account("Bread at nine.");
    let since = Some(Box::new(Since { base: to_account(TEXT), saves: 1 }));
    office.done(BEN, &Mutation::EditDraft { post: post(), read: 3, draft: new, since });
    assert_eq!(office.ask(ADA, &back), Err(Reject::ChangedAfterSignOff));
}

#[test]
fn a_draft_is_written_over_in_a_team_by_nobody_who_did_not_read_it() {
    let mut office = office();
    let blind = Mutation::EditDraft { post: post(), read: 1, draft: to_account("Mine"), since: None };
    assert_eq!(office.ask(BEN, &blind), Err(Reject::NotAsRead));
}

fn bind(office: &Office, mutation: &Mutation) -> Mutation {
    let context =
        Context::team(OrganisationId::new(Uuid::from_u128(9)), person(BEN), "2026-11-30T12:00:00Z".parse().unwrap());
    let mut set = WorkingSet::default();
    loop {
        match mutation.bound(&context, &set) {
            Step::Done(bound) => return bound.into_owned(),
            Step::Need(keys) => {
                for key in keys {
                    set.load(key, office.0.get(key).flatten().cloned());
                }
            }
        }
    }
}

#[test]
fn a_desk_names_what_it_has_under_the_number_and_nothing_under_another() {
    let mut office = office();
    let seen = office.seen();
    for (unsaid, said) in decisions(&office, None).iter().zip(decisions(&office, seen)) {
        assert_eq!(bind(&office, unsaid), said);
        assert_eq!(bind(&office, &said), said);
    }
    let blind = |read| Mutation::EditDraft { post: post(), read, draft: to_account("Mine"), since: None };
    let bound = bind(&office, &blind(1));
    assert!(matches!(&bound, Mutation::EditDraft { since: Some(since), .. } if since.base == to_account(TEXT)));
    office.done(BEN, &bound);
    for unsaid in decisions(&office, None) {
        let old = match unsaid.clone() {
            Mutation::SchedulePost { post, seen, when, keys, .. } => {
                Mutation::SchedulePost { post, read: 1, seen, when, keys }
            }
            Mutation::RestoreVersion { post, seen, draft, .. } => {
                Mutation::RestoreVersion { post, read: 1, seen, draft }
            }
            Mutation::SettleMerge { post, seen, .. } => Mutation::SettleMerge { post, read: 1, seen },
            _ => continue,
        };
        assert_eq!(bind(&office, &old), old, "nothing stands here under that number any more");
    }
    assert_eq!(bind(&office, &blind(1)), blind(1));
    let alone = Context::solo(person(BEN), "2026-11-30T12:00:00Z".parse().unwrap());
    assert!(matches!(blind(2).bound(&alone, &WorkingSet::default()), Step::Done(same) if *same == blind(2)));
}

#[test]
fn what_was_stored_before_is_read_and_says_nothing_of_what_was_read() {
    let stored =
        format!(r#"{{"mutation":"sign_off","post":"{}","read":3,"keys":{{"micros":1,"clock_id":1}}}}"#, post());
    let old: Mutation = serde_json::from_str(&stored).unwrap();
    assert_eq!(old, Mutation::SignOff { post: post(), read: 3, seen: None, keys: KEYS });
    assert_eq!(serde_json::to_string(&old).unwrap(), stored);
    let seen = BTreeMap::from([(post(), ContentHash::of_seen(&draft("a"), None))]);
    let change = PostsChange::Shift { days: 1 };
    let many = Mutation::ChangePosts { posts: vec![post()], change, seen, keys: KEYS };
    assert_eq!(serde_json::from_str::<Mutation>(&serde_json::to_string(&many).unwrap()).unwrap(), many);
}
