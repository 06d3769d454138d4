//! A throw-away PostgreSQL for this test program; it ends when the program does.

#[path = "../../../../testkit/src/postgres.rs"]
#[allow(dead_code)]
mod cluster;

use std::sync::OnceLock;

use cluster::{Addresses, Cluster, Syncs};

use super::counterpart::skipped;

/// Whether there is a PostgreSQL; says so if not, and fails where everything must run.
pub fn has_postgres() -> bool {
    let there = Cluster::is_installed();
    if !there {
        skipped("PostgreSQL is not installed");
    }
    there
}

/// The addresses of a new, empty database: of the role that serves and owns nothing, and of the owner.
pub async fn database() -> (String, String) {
    static CLUSTER: OnceLock<Option<Cluster>> = OnceLock::new();
    let made = tokio::task::spawn_blocking(|| {
        let cluster = CLUSTER.get_or_init(|| Cluster::start(Syncs::Never)).as_ref();
        cluster.expect("asked for with `has_postgres`").database()
    });
    let Addresses { serving, owner } = made.await.unwrap();
    (serving, owner)
}
