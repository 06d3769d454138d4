//! Every refusal there is, reached the way a person or a publisher reaches it. One without a story does not compile.

use domain::account::{Health, SignIn};
use domain::approval::{Chain, ChainStep, ChainText, Quorum, Verdict};
use domain::hash::ContentHash;
use domain::id::{ChainId, CommentId, MediaId, OrganisationId, PersonId, PostId, StepId};
use domain::job::{Decision, JobState, Outcome, Reason, plus};
use domain::mutation::{PostsChange, Since};
use domain::post::{Draft, Image, Post};
use domain::reject::Field;
use domain::schedule::ScheduleError;
use domain::team::{Member, Membership, Organisation, Personas, Role};
use domain::{Context, Key, Mutation, Record, Reject, Step, WorkingSet};

use crate::desk::{BLUESKY, Desk, MASTODON, desk, draft, never_sent};

macro_rules! rejects {
    ($($story:ident: $variant:ident <- $tell:expr;)+) => {
        $(
            #[test]
            fn $story() {
                let tell: fn(&mut Desk) -> Reject = $tell;
                let refused = tell(&mut desk());
                assert!(matches!(refused, Reject::$variant { .. }), "{refused:?}");
            }
        )+

        /// A new refusal needs a story: this does not compile without.
        const fn _each(reject: &Reject) {
            match reject {
                $(Reject::$variant { .. } => {})+
            }
        }
    };
}

