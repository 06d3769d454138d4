//! Taking a file: offered, sent in parts, put together.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use axum::extract::{FromRequest as _, Request, State};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use domain::id::{OrganisationId, PersonId};
use http::{HeaderMap, StatusCode};
use sha2::{Digest as _, Sha256};
use tokio::sync::Semaphore;
use wire::Digest;
use wire::media::{Offer, PART_BYTES, Standing, UNFINISHED_DAYS, part_size, parts_of};

use super::table::{self, File, Upload};
use super::{files, kind, of_member, sniffed};
use crate::app::App;
use crate::error::{Code, Error, Problem};
use crate::extract::{Json, Octets, Path, Path2, Path3};
use crate::policy::Signed;
use crate::sessions::DAY_MS;

/// Parts that are held in memory at once: of all, and of one person.
const PARTS_AT_ONCE: usize = 32;
const PARTS_OF_PERSON: usize = 4;
/// Files that are put together at once.
const COMPLETE_AT_ONCE: usize = 2;
/// Uploads of one person that are on their way.
const UNFINISHED_MAX: i64 = 64;
/// Uploads that are given up in one go.
const STALE_AT_ONCE: i64 = 100;

/// What goes on at the moment.
#[derive(Debug)]
pub(crate) struct Uploads {
    parts: Semaphore,
    complete: Arc<Semaphore>,
    people: Mutex<BTreeMap<PersonId, usize>>,
}

impl Default for Uploads {
    fn default() -> Self {
        Self {
            parts: Semaphore::new(PARTS_AT_ONCE),
            complete: Arc::new(Semaphore::new(COMPLETE_AT_ONCE)),
            people: Mutex::default(),
        }
    }
}

/// One part of a person that is on its way.
struct OfPerson<'a>(&'a Uploads, PersonId);

impl<'a> OfPerson<'a> {
    fn take(uploads: &'a Uploads, person: PersonId) -> Result<Self, Error> {
        // nothing in here can panic half-way
        let mut people = uploads.people.lock().unwrap_or_else(PoisonError::into_inner);
        let count = people.entry(person).or_default();
        if *count >= PARTS_OF_PERSON {
            return Err(Error { retry_after: Some(1), ..Code::TooManyRequests.into() });
        }
        *count += 1;
        Ok(Self(uploads, person))
    }
}

impl Drop for OfPerson<'_> {
    fn drop(&mut self) {
        let mut people = self.0.people.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = people.get_mut(&self.1) {
            *count = count.saturating_sub(1);
            if *count == 0 {
                people.remove(&self.1);
            }
        }
    }
}

fn stored(error: &object_store::Error) -> Error {
    tracing::warn!(reason = %crate::error::one_line(&error.to_string()), "the place for media does not answer");
    Code::Busy.into()
}

/// Says that somebody has a file. The answer says what of it is missing.
#[utoipa::path(post, path = "/v1/orgs/{org}/media", tag = "media", params(("org" = Uuid, Path)),
    request_body(content = serde_json::Value, description = "`wire::media::Offer`"), responses(
    (status = 200, description = "`wire::media::Standing`", body = serde_json::Value),
    (status = 409, description = "The organisation has no room for it", body = Problem),
))]
pub(crate) async fn offer(
    State(app): State<App>,
    signed: Signed,
    Path(org): Path<OrganisationId>,
    Json(offer): Json<Offer>,
) -> Result<axum::Json<Standing>, Error> {
    of_member(&app, org, &signed).await?;
    if kind(&offer.mime).is_none() {
        return Err(Error::with(Code::Malformed, "Files of this type are not taken."));
    }
    if offer.size == 0 {
        return Err(Error::with(Code::Malformed, "An empty file is not taken."));
    }
    if offer.size > app.config.media.file_max {
        return Err(Error::with(Code::TooLarge, "The file is larger than this server takes."));
    }
    let upload = Upload { org, person: signed.person, sha256: offer.sha256 };
    let size = i64::try_from(offer.size).map_err(|_| Error::from(Code::TooLarge))?;
    let file = File { size, mime: offer.mime };
    let mut tx = app.database.write().await?;
    if table::verified(&mut tx, org, &upload.sha256).await?.is_some() {
        return Ok(axum::Json(Standing::Exists));
    }
    let mut parts = Vec::new();
    match table::begun(&mut tx, &upload).await? {
        Some(begun) if begun == file => parts = table::parts(&mut tx, &upload).await?,
        begun => {
            // what they said of it before was something else
            if begun.is_some() {
                table::end(&mut tx, &upload).await?;
            }
            if table::unfinished(&mut tx, signed.person).await? >= UNFINISHED_MAX {
                return Err(Error::with(Code::TooManyRequests, "Too many uploads are not finished."));
            }
            // of several servers at one moment each may let one in
            if table::used(&mut tx, org).await?.saturating_add(offer.size) > app.config.media.quota {
                return Err(Code::StorageFull.into());
            }
            table::begin(&mut tx, &upload, &file, app.clock.millis()).await?;
        }
    }
    tx.commit().await?;
    let parts = parts.into_iter().map(|(number, _)| number).collect();
    Ok(axum::Json(Standing::Upload { part_size: PART_BYTES, parts }))
}

