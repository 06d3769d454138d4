//! Reads answers: which class they belong to, what the network says in them, how long it asks to wait.

use std::time::Duration;

use egress::{EgressError, Response};
use jiff::fmt::rfc2822::DateTimeParser;
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;

use crate::error::{CallError, Detail};

/// For one publishing request as a whole. A ticket waits 30 seconds for it (`domain::job::Job::TICKET_S`).
pub(crate) const SEND_TIMEOUT: Duration = Duration::from_secs(25);
/// For a file that is uploaded: a minute, and what it takes on a line of two megabits a second.
pub(crate) const fn upload_timeout(bytes: usize) -> Duration {
    Duration::from_secs(60 + bytes as u64 / 250_000)
}

/// An error in the network's own words: the JSON object with `error` that all of them use.
#[derive(Debug, Clone)]
pub(crate) struct PlatformError {
    /// A name on Bluesky and in OAuth, a sentence on Mastodon.
    pub code: String,
    /// The sentence beside a name, if there is one.
    pub message: String,
}

#[derive(Deserialize)]
struct ErrorBody {
    error: String,
    #[serde(default)]
    message: Option<String>,
    #[serde(default)]
    error_description: Option<String>,
}

/// `None` if the body is anything else: then somebody in between may have answered.
pub(crate) fn platform_error(response: &Response) -> Option<PlatformError> {
    let body: ErrorBody = response.json().ok()?;
    let message = body.message.or(body.error_description).unwrap_or_default();
    Some(PlatformError { code: body.error, message })
}

/// What an answer says, for showing on request.
pub(crate) fn detail(response: &Response, secrets: &[&str]) -> Detail {
    match platform_error(response) {
        Some(PlatformError { code, message }) if message.is_empty() => Detail::new(&code, secrets),
        Some(PlatformError { code, message }) => Detail::new(&format!("{message} ({code})"), secrets),
        None => Detail::new(&format!("status {}: {}", response.status, response.text()), secrets),
    }
}

/// What a status means, whatever the request was. Source of the classes: RFC 9110 chapter 15, and for "refused" that a
/// server's own words must come with it, because proxies and captive portals answer with statuses too.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Verdict {
    Success,
    /// 401 in the network's words, or 403 because the token allows too little.
    SignInRefused,
    RateLimited {
        until: Timestamp,
    },
    /// 400, 403, 404, 413 or 422 in the network's words.
    Refused {
        status: u16,
        detail: Detail,
    },
    /// Everything else: 3xx, 408, 409, 5xx, an answer in words that are not the network's.
    Unclear {
        detail: Detail,
    },
}

pub(crate) fn judge(response: &Response, now: Timestamp, secrets: &[&str]) -> Verdict {
    let detail = || detail(response, secrets);
    match response.status {
        200..=299 => Verdict::Success,
        429 => Verdict::RateLimited { until: wait_until(response, now) },
        400 | 401 | 403 | 404 | 413 | 422 if platform_error(response).is_none() => {
            Verdict::Unclear { detail: detail() }
        }
        401 => Verdict::SignInRefused,
        // RFC 6750 section 3.1: the token lacks a scope, so only a new sign-in helps
        403 if response.header("www-authenticate").is_some_and(|value| value.contains("insufficient_scope")) => {
            Verdict::SignInRefused
        }
        status @ (400 | 403 | 404 | 413 | 422) => Verdict::Refused { status, detail: detail() },
        _ => Verdict::Unclear { detail: detail() },
    }
}

impl Verdict {
    /// For calls that are not the publishing one.
    pub fn call(self) -> Result<(), CallError> {
        match self {
            Self::Success => Ok(()),
            Self::SignInRefused => Err(CallError::SignInRefused),
            Self::RateLimited { until } => Err(CallError::RateLimited { until }),
            Self::Refused { status, detail } => Err(CallError::Refused { status, detail }),
            Self::Unclear { detail } => Err(CallError::NoAnswer { detail }),
        }
    }
}

impl From<EgressError> for CallError {
    fn from(error: EgressError) -> Self {
        let detail = Detail::from(&error);
        if error.refused_here() { Self::Blocked { detail } } else { Self::NoAnswer { detail } }
    }
}

/// The longest wait that is believed: the daily limits of Bluesky end within a day.
const LONGEST_WAIT: SignedDuration = SignedDuration::from_hours(24);
/// When a server names no time, or one that has passed.
const USUAL_WAIT: SignedDuration = SignedDuration::from_mins(1);

/// When a server that said 429 wants to be asked again, at least a second and at most a day from now. Reads
/// `Retry-After` (seconds or a date), `RateLimit-Reset` (Bluesky: seconds since 1970) and `X-RateLimit-Reset` (Mastodon:
/// an ISO 8601 time); times are corrected by what the server's clock differs from ours.
pub(crate) fn wait_until(response: &Response, now: Timestamp) -> Timestamp {
    let ahead = SignedDuration::from_secs(server_ahead_s(response, now).unwrap_or(0));
    let named = ["retry-after", "ratelimit-reset", "x-ratelimit-reset"]
        .into_iter()
        .find_map(|name| moment(response.header(name)?.trim(), now, ahead));
    let wait = named.map(|until| until.duration_since(now)).filter(SignedDuration::is_positive).unwrap_or(USUAL_WAIT);
    let wait = wait.clamp(SignedDuration::from_secs(1), LONGEST_WAIT);
    now.checked_add(wait).unwrap_or(now)
}

