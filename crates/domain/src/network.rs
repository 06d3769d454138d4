//! The networks whose rules this program knows. To some it publishes itself; to the others a person posts what was prepared.

use serde::{Deserialize, Serialize};

macro_rules! networks {
    ($($variant:ident, $wire:literal, $name:literal;)+) => {
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum Network {
            $(#[serde(rename = $wire)] $variant,)+
        }

        impl Network {
            pub const ALL: [Self; [$($wire),+].len()] = [$(Self::$variant),+];

            /// The name as people write it.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)+ }
            }

            /// The stable name in storage and on the wire.
            pub const fn wire(self) -> &'static str {
                match self { $(Self::$variant => $wire,)+ }
            }
        }
    };
}

networks! {
    Bluesky, "bluesky", "Bluesky";
    Mastodon, "mastodon", "Mastodon";
    X, "x", "X";
    LinkedIn, "linkedin", "LinkedIn";
    Threads, "threads", "Threads";
    Instagram, "instagram", "Instagram";
    Facebook, "facebook", "Facebook";
    TikTok, "tiktok", "TikTok";
    YouTube, "youtube", "YouTube";
    Pinterest, "pinterest", "Pinterest";
    Reddit, "reddit", "Reddit";
    Telegram, "telegram", "Telegram";
    Discord, "discord", "Discord";
}

impl Network {
    /// The networks that the program publishes to itself.
    pub const PUBLISHED: [Self; 2] = [Self::Bluesky, Self::Mastodon];

    /// Whether an account may be allowed more for money, which changes its limits.
    pub const fn has_premium(self) -> bool {
        matches!(self, Self::X | Self::Discord)
    }

    /// Where a person writes a post by hand.
    ///
    /// X and Threads fill in `text` ("web intents": docs.x.com/x-for-websites/post-button/guides/web-intent and
    /// developers.facebook.com/docs/threads/threads-web-intents, read 2026-11); everywhere else it is pasted.
    pub fn composer(self, text: &str) -> String {
        let filled = |address: &str| {
            let mut url = url::Url::parse(address).ok()?;
            url.query_pairs_mut().append_pair("text", text);
            (url.as_str().len() <= MAX_INTENT).then(|| url.into())
        };
        let (intent, plain) = match self {
            Self::X => (Some("https://x.com/intent/post"), "https://x.com/compose/post"),
            Self::Threads => (Some("https://www.threads.net/intent/post"), "https://www.threads.net/"),
            Self::Bluesky => (None, "https://bsky.app/"),
            Self::Mastodon => (None, "https://joinmastodon.org/"),
            Self::LinkedIn => (None, "https://www.linkedin.com/feed/?shareActive=true"),
            Self::Instagram => (None, "https://www.instagram.com/"),
            Self::Facebook => (None, "https://www.facebook.com/"),
            Self::TikTok => (None, "https://www.tiktok.com/upload"),
            Self::YouTube => (None, "https://studio.youtube.com/"),
            Self::Pinterest => (None, "https://www.pinterest.com/pin-creation-tool/"),
            Self::Reddit => (None, "https://www.reddit.com/submit"),
            Self::Telegram => (None, "https://web.telegram.org/"),
            Self::Discord => (None, "https://discord.com/channels/@me"),
        };
        intent.and_then(filled).unwrap_or_else(|| plain.to_owned())
    }

    /// For how many seconds after a ticket the network recognises a repeated key as the same post; `None` is for ever.
    ///
    /// Mastodon: documented as "up to 1 hour" (docs.joinmastodon.org/methods/statuses, read 2026-11); we stop at 50 minutes.
    /// Bluesky: the record key is the address of the record, so it never expires.
    pub const fn key_lifetime_s(self) -> Option<i64> {
        match self {
            Self::Bluesky => None,
            Self::Mastodon => Some(50 * 60),
            // nothing is sent there by a program, so nothing is repeated
            _ => Some(0),
        }
    }

    /// How many seconds after the end of a ticket the same request may be sent once more under its key.
    ///
    /// Mastodon looks a key up before it makes the post and notes it afterwards, without a lock (mastodon/mastodon
    /// app/services/post_status_service.rb, read 2026-11): two requests at once are two posts. One whose connection is gone
    /// may still wait in a proxy, so a repeat waits for longer than that: three minutes.
    /// Bluesky: writing a record twice under one record key is writing it once, in whatever order.
    pub const fn repeat_after_s(self) -> i64 {
        match self {
            Self::Mastodon => 180,
            _ => 0,
        }
    }
}

/// Longer addresses are not taken everywhere: the text is pasted then.
const MAX_INTENT: usize = 2_000;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wire_name_is_the_stored_one() {
        for network in Network::ALL {
            let wire = serde_json::to_string(&network).unwrap();
            assert_eq!(wire, format!("\"{}\"", network.wire()));
            assert_eq!(serde_json::from_str::<Network>(&wire).unwrap(), network);
        }
    }

    #[test]
    fn a_composer_is_filled_where_the_network_offers_it() {
        assert_eq!(Network::X.composer("Bread & salt #1"), "https://x.com/intent/post?text=Bread+%26+salt+%231");
        assert_eq!(Network::X.composer(&"ä".repeat(2_000)), "https://x.com/compose/post");
        for network in Network::ALL {
            assert!(url::Url::parse(&network.composer("Bread\n💥")).is_ok_and(|url| url.scheme() == "https"));
        }
    }
}