/// Takes one part. The same again changes nothing.
#[utoipa::path(put, path = "/v1/orgs/{org}/media/{sha256}/parts/{number}", tag = "media", params(
    ("org" = Uuid, Path), ("sha256" = String, Path), ("number" = u32, Path),
    ("content-digest" = String, Header, description = "`sha-256=:…:` of the part (RFC 9530)"),
), request_body(content = String, content_type = "application/octet-stream"), responses(
    (status = 204, description = "The part is on the disk"),
))]
pub(crate) async fn part(
    State(app): State<App>,
    signed: Signed,
    Path3(org, sha256, number): Path3<OrganisationId, Digest, u32>,
    headers: HeaderMap,
    request: Request,
) -> Result<StatusCode, Error> {
    of_member(&app, org, &signed).await?;
    let upload = Upload { org, person: signed.person, sha256 };
    let mut tx = app.database.read().await?;
    let begun = table::begun(&mut tx, &upload).await?.ok_or(Error::from(Code::NotFound))?;
    drop(tx);
    let size = part_size(begun.bytes(), number).ok_or(Error::from(Code::NotFound))?;
    let said = digest(&headers).ok_or_else(|| Error::with(Code::Malformed, "Say the SHA-256 in Content-Digest."))?;
    // before the body is read: it is held in memory
    let _of_person = OfPerson::take(&app.uploads, signed.person)?;
    let _place = app.uploads.parts.try_acquire().map_err(|_| Error::from(Code::Busy))?;
    let Octets(bytes) = Octets::from_request(request, &app).await?;
    if bytes.len() as u64 != size {
        return Err(Error::with(Code::WrongContent, format!("This part has {size} bytes.")));
    }
    let (bytes, hash) = hashed(bytes).await?;
    if hash != said {
        return Err(Error::with(Code::WrongContent, "The part is not what its digest says."));
    }
    let at = files::part(org, signed.person, &sha256, number, &hash);
    app.files.put(&at, bytes).await.map_err(|error| stored(&error))?;
    let mut tx = app.database.write().await?;
    if !table::add_part(&mut tx, &upload, number, &hash).await? {
        return Err(Code::NotFound.into());
    }
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The SHA-256 in `Content-Digest`: one line, that one algorithm.
fn digest(headers: &HeaderMap) -> Option<Digest> {
    let mut lines = headers.get_all("content-digest").iter();
    let (Some(line), None) = (lines.next(), lines.next()) else { return None };
    let text = line.to_str().ok()?.trim().strip_prefix("sha-256=:")?.strip_suffix(':')?;
    STANDARD.decode(text).ok()?.as_slice().try_into().ok()
}

/// Hashes on a thread for that: megabytes take a while.
async fn hashed(bytes: Bytes) -> Result<(Bytes, Digest), Error> {
    let hash = tokio::task::spawn_blocking(move || {
        let hash = Digest(Sha256::digest(&bytes).into());
        (bytes, hash)
    });
    hash.await.map_err(|error| Error::internal("hashing", &error))
}

/// Puts the parts together. The answer is `exists`, or says which parts are there if some are missing.
#[utoipa::path(post, path = "/v1/orgs/{org}/media/{sha256}/complete", tag = "media",
    params(("org" = Uuid, Path), ("sha256" = String, Path)), responses(
    (status = 200, description = "`wire::media::Standing`", body = serde_json::Value),
    (status = 422, description = "The file is not what was said of it, and its parts are gone", body = Problem),
))]
pub(crate) async fn complete(
    State(app): State<App>,
    signed: Signed,
    Path2(org, sha256): Path2<OrganisationId, Digest>,
) -> Result<axum::Json<Standing>, Error> {
    of_member(&app, org, &signed).await?;
    let upload = Upload { org, person: signed.person, sha256 };
    let mut tx = app.database.read().await?;
    if table::verified(&mut tx, org, &sha256).await?.is_some() {
        return Ok(axum::Json(Standing::Exists));
    }
    let file = table::begun(&mut tx, &upload).await?.ok_or(Error::from(Code::NotFound))?;
    let parts = table::parts(&mut tx, &upload).await?;
    drop(tx);
    if parts.len() as u64 != parts_of(file.bytes()) {
        let parts = parts.into_iter().map(|(number, _)| number).collect();
        return Ok(axum::Json(Standing::Upload { part_size: PART_BYTES, parts }));
    }
    let place = Arc::clone(&app.uploads.complete).try_acquire_owned().map_err(|_| Error::from(Code::Busy))?;
    // a task of its own: it ends even if nobody waits for the answer
    let done = tokio::spawn(async move {
        let _place = place;
        assemble(&app, &upload, &file, &parts).await
    });
    done.await.map_err(|error| Error::internal("media", &error))??;
    Ok(axum::Json(Standing::Exists))
}

