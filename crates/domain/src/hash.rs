//! The content hash: SHA-256 over exactly what will be sent, to whom, and when. A sign-off is bound to it.

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::id::{AccountId, BadId, MediaId, parse_hex};
use crate::link_tags::LinkTags;
use crate::post::{Card, Content, Draft, Target};

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ContentHash([u8; 32]);

impl ContentHash {
    /// Hash of what all targets of a draft get, at `due_at`. `None` when a draft has no targets: there is nothing to sign.
    ///
    /// The inner title is left out, because it is never sent. Targets count in the order of their ids, so that the same
    /// delivery has the same hash however its accounts were picked.
    pub fn of(draft: &Draft, due_at: Timestamp) -> Option<Self> {
        let mut writer = Canonical::new(b"sendoff/content/1");
        writer.number(due_at.as_second());
        writer.sent(draft)
    }

    /// The same without the time: of what may go out at any.
    pub fn of_text(draft: &Draft) -> Option<Self> {
        Canonical::new(b"sendoff/text/1").sent(draft)
    }

    /// Hash of all that a person sees of a post when they decide about it: the whole draft, and the time if one is set. Other than
    /// a version it is the same on every desk, and no two texts have it. Targets count in the order of their ids.
    pub fn of_seen(draft: &Draft, at: Option<Timestamp>) -> Self {
        // taken apart by name, so that a new field cannot be forgotten here
        let Draft { title, persona, base, targets, link_tags } = draft;
        let mut writer = Canonical::new(b"sendoff/seen/1");
        writer.length(usize::from(at.is_some()));
        if let Some(at) = at {
            writer.number(at.as_second());
        }
        writer.bytes(title.as_bytes());
        match persona {
            Some(persona) => writer.bytes(persona.uuid().as_bytes()),
            None => writer.bytes(&[]),
        }
        let tags = link_tags.as_ref().map(LinkTags::values);
        writer.length(usize::from(tags.is_some()));
        for value in tags.into_iter().flatten() {
            writer.bytes(value.as_bytes());
        }
        writer.content(base);
        let mut targets: Vec<&Target> = targets.iter().collect();
        targets.sort_unstable_by_key(|target| target.account);
        writer.length(targets.len());
        for Target { account, variant } in targets {
            writer.bytes(account.uuid().as_bytes());
            writer.length(usize::from(variant.is_some()));
            if let Some(content) = variant {
                writer.content(content);
            }
        }
        writer.finish()
    }

    /// Hash of the exact bytes of a frozen request.
    pub fn of_request(bytes: &[u8]) -> Self {
        let mut writer = Canonical::new(b"sendoff/request/1");
        writer.bytes(bytes);
        writer.finish()
    }
}

/// Length-prefixed fields: no two different contents share their bytes.
struct Canonical(Sha256);

impl Canonical {
    fn new(purpose: &[u8]) -> Self {
        let mut writer = Self(Sha256::new());
        writer.bytes(purpose);
        writer
    }

    fn length(&mut self, length: usize) {
        self.0.update((length as u64).to_be_bytes());
    }

    fn number(&mut self, number: i64) {
        self.0.update(number.to_be_bytes());
    }

    fn bytes(&mut self, bytes: &[u8]) {
        self.length(bytes.len());
        self.0.update(bytes);
    }

    fn sent(mut self, draft: &Draft) -> Option<ContentHash> {
        if draft.targets.is_empty() {
            return None;
        }
        let mut accounts: Vec<AccountId> = draft.targets.iter().map(|target| target.account).collect();
        accounts.sort_unstable();
        match draft.persona {
            Some(persona) => self.bytes(persona.uuid().as_bytes()),
            None => self.bytes(&[]),
        }
        if let Some(tags) = &draft.link_tags {
            // a persona is sixteen bytes or none, so this is no persona; without tags the hash is as it was before there were any
            self.bytes(b"link tags");
            for value in tags.values() {
                self.bytes(value.as_bytes());
            }
        }
        self.length(accounts.len());
        for account in accounts {
            self.bytes(account.uuid().as_bytes());
            self.content(draft.content_for(account)?);
        }
        Some(self.finish())
    }

    fn content(&mut self, content: &Content) {
        // taken apart by name, so that a new field cannot be forgotten here
        let Content { parts, content_warning, visibility, first_comment } = content;
        self.bytes(content_warning.as_bytes());
        self.bytes(visibility.wire().as_bytes());
        self.length(parts.len());
        for part in parts {
            self.bytes(part.text.as_bytes());
            self.length(part.images.len());
            for image in &part.images {
                self.bytes(image.media.bytes());
                self.bytes(image.alt.as_bytes());
            }
        }
        // what came later stands behind a name that is no account, and only where it is used: older hashes stay
        if parts.iter().any(|part| part.wait_s > 0) {
            self.bytes(b"waits");
            for part in parts {
                self.number(i64::from(part.wait_s));
            }
        }
        if parts.iter().any(|part| part.card.is_some()) {
            self.bytes(b"cards");
            for part in parts {
                self.length(usize::from(part.card.is_some()));
                if let Some(Card { url, title, description, picture }) = &part.card {
                    self.bytes(url.as_bytes());
                    self.bytes(title.as_bytes());
                    self.bytes(description.as_bytes());
                    self.bytes(picture.as_ref().map(MediaId::bytes).map_or(&[], |bytes| bytes.as_slice()));
                }
            }
        }
        if !first_comment.is_empty() {
            self.bytes(b"first comment");
            self.bytes(first_comment.as_bytes());
        }
    }

    fn finish(self) -> ContentHash {
        ContentHash(self.0.finalize().into())
    }
}

impl fmt::Display for ContentHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for ContentHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ContentHash({self})")
    }
}

impl FromStr for ContentHash {
    type Err = BadId;
    fn from_str(text: &str) -> Result<Self, BadId> {
        parse_hex(text).map(Self).ok_or(BadId)
    }
}

impl Serialize for ContentHash {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for ContentHash {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}
