//! Files of an organisation: those of this computer go to the server, those of others come from it, each whole or not at all.

use std::collections::HashMap;
use std::io::SeekFrom;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use contract::posts::ImageSize;
use contract::{ApiError, Code, Origin, Tag};
use domain::id::MediaId;
use domain::media::Media;
use domain::{Key, Record};
use jiff::{SignedDuration, Timestamp};
use remote::Failure;
use tokio::io::{AsyncReadExt, AsyncSeekExt, AsyncWriteExt};
use wire::hash::Digest;
use wire::media::{Offer, PART_BYTES, Standing, part_size, parts_of};

use super::link::{failure, signed};
use super::team::Team;
use crate::engine::Engine;
use crate::errors::{internal, storage, storage_io};
use crate::images;

/// Files of one round: what is left goes with the next.
const ROUND: u32 = 20;

/// A file that the server does not have either is asked for again after this: it may be on its way there.
const ASKED_AGAIN: SignedDuration = SignedDuration::from_secs(5);
/// Each time after twice as long, up to this.
const ASKED_AGAIN_MAX: SignedDuration = SignedDuration::from_mins(10);

/// Files that are neither here nor at the server: the others do not wait behind them.
#[derive(Debug, Default)]
pub(crate) struct Nowhere(Mutex<HashMap<MediaId, Missed>>);

#[derive(Debug, Clone, Copy)]
struct Missed {
    at: Timestamp,
    /// How long it is not asked for after that.
    pause: SignedDuration,
}

impl Nowhere {
    fn missed(&self, file: MediaId, at: Timestamp) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let missed = known.entry(file).or_insert(Missed { at, pause: ASKED_AGAIN / 2 });
        *missed = Missed { at, pause: missed.pause.saturating_mul(2).min(ASKED_AGAIN_MAX) };
    }

    fn came(&self, file: MediaId) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&file);
    }

    /// Those that are not asked for yet.
    fn skipped(&self, now: Timestamp) -> Vec<MediaId> {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // a clock that was set back keeps nothing away
        let skipped = known.iter().filter(|(_, missed)| now.duration_since(missed.at).abs() < missed.pause);
        skipped.map(|(file, _)| *file).collect()
    }
}

/// Sends what the server lacks, and takes what is not here; whether more is to be done.
///
/// # Errors
/// The server or the disk. What was done until then is done.
pub(super) async fn exchange(engine: &Engine, team: &Team) -> Result<bool, ApiError> {
    let besides = team.nowhere.skipped(engine.now());
    let unsent = engine.store.unsent_files(&besides, ROUND).await.map_err(|error| storage(&error))?;
    let full = unsent.len() >= usize::try_from(ROUND).unwrap_or(usize::MAX);
    let mut came = false;
    for id in unsent {
        let Ok(Record::Media(media)) = engine.record(Key::Media(id)).await else { continue };
        if images::path(&engine.folder, id, ImageSize::Full).exists() {
            send(engine, team, &media).await?;
        } else {
            match fetch(engine, team, &media).await {
                Ok(true) => {
                    team.nowhere.came(id);
                    came = true;
                }
                // nobody has sent it yet
                Ok(false) => {
                    team.nowhere.missed(id, engine.now());
                    continue;
                }
                Err(error) if error.code == Code::BadAnswer => {
                    tracing::warn!(error = error.message, "a file of an organisation did not come");
                    team.nowhere.missed(id, engine.now());
                    continue;
                }
                Err(error) => return Err(error),
            }
        }
        engine.store.file_was_sent(id).await.map_err(|error| storage(&error))?;
    }
    if came {
        engine.announce(&[Tag::Media, Tag::Posts], Origin::Shell);
    }
    Ok(full)
}

async fn send(engine: &Engine, team: &Team, media: &Media) -> Result<(), ApiError> {
    let (link, organisation, file) = (&team.link, team.organisation, Digest(*media.id.bytes()));
    let offer = Offer { sha256: file, size: media.bytes, mime: media.kind.mime().to_owned() };
    let standing = signed!(link, |access| link.server.offer(access, organisation, &offer));
    let Standing::Upload { parts, .. } = standing.map_err(|error| failure(&error))? else { return Ok(()) };
    let path = images::path(&engine.folder, media.id, ImageSize::Full);
    let mut source = tokio::fs::File::open(&path).await.map_err(|error| storage_io(&error))?;
    for number in 0..u32::try_from(parts_of(media.bytes)).unwrap_or(u32::MAX) {
        let Some(size) = part_size(media.bytes, number).filter(|_| !parts.contains(&number)) else { continue };
        let bytes = read(&mut source, u64::from(number).saturating_mul(PART_BYTES), size).await?;
        let sent =
            signed!(link, |access| link.server.send_part(access, organisation, &file, number, bytes.clone().into()));
        sent.map_err(|error| failure(&error))?;
    }
    let completed = signed!(link, |access| link.server.complete(access, organisation, &file));
    completed.map(drop).map_err(|error| failure(&error))
}

