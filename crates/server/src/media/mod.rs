//! Files of organisations: taken in parts, named by what they are, given to members alone.
//!
//! The database says what is there; the bytes lie in a folder or in S3 ([`Files`]). What is offered is trusted in nothing: a part is
//! hashed when it comes, the whole when it is put together, and its type is looked at in its bytes.

mod files;
mod read;
mod table;
mod upload;

use domain::id::OrganisationId;
use domain::media::MediaType;
use std::time::Duration;
use utoipa_axum::routes;

use crate::app::App;
use crate::database::Migration;
use crate::error::Error;
use crate::organisations;
use crate::policy::{Policy, Signed};
use crate::router::Row;

pub use files::{Files, FilesError};
pub(crate) use upload::{Uploads, purge};

/// The steps of media.
pub const MIGRATIONS: &[Migration] = &[Migration {
    version: 2_001,
    name: "media",
    sqlite: include_str!("../../migrations/sqlite/2001_media.sql"),
    postgres: include_str!("../../migrations/postgres/2001_media.sql"),
}];

/// A part and nothing around it.
const PART_MAX: usize = wire::media::PART_BYTES as usize;
/// For a part that comes over a slow line.
const PART_TIME: Duration = Duration::from_secs(120);
/// For hashing and writing the largest file once more.
const COMPLETE_TIME: Duration = Duration::from_secs(300);

/// The routes of media.
pub fn rows() -> Vec<Row> {
    use Policy::Signed;
    vec![
        Row::new(Signed, routes!(upload::offer)),
        Row { body_max: PART_MAX, time_max: Some(PART_TIME), ..Row::new(Signed, routes!(upload::part)) },
        Row { time_max: Some(COMPLETE_TIME), ..Row::new(Signed, routes!(upload::complete)) },
        // as long as it is read; who stops reading is cut
        Row { time_max: None, ..Row::new(Signed, routes!(read::read)) },
    ]
}

/// Only members; to others the organisation is like none.
async fn of_member(app: &App, org: OrganisationId, signed: &Signed) -> Result<(), Error> {
    app.ledger.member(org, signed.person).await.map(drop).map_err(|fault| organisations::refused(&fault))
}

/// The type of this name.
fn kind(mime: &str) -> Option<MediaType> {
    use MediaType::{Gif, Jpeg, Mkv, Mov, Mp4, Png, WebM, Webp};
    [Jpeg, Png, Webp, Gif, Mp4, Mov, WebM, Mkv].into_iter().find(|kind| kind.mime() == mime)
}

/// What the first bytes of a file say that it is.
fn sniffed(head: &[u8]) -> Option<MediaType> {
    match infer::get(head)?.mime_type() {
        // MP4 by another of its brands
        "video/x-m4v" => Some(MediaType::Mp4),
        mime => kind(mime),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_type_is_looked_at_in_the_bytes() {
        assert_eq!(sniffed(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"), Some(MediaType::Png));
        assert_eq!(sniffed(b"\xff\xd8\xff\xe0\0\x10JFIF"), Some(MediaType::Jpeg));
        assert_eq!(sniffed(b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom"), Some(MediaType::Mp4));
        assert_eq!(sniffed(b"\0\0\0\x14ftypqt  \0\0\0\0qt  "), Some(MediaType::Mov));
        for other in [&b"<svg xmlns='http://www.w3.org/2000/svg'/>"[..], b"<html>", b"%PDF-1.7", b"PK\x03\x04", b""] {
            assert_eq!(sniffed(other), None, "{other:?}");
        }
        assert_eq!(kind("image/svg+xml"), None);
    }
}
