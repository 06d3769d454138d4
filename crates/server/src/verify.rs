//! Whether the histories of organisations are what they were: `sendoff-server audit verify`.
//!
//! The log of an organisation is a chain of hashes, so that a line that was changed, taken out or swapped is found by itself. A log that was cut
//! off or written anew from some point on is a good chain too: only who remembers an earlier head can tell. Each run prints the
//! heads, and a later one takes them.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::Path;

use domain::id::OrganisationId;
use jiff::Timestamp;
use ledger::{Flaw, Ledger, StoreError};
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use wire::hash::Digest;

use crate::config::Config;
use crate::database::Database;
use crate::server::{self, StartError};
use crate::{on, start};

/// Bytes of a file of heads: some 500,000 organisations.
const HEADS_MAX: u64 = 100 * 1024 * 1024;

/// The history of an organisation, as one run found it. Each is a line of JSON.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Found {
    pub organisation: OrganisationId,
    /// The last number of the log, and the chain up to it.
    pub seq: u64,
    pub chain: Option<Digest>,
    /// The first thing that is wrong; none: nothing is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wrong: Option<String>,
}

/// Why nothing was looked at.
#[derive(Debug, thiserror::Error)]
pub enum VerifyError {
    #[error(transparent)]
    Start(#[from] StartError),
    #[error("the database: {0}")]
    Sql(#[from] sqlx::Error),
    #[error("the ledger: {0}")]
    Store(#[from] StoreError),
    #[error("{0}: {1}")]
    Heads(String, io::Error),
    #[error("line {0} of the heads is not one that an earlier run printed")]
    NoHead(usize),
    #[error("the result cannot be written: {0}")]
    Output(io::Error),
    #[error("{wrong} of {all} histories are not what they should be")]
    Wrong { wrong: usize, all: usize },
}

/// What is looked at.
#[derive(Debug, Clone, Copy, Default)]
pub struct Wanted<'a> {
    /// What an earlier run printed.
    pub heads: Option<&'a Path>,
    /// Judges every line again by the rules of this version, and compares what comes of it with what is stored.
    pub judge: bool,
}

/// Walks the history of every organisation and writes a line for each. On SQLite the server must not run: a backup can be looked at
/// instead.
///
/// # Errors
/// [`VerifyError`]; [`VerifyError::Wrong`] after everything was looked at.
pub async fn run(config: &Config, now: Timestamp, wanted: Wanted<'_>, out: &mut impl Write) -> Result<(), VerifyError> {
    let mut heads = match wanted.heads {
        Some(file) => read(file)?,
        None => BTreeMap::new(),
    };
    let _folder = match &config.database_url {
        Some(_) => None,
        None => Some(start::take_folder(&config.data).map_err(StartError::from)?),
    };
    let (database, ledger) = server::open(config, now, &[]).await?;
    let (mut all, mut wrong) = (0, 0);
    let founded = founded(&database).await?;
    let mut histories: Vec<_> = founded.into_iter().map(|founded| (founded, heads.remove(&founded))).collect();
    // who was taken out with everything is missed by whoever knows its head
    histories.extend(heads.into_iter().map(|(known, before)| (known, Some(before))));
    for (organisation, before) in histories {
        let found = look(&ledger, organisation, before, wanted.judge).await?;
        all += 1;
        wrong += usize::from(found.wrong.is_some());
        serde_json::to_writer(&mut *out, &found).map_err(|error| VerifyError::Output(error.into()))?;
        writeln!(out).map_err(VerifyError::Output)?;
    }
    out.flush().map_err(VerifyError::Output)?;
    database.close().await;
    if wrong == 0 { Ok(()) } else { Err(VerifyError::Wrong { wrong, all }) }
}

fn read(file: &Path) -> Result<BTreeMap<OrganisationId, Found>, VerifyError> {
    let failed = |error| VerifyError::Heads(file.display().to_string(), error);
    if std::fs::metadata(file).map_err(failed)?.len() > HEADS_MAX {
        return Err(failed(io::Error::other("larger than 100 MB")));
    }
    let text = std::fs::read_to_string(file).map_err(failed)?;
    let mut heads = BTreeMap::new();
    for (number, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        let found: Found = serde_json::from_str(line).map_err(|_| VerifyError::NoHead(number + 1))?;
        // of what was wrong then nothing is known
        if found.wrong.is_none() {
            heads.insert(found.organisation, found);
        }
    }
    Ok(heads)
}

async fn founded(database: &Database) -> Result<Vec<OrganisationId>, sqlx::Error> {
    let mut tx = database.read().await?;
    let sql = "SELECT organisation_id FROM founded ORDER BY at, organisation_id";
    let ids: Vec<Uuid> = on!(&mut tx, c => sqlx::query_scalar(sql).fetch_all(c).await?);
    Ok(ids.into_iter().map(OrganisationId::new).collect())
}

async fn look(
    ledger: &Ledger,
    organisation: OrganisationId,
    before: Option<Found>,
    judge: bool,
) -> Result<Found, StoreError> {
    let mut tx = match ledger.store().read(organisation).await {
        Ok(tx) => tx,
        Err(StoreError::Unknown) => {
            // founding it begins with a note, and a server that ended just then has left no more than that
            let wrong = before.map(|_| "its history is gone".to_owned());
            return Ok(Found { organisation, seq: 0, chain: None, wrong });
        }
        Err(error) => return Err(error),
    };
    let (seq, chain) = (tx.head().seq, tx.head().chain);
    let mut looked = ledger::audit(tx.as_mut()).await.map(drop);
    if judge && looked.is_ok() {
        looked = ledger::replay(organisation, tx.as_mut(), domain::apply).await.map(drop);
    }
    let mut wrong = match looked {
        Err(Flaw::Store(error)) if error != StoreError::Damaged => return Err(error),
        Err(flaw) => Some(flaw.to_string()),
        Ok(()) => None,
    };
    if let (None, Some(before)) = (&wrong, before) {
        let then = tx.chain_at(before.seq).await?;
        wrong = match then {
            None if before.seq > seq => Some(format!("the log ends at {seq}, and went to {} before", before.seq)),
            then if then == before.chain => None,
            _ => Some(format!("the log up to number {} was written anew", before.seq)),
        };
    }
    Ok(Found { organisation, seq, chain: Some(chain), wrong })
}