rejects! {
    a_post_that_nobody_wrote: NotFound <- |world| {
        let post = PostId::new(world.fresh());
        world.refuses(&Mutation::Unschedule { post })
    };
    an_id_that_is_taken: Exists <- |world| {
        let post = world.write(&["ada"], &[BLUESKY]);
        world.refuses(&Mutation::CreatePost { post, draft: Draft::default() })
    };
    a_post_that_is_on_hold: OnHold <- |world| {
        let post = world.waiting(&["ada"], &[BLUESKY, MASTODON], 0);
        let missed = world.misses(post, MASTODON);
        world.holds(post);
        let now = world.decision(&missed, Decision::PublishNow);
        world.refuses(&now)
    };
    a_post_that_is_not_on_hold: NotOnHold <- |world| {
        let post = world.waiting(&["ada"], &[BLUESKY], 60);
        let resume = world.change(&[post], PostsChange::Resume);
        world.refuses(&resume)
    };
    a_version_that_is_not_the_last: Stale <- |world| {
        let post = world.write(&["ada"], &[BLUESKY]);
        let (first, second) = (world.edit_to(post, &["bread"], &[]), world.edit_to(post, &["class"], &[]));
        world.does(&first);
        let refused = world.refuses(&second);
        assert_eq!(refused, Reject::Stale { read: 1, current: 2 });
        refused
    };
    a_text_without_a_part: Empty <- |world| {
        let post = world.write(&["ada"], &[]);
        let refused = { let edit = world.edit_to(post, &[], &[]); world.refuses(&edit) };
        assert_eq!(refused, Reject::Empty { field: Field::Parts });
        refused
    };
    a_title_that_is_a_page: TooLong <- |world| {
        let post = PostId::new(world.fresh());
        let titled = |letters| Draft { title: "t".repeat(letters), ..Draft::default() };
        let refused = world.refuses(&Mutation::CreatePost { post, draft: titled(Draft::TITLE_MAX + 1) });
        assert_eq!(refused, Reject::TooLong { field: Field::Title, measured: 201, limit: 200 });
        world.does(&Mutation::CreatePost { post, draft: titled(Draft::TITLE_MAX) });
        refused
    };
    an_account_that_is_named_twice: Repeated <- |world| {
        let post = PostId::new(world.fresh());
        world.refuses(&Mutation::CreatePost { post, draft: draft(&["ada"], &[BLUESKY, MASTODON, BLUESKY]) })
    };
    a_post_to_an_account_that_was_removed: AccountUnavailable <- |world| {
        let post = world.write(&["ada"], &[BLUESKY, MASTODON]);
        world.does(&Mutation::RemoveAccount { account: MASTODON });
        let plan = world.plan_in(post, 60);
        world.refuses(&plan)
    };
    a_post_to_nobody: NoAccounts <- |world| {
        let post = world.write(&["ada"], &[]);
        let plan = world.plan_in(post, 60);
        world.refuses(&plan)
    };
    a_text_that_no_network_takes: BreaksRules <- |world| {
        let post = world.write(&["fits", &"x".repeat(301)], &[BLUESKY]);
        let plan = world.plan_in(post, 60);
        let refused = world.refuses(&plan);
        assert!(matches!(&refused, Reject::BreaksRules { account: BLUESKY, part: 1, violations } if violations.len() == 1));
        refused
    };
    an_image_that_is_gone: MediaMissing <- |world| {
        let mut with_image = draft(&["ada"], &[BLUESKY]);
        let media = MediaId::of(b"an image");
        with_image.base.parts[0].images.push(Image { media, alt: "Ada at her desk".to_owned() });
        let post = PostId::new(world.fresh());
        world.does(&Mutation::CreatePost { post, draft: with_image });
        let plan = world.plan_in(post, 60);
        world.refuses(&plan)
    };
    a_zone_that_does_not_exist: Schedule <- |world| {
        let post = world.write(&["ada"], &[BLUESKY]);
        let Mutation::SchedulePost { post, read, seen, mut when, keys } = world.plan_in(post, 60) else { unreachable!() };
        when.zone = "Europe/Olso".to_owned();
        let refused = world.refuses(&Mutation::SchedulePost { post, read, seen, when, keys });
        assert_eq!(refused, Reject::Schedule { error: ScheduleError::UnknownZone { zone: "Europe/Olso".to_owned() } });
        refused
    };
    a_time_that_has_passed: InThePast <- |world| {
        let post = world.write(&["ada"], &[BLUESKY]);
        let plan = world.plan_in(post, -61);
        let refused = world.refuses(&plan);
        // a minute ago it was "now" that a person chose
        let plan = world.plan_in(post, -59);
        world.does(&plan);
        refused
    };
    a_change_of_what_is_on_its_way: AlreadySent <- |world| {
        let post = world.waiting(&["ada", "bread"], &[BLUESKY, MASTODON], 0);
        let changes = |world: &mut Desk| {
            let (sign, plan) = (world.sign(post), world.plan_in(post, 60));
            [world.edit_to(post, &["class"], &[BLUESKY]), sign, plan, Mutation::DeletePost { post }, Mutation::Unschedule { post }]
        };
        let all_refused = |world: &mut Desk| {
            for change in changes(world) {
                assert_eq!(world.refuses(&change), Reject::AlreadySent, "{}", change.name());
            }
        };
        let ticket = world.ticket(post, BLUESKY);
        all_refused(world);
        let remote = world.posts(&ticket);
        let between = world.report(&ticket, Outcome::Published { remote });
        assert_eq!(between.state, JobState::Scheduled);
        all_refused(world);
        world.loses(post, BLUESKY);
        all_refused(world);
        Reject::AlreadySent
    };
    a_sign_off_of_a_draft: NotScheduled <- |world| {
        let post = world.write(&["ada"], &[BLUESKY]);
        let sign = world.sign(post);
        assert_eq!(world.refuses(&Mutation::Unschedule { post }), Reject::NotScheduled);
        world.refuses(&sign)
    };
    a_sign_in_of_somebody_else: OtherAccount <- |world| {
        let mut profile = world.account(BLUESKY).profile.clone();
        profile.remote_id = "did:plc:ben".to_owned();
        world.refuses(&Mutation::Reconnect { account: BLUESKY, sign_in: SignIn::OAuth, profile, ends_at: None })
    };
    // no mutation leads there; a damaged profile may
    a_delivery_that_nobody_signed: NotSignedOff <- |world| {
        let post = world.waiting(&["ada"], &[BLUESKY], 0);
        let job = world.prepare(post, BLUESKY);
        let unsigned = Post { sign_off: None, ..world.read(post) };
        world.put(Record::Post(unsigned));
        world.refuses(&Mutation::BeginSend { job: job.id, fence: job.fence })
    };
    a_text_that_changed_after_its_sign_off: ChangedAfterSignOff <- |world| {
        let post = world.waiting(&["ada"], &[BLUESKY], 0);
        let edit = world.edit_to(post, &["bread"], &[BLUESKY]);
        world.does(&edit);
        let job = world.prepare(post, BLUESKY);
        world.refuses(&Mutation::BeginSend { job: job.id, fence: job.fence })
    };
    a_step_before_the_one_it_follows: JobIs <- |world| {
        let post = world.waiting(&["ada"], &[BLUESKY], 0);
        let job = world.delivery(post, BLUESKY);
        let refused = world.refuses(&Mutation::BeginSend { job: job.id, fence: job.fence });
        assert_eq!(refused, Reject::JobIs { state: JobState::Scheduled });
        refused
    };
    a_publisher_that_was_overtaken: FenceLost <- |world| {
        let post = world.waiting(&["ada"], &[BLUESKY], 0);
        let late = world.claim(post, BLUESKY);
        world.wait(61);
        let other = world.claim(post, BLUESKY);
        let ready = world.ready(&late);
        let refused = world.refuses(&ready);
        assert_eq!(refused, Reject::FenceLost { held: late.fence, current: other.fence });
        refused
    };
    an_answer_to_an_older_ticket: OldTicket <- |world| {
        let post = world.waiting(&["ada"], &[BLUESKY], 0);
        let first = world.ticket(post, BLUESKY);
        world.report(&first, never_sent());
        world.wait(2);
        world.ticket(post, BLUESKY);
        let outcome = Outcome::Refused { status: 422, detail: String::new() };
        let refused = world.refuses(&Mutation::Report { job: first.id, attempt: first.attempt, outcome });
        assert_eq!(refused, Reject::OldTicket { ticket: 1, current: 2 });
        refused
    };
    a_delivery_that_another_publisher_holds: LeaseHeld <- |world| {
        let post = world.waiting(&["ada"], &[BLUESKY], 0);
        let job = world.claim(post, BLUESKY);
        world.refuses(&Mutation::Claim { job: job.id })
    };
    a_ticket_before_its_time: NotYet <- |world| {
        let post = world.waiting(&["ada"], &[BLUESKY], 30);
        let job = world.prepare(post, BLUESKY);
        world.refuses(&Mutation::BeginSend { job: job.id, fence: job.fence })
    };
    a_ticket_after_the_grace_time: TooLate <- |world| {
        let post = world.waiting(&["ada"], &[BLUESKY], 0);
        let job = world.prepare(post, BLUESKY);
        world.wait(30 * 60 + 1);
        world.refuses(&Mutation::BeginSend { job: job.id, fence: job.fence })
    };
    a_thread_that_became_shorter_than_what_is_out: NothingToSend <- |world| {
        let post = world.waiting(&["ada", "bread"], &[BLUESKY], 0);
        world.sends(post, BLUESKY);
        let ticket = world.ticket(post, BLUESKY);
        let refused = world.report(&ticket, Outcome::Refused { status: 422, detail: String::new() });
        assert_eq!(refused.state, JobState::Refused);
        let edit = world.edit_to(post, &["ada"], &[BLUESKY]);
        world.does(&edit);
        let again = world.decision(&refused, Decision::PublishNow);
        world.refuses(&again)
    };
    places_that_are_not_in_order: BadRule <- |world| {
        world.weekly();
        let extend = world.extend(domain::series::Ahead { places: Vec::from([jiff::civil::DateTime::MIN]), complete: false });
        world.refuses(&extend)
    };
    a_comment_of_somebody_else: NotYours <- |world| {
        let (comment, now) = (CommentId::new(world.fresh()), world.shown());
        let post = world.write(&["ada"], &[]);
        let text = "Shorter, please".to_owned();
        let added = world.does(&Mutation::AddComment { comment, post, text, anchor: None, reply_to: None });
        let mut set = WorkingSet::default();
        set.overlay(&added);
        let ben = Context::solo(PersonId::new(world.fresh()), now);
        match domain::apply(&ben, &set, &Mutation::DeleteComment { comment }) {
            Step::Done(Err(refused)) => refused,
            other => panic!("{other:?}"),
        }
    };
    the_last_column_of_a_board: LastColumn <- |world| {
        let [column, second, third] = domain::idea::Board::FIRST;
        world.does(&Mutation::DeleteColumn { column });
        world.does(&Mutation::DeleteColumn { column: third });
        world.refuses(&Mutation::DeleteColumn { column: second })
    };
    a_text_that_changed_since_it_was_read: NotAsRead <- |world| {
        let post = world.write(&["ada"], &[BLUESKY]);
        let Mutation::SchedulePost { post, read, when, keys, .. } = world.plan_in(post, 60) else { unreachable!() };
        let seen = Some(Post { draft: draft(&["bread"], &[BLUESKY]), ..world.read(post).clone() }.seen());
        world.refuses(&Mutation::SchedulePost { post, read, seen, when, keys })
    };
    words_that_two_changed_and_nobody_read: MergeUnread <- |world| {
        let post = world.write(&["ada"], &[BLUESKY]);
        let first = world.edit_to(post, &["bread"], &[BLUESKY]);
        world.does(&first);
        let since = |text| Some(Box::new(Since { base: draft(&[text], &[BLUESKY]), saves: 1 }));
        let other = Mutation::EditDraft { post, read: 1, draft: draft(&["class"], &[BLUESKY]), since: since("ada") };
        world.does(&other);
        let schedule = world.plan_in(post, 60);
        world.refuses(&schedule)
    };
    members_without_an_organisation: NotInOrganisation <- |world| world.refuses(&Mutation::Leave);
    somebody_who_is_no_member: NotMember <- |_| in_team(4, &Mutation::Leave);
    more_than_the_role_allows: NotPermitted <- |_| {
        in_team(3, &Mutation::RenameOrganisation { name: "Mine".to_owned() })
    };
    a_way_up_by_oneself: OwnRole <- |_| in_team(2, &Mutation::ChangeRole { person: person(2), role: Role::Owner });
    a_delivery_that_nobody_agreed_to: NotApproved <- |world| under_review(world, 1, None);
    the_word_of_somebody_who_was_not_asked: NotAsked <- |world| under_review(world, 3, Some(Verdict::Approve));
    the_word_about_ones_own_work: OwnWork <- |world| under_review(world, 1, Some(Verdict::Approve));
    the_last_owner_who_leaves: LastOwner <- |_| in_team(1, &Mutation::Leave);
    a_series_that_is_over: SeriesEnded <- |world| {
        world.weekly();
        let extend = world.extend(domain::series::Ahead { places: Vec::new(), complete: true });
        world.does(&extend);
        let extend = world.extend(domain::series::Ahead { places: Vec::new(), complete: true });
        world.refuses(&extend)
    };
}

