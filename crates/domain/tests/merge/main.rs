//! Two members of a team change one draft, each without the other's change.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

mod seen;
mod undo;
mod writers;

use domain::hash::ContentHash;
use domain::id::{OrganisationId, PersonId, PostId};
use domain::mutation::{PartKeys, Since, When};
use domain::post::{Content, Draft, Post, PostStatus};
use domain::team::{Personas, Role};
use domain::{Context, Key, Mutation, Record, Reject, Step, WorkingSet};
use uuid::Uuid;

const ORGANISATION: OrganisationId = OrganisationId::new(Uuid::from_u128(9));
const NOW: jiff::Timestamp = jiff::Timestamp::constant(1_796_000_000, 0);
const ADA: u128 = 1;
const BEN: u128 = 2;
const KEYS: PartKeys = PartKeys { micros: 1, clock_id: 1 };

fn person(number: u128) -> PersonId {
    PersonId::new(Uuid::from_u128(number))
}

fn post() -> PostId {
    PostId::new(Uuid::from_u128(7))
}

fn draft(text: &str) -> Draft {
    Draft { base: Content::text(text), ..Draft::default() }
}

struct Office(WorkingSet);

impl Office {
    fn with(text: &str) -> Self {
        let mut office = Self(WorkingSet::default());
        let named = |name: &str| name.to_owned();
        office.done(ADA, &Mutation::FoundOrganisation { name: named("Bakery"), member: named("Ada") });
        let (person, role) = (person(BEN), Role::Creator);
        let add = Mutation::AddMember { person, name: named("Ben"), role, personas: Personas::All };
        // as after his invitation was accepted
        let admitted = office.judge(&Context::invitation(ORGANISATION, self::person(ADA), NOW), &add).unwrap();
        office.0.overlay(&admitted);
        office.done(ADA, &Mutation::CreatePost { post: post(), draft: draft(text) });
        office
    }

    fn ask(&mut self, actor: u128, mutation: &Mutation) -> Result<Vec<Record>, Reject> {
        self.judge(&Context::team(ORGANISATION, person(actor), NOW), mutation)
    }

    fn judge(&mut self, context: &Context, mutation: &Mutation) -> Result<Vec<Record>, Reject> {
        loop {
            match domain::apply(context, &self.0, mutation) {
                Step::Done(decided) => return decided,
                Step::Need(keys) => keys.into_iter().for_each(|key| self.0.load(key, None)),
            }
        }
    }

    fn done(&mut self, actor: u128, mutation: &Mutation) {
        let writes = self.ask(actor, mutation).unwrap_or_else(|refused| panic!("{}: {refused}", mutation.name()));
        self.0.overlay(&writes);
    }

    fn post(&self) -> &Post {
        match self.0.get(Key::Post(post())) {
            Some(Some(Record::Post(post))) => post,
            other => panic!("{other:?}"),
        }
    }

    fn text(&self) -> &str {
        self.post().draft.base.parts.first().map_or("", |part| part.text.as_str())
    }

    fn seen(&self) -> Option<ContentHash> {
        Some(self.post().seen())
    }
}

fn edit(read: u32, base: &str, text: &str, saves: u32) -> Mutation {
    let since = Some(Box::new(Since { base: draft(base), saves }));
    Mutation::EditDraft { post: post(), read, draft: draft(text), since }
}

const BASE: &str = "Bread at eight. Come early.";

#[test]
fn both_changes_are_kept_and_nobody_is_asked_if_they_do_not_touch() {
    let mut office = Office::with(BASE);
    office.done(ADA, &edit(1, BASE, "Rye bread at eight. Come early.", 1));
    office.done(BEN, &edit(1, BASE, "Bread at eight. Come early!", 1));
    assert_eq!(office.text(), "Rye bread at eight. Come early!");
    assert_eq!((office.post().version, &office.post().merge), (3, &None));
}

#[test]
fn what_both_changed_is_read_before_it_is_signed_off() {
    let mut office = Office::with(BASE);
    office.done(ADA, &edit(1, BASE, "Bread at nine. Come early.", 1));
    office.done(BEN, &edit(1, BASE, "Bread at ten. Come early.", 1));
    let merge = office.post().merge.clone().unwrap();
    assert_eq!(
        (merge.by, merge.theirs, merge.mine),
        (person(BEN), draft("Bread at nine. Come early."), draft("Bread at ten. Come early."))
    );
    assert!(office.text().contains("nine") && office.text().contains("ten"));
    let when = When { local: "2026-12-24T09:00:00".parse().unwrap(), zone: "UTC".to_owned(), fold: Default::default() };
    let schedule = |read, seen| Mutation::SchedulePost { post: post(), read, seen, when: when.clone(), keys: KEYS };
    let seen = office.seen();
    assert_eq!(office.ask(ADA, &schedule(3, seen)), Err(Reject::MergeUnread));
    // editing goes on, and does not make it read
    let text = office.text().to_owned();
    office.done(BEN, &edit(3, &text, "Bread at nine or ten. Come early.", 1));
    let now = office.seen();
    assert_eq!(office.ask(ADA, &schedule(4, now)), Err(Reject::MergeUnread));
    let settle = |read, seen| Mutation::SettleMerge { post: post(), read, seen };
    assert_eq!(office.ask(ADA, &settle(3, seen)), Err(Reject::Stale { read: 3, current: 4 }));
    assert_eq!(office.ask(ADA, &settle(4, seen)), Err(Reject::NotAsRead), "what was read is the text before");
    office.done(ADA, &settle(4, now));
    assert_eq!(office.ask(ADA, &schedule(4, now)), Err(Reject::NoAccounts), "nothing but an account is missing");
}

#[test]
fn the_same_number_is_not_the_same_text() {
    let mut office = Office::with(BASE);
    // Ben's desk counted to 2 by something that was refused since; here 2 is Ada's text
    office.done(ADA, &edit(1, BASE, "Rye bread at eight. Come early.", 1));
    office.done(BEN, &edit(2, BASE, "Bread at eight. Come early!", 1));
    assert_eq!(office.text(), "Rye bread at eight. Come early!");
}

#[test]
fn an_edit_that_stands_for_many_lets_what_follows_find_its_version() {
    let mut office = Office::with(BASE);
    office.done(ADA, &edit(1, BASE, "Rye at eight.", 40));
    assert_eq!(office.post().version, 41);
    office.done(ADA, &edit(41, "Rye at eight.", "Rye at nine.", 1));
    assert_eq!(office.text(), "Rye at nine.");
    let endless = edit(42, "Rye at nine.", "Rye", Since::SAVES_MAX + 1);
    assert!(matches!(office.ask(ADA, &endless), Err(Reject::TooLong { .. })));
}

#[test]
fn without_the_words_that_were_read_nothing_is_mixed() {
    let mut office = Office::with(BASE);
    office.done(ADA, &edit(1, BASE, "Rye.", 1));
    let blind = Mutation::EditDraft { post: post(), read: 1, draft: draft("Mine"), since: None };
    assert_eq!(office.ask(BEN, &blind), Err(Reject::Stale { read: 1, current: 2 }));
    let restored = Mutation::RestoreVersion { post: post(), read: 1, seen: None, draft: draft("Old") };
    assert_eq!(office.ask(BEN, &restored), Err(Reject::Stale { read: 1, current: 2 }));
    assert_eq!(office.post().status, PostStatus::Draft);
}
