//! How often somebody may try. Counted per account, per address and per known browser, in stores of bounded size.

use std::hash::Hash;
use std::net::IpAddr;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use domain::id::PersonId;
use governor::clock::{Clock, DefaultClock};
use governor::nanos::Nanos;
use governor::state::{InMemoryState, NotKeyed, StateStore};
use governor::{Quota, RateLimiter};
use moka::sync::Cache;
use sha2::{Digest, Sha256};

use crate::address::ClientAddress;
use crate::error::{Code, Error};
use crate::random::TokenHash;

/// Keys that one limiter remembers. Those that come once make room for those that come often, so that a flood of new ones
/// wipes no counter of an attack that goes on.
pub const KEYS_MAX: u64 = 100_000;
/// Longer than any quota takes to be whole again.
const FORGET_AFTER: Duration = Duration::from_secs(2 * 60 * 60);

/// So many at once, and one more after each period.
#[derive(Debug, Clone, Copy)]
pub struct Allowance {
    pub burst: NonZeroU32,
    pub one_per: Duration,
}

impl Allowance {
    /// # Panics
    /// When compiled, if `burst` is 0.
    const fn new(burst: u32, one_per: Duration) -> Self {
        match NonZeroU32::new(burst) {
            Some(burst) => Self { burst, one_per },
            None => Self { burst: NonZeroU32::MIN, one_per },
        }
    }
}

/// What is allowed how often.
#[derive(Debug, Clone, Copy)]
pub struct Quotas {
    /// All requests of one address.
    pub requests: Allowance,
    /// Passwords tried for one account by strangers.
    pub account: Allowance,
    /// Passwords and codes tried from one address.
    pub address: Allowance,
    /// Passwords tried for one account from a browser that its person signed in with before.
    pub known_browser: Allowance,
    /// Sign-ins begun from one address: each is a row in the database before anybody is known.
    pub begun: Allowance,
    /// Mails to one address.
    pub mails: Allowance,
    /// Mails asked for from one address of the internet.
    pub mails_asked: Allowance,
    /// How often the devices of one person say which post they have open.
    pub presence: Allowance,
}

impl Default for Quotas {
    fn default() -> Self {
        Self {
            requests: Allowance::new(600, Duration::from_millis(20)),
            account: Allowance::new(10, Duration::from_secs(60)),
            address: Allowance::new(30, Duration::from_secs(10)),
            known_browser: Allowance::new(10, Duration::from_secs(30)),
            begun: Allowance::new(60, Duration::from_secs(5)),
            mails: Allowance::new(3, Duration::from_secs(20 * 60)),
            mails_asked: Allowance::new(10, Duration::from_secs(60)),
            presence: Allowance::new(60, Duration::from_millis(500)),
        }
    }
}

impl Quotas {
    /// So much that nothing is ever refused, for tests of other things.
    pub fn unlimited() -> Self {
        let much = Allowance::new(1_000_000, Duration::from_nanos(1000));
        Self {
            requests: much,
            account: much,
            address: much,
            known_browser: much,
            begun: much,
            mails: much,
            mails_asked: much,
            presence: much,
        }
    }
}

struct Bounded<K: Hash + Eq>(Cache<K, Arc<InMemoryState>>);

impl<K: Hash + Eq + Clone + Send + Sync + 'static> StateStore for Bounded<K> {
    type Key = K;

    fn measure_and_replace<T, F, E>(&self, key: &K, f: F) -> Result<T, E>
    where
        F: Fn(Option<Nanos>) -> Result<(T, Nanos), E>,
    {
        self.0.get_with_by_ref(key, Arc::default).measure_and_replace(&NotKeyed::NonKey, f)
    }
}

struct Limiter<K: Hash + Eq + Clone + Send + Sync + 'static> {
    limiter: RateLimiter<K, Bounded<K>, DefaultClock>,
}

impl<K: Hash + Eq + Clone + Send + Sync + 'static> Limiter<K> {
    fn new(allowance: Allowance) -> Self {
        let cache = Cache::builder().max_capacity(KEYS_MAX).time_to_idle(FORGET_AFTER).build();
        let quota = Quota::with_period(allowance.one_per)
            .unwrap_or(Quota::per_minute(NonZeroU32::MIN))
            .allow_burst(allowance.burst);
        Self { limiter: RateLimiter::new(quota, Bounded(cache), DefaultClock::default()) }
    }

    fn check(&self, key: &K) -> Result<(), Error> {
        self.limiter.check_key(key).map_err(|not_until| {
            let wait = not_until.wait_time_from(DefaultClock::default().now());
            let seconds = u32::try_from(wait.as_secs()).unwrap_or(u32::MAX).saturating_add(1);
            Error { retry_after: Some(seconds), ..Code::TooManyRequests.into() }
        })
    }
}

/// An account as it is counted: by its address, whether or not there is such an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct AccountKey([u8; 16]);

