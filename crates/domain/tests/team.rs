//! Who may do what in an organisation, for every mutation and every role; and that nobody reaches beyond their personas.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use domain::account::{Account, Health, Limits, Profile, SignIn};
use domain::comment::Comment;
use domain::id::{AccountId, CommentId, OrganisationId, PersonId, PersonaId, PostId, SnippetId};
use domain::mutation::{PartKeys, PostsChange, When};
use domain::network::Network;
use domain::people::PersonaText;
use domain::post::{Content, Draft, Part, Target};
use domain::snippet::{SnippetKind, SnippetText};
use domain::team::{Member, Membership, Personas, Right, Role};
use domain::{Context, Home, Key, Mutation, Record, Reject, Scope, Step, WorkingSet};
use jiff::Timestamp;
use uuid::Uuid;

const ADA: u128 = 1;
const BEN: u128 = 2;
/// Creates for the bakery alone.
const CARA: u128 = 3;
const DAN: u128 = 4;
const BAKERY: u128 = 20;
const CAFE: u128 = 21;
const BAKERY_ACCOUNT: u128 = 30;
const CAFE_ACCOUNT: u128 = 31;
const KEYS: PartKeys = PartKeys { micros: 1, clock_id: 1 };

fn id(number: u128) -> Uuid {
    Uuid::from_u128(number)
}

fn person(number: u128) -> PersonId {
    PersonId::new(id(number))
}

fn persona(number: u128) -> PersonaId {
    PersonaId::new(id(number))
}

fn post(number: u128) -> PostId {
    PostId::new(id(number))
}

fn organisation() -> OrganisationId {
    OrganisationId::new(id(9))
}

fn account(number: u128) -> Account {
    let now = Timestamp::UNIX_EPOCH;
    Account {
        id: AccountId::new(id(number)),
        network: Network::Bluesky,
        server: "https://bsky.social".to_owned(),
        sign_in: SignIn::ByHand,
        profile: Profile {
            remote_id: number.to_string(),
            handle: String::new(),
            display_name: String::new(),
            url: String::new(),
            limits: Limits::Bluesky,
        },
        health: Health::Healthy,
        ends_at: None,
        checked_at: now,
        grace_s: 60,
        removed: false,
        sample: false,
        created_at: now,
    }
}

fn draft(speaker: Option<u128>, through: Option<u128>) -> Draft {
    let part = Part { text: "Rye is back.".to_owned(), ..Part::default() };
    Draft {
        persona: speaker.map(persona),
        base: Content { parts: vec![part], ..Content::default() },
        targets: through.map(|one| Target { account: AccountId::new(id(one)), variant: None }).into_iter().collect(),
        ..Draft::default()
    }
}

/// An organisation in memory.
#[derive(Default, Clone)]
struct Office(WorkingSet);

impl Office {
    /// Ada owns it, Ben administers, Cara creates for the bakery, Dan for everybody. Two personas with an account each.
    fn open() -> Self {
        let mut office = Self::default();
        let [name, member] = ["Bread and coffee", "Ada"].map(str::to_owned);
        office.done(ADA, &Mutation::FoundOrganisation { name, member });
        let only = Personas::Only([persona(BAKERY)].into());
        for (number, role, personas) in [
            (BEN, Role::Administrator, Personas::All),
            (CARA, Role::Creator, only),
            (DAN, Role::Creator, Personas::All),
        ] {
            let name = number.to_string();
            let add = Mutation::AddMember { person: person(number), name, role, personas };
            let writes = office.invited(ADA, &add).unwrap();
            office.0.overlay(&writes);
        }
        for (speaker, through) in [(BAKERY, BAKERY_ACCOUNT), (CAFE, CAFE_ACCOUNT)] {
            office.done(BEN, &Mutation::ConnectAccount { account: Box::new(account(through)) });
            let accounts = vec![AccountId::new(id(through))];
            let text = PersonaText { name: speaker.to_string(), accounts, ..PersonaText::default() };
            office.done(BEN, &Mutation::AddPersona { persona: persona(speaker), text });
        }
        office
    }

