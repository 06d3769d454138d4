//! Finds out whether a status that may have been sent is there.
//!
//! Calling an existing status absent leads to a second one, so "absent" is only said when every status of the time in
//! question was looked at and none can be ours. What only resembles ours is told as not known.

use domain::job::{Lookup, plus};
use egress::{Request, Response};
use jiff::Timestamp;
use serde::Deserialize;

use super::media::escaped;
use super::status::{NewStatus, Status};
use super::stored::Stored;
use super::{APP_NAME, Mastodon, html, read};
use crate::error::{CallError, Detail};
use crate::wire;

/// Statuses on one page (the most that servers give) and pages: together far more than one person posts in an hour.
const PAGE: usize = 40;
const PAGES: usize = 5;
/// Seconds before the first ticket from which statuses are looked at: clocks differ, and a server stamps when it begins.
const BEFORE_S: i64 = 60;
/// How many sources of statuses are read at most.
const SOURCES: usize = 10;

/// How sure it is that a status is the one we sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Match {
    Ours,
    Resembles,
    Other,
}

impl Mastodon {
    pub(super) async fn find_status(
        &self,
        stored: &Stored,
        request: &str,
        first_ticket_at: Timestamp,
        now: Timestamp,
    ) -> Lookup {
        let Ok(sent) = serde_json::from_str::<NewStatus>(request) else {
            return Lookup::Unknown { detail: "The stored request cannot be read.".to_owned() };
        };
        match self.candidates(stored, &sent, first_ticket_at, now).await {
            Ok(candidates) => self.decide(stored, &sent, &candidates, now).await,
            Err(error) => unknown(&error),
        }
    }

    /// All statuses since the ticket that could be ours, newest first.
    async fn candidates(
        &self,
        stored: &Stored,
        sent: &NewStatus,
        first_ticket_at: Timestamp,
        now: Timestamp,
    ) -> Result<Vec<Status>, CallError> {
        let mut candidates = Vec::new();
        let mut before: Option<String> = None;
        for _ in 0..PAGES {
            let path = format!("/api/v1/accounts/{}/statuses", escaped(&stored.account_id));
            let mut request = Request::get(stored.server.at(&path)).query("limit", &PAGE.to_string());
            request = request.query("exclude_reblogs", "true");
            if let Some(id) = &before {
                request = request.query("max_id", id);
            }
            let response = self.answer_to(stored, request, now).await?;
            let page: Vec<Status> = read(&response)?;
            // the ticket was stamped by our clock, the statuses by the server's
            let ahead_s = wire::server_ahead_s(&response, now).unwrap_or(0);
            let since = plus(first_ticket_at, ahead_s - BEFORE_S);
            let reached = page.iter().any(|status| status.created_at().is_some_and(|at| at < since)) || page.is_empty();
            before = page.last().map(|status| status.id.clone());
            let recent = |status: &Status| status.created_at().is_none_or(|at| at >= since);
            candidates.extend(page.into_iter().filter(|status| recent(status) && could_be(status, sent)));
            if reached {
                return Ok(candidates);
            }
        }
        Err(CallError::NoAnswer { detail: Detail::new("too many statuses since then to look at all of them", &[]) })
    }

    async fn decide(&self, stored: &Stored, sent: &NewStatus, candidates: &[Status], now: Timestamp) -> Lookup {
        let mut ours = Vec::new();
        let mut resembling = 0;
        for (number, status) in candidates.iter().enumerate() {
            let judged = match judge(status, sent) {
                // images decide by themselves; a text that was formatted can be read as it was sent
                seen @ (Match::Resembles | Match::Other) if by_text(status, sent) && number < SOURCES => {
                    match self.source(stored, &status.id, now).await {
                        Some(source) if same(&source, &sent.status) => Match::Ours,
                        Some(_) => Match::Other,
                        None => seen,
                    }
                }
                seen => seen,
            };
            match judged {
                Match::Ours => ours.push(status),
                Match::Resembles => resembling += 1,
                Match::Other => {}
            }
        }
        match (ours.as_slice(), resembling) {
            ([status], _) => Lookup::Found { remote: status.remote(stored) },
            ([], 0) => Lookup::Absent,
            ([], _) => {
                Lookup::Unknown { detail: "A status of that time resembles this one, but is not equal.".to_owned() }
            }
            (several, _) => {
                Lookup::Unknown { detail: format!("{} statuses of that time are equal to this one.", several.len()) }
            }
        }
    }

    /// The text as it was sent, from servers that tell it (Mastodon 3.5 and later).
    async fn source(&self, stored: &Stored, id: &str, now: Timestamp) -> Option<String> {
        #[derive(Deserialize)]
        struct Source {
            text: String,
        }
        let request = Request::get(stored.server.at(&format!("/api/v1/statuses/{}/source", escaped(id))));
        let response = self.answer_to(stored, request, now).await.ok()?;
        response.json().ok().map(|source: Source| source.text)
    }

