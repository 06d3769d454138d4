//! Whether this database is the only one of its name.
//!
//! A folder that was copied, or a database that came back from a backup, goes on under a name and with numbers that are in use.
//! So every opening draws a fresh word (the nonce), and writes it into the database and into a file outside of the profile, which
//! no copy of the profile brings along. Who finds another word there, or none, is a copy, and takes a name of its own.

use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{Replica, statement};
use crate::error::{OpenError, StoreError};
use crate::open::files;
use crate::store::Store;

/// What is kept outside.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Kept {
    /// The folder that it is about.
    profile: PathBuf,
    nonce: String,
    /// What comes next: whoever is ended between two writes is no copy.
    next: String,
}

impl Kept {
    fn is_of(&self, profile: &Path, replica: &Replica) -> bool {
        // not the name: a server may have given it another one since
        self.profile == profile && (self.nonce == replica.nonce || self.next == replica.nonce)
    }
}

impl Store {
    /// Makes sure that nobody else goes on under the name of this database: to be called when the profile of an organisation is
    /// opened, before the first exchange. `outside` is a file that belongs to this profile and lies outside of it, in a folder
    /// that is there; `fresh` is a name for the case that this is a copy, and a word that was never used.
    ///
    /// Whether this was a copy. It has the new name now, and sends again whatever could be missing.
    ///
    /// # Errors
    /// [`OpenError::Store`] if this is no profile of an organisation, or it cannot be written. Nothing may be exchanged.
    pub async fn check_replica_nonce(&self, outside: &Path, fresh: (Uuid, &str)) -> Result<bool, OpenError> {
        let no_replica = || StoreError::Unreadable { table: "replica", id: String::new() };
        let replica = self.replica().await?.ok_or_else(no_replica)?;
        let profile = std::fs::canonicalize(self.dir()).map_err(OpenError::io(self.dir()))?;
        let kept = read(outside)?;
        // nothing was exchanged under the name yet: there is nobody to be mistaken for
        let unused = kept.is_none() && replica.last_n == 0 && replica.cursor.is_none();
        let copied = !unused && !kept.is_some_and(|kept| kept.is_of(&profile, &replica));
        let (client, next) = (fresh.0, fresh.1.to_owned());
        let nonce = if copied { next.clone() } else { replica.nonce };
        write(outside, &Kept { profile, nonce, next: next.clone() })?;
        if copied {
            tracing::warn!("this profile is a copy of another one: it goes on under a name of its own");
            self.fork_replica(client, &next).await?;
        } else {
            self.execute(statement("UPDATE replica SET nonce = ?", [next.into()])).await?;
        }
        Ok(copied)
    }
}

/// What cannot be read says nothing, as a file that is not there: then this counts as a copy, which loses nothing.
fn read(outside: &Path) -> Result<Option<Kept>, OpenError> {
    match std::fs::read(outside) {
        Ok(bytes) => Ok(serde_json::from_slice(&bytes).ok()),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(OpenError::io(outside)(error)),
    }
}

fn write(outside: &Path, kept: &Kept) -> Result<(), OpenError> {
    let unfinished = files::beside(outside, ".new");
    let bytes = serde_json::to_vec(kept).map_err(|error| OpenError::io(outside)(error.into()))?;
    let mut file = files::make_private_file(&unfinished)?;
    file.write_all(&bytes).map_err(OpenError::io(&unfinished))?;
    drop(file);
    files::put_in_place(&unfinished, outside, outside.parent().unwrap_or(Path::new(".")))
}
