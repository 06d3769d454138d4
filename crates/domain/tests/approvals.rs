//! Nothing goes out that the right people did not agree to, exactly as it is.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

use std::collections::{BTreeMap, BTreeSet};

use domain::account::{Account, Health, Limits, Profile, SignIn};
use domain::approval::{Chain, ChainStep, ChainText, Condition, Covers, Order, Quorum, StepState, Verdict};
use domain::id::{
    AccountId, ChainId, IdeaId, JobId, MediaId, OrganisationId, PersonId, PersonaId, PostId, SeriesId, StepId,
};
use domain::job::{Decision, JobState, Outcome, Remote};
use domain::media::{Media, MediaType};
use domain::mutation::{Earlier, ImportedPost, Keep, PartKeys, PostsChange, Since, Stood, When};
use domain::network::Network;
use domain::post::{Card, Content, Draft, Image, Post, PostStatus, Target};
use domain::series::Ahead;
use domain::team::{Personas, Role};
use domain::{Context, Key, Mutation, Record, Reject, Step, WorkingSet};
use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

/// Owns it.
const ADA: u128 = 1;
/// Approvers.
const BEN: u128 = 2;
const CARA: u128 = 3;
/// Creators.
const DAN: u128 = 4;
const EVE: u128 = 5;
/// The client, who looks on.
const FAY: u128 = 6;
const ACCOUNT: u128 = 30;
const OTHER_ACCOUNT: u128 = 31;
const ORGANISATION: OrganisationId = OrganisationId::new(Uuid::from_u128(9));
const KEYS: PartKeys = PartKeys { micros: 1, clock_id: 1 };
const CHAIN: ChainId = ChainId::new(Uuid::from_u128(50));
const POST: PostId = PostId::new(Uuid::from_u128(100));

fn person(number: u128) -> PersonId {
    PersonId::new(Uuid::from_u128(number))
}

fn people(numbers: &[u128]) -> BTreeSet<PersonId> {
    numbers.iter().copied().map(person).collect()
}

fn account_id(number: u128) -> AccountId {
    AccountId::new(Uuid::from_u128(number))
}

fn step_id(number: u128) -> StepId {
    StepId::new(Uuid::from_u128(number))
}

fn step(number: u128, named: &[u128], quorum: Quorum) -> ChainStep {
    ChainStep {
        id: step_id(number),
        name: format!("Step {number}"),
        people: people(named),
        roles: BTreeSet::new(),
        quorum,
        only_if: Vec::new(),
        within_h: None,
        then: BTreeSet::new(),
    }
}

fn chain(steps: Vec<ChainStep>) -> ChainText {
    ChainText { name: "Marketing".to_owned(), steps, ..ChainText::default() }
}

fn draft(text: &str) -> Draft {
    let targets = vec![Target { account: account_id(ACCOUNT), variant: None }];
    Draft { base: Content::text(text), targets, ..Draft::default() }
}

#[derive(Clone)]
struct Office {
    set: WorkingSet,
    now: Timestamp,
}

impl Office {
    fn open() -> Self {
        let mut office = Self { set: WorkingSet::default(), now: "2026-12-01T12:00:00Z".parse().unwrap() };
        let [name, member] = ["Bakery", "Ada"].map(str::to_owned);
        office.done(ADA, &Mutation::FoundOrganisation { name, member });
        for (number, role) in [
            (BEN, Role::Approver),
            (CARA, Role::Approver),
            (DAN, Role::Creator),
            (EVE, Role::Creator),
            (FAY, Role::Viewer),
        ] {
            let (name, personas) = (number.to_string(), Personas::All);
            office.admit(&Mutation::AddMember { person: person(number), name, role, personas });
        }
        for (number, network) in [(ACCOUNT, Network::Bluesky), (OTHER_ACCOUNT, Network::Mastodon)] {
            office.done(ADA, &Mutation::ConnectAccount { account: Box::new(account(number, network)) });
        }
        office
    }

    /// With a chain, and a post of Dan's that he signed off for tomorrow at nine.
    fn with(text: ChainText) -> Self {
        let mut office = Self::open();
        office.done(ADA, &Mutation::AddChain { chain: CHAIN, text });
        office.submit(DAN, "Rye is back.");
        office
    }

