//! Whatever text a client puts into a mutation has a bound.

#![allow(clippy::unwrap_used, clippy::panic)]

use domain::account::{Account, Health, Limits, Profile, SignIn};
use domain::id::{AccountId, JobId, MediaId, OrganisationId, PersonId, PostId};
use domain::job::{Decision, Job, Lookup, Outcome, Reason, Remote};
use domain::media::{Media, MediaType};
use domain::mutation::PartKeys;
use domain::network::Network;
use domain::reject::Field;
use domain::team::{Personas, Role};
use domain::text::mastodon::MastodonLimits;
use domain::{Context, Mutation, Reject, Step, WorkingSet};
use jiff::Timestamp;
use uuid::Uuid;

const KEYS: PartKeys = PartKeys { micros: 1, clock_id: 1 };

fn long() -> String {
    "x".repeat(500_000)
}

/// Asks for an organisation of which 1 is the owner, and nothing else is there.
fn ask(mutation: &Mutation) -> Result<(), Reject> {
    ask_as(Context::team, mutation)
}

/// As [`ask`], with the authority of the owner or in the owner's name.
fn ask_as(of: fn(OrganisationId, PersonId, Timestamp) -> Context, mutation: &Mutation) -> Result<(), Reject> {
    let (organisation, owner) = (OrganisationId::new(Uuid::from_u128(9)), PersonId::new(Uuid::from_u128(1)));
    let context = Context::team(organisation, owner, Timestamp::UNIX_EPOCH);
    let mut set = WorkingSet::default();
    let [name, member] = ["Bakery", "Ada"].map(str::to_owned);
    let mut done = |context: &Context, mutation: &Mutation| loop {
        match domain::apply(context, &set, mutation) {
            Step::Done(decided) => break decided.map(|writes| set.overlay(&writes)),
            Step::Need(keys) => keys.into_iter().for_each(|key| set.load(key, None)),
        }
    };
    done(&context, &Mutation::FoundOrganisation { name, member }).unwrap();
    let account = account(profile(""), "https://a.example");
    done(&context, &Mutation::ConnectAccount { account: Box::new(account) }).unwrap();
    done(&of(organisation, owner, Timestamp::UNIX_EPOCH), mutation)
}

fn profile(text: &str) -> Profile {
    Profile {
        remote_id: "1".to_owned(),
        handle: text.to_owned(),
        display_name: String::new(),
        url: String::new(),
        limits: Limits::Bluesky,
    }
}

fn account(profile: Profile, server: &str) -> Account {
    Account {
        id: AccountId::new(Uuid::from_u128(3)),
        network: Network::Mastodon,
        server: server.to_owned(),
        sign_in: SignIn::OAuth,
        profile,
        health: Health::Healthy,
        ends_at: None,
        checked_at: Timestamp::UNIX_EPOCH,
        grace_s: 60,
        removed: false,
        sample: false,
        created_at: Timestamp::UNIX_EPOCH,
    }
}

fn media(change: impl FnOnce(&mut Media)) -> Media {
    let mut media = Media {
        id: MediaId::of(b"a"),
        kind: MediaType::Jpeg,
        width: 1,
        height: 1,
        bytes: 1,
        frames: 1,
        video: None,
        metadata: false,
        name: "a.jpg".to_owned(),
        alt: String::new(),
        folder: String::new(),
        tags: Vec::new(),
        deleted: false,
        made_from: None,
        created_at: Timestamp::UNIX_EPOCH,
    };
    change(&mut media);
    media
}

