//! People by their names.

use egress::Request;
use jiff::Timestamp;
use serde::Deserialize;

use super::stored::Stored;
use super::{Mastodon, read};
use crate::adapter::Person;
use crate::error::CallError;
use crate::wire;

const LIMIT: usize = 8;

impl Mastodon {
    /// Source: mastodon/documentation methods/accounts.md, `GET /api/v1/accounts/search`, 2026-07-02.
    pub(super) async fn people(&self, stored: &Stored, typed: &str, now: Timestamp) -> Result<Vec<Person>, CallError> {
        #[derive(Deserialize)]
        struct Account {
            /// Without a host for people of this server.
            acct: String,
            #[serde(default)]
            display_name: String,
        }
        let request = Request::get(stored.server.at("/api/v1/accounts/search"));
        let request = request.query("q", typed).query("limit", &LIMIT.to_string()).query("resolve", "false");
        let response = self.egress.send(request.bearer(stored.token.expose())).await?;
        wire::judge(&response, now, &stored.secrets()).call()?;
        let accounts: Vec<Account> = read(&response)?;
        let host = stored.server.host();
        let person = |account: Account| {
            // with its host it means the same person on every server that the post goes to
            let handle = if account.acct.contains('@') { account.acct } else { format!("{}@{host}", account.acct) };
            Person { handle, name: account.display_name.chars().take(640).collect() }
        };
        Ok(accounts.into_iter().filter(|account| account.acct.len() <= 320).take(LIMIT).map(person).collect())
    }
}
