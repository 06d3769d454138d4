//! Who has which post open at this moment. It is written nowhere: it ends by itself, and with the server.
//!
//! Whoever hears of others on a post has said that they have it open themselves, and was let see it then; after each commit it is looked
//! at again. Servers on one PostgreSQL tell each other by `NOTIFY`, so that all of them know all.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use domain::id::{OrganisationId, PersonId, PostId};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use sqlx::postgres::{PgListener, PgPool};
use wire::Fault;
use wire::live::{LiveEvent, PRESENCE_S, PRESENT_MAX, Presence};

use super::Refused;
use crate::app::App;
use crate::database::Database;
use crate::error::{Code, Error, Problem};
use crate::extract::{Json, Path};
use crate::id::SessionId;
use crate::policy::Signed;

/// Devices of one person that count in one organisation.
pub const OF_PERSON_MAX: usize = 16;
/// Devices that count in one organisation.
pub const OF_ORGANISATION_MAX: usize = 1_000;
/// How often is looked for what is over.
const LOOK: Duration = Duration::from_secs(1);
/// The channel between servers on one PostgreSQL.
const CHANNEL: &str = "sendoff_presence";
/// After the connection for that channel was lost.
const AGAIN: Duration = Duration::from_secs(2);

/// Says which post this device has open; the others who have it open hear of it (`presence` of the live stream). It counts for 30
/// seconds. It is kept nowhere.
#[utoipa::path(put, path = "/v1/orgs/{org}/presence", tag = "sync", params(("org" = uuid::Uuid, Path)),
    request_body(content = serde_json::Value, description = "`wire::live::Presence`"), responses(
    (status = 204), (status = 403, body = serde_json::Value),
    (status = 404, description = "There is no such post, or none that you may see", body = Problem),
    (status = 429, body = serde_json::Value), (status = 503, body = serde_json::Value),
))]
pub(crate) async fn put(
    State(app): State<App>,
    signed: Signed,
    Path(org): Path<OrganisationId>,
    Json(Presence { post }): Json<Presence>,
) -> Result<StatusCode, Response> {
    let refused = |fault| Refused(fault).into_response();
    app.limits.presence(signed.person).map_err(IntoResponse::into_response)?;
    app.ledger.member(org, signed.person).await.map_err(refused)?;
    if let Some(post) = post {
        let asked = BTreeSet::from([(signed.person, post)]);
        if app.ledger.seeing(org, &asked).await.map_err(refused)?.is_empty() {
            return Err(Error::from(Code::NotFound).into_response());
        }
    }
    let said = Said { org, session: signed.session, person: signed.person, post };
    hear(&app, said).map_err(refused)?;
    if let Database::Postgres(pool) = &app.database
        && let Err(error) = tell(pool, &said).await
    {
        // the device says it again before it is over
        tracing::warn!(reason = %error, "other servers were not told who has a post open");
    }
    Ok(StatusCode::NO_CONTENT)
}

/// What a device said, to any of the servers.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
struct Said {
    org: OrganisationId,
    session: SessionId,
    person: PersonId,
    post: Option<PostId>,
}

/// Takes what was said, and lets those hear of it who are there.
fn hear(app: &App, said: Said) -> Result<(), Fault> {
    let life = i64::try_from(PRESENCE_S).unwrap_or(i64::MAX).saturating_mul(1_000);
    if app.presences.put(said, app.clock.millis().saturating_add(life))? {
        app.live.stir(said.org);
    }
    Ok(())
}

async fn tell(pool: &PgPool, said: &Said) -> Result<(), sqlx::Error> {
    let text = serde_json::to_string(said).map_err(|error| sqlx::Error::Encode(error.into()))?;
    sqlx::query("SELECT pg_notify($1, $2)").bind(CHANNEL).bind(text).execute(pool).await.map(drop)
}

/// Ends what is over, and hears what was said to other servers. Runs until it is dropped.
pub(crate) async fn run(app: App) {
    let ending = async {
        let mut ticks = tokio::time::interval(LOOK);
        ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            ticks.tick().await;
            for org in app.presences.expire(app.clock.millis()) {
                app.live.stir(org);
            }
        }
    };
    let hearing = async {
        if let Database::Postgres(pool) = &app.database {
            listen(&app, pool).await;
        }
    };
    tokio::join!(ending, hearing);
}

