//! What a device does when its server knows another history than the device.

use sea_orm::{ConnectionTrait, DatabaseTransaction};
use uuid::Uuid;

use super::{pending, signed, statement};
use crate::error::StoreError;
use crate::mutate;
use crate::store::Store;

impl Store {
    /// Goes on under another name: this database is a copy that was used twice, or the server says so. Everything that the
    /// server may not have is numbered anew and waits, with its ids; what the server has, it knows by those. The next pull begins
    /// anew.
    ///
    /// # Errors
    /// Nothing was changed.
    pub async fn fork_replica(&self, client: Uuid, nonce: &str) -> Result<(), StoreError> {
        let (client, nonce) = (client.to_string(), nonce.to_owned());
        self.in_transaction(async move |db| {
            requeue_all(db, 0).await?;
            renumber(db, 0).await?;
            let sql = "UPDATE replica SET client = ?, nonce = ?, last_n = 0, epoch = NULL, cursor = NULL";
            db.execute_raw(statement(sql, [client.into(), nonce.into()])).await?;
            Ok(())
        })
        .await
    }

    /// The server was restored and knows of nothing behind number `last_n` any more: what it had taken since waits again. The
    /// next pull begins anew.
    ///
    /// # Errors
    /// Nothing was changed.
    pub async fn requeue(&self, last_n: u64) -> Result<(), StoreError> {
        self.in_transaction(async move |db| {
            requeue_all(db, last_n).await?;
            // what was refused in between left holes
            renumber(db, last_n).await?;
            let sql = "UPDATE replica SET last_n = ?, epoch = NULL, cursor = NULL";
            db.execute_raw(statement(sql, [signed(last_n).into()])).await?;
            Ok(())
        })
        .await
    }

    /// The next pull begins anew.
    ///
    /// # Errors
    /// Nothing was changed.
    pub async fn forget_cursor(&self) -> Result<(), StoreError> {
        self.execute(statement("UPDATE replica SET cursor = NULL", [])).await.map(|_| ())
    }

    /// Takes a change that the server does not understand out of those that wait, for a person to look at; the others move up.
    /// `refusal` is kept as its reason.
    ///
    /// # Errors
    /// Nothing was changed.
    pub async fn set_pending_aside(&self, n: u64, refusal: &str, now: jiff::Timestamp) -> Result<(), StoreError> {
        let refusal = refusal.to_owned();
        self.in_transaction(async move |db| {
            if let Some(pending) = pending::one(db, "n", signed(n).into()).await? {
                pending::refuse(db, &pending, &refusal, now).await?;
            }
            renumber(db, n.saturating_sub(1)).await
        })
        .await
    }

    async fn in_transaction(
        &self,
        work: impl AsyncFnOnce(&DatabaseTransaction) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        let mut writer = self.writer.lock().await;
        let connection = writer.connection().await?;
        let done = async {
            let db = mutate::begin(&connection).await?;
            work(&db).await?;
            db.commit().await?;
            Ok(())
        };
        let done = done.await;
        drop(connection);
        writer.after(done, "what waits for the server was not changed").await
    }
}

/// Lets what was taken behind a number wait again, under the numbers that it had.
async fn requeue_all(db: &impl ConnectionTrait, last_n: u64) -> Result<(), StoreError> {
    #[cfg(feature = "planted")]
    if domain::planted::is(domain::planted::Planted::NewIdWhenSentAgain) {
        let sql = "UPDATE acked SET mid = CASE substr(mid, 1, 1) WHEN 'f' THEN 'e' ELSE 'f' END || substr(mid, 2)";
        db.execute_raw(statement(sql, [])).await?;
    }
    let sql = "INSERT OR IGNORE INTO pending (n, mid, v, name, post, body, made_at, sent, doubtful) \
               SELECT n, mid, v, name, post, body, made_at, 1, 0 FROM acked WHERE n > ?";
    db.execute_raw(statement(sql, [signed(last_n).into()])).await?;
    db.execute_raw(statement("DELETE FROM acked WHERE n > ?", [signed(last_n).into()])).await?;
    Ok(())
}

/// Closes the gaps in the numbers of what waits, from `after` on.
async fn renumber(db: &impl ConnectionTrait, after: u64) -> Result<(), StoreError> {
    let sql = "SELECT n FROM pending WHERE n > ? ORDER BY n";
    let rows = db.query_all_raw(statement(sql, [signed(after).into()])).await?;
    for (new, row) in (after.saturating_add(1)..).zip(rows) {
        let old: i64 = row.try_get_by_index(0)?;
        if old != signed(new) {
            // upwards from the lowest: the place is always free
            let values = [signed(new).into(), old.into()];
            db.execute_raw(statement("UPDATE pending SET n = ? WHERE n = ?", values)).await?;
        }
    }
    Ok(())
}
