//! What a server says about itself and its limits.

use domain::text::mastodon::MastodonLimits;
use egress::Request;
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::Value;

use super::{Mastodon, read};
use crate::error::CallError;
use crate::server::Server;
use crate::wire;

/// Both versions of the document, each with what the other calls by another name. Numbers are taken one by one: servers
/// that are not Mastodon leave some out, and a strange one must not hide the others.
#[derive(Debug, Deserialize)]
struct Instance {
    /// Both versions have it; it tells that this is such a document at all.
    version: String,
    #[serde(default)]
    configuration: Configuration,
    /// Pleroma and its relatives.
    #[serde(default)]
    max_toot_chars: Value,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Configuration {
    statuses: Value,
    media_attachments: Value,
}

impl Instance {
    fn limits(&self) -> MastodonLimits {
        let mut limits = MastodonLimits::default();
        let statuses = |name: &str| number(self.configuration.statuses.get(name));
        let media = |name: &str| number(self.configuration.media_attachments.get(name));
        let set = |limit: &mut u32, value: Option<u32>| *limit = value.unwrap_or(*limit);
        set(&mut limits.max_characters, statuses("max_characters").or_else(|| number(Some(&self.max_toot_chars))));
        set(&mut limits.characters_reserved_per_url, statuses("characters_reserved_per_url"));
        set(&mut limits.max_media_attachments, statuses("max_media_attachments"));
        set(&mut limits.description_limit, media("description_limit"));
        set(&mut limits.image_size_limit, media("image_size_limit"));
        set(&mut limits.image_matrix_limit, media("image_matrix_limit"));
        set(&mut limits.video_size_limit, media("video_size_limit"));
        set(&mut limits.video_matrix_limit, media("video_matrix_limit"));
        set(&mut limits.video_frame_rate_limit, media("video_frame_rate_limit"));
        if let Some(Value::Array(kinds)) = self.configuration.media_attachments.get("supported_mime_types") {
            let kinds = kinds.iter().filter_map(Value::as_str).take(200);
            limits.supported_mime_types = kinds.map(str::to_owned).collect();
        }
        limits
    }
}

/// A limit of zero or beyond 32 bits is no limit that a server means.
fn number(value: Option<&Value>) -> Option<u32> {
    value?.as_u64().and_then(|number| u32::try_from(number).ok()).filter(|number| *number > 0)
}

impl Mastodon {
    /// Version 2 of the document (Mastodon 4.0 and later), else version 1.
    pub(super) async fn limits(&self, server: &Server, now: Timestamp) -> Result<MastodonLimits, CallError> {
        let mut last = CallError::SignInRefused;
        for path in ["/api/v2/instance", "/api/v1/instance"] {
            let response = self.egress.send(Request::get(server.at(path))).await?;
            let judged = wire::judge(&response, now, &[]).call();
            match judged.and_then(|()| read::<Instance>(&response)) {
                Ok(instance) if !instance.version.is_empty() => return Ok(instance.limits()),
                Ok(_) => last = CallError::NoAnswer { detail: wire::detail(&response, &[]) },
                Err(error @ CallError::RateLimited { .. }) => return Err(error),
                Err(error) => last = error,
            }
        }
        Err(last)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn limits(json: &str) -> MastodonLimits {
        serde_json::from_str::<Instance>(json).unwrap().limits()
    }

    #[test]
    fn limits_of_different_servers() {
        let full = limits(
            r#"{"version":"4.5.0","configuration":{"statuses":{"max_characters":1000,"max_media_attachments":6,
            "characters_reserved_per_url":30},"media_attachments":{"supported_mime_types":["image/png"],
            "description_limit":100,"image_size_limit":5,"image_matrix_limit":6,"video_size_limit":7,
            "video_matrix_limit":8,"video_frame_rate_limit":9}}}"#,
        );
        let expected = MastodonLimits {
            max_characters: 1000,
            characters_reserved_per_url: 30,
            max_media_attachments: 6,
            description_limit: 100,
            image_size_limit: 5,
            image_matrix_limit: 6,
            video_size_limit: 7,
            video_matrix_limit: 8,
            video_frame_rate_limit: 9,
            supported_mime_types: vec!["image/png".to_owned()],
        };
        assert_eq!(full, expected);
        let usual = MastodonLimits::default();
        assert_eq!(limits(r#"{"version":"2.7.2 (compatible; Pleroma)","max_toot_chars":5000}"#).max_characters, 5000);
        for strange in [
            r#"{"version":"x"}"#,
            r#"{"version":"x","configuration":{"statuses":"none","media_attachments":7}}"#,
            r#"{"version":"x","configuration":{"statuses":{"max_characters":0,"characters_reserved_per_url":-1}}}"#,
            r#"{"version":"x","configuration":{"statuses":{"max_characters":99999999999,"max_media_attachments":"4"}}}"#,
        ] {
            assert_eq!(limits(strange), usual, "{strange}");
        }
    }

    #[test]
    fn the_recorded_server() {
        let Some(path) = crate::testing::data("recordings/mastodon/test_media_post_multiple.yaml") else { return };
        let recording = std::fs::read_to_string(path).unwrap();
        let bodies = recording.split("string: '").skip(1).filter_map(|rest| rest.split("'\n").next());
        // a YAML line break inside quotes is a space; two quotes are one
        let bodies =
            bodies.map(|body| body.split('\n').map(str::trim).collect::<Vec<_>>().join(" ").replace("''", "'"));
        let instances: Vec<Instance> = bodies.filter_map(|body| serde_json::from_str(&body).ok()).collect();
        assert!(instances.len() >= 2, "version 1 and version 2: {}", instances.len());
        for instance in instances {
            let limits = instance.limits();
            assert_eq!((limits.max_characters, limits.characters_reserved_per_url), (500, 23));
            assert_eq!((limits.max_media_attachments, limits.image_size_limit), (4, 16_777_216));
        }
    }
}
