//! Organisations with people who have sessions, on a server in this process.

use std::sync::Arc;
use std::time::Duration;

use domain::Mutation;
use domain::id::{OrganisationId, PersonId, PostId};
use domain::post::{Content, Draft};
use domain::team::{Personas, Role};
use ledger::Admitted;
use secrecy::ExposeSecret;
use server::app::App;
use server::clock::{Clock, SystemClock};
use server::config::Config;
use server::database::Tx;
use server::id::{DeviceId, SessionId};
use server::limits::Quotas;
use server::on;
use server::policy::Signed;
use server::serve::Bounds;
use server::server::Server;
use tempfile::TempDir;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use uuid::Uuid;
use wire::push::{Envelope, Push};

const DAY_MS: i64 = 24 * 60 * 60 * 1000;

/// The server: on SQLite in a folder for temporary files, or on a database of PostgreSQL by the addresses of the role that serves
/// and, if it is still empty, of its owner.
pub struct Serving {
    pub app: App,
    pub origin: String,
    stop: oneshot::Sender<()>,
    served: JoinHandle<()>,
    pub folder: TempDir,
}

impl Serving {
    pub async fn start(database: Option<(String, Option<String>)>, connections: usize) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut config = Config::local(folder.path().join("data")).unwrap();
        config.quotas = Quotas::unlimited();
        if let Some((serving, owner)) = database {
            config.database_url = Some(serving.into());
            config.database_owner_url = owner.map(Into::into);
        }
        let server = Server::start(config, Arc::new(SystemClock), Vec::new, &[]).await.unwrap();
        // all of them come from one address
        let bounds = Bounds { connections, connections_each: connections, ..Bounds::default() };
        let server = server.with_bounds(bounds);
        let app = server.app().clone();
        let origin = app.origin().to_owned();
        let (stop, stopped) = oneshot::channel::<()>();
        let served = tokio::spawn(server.serve(async move {
            let _ = stopped.await;
        }));
        Self { app, origin, stop, served, folder }
    }

    /// Ends it; what it has stored stays for as long as the folder.
    pub async fn end(self) -> TempDir {
        drop((self.stop, self.app));
        self.served.await.unwrap();
        self.folder
    }
}

pub struct Member {
    pub person: PersonId,
    pub token: String,
}

pub fn fresh() -> Uuid {
    server::id::fresh(&SystemClock).unwrap()
}

/// An organisation with so many people in it; the first one owns it.
pub async fn organisation(app: &App, people: usize) -> (OrganisationId, Vec<Member>) {
    let (org, at) = (OrganisationId::new(fresh()), SystemClock.now());
    let owner = member(app).await;
    app.ledger.found(org, fresh(), owner.person, "Load".into(), "Owner".into(), at).await.unwrap();
    let mut members = vec![owner];
    while members.len() < people {
        let member = member(app).await;
        let (role, personas) = (Role::Creator, Personas::All);
        let admitted = Admitted { person: member.person, name: "Load".into(), role, personas };
        app.ledger.admit(org, members[0].person, fresh(), admitted, at).await.unwrap();
        members.push(member);
    }
    // as founding and accepting an invitation leave it
    let mut tx = app.database.write().await.unwrap();
    let sql = "INSERT INTO belongs (person_id, organisation_id, since) VALUES ($1, $2, $3)";
    for member in &members {
        write(&mut tx, sql, &[member.person.uuid(), org.uuid()], &[at.as_millisecond()]).await;
    }
    tx.commit().await.unwrap();
    (org, members)
}

/// Somebody with a session, without going through the browser.
async fn member(app: &App) -> Member {
    let (id, device, session, now) = (fresh(), fresh(), fresh(), SystemClock.millis());
    let mut tx = app.database.write().await.unwrap();
    write(&mut tx, "INSERT INTO person (id, display_name, created_at) VALUES ($1, 'Load', $2)", &[id], &[now]).await;
    let sql = "INSERT INTO device (id, person_id, public_key, name, enrolled_at, last_seen_at) VALUES ($1, $2, $3, 'Load', $4, $4)";
    on!(&mut tx, c => {
        sqlx::query(sql).bind(device).bind(id).bind(device.as_bytes().as_slice()).bind(now).execute(c).await.unwrap().rows_affected()
    });
    let sql = "INSERT INTO session (id, person_id, device_id, started_at, expires_at, idle_at) VALUES ($1, $2, $3, $4, $5, $5)";
    write(&mut tx, sql, &[session, id, device], &[now, now + DAY_MS]).await;
    tx.commit().await.unwrap();
    let signed = Signed { person: PersonId::new(id), device: DeviceId::new(device), session: SessionId::new(session) };
    let token = app.access_tokens.make(&signed, &SystemClock).unwrap().expose_secret().to_owned();
    Member { person: signed.person, token }
}

async fn write(tx: &mut Tx, sql: &'static str, ids: &[Uuid], times: &[i64]) {
    on!(tx, c => {
        let query = ids.iter().fold(sqlx::query(sql), |query, id| query.bind(*id));
        let query = times.iter().fold(query, |query, time| query.bind(*time));
        query.execute(c).await.unwrap().rows_affected()
    });
}

/// One database of somebody, which pushes new posts and numbers them.
pub struct Desk {
    pub client: Uuid,
    pub place: String,
    token: String,
    http: reqwest::Client,
    n: u64,
}

impl Desk {
    pub fn new(http: &reqwest::Client, origin: &str, org: OrganisationId, who: &Member) -> Self {
        let place = format!("{origin}/v1/orgs/{org}");
        Self { client: fresh(), place, token: who.token.clone(), http: http.clone(), n: 0 }
    }

    pub fn asks(&self, method: http::Method, what: &str) -> reqwest::RequestBuilder {
        self.http.request(method, format!("{}/{what}", self.place)).bearer_auth(&self.token)
    }

    /// Pushes so many new posts and waits for the answer; `false` if they were not taken.
    pub async fn push(&mut self, posts: usize) -> bool {
        let one = |_| {
            self.n += 1;
            let draft = Draft { base: Content::text("A loaf of rye, baked at four. Come early."), ..Draft::default() };
            let create = Mutation::CreatePost { post: PostId::new(fresh()), draft };
            Envelope::seal(self.n, fresh(), SystemClock.now(), &create).unwrap()
        };
        let mutations = (0..posts).map(one).collect();
        let push = Push { client: self.client, epoch: None, base: None, mutations };
        let answer = self.asks(http::Method::POST, "push").json(&push).send().await.unwrap();
        let taken = answer.status() == http::StatusCode::OK;
        let body = answer.text().await.unwrap();
        if !taken {
            eprintln!("{body}");
        }
        taken
    }
}

/// The nearest value below which this share of them lies; they are sorted for it.
pub fn quantile(all: &mut [Duration], share: f64) -> f64 {
    all.sort();
    let last = all.len().saturating_sub(1);
    all.get((last as f64 * share) as usize).map_or(f64::NAN, |one| one.as_secs_f64() * 1_000.0)
}