#[test]
fn the_ticket_asks_for_the_account_too() {
    let world = &mut desk();
    let post = world.waiting(&["ada"], &[MASTODON], 0);
    let job = world.prepare(post, MASTODON);
    let since = world.shown();
    world.does(&Mutation::RecordHealth { account: MASTODON, health: Health::ReconnectNeeded { since } });
    let refused = world.refuses(&Mutation::BeginSend { job: job.id, fence: job.fence });
    assert_eq!(refused, Reject::AccountUnavailable { account: MASTODON });
    world.does(&Mutation::RecordHealth { account: MASTODON, health: Health::Healthy });
    world.does(&Mutation::BeginSend { job: job.id, fence: job.fence });
}

#[test]
fn what_is_deleted_is_there_only_for_who_brings_it_back() {
    let world = &mut desk();
    let post = world.waiting(&["ada"], &[BLUESKY], 60);
    world.does(&Mutation::DeletePost { post });
    let (edit, plan, sign) = (world.edit_to(post, &["bread"], &[]), world.plan_in(post, 60), world.sign(post));
    for change in [edit, plan, sign, Mutation::Unschedule { post }, Mutation::DeletePost { post }] {
        assert_eq!(world.refuses(&change), Reject::NotFound, "{}", change.name());
    }
    let keys = world.fresh_keys();
    world.does(&Mutation::RestorePost { post, keys });
    assert_eq!(world.refuses(&Mutation::RestorePost { post, keys }), Reject::Exists);
}