    fn submit(&mut self, actor: u128, text: &str) {
        self.done(actor, &Mutation::CreatePost { post: POST, draft: draft(text) });
        self.schedule(actor, "2026-12-02T09:00:00");
    }

    fn schedule(&mut self, actor: u128, local: &str) {
        let when = When { local: local.parse().unwrap(), zone: "UTC".to_owned(), fold: Default::default() };
        let read = self.post().version;
        self.done(actor, &Mutation::SchedulePost { post: POST, read, seen: None, when, keys: KEYS });
    }

    fn admit(&mut self, add: &Mutation) {
        let writes = self.judge(&Context::invitation(ORGANISATION, person(ADA), self.now), add).unwrap();
        self.set.overlay(&writes);
    }

    fn ask(&mut self, actor: u128, mutation: &Mutation) -> Result<Vec<Record>, Reject> {
        self.judge(&Context::team(ORGANISATION, person(actor), self.now), mutation)
    }

    fn judge(&mut self, context: &Context, mutation: &Mutation) -> Result<Vec<Record>, Reject> {
        loop {
            let step = match mutation.bound(context, &self.set) {
                Step::Done(bound) => domain::apply(context, &self.set, &bound),
                Step::Need(keys) => Step::Need(keys),
            };
            match step {
                Step::Done(decided) => return decided,
                Step::Need(keys) => keys.into_iter().for_each(|key| self.set.load(key, None)),
            }
        }
    }

    fn done(&mut self, actor: u128, mutation: &Mutation) {
        let writes = self.ask(actor, mutation).unwrap_or_else(|refused| panic!("{}: {refused}", mutation.name()));
        self.set.overlay(&writes);
    }

    fn post(&self) -> &Post {
        match self.set.get(Key::Post(POST)) {
            Some(Some(Record::Post(post))) => post,
            other => panic!("{other:?}"),
        }
    }

    fn status(&self) -> PostStatus {
        self.post().status
    }

    fn says(&mut self, actor: u128, verdict: Verdict) -> Result<(), Reject> {
        let (read, note) = (self.post().version, "Because.".to_owned());
        let mutation = Mutation::Review { post: POST, read, seen: None, verdict, note };
        let writes = self.ask(actor, &mutation)?;
        self.set.overlay(&writes);
        Ok(())
    }

    fn approve(&mut self, actor: u128) {
        self.says(actor, Verdict::Approve).unwrap_or_else(|refused| panic!("{actor}: {refused}"));
    }

    fn edit(&mut self, actor: u128, draft: Draft) {
        let read = self.post().version;
        self.done(actor, &Mutation::EditDraft { post: POST, read, draft, since: None });
    }

    fn sign(&mut self, actor: u128) {
        let read = self.post().version;
        self.done(actor, &Mutation::SignOff { post: POST, read, seen: None, keys: KEYS });
    }

    /// Asks for a ticket at the minute, as the publisher does, and gives everything back.
    fn ticket(&self) -> Result<(), Reject> {
        self.ticket_of(self.post(), account_id(ACCOUNT))
    }

    fn ticket_of(&self, post: &Post, account: AccountId) -> Result<(), Reject> {
        let mut office = self.clone();
        let id = JobId::of(post.id, account);
        office.now = post.schedule.as_ref().ok_or(Reject::NotScheduled)?.at;
        let claimed = office.ask(EVE, &Mutation::Claim { job: id })?;
        office.set.overlay(&claimed);
        let fence = office.job(id).fence;
        office.done(EVE, &Mutation::Prepare { job: id, fence, request: "{}".to_owned() });
        office.ask(EVE, &Mutation::BeginSend { job: id, fence }).map(drop)
    }

    fn job(&self, id: JobId) -> domain::job::Job {
        match self.set.get(Key::Job(id)) {
            Some(Some(Record::Job(job))) => job.clone(),
            other => panic!("{other:?}"),
        }
    }

    /// Where its steps stand.
    fn steps(&mut self) -> Vec<(StepState, Vec<u128>)> {
        let Some(Some(Record::Organisation(organisation))) = self.set.get(Key::Organisation(ORGANISATION)) else {
            panic!()
        };
        let networks = BTreeSet::from([Network::Bluesky]);
        let members: BTreeMap<_, _> = self
            .set
            .iter()
            .filter_map(|record| match record {
                Record::Member(member) => Some((member.person, member)),
                _ => None,
            })
            .collect();
        let (chains, post, now) = (organisation.chains.as_slice(), self.post(), self.now);
        let case = domain::approval::Case::of(chains, post, &networks, &members, now);
        let number = |person: &PersonId| person.uuid().as_u128();
        case.standing().steps.iter().map(|step| (step.state, step.approved.iter().map(number).collect())).collect()
    }
}