    fn ask(&mut self, actor: u128, mutation: &Mutation) -> Result<Vec<Record>, Reject> {
        self.judge(&Context::team(organisation(), person(actor), "2026-11-30T12:00:00Z".parse().unwrap()), mutation)
    }

    /// The server, because an invitation of this person was accepted.
    fn invited(&mut self, inviter: u128, mutation: &Mutation) -> Result<Vec<Record>, Reject> {
        let at = "2026-11-30T12:00:00Z".parse().unwrap();
        self.judge(&Context::invitation(organisation(), person(inviter), at), mutation)
    }

    fn judge(&mut self, context: &Context, mutation: &Mutation) -> Result<Vec<Record>, Reject> {
        loop {
            // as on a desk that has what the server has
            let step = match mutation.bound(context, &self.0) {
                Step::Done(bound) => domain::apply(context, &self.0, &bound),
                Step::Need(keys) => Step::Need(keys),
            };
            match step {
                Step::Done(decided) => return decided,
                Step::Need(keys) => keys.into_iter().for_each(|key| self.0.load(key, None)),
            }
        }
    }

    fn done(&mut self, actor: u128, mutation: &Mutation) -> Vec<Record> {
        let writes = self.ask(actor, mutation).unwrap_or_else(|refused| panic!("{}: {refused}", mutation.name()));
        self.0.overlay(&writes);
        writes
    }

    fn member(&self, number: u128) -> Member {
        match self.0.get(Key::Member(person(number))) {
            Some(Some(Record::Member(member))) => member.clone(),
            other => panic!("{other:?}"),
        }
    }

    fn write(&mut self, actor: u128, number: u128, speaker: Option<u128>) {
        self.done(actor, &Mutation::CreatePost { post: post(number), draft: draft(speaker, None) });
    }
}

#[test]
fn each_right_is_given_to_the_roles_in_the_table() {
    use Right::{Accounts, Content, Delivery, Found, Leave, Members, Rename};
    let table = [
        // owner, administrator, approver, creator, viewer
        (Found, [false, false, false, false, false]),
        (Rename, [true, true, false, false, false]),
        (Right::Admit, [false, false, false, false, false]),
        (Members, [true, true, false, false, false]),
        (Leave, [true, true, true, true, true]),
        (Right::Personas, [true, true, false, false, false]),
        (Accounts, [true, true, false, false, false]),
        (Content, [true, true, true, true, false]),
        (Delivery, [true, true, true, true, false]),
        (Right::Chains, [true, true, false, false, false]),
        (Right::Approval, [true, true, true, true, true]),
        (Right::Override, [true, false, false, false, false]),
    ];
    let office = Office::open();
    for (right, row) in table {
        for (role, may) in Role::ALL.into_iter().zip(row) {
            let member = Member { role, ..office.member(DAN) };
            assert_eq!(member.may(right), may, "{role:?} {right:?}");
            let gone = Member { membership: Membership::Removed, ..member };
            assert!(!gone.may(right) && !gone.holds(Scope::Organisation), "{role:?} {right:?}");
        }
    }
}

#[test]
fn who_changes_whom() {
    let roles = Role::ALL;
    for actor in roles {
        for other in roles {
            let expected = match (actor, other) {
                (Role::Owner, _) => true,
                (Role::Administrator, Role::Owner) => false,
                (Role::Administrator, _) => true,
                (Role::Approver | Role::Creator | Role::Viewer, _) => false,
            };
            assert_eq!(actor.may_change(other), expected, "{actor:?} {other:?}");
        }
    }
    let mut office = Office::open();
    let made = |number, role| Mutation::ChangeRole { person: person(number), role };
    assert_eq!(office.ask(BEN, &made(ADA, Role::Creator)), Err(Reject::NotPermitted), "an owner is out of reach");
    assert_eq!(office.ask(BEN, &made(CARA, Role::Owner)), Err(Reject::NotPermitted), "nobody gives what they have not");
    assert_eq!(office.ask(BEN, &made(BEN, Role::Owner)), Err(Reject::OwnRole));
    assert_eq!(office.ask(CARA, &made(CARA, Role::Owner)), Err(Reject::NotPermitted));
    assert_eq!(office.ask(BEN, &Mutation::RemoveMember { person: person(ADA) }), Err(Reject::NotPermitted));
    assert_eq!(office.ask(ADA, &made(ADA, Role::Creator)), Err(Reject::LastOwner));
    office.done(ADA, &made(BEN, Role::Owner));
    office.done(BEN, &Mutation::RemoveMember { person: person(ADA) });
    assert_eq!(office.ask(ADA, &Mutation::Leave), Err(Reject::NotMember));
    assert_eq!(office.ask(BEN, &Mutation::Leave), Err(Reject::LastOwner));
}

