//! Accounts for the tests of this screen.

use domain::account::{Account, Health, Limits, Profile, SignIn};
use domain::id::AccountId;
use domain::network::Network;
use domain::text::mastodon::MastodonLimits;
use jiff::Timestamp;
use uuid::Uuid;

pub fn account(number: u128) -> AccountId {
    AccountId::new(Uuid::from_u128(number))
}

pub fn bluesky(number: u128) -> Account {
    of(number, Network::Bluesky, "bsky.social", Limits::Bluesky)
}

pub fn mastodon(number: u128, host: &str, max_characters: u32) -> Account {
    of(
        number,
        Network::Mastodon,
        host,
        Limits::Mastodon(MastodonLimits { max_characters, ..MastodonLimits::default() }),
    )
}

pub fn by_hand(number: u128, network: Network) -> Account {
    of(number, network, "example.org", Limits::Book { premium: false })
}

fn of(number: u128, network: Network, host: &str, limits: Limits) -> Account {
    Account {
        id: account(number),
        network,
        server: format!("https://{host}"),
        sign_in: SignIn::OAuth,
        profile: Profile {
            remote_id: number.to_string(),
            handle: format!("account{number}"),
            display_name: format!("Account {number}"),
            url: format!("https://{host}/@account{number}"),
            limits,
        },
        health: Health::Healthy,
        ends_at: None,
        checked_at: Timestamp::UNIX_EPOCH,
        grace_s: Account::GRACE_DEFAULT_S,
        removed: false,
        sample: false,
        created_at: Timestamp::UNIX_EPOCH,
    }
}