    async fn answer_to(&self, stored: &Stored, request: Request, now: Timestamp) -> Result<Response, CallError> {
        let response = self.egress.send(request.bearer(stored.token.expose())).await?;
        wire::judge(&response, now, &stored.secrets()).call()?;
        Ok(response)
    }
}

/// What needs no look at the text.
fn could_be(status: &Status, sent: &NewStatus) -> bool {
    let other_app = status.application.as_ref().is_some_and(|app| !app.name.is_empty() && app.name != APP_NAME);
    status.reblog.is_none()
        && !other_app
        && status.in_reply_to_id == sent.in_reply_to_id
        && status.media_attachments.len() == sent.media_ids.len()
}

fn judge(status: &Status, sent: &NewStatus) -> Match {
    let attached = |id: &String| status.media_attachments.iter().any(|attachment| attachment.id == *id);
    // an attachment belongs to one status only
    if !sent.media_ids.is_empty() && sent.media_ids.iter().all(attached) {
        return Match::Ours;
    }
    let shown = html::text(&status.content);
    if by_text(status, sent) && html::comparable(&shown) == html::comparable(&sent.status) {
        return Match::Ours;
    }
    if html::letters(&shown) == html::letters(&sent.status) { Match::Resembles } else { Match::Other }
}

/// Whether the text alone tells: no images, and the same warning.
fn by_text(status: &Status, sent: &NewStatus) -> bool {
    sent.media_ids.is_empty() && html::comparable(&status.spoiler_text) == html::comparable(&sent.spoiler_text)
}

/// Servers trim the ends and may write line breaks in another way.
fn same(source: &str, sent: &str) -> bool {
    source.split_whitespace().eq(sent.split_whitespace())
}

fn unknown(error: &CallError) -> Lookup {
    let detail = error.detail().map(Detail::as_str).filter(|detail| !detail.is_empty());
    Lookup::Unknown { detail: detail.map_or_else(|| error.to_string(), str::to_owned) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sent(text: &str) -> NewStatus {
        NewStatus {
            status: text.to_owned(),
            media_ids: Vec::new(),
            spoiler_text: String::new(),
            sensitive: false,
            visibility: "public".to_owned(),
            in_reply_to_id: None,
        }
    }

    fn status(json: &str) -> Status {
        let mut value: serde_json::Value = serde_json::from_str(json).unwrap();
        value["id"] = "1".into();
        value["created_at"] = "2026-11-22T12:00:00.000Z".into();
        serde_json::from_value(value).unwrap()
    }

    #[test]
    fn a_status_is_recognised_by_its_text() {
        let post = sent("Hello @ben@b.example: https://example.com");
        let ours = status(r#"{"content":"<p>Hello <a>@<span>ben</span></a>: <a>https://example.com</a></p>"}"#);
        assert_eq!(judge(&ours, &post), Match::Ours);
        let formatted = status(r#"{"content":"<p>Hello @ben: https://example.com!</p>"}"#);
        assert_eq!(judge(&formatted, &post), Match::Resembles);
        assert_eq!(judge(&status(r#"{"content":"<p>Something else</p>"}"#), &post), Match::Other);
        let warned = status(r#"{"content":"<p>Hello @ben: https://example.com</p>","spoiler_text":"x"}"#);
        assert_eq!(judge(&warned, &post), Match::Resembles);
    }

    #[test]
    fn what_can_be_excluded_without_the_text() {
        let mut reply = sent("x");
        reply.in_reply_to_id = Some("7".to_owned());
        assert!(could_be(&status(r#"{"in_reply_to_id":"7"}"#), &reply));
        assert!(!could_be(&status(r#"{"in_reply_to_id":"8"}"#), &reply));
        assert!(!could_be(&status(r#"{"in_reply_to_id":"7","media_attachments":[{"id":"1"}]}"#), &reply));
        assert!(!could_be(&status(r#"{"in_reply_to_id":"7","application":{"name":"Tusky"}}"#), &reply));
        assert!(could_be(&status(r#"{"in_reply_to_id":"7","application":{"name":"Sendoff"}}"#), &reply));
        assert!(!could_be(&status(r#"{"in_reply_to_id":"7","reblog":{"id":"3"}}"#), &reply));
        let mut picture = sent("other text");
        picture.media_ids = vec!["5".to_owned(), "6".to_owned()];
        assert_eq!(judge(&status(r#"{"media_attachments":[{"id":"6"},{"id":"5"}]}"#), &picture), Match::Ours);
        assert_eq!(judge(&status(r#"{"media_attachments":[{"id":"6"},{"id":"9"}]}"#), &picture), Match::Other);
    }
}
