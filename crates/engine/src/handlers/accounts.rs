use contract::accounts::{
    AccountView, AddByHand, CancelConnect, CheckAccount, ConnectFlow, ConnectProgress, ConnectState,
    ConnectWithPassword, Connected, ListAccounts, RemoveAccount, SetGrace, StartConnect,
};
use contract::program::Saved;
use contract::{ApiError, Code};
use domain::account::{Account, Health, Limits, Profile, SignIn};
use domain::id::AccountId;
use domain::{Key, Mutation, Record, Reject};
use networks::CallError;
use secrecy::SecretString;

use crate::connect;
use crate::dispatch::{Call, Handle};
use crate::errors::{self, storage};

const JOBS_COUNTED: u64 = 10_000;
/// Characters of the name of an account by hand.
const HANDLE_MAX: usize = 100;
/// Bytes of the address of its profile.
const URL_MAX: usize = 500;

impl Call {
    async fn account(&self, id: AccountId) -> Result<Account, ApiError> {
        match self.engine.record(Key::Account(id)).await? {
            Record::Account(account) => Ok(account),
            _ => Err(Reject::NotFound.into()),
        }
    }

    async fn view(&self, account: Account) -> Result<AccountView, ApiError> {
        let open = self.engine.store.open_jobs(JOBS_COUNTED).await.map_err(|error| storage(&error))?;
        let waiting = open.iter().filter(|job| job.account == account.id).count();
        Ok(AccountView { account, waiting: u32::try_from(waiting).unwrap_or(u32::MAX) })
    }
}

impl Handle<ListAccounts> for Call {
    async fn handle(&self, _: ListAccounts) -> Result<Vec<AccountView>, ApiError> {
        let store = &self.engine.store;
        let open = store.open_jobs(JOBS_COUNTED).await.map_err(|error| storage(&error))?;
        let accounts = store.accounts().await.map_err(|error| storage(&error))?;
        let waiting = |id| open.iter().filter(|job| job.account == id).count();
        Ok(accounts
            .into_iter()
            .filter(|account| !account.removed)
            .map(|account| AccountView { waiting: u32::try_from(waiting(account.id)).unwrap_or(u32::MAX), account })
            .collect())
    }
}

impl Handle<ConnectWithPassword> for Call {
    async fn handle(&self, command: ConnectWithPassword) -> Result<Connected, ApiError> {
        let engine = &self.engine;
        engine.may_connect()?;
        let server = connect::parse_server(&command.server)?;
        let password = SecretString::from(command.password.0);
        let adapter = engine.adapter(command.network)?;
        let signed_in = adapter
            .sign_in_password(server.as_ref(), command.handle.trim(), &password, engine.now())
            .await
            .map_err(|error| errors::connect(&error))?;
        let account = engine.keep_account(command.network, signed_in, command.reconnect).await?;
        engine.wake.notify_one();
        Ok(Connected { account })
    }
}

impl Handle<AddByHand> for Call {
    async fn handle(&self, command: AddByHand) -> Result<Connected, ApiError> {
        let engine = &self.engine;
        engine.not_sample()?;
        let (handle, url) = (command.handle.trim(), command.url.trim());
        if handle.is_empty() || handle.chars().count() > HANDLE_MAX {
            return Err(ApiError::new(Code::BadRequest, "Enter the name of the account, at most 100 characters."));
        }
        let is_address = |url: &str| url::Url::parse(url).is_ok_and(|url| url.scheme() == "https" && url.has_host());
        if !url.is_empty() && (url.len() > URL_MAX || !is_address(url)) {
            return Err(ApiError::new(Code::BadRequest, "The address of the profile must begin with https://."));
        }
        let accounts = engine.store.accounts().await.map_err(|error| storage(&error))?;
        let same = |account: &&Account| {
            let named =
                account.network == command.network && account.profile.handle.to_lowercase() == handle.to_lowercase();
            account.is_by_hand() && named
        };
        let known = match command.account {
            Some(id) => {
                let account = accounts.iter().find(|account| account.id == id).ok_or(Reject::NotFound)?;
                if !account.is_by_hand() || account.network != command.network {
                    return Err(Reject::OtherAccount.into());
                }
                Some(account)
            }
            None => accounts.iter().find(same),
        };
        let id = match known {
            Some(account) => account.id,
            None => AccountId::new(engine.fresh_id()?),
        };
        let profile = Profile {
            // nobody but this program knows it
            remote_id: id.to_string(),
            handle: handle.to_owned(),
            display_name: handle.to_owned(),
            url: url.to_owned(),
            limits: Limits::Book { premium: command.premium && command.network.has_premium() },
        };
        let (sign_in, ends_at) = (SignIn::ByHand, None);
        let mutation = match known {
            Some(account) => Mutation::Reconnect { account: account.id, sign_in, profile, ends_at },
            None => Mutation::ConnectAccount {
                account: Box::new(Account {
                    id,
                    network: command.network,
                    server: String::new(),
                    sign_in,
                    profile,
                    health: Health::Healthy,
                    ends_at,
                    checked_at: engine.now(),
                    grace_s: engine.settings().grace_s,
                    removed: false,
                    sample: false,
                    created_at: engine.now(),
                }),
            },
        };
        engine.mutate(mutation).await?;
        engine.wake.notify_one();
        Ok(Connected { account: id })
    }
}