#[test]
fn owners_and_the_list_of_them_agree_whatever_happens() {
    let mut office = Office::open();
    let people = [ADA, BEN, CARA, DAN, 5, 6];
    let mut state = 7_u64;
    let mut next = |below: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % below
    };
    let (mut done, mut refused) = (0, 0);
    for _ in 0..5_000 {
        let (actor, whom, role) = (people[next(6)], person(people[next(6)]), Role::ALL[next(Role::ALL.len())]);
        let mutation = match next(4) {
            0 => Mutation::AddMember { person: whom, name: "X".to_owned(), role, personas: Personas::All },
            1 => Mutation::ChangeRole { person: whom, role },
            2 => Mutation::RemoveMember { person: whom },
            _ => Mutation::Leave,
        };
        let decided = match mutation {
            Mutation::AddMember { .. } => office.invited(actor, &mutation),
            _ => office.ask(actor, &mutation),
        };
        match decided {
            Ok(writes) => {
                office.0.overlay(&writes);
                done += 1;
            }
            Err(_) => refused += 1,
        }
        let Some(Some(Record::Organisation(known))) = office.0.get(Key::Organisation(organisation())) else { panic!() };
        let owners = people.into_iter().filter(|one| match office.0.get(Key::Member(person(*one))) {
            Some(Some(Record::Member(member))) => member.is_active() && member.role == Role::Owner,
            _ => false,
        });
        assert_eq!(known.owners, owners.map(person).collect());
        assert!(!known.owners.is_empty());
    }
    assert!(done > 300 && refused > 300, "{done} {refused}");
}

