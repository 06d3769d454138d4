//! What the database knows of files.

use domain::id::{OrganisationId, PersonId};
use sqlx::FromRow;
use wire::Digest;

use crate::database::Tx;
use crate::on;

type Done<T> = Result<T, sqlx::Error>;

/// A file that is there, or one that is to come.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub(super) struct File {
    /// Bytes; never negative.
    pub size: i64,
    pub mime: String,
}

impl File {
    pub(super) fn bytes(&self) -> u64 {
        u64::try_from(self.size).unwrap_or_default()
    }
}

/// An upload of somebody.
#[derive(Debug, Clone, Copy)]
pub(super) struct Upload {
    pub org: OrganisationId,
    pub person: PersonId,
    pub sha256: Digest,
}

pub(super) async fn verified(tx: &mut Tx, org: OrganisationId, sha256: &Digest) -> Done<Option<File>> {
    on!(tx, c => {
        sqlx::query_as("SELECT size, mime FROM media WHERE organisation_id = $1 AND sha256 = $2")
            .bind(org.uuid())
            .bind(sha256.0.as_slice())
            .fetch_optional(c)
            .await
    })
}

pub(super) async fn begun(tx: &mut Tx, upload: &Upload) -> Done<Option<File>> {
    on!(tx, c => {
        sqlx::query_as(
            "SELECT size, mime FROM media_upload WHERE organisation_id = $1 AND sha256 = $2 AND person_id = $3",
        )
        .bind(upload.org.uuid())
        .bind(upload.sha256.0.as_slice())
        .bind(upload.person.uuid())
        .fetch_optional(c)
        .await
    })
}

/// Numbers and hashes of the parts that are there, in order.
pub(super) async fn parts(tx: &mut Tx, upload: &Upload) -> Done<Vec<(u32, Digest)>> {
    let rows: Vec<(i64, Vec<u8>)> = on!(tx, c => {
        sqlx::query_as(
            "SELECT number, hash FROM media_part WHERE organisation_id = $1 AND sha256 = $2 AND person_id = $3 ORDER BY number",
        )
        .bind(upload.org.uuid())
        .bind(upload.sha256.0.as_slice())
        .bind(upload.person.uuid())
        .fetch_all(c)
        .await?
    });
    let part = |(number, hash): (i64, Vec<u8>)| Some((u32::try_from(number).ok()?, hash.as_slice().try_into().ok()?));
    Ok(rows.into_iter().filter_map(part).collect())
}

/// Uploads of a person that are on their way, on the whole server.
pub(super) async fn unfinished(tx: &mut Tx, person: PersonId) -> Done<i64> {
    on!(tx, c => {
        sqlx::query_scalar("SELECT count(*) FROM media_upload WHERE person_id = $1").bind(person.uuid()).fetch_one(c).await
    })
}

/// Bytes of an organisation: what is there and what was said to come.
pub(super) async fn used(tx: &mut Tx, org: OrganisationId) -> Done<u64> {
    let used: i64 = on!(tx, c => {
        sqlx::query_scalar(
            "SELECT CAST(coalesce(sum(size), 0) AS BIGINT) FROM (\
             SELECT size FROM media WHERE organisation_id = $1 \
             UNION ALL SELECT size FROM media_upload WHERE organisation_id = $1) AS all_of_them",
        )
        .bind(org.uuid())
        .fetch_one(c)
        .await?
    });
    Ok(u64::try_from(used).unwrap_or_default())
}

pub(super) async fn begin(tx: &mut Tx, upload: &Upload, file: &File, now: i64) -> Done<()> {
    on!(tx, c => {
        sqlx::query(
            "INSERT INTO media_upload (organisation_id, sha256, person_id, size, mime, begun_at) VALUES ($1, $2, $3, $4, $5, $6) \
             ON CONFLICT (organisation_id, sha256, person_id) DO NOTHING",
        )
        .bind(upload.org.uuid())
        .bind(upload.sha256.0.as_slice())
        .bind(upload.person.uuid())
        .bind(file.size)
        .bind(&file.mime)
        .bind(now)
        .execute(c)
        .await
        .map(drop)
    })
}

/// `false`: the upload is not on its way any more.
pub(super) async fn add_part(tx: &mut Tx, upload: &Upload, number: u32, hash: &Digest) -> Done<bool> {
    let added = on!(tx, c => {
        sqlx::query(
            "INSERT INTO media_part (organisation_id, sha256, person_id, number, hash) \
             SELECT organisation_id, sha256, person_id, $4, $5 FROM media_upload \
             WHERE organisation_id = $1 AND sha256 = $2 AND person_id = $3 \
             ON CONFLICT (organisation_id, sha256, person_id, number) DO UPDATE SET hash = excluded.hash",
        )
        .bind(upload.org.uuid())
        .bind(upload.sha256.0.as_slice())
        .bind(upload.person.uuid())
        .bind(i64::from(number))
        .bind(hash.0.as_slice())
        .execute(c)
        .await?
        .rows_affected()
    });
    Ok(added == 1)
}

/// An upload is over, with its parts.
pub(super) async fn end(tx: &mut Tx, upload: &Upload) -> Done<()> {
    on!(tx, c => {
        sqlx::query("DELETE FROM media_upload WHERE organisation_id = $1 AND sha256 = $2 AND person_id = $3")
            .bind(upload.org.uuid())
            .bind(upload.sha256.0.as_slice())
            .bind(upload.person.uuid())
            .execute(c)
            .await
            .map(drop)
    })
}

pub(super) async fn verify(tx: &mut Tx, upload: &Upload, file: &File, now: i64) -> Done<()> {
    on!(tx, c => {
        sqlx::query(
            "INSERT INTO media (organisation_id, sha256, size, mime, added_by, verified_at) VALUES ($1, $2, $3, $4, $5, $6) \
             ON CONFLICT (organisation_id, sha256) DO NOTHING",
        )
        .bind(upload.org.uuid())
        .bind(upload.sha256.0.as_slice())
        .bind(file.size)
        .bind(&file.mime)
        .bind(upload.person.uuid())
        .bind(now)
        .execute(c)
        .await
        .map(drop)
    })
}

/// Uploads that were begun before and not completed, at most so many.
pub(super) async fn stale(tx: &mut Tx, before: i64, limit: i64) -> Done<Vec<Upload>> {
    let rows: Vec<(uuid::Uuid, Vec<u8>, uuid::Uuid)> = on!(tx, c => {
        sqlx::query_as(
            "SELECT organisation_id, sha256, person_id FROM media_upload WHERE begun_at <= $1 ORDER BY begun_at LIMIT $2",
        )
        .bind(before)
        .bind(limit)
        .fetch_all(c)
        .await?
    });
    let upload = |(org, sha256, person): (uuid::Uuid, Vec<u8>, uuid::Uuid)| {
        let sha256 = sha256.as_slice().try_into().ok()?;
        Some(Upload { org: OrganisationId::new(org), person: PersonId::new(person), sha256 })
    };
    Ok(rows.into_iter().filter_map(upload).collect())
}