fn account(number: u128, network: Network) -> Account {
    let now = Timestamp::UNIX_EPOCH;
    Account {
        id: account_id(number),
        network,
        server: "https://bsky.social".to_owned(),
        sign_in: SignIn::AppPassword,
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
        grace_s: 3_600,
        removed: false,
        sample: false,
        created_at: now,
    }
}

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
    assert_eq!(office.ticket(), Err(Reject::NotApproved), "who signs off does not agree with themselves");
    // unless the chain says so
    let mut office = Office::with(ChainText { own_work: true, ..text });
    office.approve(DAN);
    assert_eq!(office.ticket(), Ok(()));
}

/// Every way in which what would be sent can change, also where nobody would see it.
fn changes(office: &Office) -> Vec<(&'static str, Draft)> {
    let text = |text: &str| Draft { base: Content::text(text), ..office.post().draft.clone() };
    let with = |change: &dyn Fn(&mut Draft)| {
        let mut draft = office.post().draft.clone();
        change(&mut draft);
        draft
    };
    let other = Target { account: account_id(OTHER_ACCOUNT), variant: None };
    vec![
        ("a letter that looks alike", text("Ryе is back.")),
        ("a zero-width space", text("Rye\u{200B} is back.")),
        ("a right-to-left mark", text("Rye is back.\u{200F}")),
        ("a blank at the end", text("Rye is back. ")),
        ("composed and decomposed", text("Café: rye is back.".replace('é', "e\u{301}").as_str())),
        ("one more account", with(&|draft| draft.targets.push(other.clone()))),
        ("a text of one account", with(&|draft| draft.targets[0].variant = Some(Content::text("Other.")))),
        ("a first comment", with(&|draft| draft.base.first_comment = "And rolls.".to_owned())),
        ("a content warning", with(&|draft| draft.base.content_warning = "Gluten".to_owned())),
        ("who sees it", with(&|draft| draft.base.visibility = domain::post::Visibility::Private)),
        (
            "a card",
            with(&|draft| {
                let [url, title, description] = ["https://bakery.example", "Bakery", ""].map(str::to_owned);
                draft.base.parts[0].card = Some(Card { url, title, description, picture: None });
            }),
        ),
        (
            "an image",
            with(&|draft| {
                draft.base.parts[0].images.push(Image { media: media(1).id, alt: String::new() });
            }),
        ),
        ("one more part", with(&|draft| draft.base.parts.push(Default::default()))),
    ]
}

fn media(byte: u8) -> Media {
    Media {
        id: MediaId::of(&[byte]),
        kind: MediaType::Png,
        width: 10,
        height: 10,
        bytes: 100,
        frames: 1,
        video: None,
        metadata: false,
        name: "rye.png".to_owned(),
        alt: String::new(),
        folder: String::new(),
        tags: Vec::new(),
        deleted: false,
        made_from: None,
        created_at: Timestamp::UNIX_EPOCH,
    }
}