async fn listen(app: &App, pool: &PgPool) {
    let mut pause = tokio::time::interval(AGAIN);
    pause.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        pause.tick().await;
        if let Err(error) = heard(app, pool).await {
            tracing::warn!(reason = %error, "what was said to other servers is not heard for a moment");
        }
    }
}

async fn heard(app: &App, pool: &PgPool) -> Result<(), sqlx::Error> {
    let mut listener = PgListener::connect_with(pool).await?;
    listener.listen(CHANNEL).await?;
    loop {
        let told = listener.recv().await?;
        match serde_json::from_str(told.payload()) {
            // too many are told to whoever says one too many
            Ok(said) => drop(hear(app, said)),
            // another version of this server
            Err(error) => tracing::debug!(reason = %error, "what another server told is not understood"),
        }
    }
}

/// After a commit: whoever may not see a post any more hears nothing of it, and is not seen there.
pub(crate) async fn look_again(app: &App, org: OrganisationId) {
    let there = app.presences.there(org);
    if there.is_empty() {
        return;
    }
    // a database that does not answer says nothing about anybody's rights; it ends by itself
    let Ok(seeing) = app.ledger.seeing(org, &there).await else { return };
    let gone: BTreeSet<(PersonId, PostId)> = there.difference(&seeing).copied().collect();
    if app.presences.remove(org, &gone) {
        app.live.stir(org);
    }
}

#[derive(Debug, Clone, Copy)]
struct Present {
    person: PersonId,
    post: PostId,
    /// Milliseconds since 1970.
    until: i64,
}

/// Of one organisation.
#[derive(Debug, Default)]
struct Place {
    devices: BTreeMap<SessionId, Present>,
    posts: BTreeMap<PostId, BTreeSet<SessionId>>,
}

impl Place {
    fn take_out(&mut self, session: SessionId) -> Option<Present> {
        let present = self.devices.remove(&session)?;
        if let Some(sessions) = self.posts.get_mut(&present.post) {
            sessions.remove(&session);
            if sessions.is_empty() {
                self.posts.remove(&present.post);
            }
        }
        Some(present)
    }

    fn take_out_all(&mut self, over: impl Fn(&Present) -> bool) -> bool {
        let sessions: Vec<SessionId> =
            self.devices.iter().filter(|(_, present)| over(present)).map(|(session, _)| *session).collect();
        sessions.iter().filter_map(|session| self.take_out(*session)).count() > 0
    }
}

/// All that is known of who has which post open.
#[derive(Debug, Default)]
pub(crate) struct Presences(Mutex<BTreeMap<OrganisationId, Place>>);

impl Presences {
    fn places(&self) -> MutexGuard<'_, BTreeMap<OrganisationId, Place>> {
        // nothing in here can panic half-way
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether it is news to anybody.
    fn put(&self, said: Said, until: i64) -> Result<bool, Fault> {
        let Said { org, session, person, post } = said;
        let mut places = self.places();
        let Some(post) = post else {
            let left = places.get_mut(&org).and_then(|place| place.take_out(session)).is_some();
            places.retain(|_, place| !place.devices.is_empty());
            return Ok(left);
        };
        let place = places.entry(org).or_default();
        let before = place.take_out(session);
        let of_person = place.devices.values().filter(|present| present.person == person).count();
        if of_person >= OF_PERSON_MAX || place.devices.len() >= OF_ORGANISATION_MAX {
            return Err(Fault::Busy { retry_after_s: 30 });
        }
        place.devices.insert(session, Present { person, post, until });
        place.posts.entry(post).or_default().insert(session);
        Ok(before.is_none_or(|before| before.post != post || before.person != person))
    }

    /// The organisations in which something was over.
    fn expire(&self, now: i64) -> Vec<OrganisationId> {
        let mut places = self.places();
        let ended = places
            .iter_mut()
            .filter_map(|(org, place)| place.take_out_all(|present| present.until <= now).then_some(*org));
        let ended = ended.collect();
        places.retain(|_, place| !place.devices.is_empty());
        ended
    }

    fn there(&self, org: OrganisationId) -> BTreeSet<(PersonId, PostId)> {
        let places = self.places();
        let devices = places.get(&org).into_iter().flat_map(|place| place.devices.values());
        devices.map(|present| (present.person, present.post)).collect()
    }

    fn remove(&self, org: OrganisationId, gone: &BTreeSet<(PersonId, PostId)>) -> bool {
        let mut places = self.places();
        places
            .get_mut(&org)
            .is_some_and(|place| place.take_out_all(|present| gone.contains(&(present.person, present.post))))
    }

