//! Which files of a team its server has.

use domain::id::MediaId;
use sea_orm::ConnectionTrait;

use super::statement;
use crate::error::StoreError;
use crate::store::Store;
use crate::table::parsed;

impl Store {
    /// Files of which the server may know nothing, the oldest first, without those in `besides`; at most `limit`.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn unsent_files(&self, besides: &[MediaId], limit: u32) -> Result<Vec<MediaId>, StoreError> {
        let sql = "SELECT id FROM media WHERE id NOT IN (SELECT media FROM media_sent) \
            AND id NOT IN (SELECT value FROM json_each(?)) ORDER BY created_at, id LIMIT ?";
        let besides = serde_json::Value::from_iter(besides.iter().map(MediaId::to_string)).to_string();
        let rows = self.readers.query_all_raw(statement(sql, [besides.into(), limit.into()])).await?;
        let read = |row: &sea_orm::QueryResult| {
            let id: String = row.try_get_by_index(0)?;
            parsed("media", &id, &id)
        };
        rows.iter().map(read).collect()
    }

    /// The server has this file.
    ///
    /// # Errors
    /// Nothing was written.
    pub async fn file_was_sent(&self, media: MediaId) -> Result<(), StoreError> {
        let sql = "INSERT OR IGNORE INTO media_sent (media) VALUES (?)";
        self.execute(statement(sql, [media.to_string().into()])).await.map(|_| ())
    }
}