/// Numbers above this are seconds since 1970, below it seconds from now.
const SMALLEST_EPOCH: i64 = 1_000_000_000;

fn moment(text: &str, now: Timestamp, ahead: SignedDuration) -> Option<Timestamp> {
    if let Ok(seconds) = text.parse::<i64>() {
        if seconds < SMALLEST_EPOCH {
            return now.checked_add(SignedDuration::from_secs(seconds)).ok();
        }
        return Timestamp::from_second(seconds).ok()?.checked_sub(ahead).ok();
    }
    let absolute = text.parse::<Timestamp>().ok().or_else(|| http_date(text));
    absolute?.checked_sub(ahead).ok()
}

/// By how many seconds the server's clock is ahead of ours, from the `Date` header.
pub(crate) fn server_ahead_s(response: &Response, now: Timestamp) -> Option<i64> {
    Some(http_date(response.header("date")?)?.duration_since(now).as_secs())
}

fn http_date(text: &str) -> Option<Timestamp> {
    DateTimeParser::new().parse_timestamp(text).ok()
}

#[cfg(test)]
mod tests {
    use egress::{HeaderMap, HeaderName, HeaderValue, Url};

    use super::*;

    fn answer(status: u16, headers: &[(&'static str, &str)], body: &str) -> Response {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.insert(HeaderName::from_static(name), HeaderValue::from_str(value).unwrap());
        }
        let final_url = Url::parse("https://server.example/").unwrap();
        Response { status, headers: map, body: body.as_bytes().to_vec(), final_url }
    }

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn classes_of_answers() {
        let now = at("2026-11-22T12:00:00Z");
        let json = r#"{"error":"InvalidRequest","message":"too long"}"#;
        let refused = |status| Verdict::Refused { status, detail: Detail::new("too long (InvalidRequest)", &[]) };
        for status in [400, 403, 404, 413, 422] {
            assert_eq!(judge(&answer(status, &[], json), now, &[]), refused(status));
        }
        assert_eq!(judge(&answer(401, &[], json), now, &[]), Verdict::SignInRefused);
        for status in [301, 302, 307, 405, 408, 409, 500, 502, 503, 504] {
            assert!(matches!(judge(&answer(status, &[], json), now, &[]), Verdict::Unclear { .. }), "{status}");
        }
        for status in [400, 401, 403, 404, 413, 422] {
            for body in ["<html>Sign in to the hotel network</html>", "", r#"{"error":"#, "[]", r#"{"errors":[]}"#] {
                assert!(
                    matches!(judge(&answer(status, &[], body), now, &[]), Verdict::Unclear { .. }),
                    "{status} {body}"
                );
            }
        }
        assert!(matches!(judge(&answer(429, &[], ""), now, &[]), Verdict::RateLimited { .. }));
        let scope = ("www-authenticate", r#"Bearer realm="x", error="insufficient_scope""#);
        assert_eq!(judge(&answer(403, &[scope], json), now, &[]), Verdict::SignInRefused);
    }

    #[test]
    fn how_long_to_wait() {
        let now = at("2026-11-22T12:00:00Z");
        let wait = |headers: &[(&'static str, &str)]| wait_until(&answer(429, headers, ""), now).to_string();
        assert_eq!(wait(&[("retry-after", "30")]), "2026-11-22T12:00:30Z");
        assert_eq!(wait(&[("retry-after", "Sun, 22 Nov 2026 12:05:00 GMT")]), "2026-11-22T12:05:00Z");
        assert_eq!(wait(&[("ratelimit-reset", "1795349400")]), "2026-11-22T12:10:00Z");
        assert_eq!(wait(&[("x-ratelimit-reset", "2026-11-22T12:15:00.627625Z")]), "2026-11-22T12:15:00.627625Z");
        assert_eq!(wait(&[]), "2026-11-22T12:01:00Z");
        for lie in ["0", "-5", "2020-01-01T00:00:00Z", "soon", "", "99999999999999999999"] {
            assert_eq!(wait(&[("retry-after", lie)]), "2026-11-22T12:01:00Z", "{lie}");
        }
        for lie in ["999999999", "9999-01-01T00:00:00Z", "253402200000"] {
            assert_eq!(wait(&[("x-ratelimit-reset", lie)]), "2026-11-23T12:00:00Z", "{lie}");
        }
        // our clock is an hour slow: the server's times are an hour ahead
        let date = ("date", "Sun, 22 Nov 2026 13:00:00 GMT");
        assert_eq!(wait(&[date, ("x-ratelimit-reset", "2026-11-22T13:02:00Z")]), "2026-11-22T12:02:00Z");
    }
}