    /// What a device hears: who else has its post open. None while it has none open.
    pub(crate) fn beside(&self, org: OrganisationId, session: SessionId) -> Option<LiveEvent> {
        let places = self.places();
        let place = places.get(&org)?;
        let own = place.devices.get(&session)?;
        let mut people = BTreeSet::new();
        for present in place.posts.get(&own.post)?.iter().filter_map(|session| place.devices.get(session)) {
            if present.person != own.person {
                people.insert(present.person);
            }
            if people.len() >= PRESENT_MAX {
                break;
            }
        }
        Some(LiveEvent::Presence { post: own.post, people: people.into_iter().collect() })
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn said(session: u128, person: u128, post: Option<u128>) -> Said {
        let id = Uuid::from_u128;
        Said {
            org: OrganisationId::new(id(1)),
            session: SessionId::new(id(session)),
            person: PersonId::new(id(person)),
            post: post.map(|post| PostId::new(id(post))),
        }
    }

    fn hears(presences: &Presences, session: u128) -> Option<Vec<u128>> {
        let said = said(session, 0, None);
        match presences.beside(said.org, said.session)? {
            LiveEvent::Presence { people, .. } => Some(people.iter().map(|person| person.uuid().as_u128()).collect()),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn each_device_hears_of_the_others_on_its_post() {
        let all = Presences::default();
        for (session, person, post) in [(1, 10, 7), (2, 20, 7), (3, 20, 7), (4, 30, 8), (5, 10, 7)] {
            assert_eq!(all.put(said(session, person, Some(post)), 100), Ok(true));
        }
        assert_eq!(hears(&all, 1), Some(vec![20]), "not of oneself, and of nobody twice");
        assert_eq!(hears(&all, 2), Some(vec![10]));
        assert_eq!(hears(&all, 4), Some(vec![]));
        assert_eq!(hears(&all, 9), None);
        assert_eq!(all.put(said(2, 20, Some(7)), 200), Ok(false), "said again: no news");
        assert_eq!(all.put(said(2, 20, Some(8)), 200), Ok(true));
        assert_eq!(hears(&all, 4), Some(vec![20]));
        assert_eq!(all.put(said(3, 20, None), 0), Ok(true));
        assert_eq!(all.put(said(3, 20, None), 0), Ok(false));
        assert_eq!(hears(&all, 1), Some(vec![]));
    }

    #[test]
    fn it_ends_by_itself_and_leaves_nothing() {
        let all = Presences::default();
        all.put(said(1, 10, Some(7)), 100).unwrap();
        all.put(said(2, 20, Some(7)), 101).unwrap();
        assert!(all.expire(99).is_empty());
        assert_eq!(all.expire(100).len(), 1);
        assert_eq!(hears(&all, 2), Some(vec![]));
        assert_eq!(all.expire(101).len(), 1);
        assert!(all.places().is_empty());
    }

    #[test]
    fn who_may_not_see_it_is_taken_out() {
        let all = Presences::default();
        all.put(said(1, 10, Some(7)), 100).unwrap();
        all.put(said(2, 20, Some(7)), 100).unwrap();
        let org = said(0, 0, None).org;
        assert_eq!(all.there(org).len(), 2);
        let ben = said(2, 20, Some(7));
        assert!(all.remove(org, &BTreeSet::from([(ben.person, ben.post.unwrap())])));
        assert!(!all.remove(org, &BTreeSet::from([(ben.person, ben.post.unwrap())])));
        assert_eq!((hears(&all, 1), hears(&all, 2)), (Some(vec![]), None));
    }

    #[test]
    fn there_are_only_so_many() {
        let all = Presences::default();
        for session in 0..16 {
            assert_eq!(all.put(said(session, 10, Some(7)), 100), Ok(true));
        }
        assert!(all.put(said(16, 10, Some(7)), 100).is_err());
        assert_eq!(all.put(said(3, 10, Some(8)), 100), Ok(true), "one that counts already may move");
        for session in 16..1_000 {
            assert_eq!(all.put(said(session, session, Some(7)), 100), Ok(true));
        }
        assert!(all.put(said(1_000, 1_000, Some(7)), 100).is_err());
        assert_eq!(hears(&all, 0).unwrap().len(), PRESENT_MAX);
    }
}
