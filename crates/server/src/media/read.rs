//! Giving a file, whole or a range of it, so that no browser takes it for a page.

use std::ops::Range;

use axum::body::Body;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use domain::id::OrganisationId;
use http::{HeaderMap, HeaderValue, StatusCode, header};
use http_range_header::{SyntacticallyCorrectRange, parse_range_header_with_max_ranges};
use std::num::NonZeroUsize;
use wire::Digest;

use super::{files, kind, of_member, table};
use crate::app::App;
use crate::error::{Code, Error};
use crate::extract::Path2;
use crate::policy::Signed;

/// Nothing of it runs, loads or frames anything, wherever it is shown.
const NOTHING: &str = "default-src 'none'; sandbox; frame-ancestors 'none'";

/// Gives a file. One range at a time may be asked for.
#[utoipa::path(get, path = "/v1/orgs/{org}/media/{sha256}", tag = "media", params(
    ("org" = Uuid, Path), ("sha256" = String, Path), ("range" = Option<String>, Header),
), responses(
    (status = 200, description = "All of it", content_type = "application/octet-stream", body = String),
    (status = 206, description = "The range", content_type = "application/octet-stream", body = String),
    (status = 416, description = "It has no such range"),
))]
pub(crate) async fn read(
    State(app): State<App>,
    signed: Signed,
    Path2(org, sha256): Path2<OrganisationId, Digest>,
    headers: HeaderMap,
) -> Result<Response, Error> {
    of_member(&app, org, &signed).await?;
    let mut tx = app.database.read().await?;
    let file = table::verified(&mut tx, org, &sha256).await?.ok_or(Error::from(Code::NotFound))?;
    drop(tx);
    let size = file.bytes();
    let (status, range) = match asked(&headers, size) {
        Asked::All => (StatusCode::OK, 0..size),
        Asked::Part(range) => (StatusCode::PARTIAL_CONTENT, range),
        Asked::Beyond => {
            let mut response = StatusCode::RANGE_NOT_SATISFIABLE.into_response();
            set(&mut response, header::CONTENT_RANGE, &format!("bytes */{size}"));
            return Ok(response);
        }
    };
    let bytes = app.files.stream(&files::file(org, &sha256), range.clone()).await;
    let bytes = bytes.map_err(|error| match error {
        // the database says that it is there: a fault of the server, not of who asks
        object_store::Error::NotFound { .. } => Error::internal("media", &"a file is missing from its place"),
        error => {
            tracing::warn!(reason = %crate::error::one_line(&error.to_string()), "the place for media does not answer");
            Code::Busy.into()
        }
    })?;
    let mut response = Response::new(Body::from_stream(bytes));
    *response.status_mut() = status;
    let extension = kind(&file.mime).map_or("bin", domain::media::MediaType::extension);
    set(&mut response, header::CONTENT_TYPE, &file.mime);
    set(&mut response, header::CONTENT_LENGTH, &(range.end.saturating_sub(range.start)).to_string());
    set(&mut response, header::CONTENT_DISPOSITION, &format!("attachment; filename=\"{sha256}.{extension}\""));
    set(&mut response, header::CONTENT_SECURITY_POLICY, NOTHING);
    set(&mut response, header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    set(&mut response, header::ACCEPT_RANGES, "bytes");
    set(&mut response, header::ETAG, &format!("\"{sha256}\""));
    if status == StatusCode::PARTIAL_CONTENT {
        let last = range.end.saturating_sub(1);
        set(&mut response, header::CONTENT_RANGE, &format!("bytes {}-{last}/{size}", range.start));
    }
    Ok(response)
}

fn set(response: &mut Response, name: http::HeaderName, value: &str) {
    // all of them are made of digits, hashes and names of types
    if let Ok(value) = HeaderValue::from_str(value) {
        response.headers_mut().insert(name, value);
    }
}

#[derive(Debug, PartialEq, Eq)]
enum Asked {
    All,
    Part(Range<u64>),
    Beyond,
}

/// RFC 9110 section 14.2: what is not understood, and more than one range, is answered with all of it.
fn asked(headers: &HeaderMap, size: u64) -> Asked {
    let mut lines = headers.get_all(header::RANGE).iter();
    let (Some(line), None) = (lines.next(), lines.next()) else { return Asked::All };
    let parsed = line.to_str().ok().map(|line| parse_range_header_with_max_ranges(line, NonZeroUsize::MIN));
    let Some(Ok(ranges)) = parsed else { return Asked::All };
    let [range] = ranges.into_ranges()[..] else { return Asked::All };
    let range = match range {
        SyntacticallyCorrectRange::FromStart(first) => first..size,
        SyntacticallyCorrectRange::FromLast(count) => size.saturating_sub(count)..size,
        SyntacticallyCorrectRange::Indexed(first, last) => first..size.min(last.saturating_add(1)),
    };
    if range.is_empty() { Asked::Beyond } else { Asked::Part(range) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_read_as_the_standard_says() {
        let asked = |line: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::RANGE, line.parse().unwrap());
            asked(&headers, 100)
        };
        for (line, expected) in [
            ("bytes=0-9", Asked::Part(0..10)),
            ("bytes=90-", Asked::Part(90..100)),
            ("bytes=-5", Asked::Part(95..100)),
            ("bytes=-500", Asked::Part(0..100)),
            ("bytes=50-5000", Asked::Part(50..100)),
            ("bytes=100-", Asked::Beyond),
            ("bytes=-0", Asked::Beyond),
            ("bytes=5-1", Asked::All),
            ("bytes=0-1,5-6", Asked::All),
            ("lines=0-1", Asked::All),
            ("bytes=x", Asked::All),
        ] {
            assert_eq!(asked(line), expected, "{line}");
        }
    }
}