#[test]
fn what_lies_out_of_reach_looks_like_what_is_not_there() {
    let mut office = Office::open();
    office.write(DAN, 100, Some(CAFE));
    let comment = CommentId::new(id(200));
    let say = |post: PostId, comment| Mutation::AddComment {
        comment,
        post,
        text: "Nice".to_owned(),
        anchor: None,
        reply_to: None,
    };
    office.done(DAN, &say(post(100), comment));
    let snippet = SnippetId::new(id(300));
    let text = SnippetText {
        kind: SnippetKind::Signature,
        name: "Cafe".to_owned(),
        parts: vec!["Your cafe".to_owned()],
        persona: Some(persona(CAFE)),
    };
    office.done(DAN, &Mutation::AddSnippet { snippet, text });
    let when =
        || When { local: "2026-12-24T09:00:00".parse().unwrap(), zone: "UTC".to_owned(), fold: Default::default() };
    let (there, nowhere) = (100, 999);
    let tries = |which: u128, comment: u128, snippet: u128| {
        vec![
            Mutation::EditDraft { post: post(which), read: 1, draft: draft(Some(BAKERY), None), since: None },
            Mutation::RestoreVersion { post: post(which), read: 1, seen: None, draft: draft(None, None) },
            Mutation::DeletePost { post: post(which) },
            Mutation::RestorePost { post: post(which), keys: KEYS },
            Mutation::SchedulePost { post: post(which), read: 1, seen: None, when: when(), keys: KEYS },
            Mutation::Unschedule { post: post(which) },
            Mutation::DiscardPosts { posts: vec![post(which)] },
            Mutation::ChangePosts {
                posts: vec![post(which)],
                change: PostsChange::Delete,
                seen: Default::default(),
                keys: KEYS,
            },
            say(post(which), CommentId::new(id(201))),
            Mutation::EditComment { comment: CommentId::new(id(comment)), text: "Mine".to_owned() },
            Mutation::ResolveComment { comment: CommentId::new(id(comment)) },
            Mutation::DeleteSnippet { snippet: SnippetId::new(id(snippet)) },
        ]
    };
    for (mutation, random) in tries(there, 200, 300).iter().zip(tries(nowhere, 998, 997)) {
        let refused = office.ask(CARA, mutation);
        assert!(refused.is_err(), "{}", mutation.name());
        assert_eq!(refused, office.ask(CARA, &random), "{}", mutation.name());
    }
    let over = Mutation::CreatePost { post: post(there), draft: draft(Some(BAKERY), None) };
    assert_eq!(office.ask(CARA, &over), Err(Reject::NotFound), "nothing is written over it either");
    let into = Mutation::CreatePost { post: post(101), draft: draft(Some(CAFE), None) };
    assert_eq!(office.ask(CARA, &into), Err(Reject::NotFound), "nor put beside it");
    // a post of both goes nowhere: one of them is not held
    office.write(CARA, 102, Some(BAKERY));
    let moved = Mutation::EditDraft { post: post(102), read: 1, draft: draft(Some(CAFE), None), since: None };
    assert_eq!(office.ask(CARA, &moved), Err(Reject::NotFound));
    office.done(DAN, &moved);
    assert_eq!(office.ask(CARA, &Mutation::DeletePost { post: post(102) }), Err(Reject::NotFound));
}

#[test]
fn a_creator_signs_off_only_what_their_personas_say_where_they_speak() {
    let mut office = Office::open();
    let when = When { local: "2026-12-24T09:00:00".parse().unwrap(), zone: "UTC".to_owned(), fold: Default::default() };
    for (number, through) in [(100, BAKERY_ACCOUNT), (101, CAFE_ACCOUNT)] {
        let draft = draft(Some(BAKERY), Some(through));
        office.done(CARA, &Mutation::CreatePost { post: post(number), draft });
    }
    let plan =
        |number| Mutation::SchedulePost { post: post(number), read: 1, seen: None, when: when.clone(), keys: KEYS };
    office.done(CARA, &plan(100));
    assert_eq!(office.ask(CARA, &plan(101)), Err(Reject::NotFound));
    office.done(DAN, &plan(101));
}

#[test]
fn comments_and_deliveries_lie_where_their_post_lies() {
    let mut office = Office::open();
    office.write(CARA, 100, Some(BAKERY));
    let comment = CommentId::new(id(200));
    let added = office.done(
        CARA,
        &Mutation::AddComment { comment, post: post(100), text: "Shorter".to_owned(), anchor: None, reply_to: None },
    );
    assert!(matches!(&added[..], [record @ Record::Comment(Comment { .. })] if record.home() == Home::Post(post(100))));
    office.done(DAN, &Mutation::EditDraft { post: post(100), read: 1, draft: draft(Some(CAFE), None), since: None });
    let resolve = Mutation::ResolveComment { comment };
    assert_eq!(office.ask(CARA, &resolve), Err(Reject::NotFound));
    office.done(DAN, &resolve);
}

#[test]
fn nobody_outside_finds_anything_and_an_organisation_is_founded_once() {
    let mut office = Office::open();
    let stranger = 77;
    let again = Mutation::FoundOrganisation { name: "Mine".to_owned(), member: "Eve".to_owned() };
    assert_eq!(office.ask(stranger, &again), Err(Reject::Exists));
    let add = Mutation::AddMember {
        person: person(stranger),
        name: "Eve".to_owned(),
        role: Role::Owner,
        personas: Personas::All,
    };
    assert_eq!(office.ask(stranger, &add), Err(Reject::NotMember));
    assert_eq!(office.invited(stranger, &add), Err(Reject::NotMember));
    assert_eq!(office.ask(stranger, &Mutation::DeletePost { post: post(1) }), Err(Reject::NotMember));
    let name = Mutation::NamePerson { person: person(ADA), name: "Eve".to_owned() };
    assert_eq!(office.ask(BEN, &name), Err(Reject::NotFound), "a name is one's own");
    office.done(ADA, &name);
}