/// Every step of the publisher from every state: it works where it may, and is refused by name everywhere else.
#[test]
fn each_step_starts_only_where_it_may() {
    use JobState::{Cancelled, Claimed, Handed, Missed, Prepared, Reconciling, Refused, Scheduled, Sending, Unsure};
    let world = &mut desk();
    let post = world.waiting(&["ada"], &[BLUESKY], 0);
    let ticket = world.ticket(post, BLUESKY);
    let (id, fence, now) = (ticket.id, ticket.fence, world.shown());
    let request = ticket.parts[0].request.clone().unwrap();
    assert_eq!(ticket.parts[0].request_hash, Some(ContentHash::of_request(request.as_bytes())));
    let steps: [(&str, Mutation, &[JobState]); 8] = [
        ("claim", Mutation::Claim { job: id }, &[Scheduled, Claimed, Prepared]),
        ("prepare", Mutation::Prepare { job: id, fence, request }, &[Claimed, Prepared]),
        ("begin_send", Mutation::BeginSend { job: id, fence }, &[Prepared]),
        ("report", Mutation::Report { job: id, attempt: 1, outcome: never_sent() }, &[Sending]),
        ("look up", Mutation::LookedUp { job: id, found: domain::job::Lookup::Absent }, &[Reconciling]),
        (
            "release",
            Mutation::Release { job: id, fence, not_before: now, reason: Reason::Interrupted },
            &[Claimed, Prepared],
        ),
        ("lose answer", Mutation::LoseAnswer { job: id, reason: Reason::Interrupted }, &[Claimed, Prepared, Sending]),
        ("skip", world.decision(&ticket, Decision::Skip), &[Handed, Missed, Refused, Unsure]),
    ];
    for (name, mutation, allowed) in steps {
        for state in JobState::ALL {
            let mut job = ticket.clone();
            job.state = state;
            job.deadline = (state == Sending).then(|| plus(now, 30));
            job.finished_at = (!state.is_open()).then_some(now);
            job.lease_until = None;
            if matches!(state, JobState::Published) {
                job.parts[0].remote =
                    Some(domain::job::Remote { id: "1".to_owned(), url: String::new(), cid: String::new() });
            }
            world.put(Record::Job(job));
            let outcome = apply(world, &mutation);
            match outcome {
                Ok(_) => assert!(allowed.contains(&state), "{name} from {state:?} is done"),
                Err(reject) => {
                    assert!(!allowed.contains(&state), "{name} from {state:?}: {reject:?}");
                    assert_eq!(reject, Reject::JobIs { state }, "{name}");
                }
            }
        }
    }
    assert!(!Cancelled.is_open());
}

