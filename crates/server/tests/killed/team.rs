//! An organisation with people who have sessions, on a data folder that outlives the programs that serve it.

use std::net::TcpListener;
use std::path::PathBuf;
use std::sync::Arc;

use domain::id::{OrganisationId, PersonId};
use domain::team::{Personas, Role};
use ledger::store::{OrgStore, PgStore, SqliteStore};
use ledger::{Admitted, Audit};
use secrecy::ExposeSecret as _;
use server::access::AccessTokens;
use server::app::App;
use server::clock::{Clock as _, SystemClock};
use server::config::Config;
use server::id::{DeviceId, SessionId};
use server::keys::{self, Keys};
use server::on;
use server::people::hashing::Cost;
use server::policy::Signed;
use server::server::Server;
use tempfile::TempDir;
use uuid::Uuid;

use crate::dice::Dice;
use crate::postgres::Addresses;

const DAY_MS: i64 = 24 * 60 * 60 * 1_000;
/// Below the ports that systems give to those who ask for any: nobody takes it while the server is dead.
const PORTS: (u64, u64) = (20_000, 32_000);
const NAMES: [&str; 4] = ["Ada", "Ben", "Cara", "Deniz"];

pub struct Team {
    pub organisation: OrganisationId,
    pub people: Vec<Signed>,
    pub origin: String,
    folder: TempDir,
    port: u16,
    postgres: Option<Addresses>,
}

pub fn fresh() -> Uuid {
    server::id::fresh(&SystemClock).unwrap()
}

impl Team {
    /// Ada has founded the bakery, and the others are in it. On SQLite, or in an empty database of PostgreSQL.
    pub async fn found(dice: &mut Dice, postgres: Option<Addresses>) -> Self {
        let folder = TempDir::new().unwrap();
        let port = loop {
            let port = u16::try_from(dice.between(PORTS.0, PORTS.1)).unwrap();
            if TcpListener::bind(("127.0.0.1", port)).is_ok() {
                break port;
            }
        };
        let mut config = Config::local(folder.path().join("data")).unwrap();
        config.hashing = Cost::TESTS_ONLY;
        config.database_url = postgres.as_ref().map(|addresses| addresses.serving.clone().into());
        config.database_owner_url = postgres.as_ref().map(|addresses| addresses.owner.clone().into());
        let server = Server::start(config, Arc::new(SystemClock), Vec::new, &[]).await.unwrap();
        let app = server.app().clone();
        let (organisation, now) = (OrganisationId::new(fresh()), SystemClock.now());
        let mut people = Vec::new();
        for name in NAMES {
            let signed = person(&app, name).await;
            let named = name.to_owned();
            match people.first() {
                None => {
                    let founded = app.ledger.found(organisation, fresh(), signed.person, "Bakery".into(), named, now);
                    founded.await.unwrap();
                }
                Some(owner) => {
                    let owner: &Signed = owner;
                    let admitted =
                        Admitted { person: signed.person, name: named, role: Role::Creator, personas: Personas::All };
                    app.ledger.admit(organisation, owner.person, fresh(), admitted, now).await.unwrap();
                }
            }
            people.push(signed);
        }
        drop(app);
        // it ends before it has begun to serve; from now on the program has the folder
        server.serve(async {}).await;
        Self { organisation, people, origin: format!("http://127.0.0.1:{port}"), folder, port, postgres }
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// What was in the log before the callers began: the founding, and one for each who came in.
    pub const fn begun() -> u64 {
        NAMES.len() as u64
    }

    /// The command line of the program.
    pub fn words(&self) -> Vec<String> {
        let data = self.data().to_str().unwrap().to_owned();
        ["--data".into(), data, "--listen".into(), format!("127.0.0.1:{}", self.port)].into()
    }

    /// Where it finds its database.
    pub fn environment(&self) -> Vec<(&'static str, String)> {
        self.postgres.iter().map(|addresses| ("SENDOFF_DATABASE_URL", addresses.serving.clone())).collect()
    }

    /// An access token of somebody; good for some minutes.
    pub fn token(&self, signed: &Signed) -> String {
        let keys = Keys::open(&self.data().join(keys::FILE), false).unwrap();
        let tokens = AccessTokens::new(&keys, self.origin.clone()).unwrap();
        tokens.make(signed, &SystemClock).unwrap().expose_secret().to_owned()
    }

    /// Follows the whole log, with its chain of hashes, and judges it again from nothing, while no program serves it.
    pub async fn audit(&self) -> Audit {
        match &self.postgres {
            Some(addresses) => {
                let store = PgStore::connect(addresses.serving.parse().unwrap(), 2).await.unwrap();
                let audit = audit(self.organisation, &store).await;
                store.close().await;
                audit
            }
            None => {
                let file = self.data().join(server::organisations::place::FILE);
                let store = SqliteStore::open(&file).await.unwrap();
                let audit = audit(self.organisation, &store).await;
                store.close().await;
                audit
            }
        }
    }
}

async fn audit(organisation: OrganisationId, store: &dyn OrgStore) -> Audit {
    let mut tx = store.read(organisation).await.unwrap();
    let audit = ledger::audit(tx.as_mut()).await.unwrap();
    assert_eq!(ledger::replay(organisation, tx.as_mut(), domain::apply).await.unwrap(), audit);
    audit
}

/// Somebody with a device and a session, without going through the browser.
async fn person(app: &App, name: &str) -> Signed {
    let (id, device, session, now) = (fresh(), fresh(), fresh(), SystemClock.millis());
    let mut tx = app.database.write().await.unwrap();
    let sql = "INSERT INTO person (id, display_name, created_at) VALUES ($1, $2, $3)";
    on!(&mut tx, c => sqlx::query(sql).bind(id).bind(name).bind(now).execute(c).await.map(drop)).unwrap();
    let sql = "INSERT INTO device (id, person_id, public_key, name, enrolled_at, last_seen_at) VALUES ($1, $2, $3, 'Laptop', $4, $4)";
    let key = device.as_bytes().as_slice();
    on!(&mut tx, c => sqlx::query(sql).bind(device).bind(id).bind(key).bind(now).execute(c).await.map(drop)).unwrap();
    let sql = "INSERT INTO session (id, person_id, device_id, started_at, expires_at, idle_at) VALUES ($1, $2, $3, $4, $5, $5)";
    on!(&mut tx, c => {
        sqlx::query(sql).bind(session).bind(id).bind(device).bind(now).bind(now + DAY_MS).execute(c).await.map(drop)
    })
    .unwrap();
    tx.commit().await.unwrap();
    Signed { person: PersonId::new(id), device: DeviceId::new(device), session: SessionId::new(session) }
}
