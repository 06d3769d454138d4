//! Credentials at work: opened from the vault, refreshed by one caller at a time, stored before they are used.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use contract::{ApiError, Origin, Tag};
use domain::Mutation;
use domain::account::{Account, Health};
use domain::id::AccountId;
use fail::fail_point;
use networks::{Credential, RefreshError};

use crate::engine::Engine;
use crate::errors::{storage, vault};
use crate::ports::{Notice, NoticeKind, Opens};
use crate::publisher::sentences::sentences;

/// One lock per account: whoever refreshes holds it, everyone else waits and finds the fresh credential.
#[derive(Debug, Default)]
pub(crate) struct Sessions(Mutex<HashMap<AccountId, Arc<tokio::sync::Mutex<()>>>>);

impl Sessions {
    fn of(&self, account: AccountId) -> Arc<tokio::sync::Mutex<()>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).entry(account).or_default().clone()
    }
}

/// Why there is no usable credential.
#[derive(Debug)]
pub(crate) enum NoSession {
    /// Only a person can repair it.
    Reconnect,
    /// It may pass: the vault is closed, the network does not answer.
    Later(ApiError),
}

impl From<NoSession> for ApiError {
    fn from(none: NoSession) -> Self {
        match none {
            NoSession::Reconnect => Self::new(
                contract::Code::WrongCredentials,
                "This account is signed out. Reconnect it; scheduled posts are kept.",
            ),
            NoSession::Later(error) => error,
        }
    }
}

impl Engine {
    /// A credential that is good for the next minute.
    pub(crate) async fn credential(&self, account: &Account) -> Result<Credential, NoSession> {
        let lock = self.sessions.of(account.id);
        let _one_at_a_time = lock.lock().await;
        let credential = self.stored(account).await?;
        let adapter = self.adapter(account.network).map_err(NoSession::Later)?;
        if adapter.expires_soon(&credential, self.now()) {
            return self.refreshed(account, &credential).await;
        }
        Ok(credential)
    }

    /// After the network refused `used`: a fresh credential, or the news that only a person can help. If another caller
    /// has refreshed in the meantime, that credential is the answer.
    pub(crate) async fn renew(&self, account: &Account, used: &Credential) -> Result<Credential, NoSession> {
        let lock = self.sessions.of(account.id);
        let _one_at_a_time = lock.lock().await;
        let current = self.stored(account).await?;
        if current.as_bytes() != used.as_bytes() {
            return Ok(current);
        }
        self.refreshed(account, &current).await
    }

    async fn stored(&self, account: &Account) -> Result<Credential, NoSession> {
        let stored = self.store.credential(account.id).await.map_err(|error| NoSession::Later(storage(&error)))?;
        let sealed = stored.ok_or(NoSession::Reconnect)?;
        let plain = self.vault.open(account.id, &sealed.sealed).map_err(|error| NoSession::Later(vault(error)))?;
        Credential::from_bytes(&plain).map_err(|_| NoSession::Reconnect)
    }

    async fn refreshed(&self, account: &Account, old: &Credential) -> Result<Credential, NoSession> {
        let adapter = self.adapter(account.network).map_err(NoSession::Later)?;
        match adapter.refresh(old, self.now()).await {
            Ok(fresh) => {
                fail_point!("session-renewed");
                // durable before its first use: a refresh token that was rotated and lost is a lost account
                self.keep_credential(account.id, &fresh).await.map_err(NoSession::Later)?;
                tracing::info!(account.id = %account.id, "sign-in renewed");
                Ok(fresh)
            }
            Err(RefreshError::Ended) => {
                self.sign_in_ended(account).await;
                Err(NoSession::Reconnect)
            }
            Err(error) => Err(NoSession::Later(ApiError::new(contract::Code::Unreachable, error.to_string()))),
        }
    }

    pub(crate) async fn keep_credential(&self, account: AccountId, credential: &Credential) -> Result<(), ApiError> {
        let sealed = self.vault.seal(account, credential.as_bytes()).map_err(vault)?;
        let credential = store::Credential { account, sealed, key_version: 1, updated_at: self.now() };
        self.store.put_credential(&credential).await.map_err(|error| storage(&error))
    }

    /// Marks the account, and says so once.
    pub(crate) async fn sign_in_ended(&self, account: &Account) {
        let Ok(domain::Record::Account(current)) = self.record(domain::Key::Account(account.id)).await else { return };
        if matches!(current.health, Health::ReconnectNeeded { .. }) {
            return;
        }
        let health = Health::ReconnectNeeded { since: self.now() };
        if self.mutate(Mutation::RecordHealth { account: account.id, health }).await.is_err() {
            return;
        }
        self.announce(&[Tag::Accounts], Origin::Scheduler);
        if self.settings().notify_trouble {
            let words = sentences(self.settings().language);
            self.ports.notifier.show(Notice {
                kind: NoticeKind::ReconnectNeeded,
                title: (words.reconnect)(current.network.name()),
                body: (words.signed_out)(&current.full_handle()),
                opens: Opens::Accounts,
            });
        }
    }
}
