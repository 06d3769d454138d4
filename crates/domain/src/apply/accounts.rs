//! Accounts.

use super::{Context, Decided, View, bounded, bounded_count};
use crate::account::{Account, Health, Limits, Profile};
use crate::mutation::Mutation;
use crate::record::{Key, Record};
use crate::reject::{Field, Reject};

/// A day: later than that a post is a different post.
const GRACE_MAX_S: u32 = 24 * 60 * 60;

pub(super) fn apply(context: &Context, set: View<'_>, mutation: &Mutation) -> Decided {
    let changed = match mutation {
        Mutation::ConnectAccount { account } => {
            set.absent(Key::Account(account.id))?;
            bounded(Field::Profile, &account.server, Profile::TEXT_MAX)?;
            bounds(&account.profile)?;
            grace(account.grace_s)?;
            Account { created_at: context.now, ..(**account).clone() }
        }
        Mutation::RecordProfile { account, profile, ends_at } => {
            let old = set.account(*account)?;
            bounds(profile)?;
            same_account(old, &profile.remote_id)?;
            Account {
                profile: profile.clone(),
                ends_at: *ends_at,
                health: Health::Healthy,
                checked_at: context.now,
                ..old.clone()
            }
        }
        Mutation::RecordHealth { account, health } => {
            let old = set.account(*account)?;
            Account { health: health.clone(), checked_at: context.now, ..old.clone() }
        }
        Mutation::Reconnect { account, sign_in, profile, ends_at } => {
            let old = set.account(*account)?;
            bounds(profile)?;
            same_account(old, &profile.remote_id)?;
            Account {
                sign_in: *sign_in,
                profile: profile.clone(),
                ends_at: *ends_at,
                health: Health::Healthy,
                checked_at: context.now,
                removed: false,
                ..old.clone()
            }
        }
        Mutation::SetGrace { account, grace_s } => {
            grace(*grace_s)?;
            Account { grace_s: *grace_s, ..set.account(*account)?.clone() }
        }
        Mutation::RemoveAccount { account } => Account { removed: true, ..set.account(*account)?.clone() },
        Mutation::RestoreAccount { account } => Account { removed: false, ..set.account(*account)?.clone() },
        _ => return Err(Reject::NotFound.into()),
    };
    Ok(vec![Record::Account(changed)])
}

fn bounds(profile: &Profile) -> Result<(), Reject> {
    let Profile { remote_id, handle, display_name, url, limits } = profile;
    let types = match limits {
        Limits::Mastodon(told) => told.supported_mime_types.as_slice(),
        Limits::Bluesky | Limits::Book { .. } => &[],
    };
    bounded_count(Field::Profile, types.len(), Profile::TYPES_MAX)?;
    let texts = [remote_id, handle, display_name, url].into_iter().chain(types);
    texts.into_iter().try_for_each(|text| bounded(Field::Profile, text, Profile::TEXT_MAX))
}

fn same_account(known: &Account, remote_id: &str) -> Result<(), Reject> {
    if known.profile.remote_id == remote_id { Ok(()) } else { Err(Reject::OtherAccount) }
}

fn grace(seconds: u32) -> Result<(), Reject> {
    if seconds > GRACE_MAX_S {
        return Err(Reject::TooLong { field: Field::Grace, measured: seconds.into(), limit: GRACE_MAX_S.into() });
    }
    Ok(())
}