#[test]
fn whatever_changes_what_is_sent_voids_what_was_agreed_to() {
    let mut before = Office::with(chain(vec![step(1, &[BEN], Quorum::Any)]));
    before.done(DAN, &Mutation::AddMedia { media: media(1) });
    before.approve(BEN);
    for (what, changed) in changes(&before) {
        let mut office = before.clone();
        assert_eq!(office.ticket(), Ok(()));
        office.edit(EVE, changed);
        assert_ne!(office.status(), PostStatus::Scheduled, "{what}");
        assert!(office.ticket().is_err(), "{what}");
        // also once somebody signs it off
        let read = office.post().version;
        let sign = Mutation::SignOff { post: POST, read, seen: None, keys: KEYS };
        if let Ok(writes) = office.ask(DAN, &sign) {
            office.set.overlay(&writes);
            assert_eq!((office.status(), office.ticket()), (PostStatus::InReview, Err(Reject::NotApproved)), "{what}");
        }
        // back as it was it is what was agreed to
        office.edit(DAN, before.post().draft.clone());
        office.sign(DAN);
        assert_eq!((office.status(), office.ticket()), (PostStatus::Scheduled, Ok(())), "{what}");
    }
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
    office.done(ADA, &Mutation::DeleteChain { chain: CHAIN });
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

/// Ben agrees while others edit, sign off, move and publish, 1,000 rounds: nothing is ever sent that he did not agree to.
#[test]
fn approval_against_edits_with_publishing_due() {
    let mut state = 11_u64;
    let mut next = move |below: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % below
    };
    let (mut sent, mut refused) = (0, 0);
    for round in 0..1_000 {
        let mut office = Office::with(chain(vec![step(1, &[BEN], Quorum::Any)]));
        let job = JobId::of(POST, account_id(ACCOUNT));
        let mut agreed = BTreeSet::new();
        // what Ben's window shows may be older than what stands there
        let mut shown = office.post().clone();
        office.now = office.post().schedule.as_ref().unwrap().at;
        for _ in 0..12 {
            match next(6) {
                0 => shown = office.post().clone(),
                1 => {
                    let (seen, note) = (Some(shown.seen()), String::new());
                    let read = if next(2) == 0 { shown.version } else { office.post().version };
                    let approve = Mutation::Review { post: POST, read, seen, verdict: Verdict::Approve, note };
                    if let Ok(writes) = office.ask(BEN, &approve) {
                        office.set.overlay(&writes);
                        agreed.insert(shown.draft.base.parts[0].text.clone());
                    }
                }
                2 => {
                    let (read, text) = (office.post().version, format!("Rye {}.", next(3)));
                    let edit = Mutation::EditDraft { post: POST, read, draft: draft(&text), since: None };
                    if let Ok(writes) = office.ask(if next(2) == 0 { DAN } else { EVE }, &edit) {
                        office.set.overlay(&writes);
                    }
                }
                3 => {
                    let read = office.post().version;
                    if let Ok(writes) = office.ask(DAN, &Mutation::SignOff { post: POST, read, seen: None, keys: KEYS })
                    {
                        office.set.overlay(&writes);
                    }
                }
                4 => {
                    if let Ok(writes) = office.ask(BEN, &Mutation::WithdrawReview { post: POST }) {
                        office.set.overlay(&writes);
                        agreed.clear();
                    }
                }
                _ => {
                    if let Ok(writes) = office.ask(EVE, &Mutation::Claim { job }) {
                        office.set.overlay(&writes);
                    }
                    let claimed = office.job(job);
                    let prepare = Mutation::Prepare { job, fence: claimed.fence, request: "{}".to_owned() };
                    if let Ok(writes) = office.ask(EVE, &prepare) {
                        office.set.overlay(&writes);
                    }
                    match office.ask(EVE, &Mutation::BeginSend { job, fence: claimed.fence }) {
                        Ok(_) => {
                            let text = &office.post().draft.base.parts[0].text;
                            assert!(agreed.contains(text), "round {round}: nobody agreed to {text:?}");
                            sent += 1;
                        }
                        Err(_) => refused += 1,
                    }
                }
            }
        }
    }
    assert!(sent > 100 && refused > 100, "{sent} {refused}");
}

/// Each mutation that can change what is sent, with ways of trying it on a post that was approved; and those that cannot.
macro_rules! ways {
    ({ $($never:ident)+ } $($variant:ident <- $try:expr;)+) => {
        fn ways() -> Vec<(&'static str, fn(&mut Office) -> Vec<Mutation>)> {
            vec![$((stringify!($variant), $try)),+]
        }

        /// A new mutation does not compile before somebody has said which of both it is.
        const fn _each(mutation: &Mutation) {
            match mutation {
                $(Mutation::$variant { .. } => {})+
                $(Mutation::$never { .. } => {})+
            }
        }
    };
}

const SERIES: SeriesId = SeriesId::new(Uuid::from_u128(400));
const OTHER: PostId = PostId::new(Uuid::from_u128(101));

fn when(local: &str) -> When {
    When { local: local.parse().unwrap(), zone: "UTC".to_owned(), fold: Default::default() }
}

fn start(office: &Office) -> Mutation {
    let (read, ahead) =
        (office.post().version, Ahead { places: vec!["2026-12-09T09:00:00".parse().unwrap()], complete: false });
    let (rule, when) = ("FREQ=WEEKLY".to_owned(), when("2026-12-02T09:00:00"));
    Mutation::StartSeries { series: SERIES, post: POST, read, seen: None, rule, when, ahead, keys: KEYS }
}

