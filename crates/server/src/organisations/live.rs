//! That there is something to pull, at the moment it is there.
//!
//! All streams of an organisation hear one task. It looks once per commit, and once per ping, which of the listeners still may: one
//! read of the ledger and one of the sessions, however many listen.

use std::collections::{BTreeMap, BTreeSet};
use std::convert::Infallible;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::extract::State;
use axum::response::sse::{Event, Sse};
use axum::response::{IntoResponse, Response};
use domain::id::{OrganisationId, PersonId};
use futures::stream;
use tokio::sync::watch;
use wire::Fault;
use wire::live::{LiveEvent, PING_S};

use super::{Refused, presence};
use crate::app::App;
use crate::error::Problem;
use crate::extract::Path;
use crate::id::SessionId;
use crate::policy::{self, Signed};

/// Streams of one person on this server, in all organisations together.
pub const OF_PERSON_MAX: usize = 16;
/// Streams of one organisation on this server.
pub const OF_ORGANISATION_MAX: usize = 1_000;

/// A stream of events (`text/event-stream`), each `wire::live::LiveEvent` as JSON. The first is a ping: it tells that events come
/// through. One that is missed is brought by the next: the client pulls when it connects. It ends when the session ends or the member is
/// removed.
#[utoipa::path(get, path = "/v1/orgs/{org}/live", tag = "sync", params(("org" = uuid::Uuid, Path)), responses(
    (status = 200, content_type = "text/event-stream", body = serde_json::Value),
    (status = 403, body = serde_json::Value), (status = 404, body = Problem),
    (status = 429, description = "Too many streams of this person or organisation", body = serde_json::Value),
    (status = 503, body = serde_json::Value),
))]
pub(crate) async fn live(
    State(app): State<App>,
    signed: Signed,
    Path(org): Path<OrganisationId>,
) -> Result<Response, Refused> {
    // strangers open no room
    app.ledger.member(org, signed.person).await?;
    let place = Place::take(&app, org, &signed)?;
    // again, now that every change is heard: what happened in between is in this look or behind it
    app.ledger.member(org, signed.person).await?;
    let listening = Listening { signed, place, begun: false, over: false, beside: None };
    // nginx and those who took it over from there hold answers back otherwise
    let passed_on = [("x-accel-buffering", "no")];
    Ok((passed_on, Sse::new(stream::unfold(listening, next))).into_response())
}

/// What a room tells its listeners.
#[derive(Debug, Clone)]
struct Told {
    event: LiveEvent,
    /// Who was looked at.
    asked: Arc<BTreeSet<(PersonId, SessionId)>>,
    /// Of them, who are members and whose sessions live.
    members: Arc<BTreeSet<PersonId>>,
    sessions: Arc<BTreeSet<SessionId>>,
}

/// The streams of one organisation.
#[derive(Debug)]
struct Room {
    told: watch::Sender<Told>,
    /// Counts the changes of who has which post open.
    stirred: watch::Sender<u64>,
    listeners: BTreeMap<u64, (PersonId, SessionId)>,
}

#[derive(Debug, Default)]
struct Inner {
    /// The server stops: nobody begins to listen any more.
    stopping: bool,
    next: u64,
    rooms: BTreeMap<OrganisationId, Room>,
    people: BTreeMap<PersonId, usize>,
}

/// All rooms of a server.
#[derive(Debug, Default)]
pub(crate) struct Rooms(Mutex<Inner>);

impl Rooms {
    fn inner(&self) -> MutexGuard<'_, Inner> {
        // nothing in here can panic half-way
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn listeners(&self, org: OrganisationId) -> BTreeSet<(PersonId, SessionId)> {
        self.inner().rooms.get(&org).map(|room| room.listeners.values().copied().collect()).unwrap_or_default()
    }

    /// Tells all who listen; `false`, and the room is gone, if nobody does.
    fn tell(&self, org: OrganisationId, told: Told) -> bool {
        let mut inner = self.inner();
        let Some(room) = inner.rooms.get(&org) else { return false };
        if room.listeners.is_empty() {
            inner.rooms.remove(&org);
            return false;
        }
        room.told.send_replace(told);
        true
    }

    fn close(&self, org: OrganisationId) {
        self.inner().rooms.remove(&org);
    }

    /// Who has which post open has changed: whoever listens looks what they hear of it.
    pub(crate) fn stir(&self, org: OrganisationId) {
        if let Some(room) = self.inner().rooms.get(&org) {
            room.stirred.send_modify(|count| *count = count.wrapping_add(1));
        }
    }

    /// Ends all streams: a server that stops does not wait for what never ends by itself.
    pub(crate) fn stop(&self) {
        let mut inner = self.inner();
        inner.stopping = true;
        inner.rooms.clear();
    }
}

/// A stream that is counted, until it is dropped.
struct Place {
    app: App,
    org: OrganisationId,
    person: PersonId,
    number: u64,
    told: watch::Receiver<Told>,
    stirred: watch::Receiver<u64>,
}