impl Handle<StartConnect> for Call {
    async fn handle(&self, command: StartConnect) -> Result<ConnectFlow, ApiError> {
        connect::start(&self.engine, command).await
    }
}

impl Handle<ConnectProgress> for Call {
    async fn handle(&self, command: ConnectProgress) -> Result<ConnectState, ApiError> {
        let state = self.engine.flows.state(command.flow, self.engine.now());
        state.ok_or_else(|| ApiError::new(Code::NotFound, "This sign-in is over."))
    }
}

impl Handle<CancelConnect> for Call {
    async fn handle(&self, command: CancelConnect) -> Result<(), ApiError> {
        self.engine.flows.cancel(command.flow);
        Ok(())
    }
}

impl Handle<CheckAccount> for Call {
    async fn handle(&self, command: CheckAccount) -> Result<AccountView, ApiError> {
        let account = self.account(command.account).await?;
        if account.sample || account.is_by_hand() {
            return self.view(account).await;
        }
        self.engine.check_account(&account).await?;
        self.view(self.account(command.account).await?).await
    }
}

impl crate::engine::Engine {
    /// Asks the network for profile and limits, and keeps what it says of the account's health.
    pub(crate) async fn check_account(&self, account: &Account) -> Result<(), ApiError> {
        let adapter = self.adapter(account.network)?;
        let credential = self.credential(account).await?;
        let mut checked = adapter.check(&credential, self.now()).await;
        if checked == Err(CallError::SignInRefused) {
            let fresh = self.renew(account, &credential).await?;
            checked = adapter.check(&fresh, self.now()).await;
        }
        match checked {
            Ok(checked) => {
                let (account, profile, ends_at) = (account.id, checked.profile, checked.ends_at);
                self.mutate(Mutation::RecordProfile { account, profile, ends_at }).await?;
                Ok(())
            }
            Err(CallError::SignInRefused) => {
                self.sign_in_ended(account).await;
                Err(errors::call(&CallError::SignInRefused))
            }
            Err(error) => {
                if matches!(error, CallError::NoAnswer { .. }) && account.health == Health::Healthy {
                    let health = Health::Unreachable { since: self.now() };
                    self.mutate(Mutation::RecordHealth { account: account.id, health }).await?;
                }
                Err(errors::call(&error))
            }
        }
    }
}

impl Handle<SetGrace> for Call {
    async fn handle(&self, command: SetGrace) -> Result<Saved, ApiError> {
        let mutation = Mutation::SetGrace { account: command.account, grace_s: command.grace_s };
        Ok(Saved { undo: self.engine.mutate(mutation).await?.undo() })
    }
}

impl Handle<RemoveAccount> for Call {
    async fn handle(&self, command: RemoveAccount) -> Result<Saved, ApiError> {
        let done = self.engine.mutate(Mutation::RemoveAccount { account: command.account }).await?;
        // the credential stays until it can no longer be undone
        self.host.forget_later(&self.engine, command.account);
        Ok(Saved { undo: done.undo() })
    }
}