#[test]
fn no_text_of_a_client_is_without_a_bound() {
    let (job, id) = (
        JobId::of(PostId::new(Uuid::from_u128(7)), AccountId::new(Uuid::from_u128(3))),
        AccountId::new(Uuid::from_u128(3)),
    );
    let remote = || Remote { id: "1".to_owned(), url: long(), cid: String::new() };
    let types = |types: Vec<String>| {
        let limits = Limits::Mastodon(MastodonLimits { supported_mime_types: types, ..MastodonLimits::default() });
        Profile { limits, ..profile("") }
    };
    let connected = |profile, server: &str| {
        let account = Account { id: AccountId::new(Uuid::from_u128(4)), ..account(profile, server) };
        Mutation::ConnectAccount { account: Box::new(account) }
    };
    let told = |detail: String| Mutation::Report { job, attempt: 1, outcome: Outcome::Ambiguous { detail } };
    let cases = [
        (Field::Profile, connected(profile(&long()), "")),
        (Field::Profile, connected(profile(""), &long())),
        (Field::Profile, connected(types(vec![long()]), "")),
        (Field::Profile, connected(types(vec![String::new(); 501]), "")),
        (Field::Profile, Mutation::RecordProfile { account: id, profile: profile(&long()), ends_at: None }),
        (
            Field::Profile,
            Mutation::Reconnect { account: id, sign_in: SignIn::OAuth, profile: profile(&long()), ends_at: None },
        ),
        (Field::Name, Mutation::AddMedia { media: media(|media| media.name = long()) }),
        (Field::AltText, Mutation::AddMedia { media: media(|media| media.alt = long()) }),
        (Field::Tags, Mutation::AddMedia { media: media(|media| media.tags = vec![String::new(); 99]) }),
        (Field::Tag, Mutation::ImportMedia { media: vec![media(|media| media.tags = vec![long()])] }),
        (Field::Request, Mutation::Prepare { job, fence: 1, request: long() }),
        (Field::Detail, told(long())),
        (Field::Detail, Mutation::Report { job, attempt: 1, outcome: Outcome::Published { remote: remote() } }),
        (Field::Detail, Mutation::LookedUp { job, found: Lookup::Found { remote: remote() } }),
        (Field::Detail, Mutation::LookedUp { job, found: Lookup::Unknown { detail: long() } }),
        (Field::Detail, Mutation::LoseAnswer { job, reason: Reason::AnswerLost { detail: long() } }),
        (
            Field::Detail,
            Mutation::Release {
                job,
                fence: 1,
                not_before: Timestamp::UNIX_EPOCH,
                reason: Reason::NeverSent { detail: long() },
            },
        ),
        (Field::Detail, Mutation::Stop { job, reason: Reason::BreaksRules { detail: long() } }),
        (Field::Detail, Mutation::Miss { job, reason: Reason::BreaksRules { detail: long() } }),
        (
            Field::Detail,
            Mutation::Decide { job, decision: Decision::ItIsThere { url: long() }, seen: None, keys: KEYS },
        ),
    ];
    for (field, mutation) in cases {
        let refused = ask(&mutation);
        assert!(
            matches!(refused, Err(Reject::TooLong { field: named, .. }) if named == field),
            "{}: {refused:?}",
            mutation.name()
        );
    }
    assert_eq!(ask(&connected(types(vec!["image/png".to_owned()]), "https://b.example")), Ok(()));
    // what a network said is cut before it is told, and what it says of a post that is out is told all the same
    for mutation in [told(long()), Mutation::Stop { job, reason: Reason::BreaksRules { detail: long() } }] {
        assert_eq!(ask(&mutation.within_bounds()), Err(Reject::NotFound), "there is no such job");
    }
    let there = Mutation::LookedUp { job, found: Lookup::Found { remote: remote() } }.within_bounds();
    assert!(matches!(&there, Mutation::LookedUp { found: Lookup::Found { remote }, .. } if remote.id == "1"));
    assert_eq!(ask(&there), Err(Reject::NotFound));
    assert_eq!(told("short".to_owned()).within_bounds(), told("short".to_owned()));
    let wide = told("ß".repeat(Job::DETAIL_MAX + 1)).within_bounds();
    assert_eq!(wide, told("ß".repeat(Job::DETAIL_MAX)));
}

#[test]
fn a_person_added_by_name_has_a_short_one() {
    let person = PersonId::new(Uuid::from_u128(2));
    let add = Mutation::AddMember { person, name: long(), role: Role::Creator, personas: Personas::All };
    assert!(matches!(ask_as(Context::invitation, &add), Err(Reject::TooLong { field: Field::Name, .. })));
}