#[test]
fn nobody_becomes_a_member_by_a_change_of_somebody_else() {
    let mut office = Office::open();
    let add = |number, role| {
        let (name, personas) = ("Eve".to_owned(), Personas::Only([persona(BAKERY)].into()));
        Mutation::AddMember { person: person(number), name, role, personas }
    };
    for (actor, role) in [(ADA, Role::Creator), (ADA, Role::Owner), (BEN, Role::Creator), (CARA, Role::Creator)] {
        assert_eq!(office.ask(actor, &add(77, role)), Err(Reject::NotPermitted), "{actor} {role:?}");
    }
    // an invitation that was accepted goes as far as whoever invited
    assert_eq!(office.invited(CARA, &add(77, Role::Creator)), Err(Reject::NotPermitted));
    assert_eq!(office.invited(BEN, &add(77, Role::Owner)), Err(Reject::NotPermitted));
    let writes = office.invited(BEN, &add(77, Role::Creator)).unwrap();
    office.0.overlay(&writes);
    assert!(office.member(77).holds(Scope::Persona(persona(BAKERY))));
    assert_eq!(office.invited(BEN, &add(77, Role::Creator)), Err(Reject::Exists));
    // and does nothing else
    let remove = Mutation::RemoveMember { person: person(77) };
    assert_eq!(office.invited(ADA, &remove), Err(Reject::NotPermitted));
    assert_eq!(office.invited(ADA, &Mutation::DeletePost { post: post(1) }), Err(Reject::NotPermitted));
    // who was removed comes back by an invitation, not by an undo
    assert_eq!(domain::inverse(&office.0, &remove), None);
    office.done(BEN, &remove);
    assert_eq!(office.ask(77, &Mutation::Leave), Err(Reject::NotMember));
    assert_eq!(office.ask(ADA, &add(77, Role::Creator)), Err(Reject::NotPermitted));
    let back = office.invited(ADA, &add(77, Role::Creator)).unwrap();
    office.0.overlay(&back);
    assert!(office.member(77).is_active());
}

#[test]
fn what_a_series_says_next_is_signed_off_by_whoever_wrote_it() {
    use domain::series::Ahead;
    let mut office = Office::open();
    let draft = |text: &str| Draft { base: Content::text(text), ..draft(None, Some(BAKERY_ACCOUNT)) };
    office.done(DAN, &Mutation::CreatePost { post: post(100), draft: draft("Bread at eight.") });
    let series = domain::id::SeriesId::new(id(400));
    let when = When { local: "2026-12-24T09:00:00".parse().unwrap(), zone: "UTC".to_owned(), fold: Default::default() };
    let (rule, ahead) = ("FREQ=WEEKLY".to_owned(), Ahead { places: Vec::new(), complete: false });
    let start = Mutation::StartSeries { series, post: post(100), read: 1, seen: None, rule, when, ahead, keys: KEYS };
    office.done(DAN, &start);
    let after = "2026-12-24T09:00:00".parse().unwrap();
    office.done(BEN, &Mutation::EditSeries { series, after, draft: draft("Bread at nine."), keys: KEYS });
    let ahead = Ahead { places: vec!["2026-12-31T09:00:00".parse().unwrap()], complete: false };
    let made = office.done(DAN, &Mutation::ExtendSeries { series, ahead, keys: KEYS });
    let signed = made.iter().find_map(|record| match record {
        Record::Post(post) => post.sign_off.clone(),
        _ => None,
    });
    assert_eq!(signed.map(|sign_off| sign_off.by), Some(person(BEN)), "Dan never saw these words");
}