fn all(change: PostsChange) -> Mutation {
    Mutation::ChangePosts { posts: vec![POST], change, seen: BTreeMap::new(), keys: KEYS }
}

ways! {
    {
        FoundOrganisation RenameOrganisation AddMember ChangeRole GrantPersonas RemoveMember Leave GoAway ComeBack
        AddChain EditChain DeleteChain Review WithdrawReview Recount NamePerson
        AddPersona EditPersona DeletePersona RestorePersona AddQueue EditQueue DeleteQueue RestoreQueue
        AddSnippet EditSnippet DeleteSnippet RestoreSnippet
        AddComment EditComment DeleteComment RestoreComment ResolveComment ReopenComment
        AddIdea EditIdea MoveIdea DeleteIdea RestoreIdea UndraftIdea
        AddColumn RenameColumn MoveColumn DeleteColumn AddEntry EditEntry DeleteEntry RestoreEntry
        ConnectAccount RecordProfile RecordHealth Reconnect SetGrace RemoveAccount RestoreAccount
        AddMedia ImportMedia FitMedia FileMedia DeleteMedia RestoreMedia
        DeletePost DiscardPosts Unschedule StopSeries
        Claim Prepare BeginSend Report LoseAnswer LookedUp Release HandOver Miss Stop
    }
    CreatePost <- |_| vec![Mutation::CreatePost { post: OTHER, draft: draft("Another.") }];
    EditDraft <- |office| {
        let (read, base) = (office.post().version, office.post().draft.clone());
        let since = |base: Draft| Some(Box::new(Since { base, saves: 1 }));
        [None, since(base), since(draft("Rye."))]
            .map(|since| Mutation::EditDraft { post: POST, read, draft: draft("Rye is gone."), since })
            .into()
    };
    RestoreVersion <- |office| {
        vec![Mutation::RestoreVersion { post: POST, read: office.post().version, seen: None, draft: draft("Rye was here.") }]
    };
    SettleMerge <- |office| vec![Mutation::SettleMerge { post: POST, read: office.post().version, seen: None }];
    ImportPosts <- |_| {
        let when = Some(when("2026-12-03T09:00:00"));
        vec![Mutation::ImportPosts { posts: vec![ImportedPost { post: OTHER, draft: draft("Another."), when }], keys: KEYS }]
    };
    RestorePost <- |office| {
        office.done(DAN, &Mutation::DeletePost { post: POST });
        vec![Mutation::RestorePost { post: POST, keys: KEYS }]
    };
    SchedulePost <- |office| {
        let read = office.post().version;
        vec![Mutation::SchedulePost { post: POST, read, seen: None, when: when("2026-12-02T09:00:01"), keys: KEYS }]
    };
    SignOff <- |office| {
        office.edit(EVE, draft("Rye is gone."));
        vec![Mutation::SignOff { post: POST, read: office.post().version, seen: None, keys: KEYS }]
    };
    ChangePosts <- |_| vec![
        all(PostsChange::Shift { days: 1 }),
        all(PostsChange::MoveTo { when: when("2026-12-02T10:00:00") }),
        all(PostsChange::Persona { persona: Some(PersonaId::new(Uuid::from_u128(20))) }),
        all(PostsChange::Rezone { keep: Keep::Clock }),
        all(PostsChange::Hold),
    ];
    RestorePosts <- |office| {
        office.done(DAN, &all(PostsChange::Delete));
        vec![Mutation::RestorePosts { posts: vec![POST], keys: KEYS }]
    };
    PutBackPosts <- |office| {
        let stood = Stood::Spoke { persona: Some(PersonaId::new(Uuid::from_u128(20))), link_tags: None };
        let (before, shift) = (office.set.clone(), all(PostsChange::Shift { days: 1 }));
        office.done(DAN, &shift);
        let back = domain::inverse(&before, &shift).unwrap();
        vec![Mutation::PutBackPosts { posts: vec![Earlier { post: POST, stood }], keys: KEYS }, back]
    };
    DraftIdea <- |office| {
        let idea = IdeaId::new(Uuid::from_u128(300));
        let [column, ..] = domain::idea::Board::FIRST;
        let text = domain::idea::IdeaText { title: "Rye".to_owned(), ..Default::default() };
        office.done(DAN, &Mutation::AddIdea { idea, text, column });
        office.done(DAN, &Mutation::DraftIdea { idea, post: OTHER, draft: draft("Rye.") });
        office.done(DAN, &Mutation::UndraftIdea { idea, post: OTHER });
        [OTHER, POST].map(|post| Mutation::DraftIdea { idea, post, draft: draft("Another.") }).into()
    };
    StartSeries <- |office| vec![start(office)];
    DropSeries <- |office| {
        let (before, start) = (office.set.clone(), start(office));
        office.done(DAN, &start);
        vec![domain::inverse(&before, &start).unwrap()]
    };
    ExtendSeries <- |office| {
        let start = start(office);
        office.done(DAN, &start);
        let ahead = Ahead { places: vec!["2026-12-16T09:00:00".parse().unwrap()], complete: false };
        vec![Mutation::ExtendSeries { series: SERIES, ahead, keys: KEYS }]
    };
    EditSeries <- |office| {
        let start = start(office);
        office.done(DAN, &start);
        let after = "2026-12-01T09:00:00".parse().unwrap();
        vec![Mutation::EditSeries { series: SERIES, after, draft: draft("Rye is gone."), keys: KEYS }]
    };
    ResumeSeries <- |office| {
        let start = start(office);
        office.done(DAN, &start);
        let (before, after) = (office.set.clone(), "2026-12-03T09:00:00".parse().unwrap());
        let stop = Mutation::StopSeries { series: SERIES, after };
        office.done(DAN, &stop);
        vec![domain::inverse(&before, &stop).unwrap()]
    };
    Decide <- |office| {
        let job = JobId::of(POST, account_id(ACCOUNT));
        office.now = "2026-12-02T11:00:00Z".parse().unwrap();
        office.done(EVE, &Mutation::Miss { job, reason: domain::job::Reason::NobodyPublishing });
        office.edit(EVE, draft("Rye is gone."));
        vec![Mutation::Decide { job, decision: Decision::PublishNow, seen: None, keys: KEYS }]
    };
    EditMedia <- |office| {
        office.done(DAN, &Mutation::AddMedia { media: media(1) });
        let text = domain::media::MediaText { name: "bread".to_owned(), alt: "Rye".to_owned(), ..Default::default() };
        vec![Mutation::EditMedia { edits: vec![domain::media::MediaEdit { media: media(1).id, text }] }]
    };
}

