use domain::{Key, Record};
use sea_orm::ConnectionTrait;

use super::statement;
use crate::error::StoreError;
use crate::table::{self, from_json, to_json};

const TABLE: &str = "shadow";

/// Keeps what the server said of these records, unless something pending has changed them before.
pub(crate) async fn cast(db: &impl ConnectionTrait, writes: &[Record]) -> Result<(), StoreError> {
    #[cfg(feature = "planted")]
    if domain::planted::is(domain::planted::Planted::ShadowNotKept) {
        return Ok(());
    }
    for record in writes {
        let key = record.key();
        let name = text(key)?;
        let known = statement("SELECT 1 FROM shadow WHERE key = ?", [name.clone().into()]);
        if db.query_one_raw(known).await?.is_some() {
            continue;
        }
        let image = table::load(db, key).await?.map(|record| to_json(TABLE, &name, &record)).transpose()?;
        let insert = statement("INSERT INTO shadow (key, image) VALUES (?, ?)", [name.into(), image.into()]);
        db.execute_raw(insert).await?;
    }
    Ok(())
}

/// Brings back everything that the server said. Answers what was brought back.
pub(super) async fn lift(db: &impl ConnectionTrait) -> Result<Vec<Key>, StoreError> {
    let rows = db.query_all_raw(statement("SELECT key, image FROM shadow", [])).await?;
    let (mut lifted, mut images) = (Vec::with_capacity(rows.len()), Vec::<Record>::new());
    for row in rows {
        let (name, image): (String, Option<String>) = (row.try_get_by_index(0)?, row.try_get_by_index(1)?);
        let key: Key = from_json(TABLE, &name, &name)?;
        match image {
            Some(image) => images.push(from_json(TABLE, &name, &image)?),
            None => table::delete(db, key).await?,
        }
        lifted.push(key);
    }
    table::save_all(db, images.iter()).await?;
    db.execute_unprepared("DELETE FROM shadow").await?;
    Ok(lifted)
}

/// A key as these tables have it.
pub(super) fn text(key: Key) -> Result<String, StoreError> {
    to_json(TABLE, "", &key)
}
