//! People with accounts at the real servers, and what they read there with other clients.

use std::sync::atomic::{AtomicU64, Ordering};

use serde_json::{Value, json};

use crate::http::{bytes, client, json as answer};
use crate::servers::{Mastodon, Pds};

pub const PASSWORD: &str = "hunter2hunter2";

/// A number that no other test of this run has.
pub fn unique() -> u64 {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    NEXT.fetch_add(1, Ordering::Relaxed)
}

/// Somebody with a new account on a PDS.
#[derive(Debug, Clone)]
pub struct BlueskyPerson {
    pub handle: String,
    pub did: String,
    pub pds: String,
}

impl BlueskyPerson {
    /// # Panics
    /// The server makes no account.
    pub fn new(pds: &Pds, name: &str) -> Self {
        let handle = format!("{name}{}-{}.test", unique(), std::process::id());
        let body = json!({ "handle": handle, "email": format!("{handle}@x.example"), "password": PASSWORD });
        let url = format!("{}/xrpc/com.atproto.server.createAccount", pds.url);
        let account = answer(client().post(url).json(&body));
        Self { handle, did: account["did"].as_str().expect("a DID").to_owned(), pds: pds.url.clone() }
    }

    /// An app password, made with the account's own password as the app does.
    ///
    /// # Panics
    /// The server makes none.
    pub fn app_password(&self, name: &str) -> String {
        let session = self.session();
        let url = format!("{}/xrpc/com.atproto.server.createAppPassword", self.pds);
        let made = answer(client().post(url).bearer_auth(session).json(&json!({ "name": name })));
        made["password"].as_str().expect("a password").to_owned()
    }

    /// Takes an app password back: what was signed in with it is signed out.
    ///
    /// # Panics
    /// The server does not.
    pub fn revoke_app_password(&self, name: &str) {
        let session = self.session();
        let url = format!("{}/xrpc/com.atproto.server.revokeAppPassword", self.pds);
        let (status, text) =
            crate::http::answer(client().post(url).bearer_auth(session).json(&json!({ "name": name })));
        assert_eq!(status, 200, "{text}");
    }

    /// Every post of the repository, oldest first: `{uri, cid, value}` each.
    ///
    /// # Panics
    /// The server does not tell.
    pub fn posts(&self) -> Vec<Value> {
        let query = [("repo", self.did.as_str()), ("collection", "app.bsky.feed.post"), ("limit", "100")];
        let url = format!("{}/xrpc/com.atproto.repo.listRecords?reverse=true", self.pds);
        let listed = answer(client().get(url).query(&query));
        listed["records"].as_array().expect("records").clone()
    }

    /// The posts whose text contains `words`.
    pub fn posts_with(&self, words: &str) -> Vec<Value> {
        let has = |post: &Value| post["value"]["text"].as_str().is_some_and(|text| text.contains(words));
        self.posts().into_iter().filter(has).collect()
    }

    /// Gives the account a display name, with another client.
    ///
    /// # Panics
    /// The server does not take it.
    pub fn is_called(&self, name: &str) {
        let record = json!({ "$type": "app.bsky.actor.profile", "displayName": name });
        let body = json!({
            "repo": self.did, "collection": "app.bsky.actor.profile", "rkey": "self", "record": record,
        });
        let url = format!("{}/xrpc/com.atproto.repo.putRecord", self.pds);
        answer(client().post(url).bearer_auth(self.session()).json(&body));
    }

    /// The bytes of an image as it lies in the repository.
    pub fn blob(&self, cid: &str) -> Vec<u8> {
        let url = format!("{}/xrpc/com.atproto.sync.getBlob", self.pds);
        bytes(client().get(url).query(&[("did", self.did.as_str()), ("cid", cid)]))
    }

    fn session(&self) -> String {
        let body = json!({ "identifier": self.handle, "password": PASSWORD });
        let session = answer(client().post(format!("{}/xrpc/com.atproto.server.createSession", self.pds)).json(&body));
        session["accessJwt"].as_str().expect("a session").to_owned()
    }
}

/// What `ada` of the Mastodon-compatible server reads with another client.
impl Mastodon {
    /// Her statuses whose source text contains `words`, oldest first.
    ///
    /// # Panics
    /// The server does not tell.
    pub fn statuses_with(&self, words: &str) -> Vec<Value> {
        let me =
            answer(client().get(format!("{}/api/v1/accounts/verify_credentials", self.url)).bearer_auth("ada_token"));
        let id = me["id"].as_str().expect("an id");
        let url = format!("{}/api/v1/accounts/{id}/statuses?limit=40", self.url);
        let listed = answer(client().get(url).bearer_auth("ada_token"));
        let mut found: Vec<Value> = listed.as_array().expect("statuses").clone();
        found.retain(|status| self.source(status)["text"].as_str().is_some_and(|text| text.contains(words)));
        found.reverse();
        found
    }

    /// `{text, spoiler_text}` as they were sent.
    ///
    /// # Panics
    /// The server does not tell.
    pub fn source(&self, status: &Value) -> Value {
        let id = status["id"].as_str().expect("an id");
        answer(client().get(format!("{}/api/v1/statuses/{id}/source", self.url)).bearer_auth("ada_token"))
    }
}