fn person(number: u128) -> PersonId {
    PersonId::new(uuid::Uuid::from_u128(number))
}

/// What an organisation answers: its owner is 1, an administrator 2, a creator 3, and nobody knows 4.
fn in_team(actor: u128, mutation: &Mutation) -> Reject {
    let organisation = OrganisationId::new(uuid::Uuid::from_u128(9));
    let mut set = WorkingSet::default();
    set.load(Key::Organisation(organisation), None);
    for number in 1..=4 {
        set.load(Key::Member(person(number)), None);
    }
    let now = jiff::Timestamp::UNIX_EPOCH;
    let mut ask = |context: Context, mutation: &Mutation| match domain::apply(&context, &set, mutation) {
        Step::Done(Ok(writes)) => {
            set.overlay(&writes);
            None
        }
        Step::Done(Err(refused)) => Some(refused),
        Step::Need(keys) => panic!("{keys:?}"),
    };
    let [name, member] = ["Bakery", "Ada"].map(str::to_owned);
    let of = |actor| Context::team(organisation, person(actor), now);
    assert_eq!(ask(of(1), &Mutation::FoundOrganisation { name, member }), None);
    for (number, role) in [(2, Role::Administrator), (3, Role::Creator)] {
        let (name, personas) = (format!("Number {number}"), Personas::All);
        // as after an invitation was accepted
        let invited = Context::invitation(organisation, person(1), now);
        assert_eq!(ask(invited, &Mutation::AddMember { person: person(number), name, role, personas }), None);
    }
    ask(of(actor), mutation).expect("it is refused")
}