async fn read(source: &mut tokio::fs::File, from: u64, size: u64) -> Result<Vec<u8>, ApiError> {
    source.seek(SeekFrom::Start(from)).await.map_err(|error| storage_io(&error))?;
    let mut bytes = vec![0; usize::try_from(size).unwrap_or(0)];
    source.read_exact(&mut bytes).await.map_err(|error| storage_io(&error))?;
    Ok(bytes)
}

/// Makes sure that a file is here; false while the server does not have it either.
///
/// # Errors
/// The server or the disk; what came is another file than its name says.
pub(crate) async fn fetch(engine: &Engine, team: &Team, media: &Media) -> Result<bool, ApiError> {
    let place = images::path(&engine.folder, media.id, ImageSize::Full);
    if place.exists() {
        return Ok(true);
    }
    let unfinished = engine.folder.join("media").join(format!("{}.coming", media.id));
    if !load(team, media, &unfinished).await? {
        return Ok(false);
    }
    let (folder, id, kind, from) = (engine.folder.clone(), media.id, media.kind, unfinished.clone());
    let kept = tokio::task::spawn_blocking(move || images::adopt(&folder, id, kind, &from)).await;
    let kept = kept.map_err(|error| internal(&error))?;
    if !matches!(kept, Ok(true)) {
        // it would be taken for a beginning of the right one the next time
        let _ = tokio::fs::remove_file(&unfinished).await;
    }
    match kept? {
        true => Ok(true),
        false => Err(ApiError::new(Code::BadAnswer, "A file of the team is damaged on the server.")),
    }
}

/// Loads a file part by part behind what came of it before.
async fn load(team: &Team, media: &Media, into: &Path) -> Result<bool, ApiError> {
    let (link, organisation, file) = (&team.link, team.organisation, Digest(*media.id.bytes()));
    if let Some(folder) = into.parent() {
        tokio::fs::create_dir_all(folder).await.map_err(|error| storage_io(&error))?;
    }
    let mut target = tokio::fs::OpenOptions::new();
    let target = target.create(true).append(true).open(into).await;
    let mut target = target.map_err(|error| storage_io(&error))?;
    let mut have = target.metadata().await.map_err(|error| storage_io(&error))?.len();
    while have < media.bytes {
        let len = PART_BYTES.min(media.bytes.saturating_sub(have));
        let part = signed!(link, |access| link.server.read_part(access, organisation, &file, have, len));
        let part = match part {
            Ok(part) => part,
            Err(Failure::Refused { status: 404, .. }) => return Ok(false),
            Err(error) => return Err(failure(&error)),
        };
        target.write_all(&part).await.map_err(|error| storage_io(&error))?;
        have = have.saturating_add(part.len() as u64);
    }
    target.flush().await.map_err(|error| storage_io(&error))?;
    target.sync_all().await.map_err(|error| storage_io(&error))?;
    Ok(true)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_nowhere_is_asked_for_ever_more_rarely() {
        let (nowhere, file, begun) = (Nowhere::default(), MediaId::from_digest([7; 32]), Timestamp::UNIX_EPOCH);
        let at = |seconds: i64| begun + SignedDuration::from_secs(seconds);
        let skips = |now| nowhere.skipped(now) == [file];
        nowhere.missed(file, begun);
        assert!(skips(at(4)) && !skips(at(5)) && !skips(at(-5)));
        nowhere.missed(file, at(5));
        assert!(skips(at(14)) && !skips(at(15)));
        for _ in 0..20 {
            nowhere.missed(file, at(100));
        }
        assert!(skips(at(699)) && !skips(at(700)));
        nowhere.came(file);
        nowhere.missed(file, at(1_000));
        assert!(!skips(at(1_005)));
    }
}