#[test]
fn no_way_of_changing_what_is_sent_leads_round_those_who_have_to_agree() {
    for time_counts in [false, true] {
        let text = ChainText { time_counts, ..chain(vec![step(1, &[BEN], Quorum::Any)]) };
        let mut approved = Office::with(text);
        let persona = PersonaId::new(Uuid::from_u128(20));
        let text = domain::people::PersonaText {
            name: "Bakery".to_owned(),
            accounts: vec![account_id(ACCOUNT)],
            ..Default::default()
        };
        approved.done(ADA, &Mutation::AddPersona { persona, text });
        approved.approve(BEN);
        let (draft, at) = (approved.post().draft.clone(), approved.post().schedule.as_ref().unwrap().at);
        let (mut tried, mut done) = (0, 0);
        for (name, ways) in ways() {
            let mut begun = approved.clone();
            for way in ways(&mut begun) {
                let mut office = begun.clone();
                tried += 1;
                match office.ask(EVE, &way) {
                    Ok(writes) => office.set.overlay(&writes),
                    Err(_) => continue,
                }
                done += 1;
                for record in office.set.clone().iter() {
                    let Record::Post(post) = record else { continue };
                    let same =
                        post.draft == draft && (!time_counts || post.schedule.as_ref().is_some_and(|s| s.at == at));
                    // Ben agreed to the text of this one, not to that of others which read the same
                    let agreed = post.id == POST && same;
                    for account in &post.deliveries {
                        if office.ticket_of(post, *account).is_ok() {
                            assert!(agreed, "{name}: {:?} goes out with {:?}", post.id, post.draft.base.parts[0].text);
                        } else if post.status == PostStatus::Scheduled {
                            panic!("{name}: it says that it goes out, and it would not");
                        }
                    }
                }
            }
        }
        assert!(done >= 20 && tried - done <= 4, "{done} of {tried} ways can be gone");
    }
}