/// What person 1 wrote waits in an organisation for the word of person 2: somebody says theirs, or asks for the ticket.
fn under_review(world: &mut Desk, actor: u128, verdict: Option<Verdict>) -> Reject {
    let post = world.waiting(&["ada"], &[BLUESKY], 0);
    let job = world.prepare(post, BLUESKY);
    let (id, now) = (OrganisationId::new(uuid::Uuid::from_u128(9)), world.shown());
    let step = ChainStep {
        id: StepId::new(uuid::Uuid::from_u128(1)),
        name: "Legal".to_owned(),
        people: [person(2)].into(),
        roles: Default::default(),
        quorum: Quorum::Any,
        only_if: Vec::new(),
        within_h: None,
        then: Default::default(),
    };
    let text = ChainText { name: "All".to_owned(), steps: vec![step], ..ChainText::default() };
    let chain =
        Chain { id: ChainId::new(uuid::Uuid::from_u128(2)), version: 1, text, created_at: now, updated_at: now };
    let organisation = Organisation {
        id,
        name: "Bakery".to_owned(),
        owners: [person(1)].into(),
        chains: vec![chain],
        created_at: now,
        updated_at: now,
    };
    let mut written = vec![Record::Organisation(organisation)];
    for number in 1..=3 {
        written.push(Record::Member(Member {
            person: person(number),
            name: number.to_string(),
            role: Role::Creator,
            personas: Personas::All,
            membership: Membership::Active,
            away: None,
            again_at: None,
            joined_at: now,
            updated_at: now,
        }));
    }
    let own = Post { author: person(1), ..world.read(post).clone() };
    let (read, seen) = (own.version, Some(own.seen()));
    written.push(Record::Post(own));
    let mut set = WorkingSet::default();
    for record in world.records.values().chain(&written) {
        set.load(record.key(), Some(record.clone()));
    }
    let mutation = match verdict {
        Some(verdict) => Mutation::Review { post, read, seen, verdict, note: String::new() },
        None => Mutation::BeginSend { job: job.id, fence: job.fence },
    };
    match domain::apply(&Context::team(id, person(actor), now), &set, &mutation) {
        Step::Done(Err(refused)) => refused,
        other => panic!("{other:?}"),
    }
}

/// Asks the rules and writes nothing.
fn apply(world: &Desk, mutation: &Mutation) -> Result<Vec<Record>, Reject> {
    let context = domain::Context::solo(domain::id::PersonId::new(uuid::Uuid::from_u128(77)), world.shown());
    let mut set = domain::WorkingSet::default();
    loop {
        match domain::apply(&context, &set, mutation) {
            domain::Step::Done(decided) => return decided,
            domain::Step::Need(keys) => {
                keys.into_iter().for_each(|key| set.load(key, world.records.get(&key).cloned()));
            }
        }
    }
}