impl AccountKey {
    pub(crate) fn of(email: &str) -> Self {
        let digest: [u8; 32] = Sha256::digest(email.as_bytes()).into();
        let [a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, ..] = digest;
        Self([a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p])
    }
}

/// All counters of a server. Each process counts for itself.
pub struct Limits {
    requests: Limiter<IpAddr>,
    account: Limiter<AccountKey>,
    address: Limiter<IpAddr>,
    known_browser: Limiter<(AccountKey, TokenHash)>,
    begun: Limiter<IpAddr>,
    mails: Limiter<AccountKey>,
    mails_asked: Limiter<IpAddr>,
    presence: Limiter<PersonId>,
}

impl std::fmt::Debug for Limits {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Limits")
    }
}

impl Limits {
    pub fn new(quotas: Quotas) -> Self {
        Self {
            requests: Limiter::new(quotas.requests),
            account: Limiter::new(quotas.account),
            address: Limiter::new(quotas.address),
            known_browser: Limiter::new(quotas.known_browser),
            begun: Limiter::new(quotas.begun),
            mails: Limiter::new(quotas.mails),
            mails_asked: Limiter::new(quotas.mails_asked),
            presence: Limiter::new(quotas.presence),
        }
    }

    pub(crate) fn request(&self, from: ClientAddress) -> Result<(), Error> {
        self.requests.check(&from.bucket())
    }

    /// A password that is tried. A browser that the account's person used before has a counter of its own, so that nobody
    /// else can use up its tries: neither by guessing at the account nor from the same address.
    pub(crate) fn password(
        &self,
        from: ClientAddress,
        account: AccountKey,
        known: Option<TokenHash>,
    ) -> Result<(), Error> {
        if let Some(browser) = known {
            return self.known_browser.check(&(account, browser));
        }
        self.address.check(&from.bucket())?;
        self.account.check(&account)
    }

    /// A code or a token that is tried.
    pub(crate) fn guess(&self, from: ClientAddress) -> Result<(), Error> {
        self.address.check(&from.bucket())
    }

    pub(crate) fn begin(&self, from: ClientAddress) -> Result<(), Error> {
        self.begun.check(&from.bucket())
    }

    pub(crate) fn presence(&self, person: PersonId) -> Result<(), Error> {
        self.presence.check(&person)
    }

    pub(crate) fn mail(&self, from: ClientAddress, to: AccountKey) -> Result<(), Error> {
        self.mails_asked.check(&from.bucket())?;
        self.mails.check(&to)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn from(text: &str) -> ClientAddress {
        ClientAddress(text.parse().unwrap())
    }

    #[test]
    fn a_spray_from_many_addresses_locks_the_account_and_not_its_known_browser() {
        let limits = Limits::new(Quotas::default());
        let account = AccountKey::of("ada@example.com");
        let refused =
            (0..500).filter(|n| limits.password(from(&format!("2001:db8:0:{n:x}::1")), account, None).is_err());
        assert_eq!(refused.count(), 490);
        assert!(limits.password(from("2001:db8:0:1::1"), account, Some(TokenHash([1; 32]))).is_ok());
        let tries =
            (0..100).filter(|_| limits.password(from("::1"), account, Some(TokenHash([1; 32]))).is_ok()).count();
        assert!(tries < 10, "{tries}");
    }

    #[test]
    fn moving_within_a_64_is_no_escape() {
        let limits = Limits::new(Quotas::default());
        let let_in = (0..200).filter(|n| {
            let account = AccountKey::of(&format!("{n}@example.com"));
            limits.password(from(&format!("2001:db8::{n:x}")), account, None).is_ok()
        });
        assert_eq!(let_in.count(), 30);
    }

    #[test]
    fn a_million_keys_stay_within_the_bound_and_do_not_wipe_an_attack_that_goes_on() {
        let limiter = Limiter::new(Quotas::default().account);
        let attacked = AccountKey::of("ada@example.com");
        let mut let_in = 0;
        for n in 0..1_000_000u32 {
            let _ = limiter.check(&AccountKey(u128::from(n).to_be_bytes()));
            if n % 1000 == 0 && limiter.check(&attacked).is_ok() {
                let_in += 1;
            }
        }
        let store = limiter.limiter.into_state_store().0;
        store.run_pending_tasks();
        assert!(store.entry_count() <= KEYS_MAX, "{}", store.entry_count());
        assert!(let_in <= 11, "{let_in} of 1000 tries were let in");
    }

    #[test]
    fn a_refusal_says_when_to_come_back() {
        let limiter = Limiter::new(Allowance::new(1, Duration::from_secs(60)));
        limiter.check(&1).unwrap();
        let refused = limiter.check(&1).unwrap_err();
        assert!((59..=61).contains(&refused.retry_after.unwrap()), "{refused:?}");
    }
}