impl Place {
    fn take(app: &App, org: OrganisationId, signed: &Signed) -> Result<Self, Fault> {
        let mut inner = app.live.inner();
        if inner.stopping {
            return Err(Fault::Unavailable { retry_after_s: 1 });
        }
        let of_person = inner.people.get(&signed.person).copied().unwrap_or_default();
        let of_org = inner.rooms.get(&org).map_or(0, |room| room.listeners.len());
        if of_person >= OF_PERSON_MAX || of_org >= OF_ORGANISATION_MAX {
            return Err(Fault::Busy { retry_after_s: 30 });
        }
        let number = inner.next;
        inner.next = inner.next.wrapping_add(1);
        *inner.people.entry(signed.person).or_default() += 1;
        let room = inner.rooms.entry(org).or_insert_with(|| {
            let (asked, members, sessions) = (Arc::default(), Arc::default(), Arc::default());
            let told = Told { event: LiveEvent::Ping, asked, members, sessions };
            // heard from here on
            tokio::spawn(run(app.clone(), org, app.ledger.hub().subscribe(org)));
            Room { told: watch::Sender::new(told), stirred: watch::Sender::new(0), listeners: BTreeMap::new() }
        });
        room.listeners.insert(number, (signed.person, signed.session));
        let (told, mut stirred) = (room.told.subscribe(), room.stirred.subscribe());
        // a device that had a post open before hears who else has
        stirred.mark_changed();
        drop(inner);
        app.metrics.live_streams.inc();
        Ok(Self { app: app.clone(), org, person: signed.person, number, told, stirred })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.app.metrics.live_streams.dec();
        let mut inner = self.app.live.inner();
        // a room that closed and was opened again has other numbers
        if let Some(room) = inner.rooms.get_mut(&self.org) {
            room.listeners.remove(&self.number);
        }
        if let Some(count) = inner.people.get_mut(&self.person) {
            *count = count.saturating_sub(1);
            if *count == 0 {
                inner.people.remove(&self.person);
            }
        }
    }
}

/// Looks after each commit, and each time a ping is due, who may still listen; and tells them. Ends with the last listener.
async fn run(app: App, org: OrganisationId, mut heads: watch::Receiver<u64>) {
    loop {
        let moved = tokio::time::timeout(Duration::from_secs(PING_S), heads.changed()).await;
        let event = match moved {
            Ok(Ok(())) => LiveEvent::Poke { seq: *heads.borrow_and_update() },
            // the ledger is gone: the server stops
            Ok(Err(_)) => return app.live.close(org),
            Err(_) => LiveEvent::Ping,
        };
        let asked = app.live.listeners(org);
        let people: BTreeSet<PersonId> = asked.iter().map(|(person, _)| *person).collect();
        // whoever lost access must not learn even that something happens
        let found = async {
            let members = app.ledger.members_of(org, &people).await.ok()?;
            let sessions = policy::living(&app, org).await.ok()?;
            Some((members, sessions))
        };
        // that a database does not answer says nothing about anybody's rights: the streams end, and begin anew
        let Some((members, sessions)) = found.await else { return app.live.close(org) };
        if matches!(event, LiveEvent::Poke { .. }) {
            presence::look_again(&app, org).await;
        }
        let told = Told { event, asked: asked.into(), members: members.into(), sessions: sessions.into() };
        if !app.live.tell(org, told) {
            return;
        }
    }
}

struct Listening {
    signed: Signed,
    place: Place,
    begun: bool,
    over: bool,
    /// What was last said of who else has the post open.
    beside: Option<LiveEvent>,
}

async fn next(mut listening: Listening) -> Option<(Result<Event, Infallible>, Listening)> {
    if listening.over {
        return None;
    }
    if !std::mem::replace(&mut listening.begun, true) {
        // something between may hold everything back: who hears this knows that there is nothing of the kind
        return Some((Ok(json(LiveEvent::Ping)), listening));
    }
    let told = loop {
        let Place { told, stirred, app, org, .. } = &mut listening.place;
        tokio::select! {
            biased;
            // a closed room ends its streams
            changed = told.changed() => {
                changed.ok()?;
                break told.borrow_and_update().clone();
            }
            changed = stirred.changed() => {
                changed.ok()?;
                let beside = app.presences.beside(*org, listening.signed.session);
                if beside != listening.beside {
                    listening.beside.clone_from(&beside);
                    if let Some(event) = beside {
                        return Some((Ok(json(event)), listening));
                    }
                }
            }
        }
    };
    let signed = &listening.signed;
    // who came after the look was looked at when they came
    let known = told.asked.contains(&(signed.person, signed.session));
    if known && !told.sessions.contains(&signed.session) {
        // a new session begins a new stream
        return None;
    }
    let event = match known && !told.members.contains(&signed.person) {
        true => {
            listening.over = true;
            LiveEvent::Revoked
        }
        false => told.event,
    };
    Some((Ok(json(event)), listening))
}

fn json(event: LiveEvent) -> Event {
    Event::default().json_data(event).unwrap_or_default()
}
