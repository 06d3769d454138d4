//! Makes the record of a post, and the request that writes it.

use std::collections::BTreeMap;

use domain::job::Remote;
use domain::media::MediaType;
use domain::text::bluesky::{Facet, Feature, facets};
use domain::text::handle::is_valid_tid;
use domain::text::{NetworkRules, Rule};
use egress::Request;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::Bluesky;
use super::identity::read;
use super::stored::Stored;
use super::xrpc;
use crate::adapter::{CardFile, ImageFile, PrepareInput, Reply};
use crate::error::{CallError, PrepareError};
use crate::wire;

pub(super) const COLLECTION: &str = "app.bsky.feed.post";

/// `handle` to DID, for the handles that lead somewhere.
type Mentioned = BTreeMap<String, String>;

impl Bluesky {
    /// The body of `com.atproto.repo.putRecord`, complete. `swapRecord: null` means "only if nothing is there"; the same
    /// body again is a success that changes nothing (source: bluesky-social/atproto
    /// packages/pds/src/api/com/atproto/repo/putRecord.ts, read 2026-11). `validate` is left out: servers then check the
    /// record types they know.
    pub(super) async fn freeze(&self, stored: &Stored, input: PrepareInput<'_>) -> Result<String, PrepareError> {
        check(&input)?;
        let mentioned = self.resolve_mentions(stored, input.text, input.now).await?;
        let mut images = Vec::new();
        for image in input.images {
            images.push(self.upload(stored, image, input.now).await?);
        }
        let thumb = match input.card.and_then(|card| card.picture) {
            Some(picture) => self.upload(stored, picture, input.now).await?.get("image").cloned(),
            None => None,
        };
        let embed = embed(images).or_else(|| input.card.map(|card| external(card, thumb)));
        let record = record(&input, &mentioned, embed);
        let body = json!({
            "repo": stored.did,
            "collection": COLLECTION,
            "rkey": input.key,
            "record": record,
            "swapRecord": null,
        });
        Ok(body.to_string())
    }

    /// Asks for every handle in the text once. A name that leads nowhere stays plain text; a server that cannot be asked
    /// stops the preparation, because a mention must not get lost for that.
    async fn resolve_mentions(&self, stored: &Stored, text: &str, now: Timestamp) -> Result<Mentioned, CallError> {
        let mut mentioned = Mentioned::new();
        for facet in facets(text) {
            let Feature::Mention { handle } = facet.feature else { continue };
            let handle = handle.to_ascii_lowercase();
            if !mentioned.contains_key(&handle)
                && let Some(did) = self.resolve_handle(&stored.pds, &handle, now).await?
            {
                mentioned.insert(handle, did);
            }
        }
        Ok(mentioned)
    }

    /// Uploads one image or video; the server names it by its content, so a second upload is the same blob. A video is worked on
    /// once the post is there, and shows some seconds later (docs.bsky.app/docs/tutorials/video, "Simple method", read 2026-11).
    async fn upload(&self, stored: &Stored, image: &ImageFile, now: Timestamp) -> Result<Value, PrepareError> {
        #[derive(Deserialize)]
        struct Answer {
            blob: Value,
        }
        let url = xrpc::method(&stored.pds, "com.atproto.repo.uploadBlob", &[])?;
        let timeout = wire::upload_timeout(image.bytes.len());
        let request = Request::post(&url).body(image.kind.mime(), image.bytes.clone()).timeout(timeout);
        let response = self.send_as(stored, ("POST", &url), request, now).await.map_err(CallError::from)?;
        if image.kind.is_video() && response.status == 403 {
            // whoever signed in with OAuth before videos were asked for may upload images alone
            let sentence = "This sign-in may not upload videos. Connect the account again, then publish this post.";
            return Err(PrepareError::BreaksRules { sentence: sentence.to_owned() });
        }
        xrpc::judge(&response, now, stored).call()?;
        let answer: Answer = read(&response)?;
        let aspect = json!({ "width": image.width.max(1), "height": image.height.max(1) });
        Ok(match image.kind.is_video() {
            true => json!({ "alt": image.alt, "video": answer.blob, "aspectRatio": aspect }),
            false => json!({ "alt": image.alt, "image": answer.blob, "aspectRatio": aspect }),
        })
    }
}