/// Reads the parts once more, writes the file, and lets it count only if it is what was said.
async fn assemble(app: &App, upload: &Upload, file: &File, parts: &[(u32, Digest)]) -> Result<(), Error> {
    let at = files::file(upload.org, &upload.sha256);
    let mut out = app.files.begin(&at).await.map_err(|error| stored(&error))?;
    let written = async {
        let (mut hasher, mut size) = (Sha256::new(), 0_u64);
        for (number, hash) in parts {
            let from = files::part(upload.org, upload.person, &upload.sha256, *number, hash);
            let bytes = app.files.whole(&from).await.map_err(|error| stored(&error))?;
            if *number == 0 && sniffed(&bytes) != kind(&file.mime) {
                return Err(Error::with(Code::WrongContent, "The file is not of the type that was said."));
            }
            size = size.saturating_add(bytes.len() as u64);
            let hashing = bytes.clone();
            let updated = tokio::task::spawn_blocking(move || hasher.chain_update(&hashing));
            hasher = updated.await.map_err(|error| Error::internal("hashing", &error))?;
            out.put_part(bytes.into()).await.map_err(|error| stored(&error))?;
        }
        let whole = Digest(hasher.finalize().into());
        if whole != upload.sha256 || size != file.bytes() {
            return Err(Error::with(Code::WrongContent, "The file is not what its hash says."));
        }
        Ok(())
    };
    let written = written.await;
    match &written {
        Ok(()) => {
            out.complete().await.map_err(|error| stored(&error))?;
            let mut tx = app.database.write().await?;
            table::verify(&mut tx, upload, file, app.clock.millis()).await?;
            table::end(&mut tx, upload).await?;
            tx.commit().await?;
        }
        Err(error) => {
            // what is left of it is a matter of the place; nothing refers to it
            let _ = out.abort().await;
            if error.code == Code::WrongContent {
                let mut tx = app.database.write().await?;
                table::end(&mut tx, upload).await?;
                tx.commit().await?;
            } else {
                return written;
            }
        }
    }
    discard(app, upload, parts).await;
    written
}

/// Parts that nothing refers to any more. One that stays takes room and does no harm.
async fn discard(app: &App, upload: &Upload, parts: &[(u32, Digest)]) {
    for (number, hash) in parts {
        let at = files::part(upload.org, upload.person, &upload.sha256, *number, hash);
        if let Err(error) = app.files.delete(&at).await {
            let _ = stored(&error);
        }
    }
}

/// Gives up uploads that nobody went on with.
///
/// # Errors
/// The database does not answer; some of it may be done.
pub(crate) async fn purge(app: &App) -> Result<(), sqlx::Error> {
    let before = app.clock.millis().saturating_sub(UNFINISHED_DAYS.saturating_mul(DAY_MS));
    let mut tx = app.database.read().await?;
    let stale = table::stale(&mut tx, before, STALE_AT_ONCE).await?;
    drop(tx);
    for upload in stale {
        let mut tx = app.database.write().await?;
        let parts = table::parts(&mut tx, &upload).await?;
        table::end(&mut tx, &upload).await?;
        tx.commit().await?;
        discard(app, &upload, &parts).await;
    }
    Ok(())
}
