//! Uploads images and videos and waits until the server has worked through them.

use std::time::Duration;

use egress::{Multipart, Request, Response};
use jiff::Timestamp;
use serde::Deserialize;

use super::stored::Stored;
use super::{Mastodon, read};
use crate::adapter::ImageFile;
use crate::error::{CallError, PrepareError};
use crate::wire;

/// Together about a minute.
const PAUSES_MS: [u64; 10] = [250, 500, 1_000, 2_000, 4_000, 8_000, 10_000, 10_000, 12_000, 12_000];
/// So many times more for a video, which is coded anew there: together about nine minutes.
const PAUSES_FOR_VIDEO: usize = 40;

#[derive(Deserialize)]
struct Attachment {
    id: String,
}

impl Mastodon {
    /// Uploads one image or video with its description. A second upload makes a second attachment; what is not used, the server
    /// throws away after a day.
    pub(super) async fn upload(
        &self,
        stored: &Stored,
        image: &ImageFile,
        now: Timestamp,
    ) -> Result<String, PrepareError> {
        // text parts first: some servers read the parts in order
        let mut form = Multipart::new();
        if !image.alt.is_empty() {
            form = form.text("description", image.alt.clone());
        }
        let video = image.kind.is_video();
        let name = format!("{}.{}", if video { "video" } else { "image" }, image.kind.extension());
        form = form.file("file", name, image.kind.mime(), image.bytes.clone());
        let mut request = Request::post(stored.server.at("/api/v2/media")).multipart(form);
        request = request.bearer(stored.token.expose()).timeout(wire::upload_timeout(image.bytes.len()));
        let response = self.answer(stored, request, now).await?;
        let id = read::<Attachment>(&response)?.id;
        if !processing(&response) {
            return Ok(id);
        }
        self.wait_for(stored, &id, video, now).await?;
        Ok(id)
    }

    /// 206 while the server works on it, 200 when it is done (docs.joinmastodon.org/methods/media, read 2026-11).
    async fn wait_for(&self, stored: &Stored, id: &str, video: bool, now: Timestamp) -> Result<(), PrepareError> {
        let last = PAUSES_MS.last().copied().unwrap_or_default();
        let more = if video { PAUSES_FOR_VIDEO } else { 0 };
        for pause in PAUSES_MS.into_iter().chain(std::iter::repeat_n(last, more)) {
            pause_for(Duration::from_millis(pause)).await;
            let request = Request::get(stored.server.at(&format!("/api/v1/media/{}", escaped(id))));
            let response = self.answer(stored, request.bearer(stored.token.expose()), now).await?;
            if !processing(&response) {
                return Ok(());
            }
        }
        Err(PrepareError::StillProcessing)
    }

    async fn answer(&self, stored: &Stored, request: Request, now: Timestamp) -> Result<Response, CallError> {
        let response = self.egress.send(request).await?;
        wire::judge(&response, now, &stored.secrets()).call()?;
        Ok(response)
    }
}

fn processing(response: &Response) -> bool {
    matches!(response.status, 202 | 206)
}

/// An id as part of a path.
pub(super) fn escaped(id: &str) -> String {
    url::form_urlencoded::byte_serialize(id.as_bytes()).collect()
}

#[expect(clippy::disallowed_methods, reason = "a pause between two questions to a server, not a point in time")]
async fn pause_for(pause: Duration) {
    tokio::time::sleep(pause).await;
}