/// What the server would refuse anyway, in words. The text itself was checked by the rules of `domain`.
fn check(input: &PrepareInput<'_>) -> Result<(), PrepareError> {
    let breaks = |sentence: String| Err(PrepareError::BreaksRules { sentence });
    if !is_valid_tid(input.key) {
        return breaks("The key of this post is not valid on Bluesky.".to_owned());
    }
    let limit = |rule| NetworkRules::BLUESKY.limit(rule);
    let (images, bytes) = (limit(Rule::ImagesPerPost), limit(Rule::ImageBytes));
    if input.images.len() > images as usize {
        return breaks(format!("Bluesky takes at most {images} images in one post."));
    }
    let (videos, pictures): (Vec<&ImageFile>, Vec<_>) = input.images.iter().partition(|image| image.kind.is_video());
    if pictures.iter().any(|image| image.bytes.len() > bytes as usize) {
        return breaks(format!("An image is larger than the {} MB that Bluesky takes.", bytes / 1_000_000));
    }
    if !videos.is_empty() && input.images.len() > 1 {
        return breaks("Bluesky takes a video alone.".to_owned());
    }
    if let Some(video) = videos.first() {
        let bytes = limit(Rule::VideoBytes);
        if video.kind != MediaType::Mp4 {
            return breaks("Bluesky takes videos as MP4 alone.".to_owned());
        }
        if video.bytes.len() > bytes as usize {
            return breaks(format!("A video is larger than the {} MB that Bluesky takes.", bytes / 1_000_000));
        }
    }
    let without_cid = |reply: &Reply<'_>| reply.root.cid.is_empty() || reply.parent.cid.is_empty();
    if input.reply.as_ref().is_some_and(without_cid) {
        return breaks("The post above this one is not known exactly enough to be answered.".to_owned());
    }
    Ok(())
}

/// Lexicon `app.bsky.feed.post`, read 2026-06-03. Languages are left out: nobody says what they are.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Record<'a> {
    #[serde(rename = "$type")]
    kind: &'static str,
    text: &'a str,
    /// Fixed when the request is frozen, so that every repetition is the same record.
    created_at: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    facets: Vec<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    embed: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reply: Option<Value>,
}

fn record<'a>(input: &PrepareInput<'a>, mentioned: &Mentioned, embed: Option<Value>) -> Record<'a> {
    let reference = |post: &Remote| json!({ "uri": post.id, "cid": post.cid });
    Record {
        kind: COLLECTION,
        text: input.text,
        created_at: input.created_at.strftime("%Y-%m-%dT%H:%M:%S.%3fZ").to_string(),
        facets: facets(input.text).into_iter().filter_map(|facet| written(facet, mentioned)).collect(),
        embed,
        reply: input.reply.map(|reply| json!({ "root": reference(reply.root), "parent": reference(reply.parent) })),
    }
}

/// Images together, a video alone (lexicons `app.bsky.embed.images` and `app.bsky.embed.video`).
fn embed(mut images: Vec<Value>) -> Option<Value> {
    match images.as_mut_slice() {
        [] => None,
        [video] if video.get("video").is_some() => {
            if let Some(fields) = video.as_object_mut() {
                fields.insert("$type".to_owned(), "app.bsky.embed.video".into());
            }
            images.pop()
        }
        _ => Some(json!({ "$type": "app.bsky.embed.images", "images": images })),
    }
}

/// The card of a link (lexicon `app.bsky.embed.external`, read 2026-06-03).
fn external(card: CardFile<'_>, thumb: Option<Value>) -> Value {
    let mut external = json!({ "uri": card.url, "title": card.title, "description": card.description });
    if let (Some(thumb), Some(fields)) = (thumb, external.as_object_mut()) {
        fields.insert("thumb".to_owned(), thumb);
    }
    json!({ "$type": "app.bsky.embed.external", "external": external })
}

/// A facet as the lexicon wants it; `None` for a mention of nobody.
fn written(facet: Facet, mentioned: &Mentioned) -> Option<Value> {
    let feature = match facet.feature {
        Feature::Link { uri } => json!({ "$type": "app.bsky.richtext.facet#link", "uri": uri }),
        Feature::Tag { tag } => json!({ "$type": "app.bsky.richtext.facet#tag", "tag": tag }),
        Feature::Mention { handle } => {
            json!({ "$type": "app.bsky.richtext.facet#mention", "did": mentioned.get(&handle.to_ascii_lowercase())? })
        }
    };
    Some(json!({ "index": { "byteStart": facet.start, "byteEnd": facet.end }, "features": [feature] }))
}
