use contract::accounts::{AccountView, ListAccounts};
use domain::account::{Account, Health};
use jiff::Timestamp;
use yew::prelude::*;

use crate::backend::use_query;
use crate::components::{Avatar, Section, Skeleton, To, view};
use crate::frame::context::{Clock, use_frame};
use crate::i18n::Texts;
use crate::route::Route;

/// As many as fit beside the day; those in trouble come first.
const SHOWN_MAX: usize = 7;
/// A sign-in that ends within so many seconds is named.
const ENDS_SOON_S: i64 = 14 * 86_400;

/// The accounts and how they are.
#[component]
pub fn AccountsCard() -> Html {
    let (t, clock, _) = use_frame();
    let accounts = use_query(ListAccounts {});
    let count = accounts.data.as_ref().map_or(0, |list| list.len());
    let note = html! {
        if count > SHOWN_MAX {
            <To route={Route::Accounts} class="more-link">{ (t.today.all_accounts)(count) }</To>
        }
    };
    html! {
        <Section title={t.today.accounts} {note}>
            { view(&accounts, html! { <div class="card"><Skeleton rows=2 /></div> }, |list| content(list, t, &clock)) }
        </Section>
    }
}

fn content(list: &[AccountView], t: &'static Texts, clock: &Clock) -> Html {
    if list.is_empty() {
        return html! {
            <div class="card quiet-card stack">
                <p>{ t.today.no_accounts }</p>
                <div><To route={Route::Accounts} class="btn go">{ t.today.connect }</To></div>
            </div>
        };
    }
    let mut sorted: Vec<&AccountView> = list.iter().collect();
    sorted.sort_by_key(|view| urgency(view, clock.now));
    html! {
        <ul class="card list">
            { for sorted.into_iter().take(SHOWN_MAX).map(|view| html! {
                <li key={view.account.id.to_string()}>
                    <To route={Route::Accounts} class="account-line">
                        <Avatar name={view.account.profile.display_name.clone()} network={view.account.network} />
                        <bdi dir="ltr" class="cut grow" title={format!("{} · {}", view.account.full_handle(), view.account.network.name())}>
                            { view.account.full_handle() }
                        </bdi>
                        { health(view, t, clock) }
                    </To>
                </li>
            }) }
        </ul>
    }
}

/// What needs a hand first.
fn urgency(view: &AccountView, now: Timestamp) -> u8 {
    match (&view.account.health, ends_soon(&view.account, now)) {
        (Health::ReconnectNeeded { .. }, _) => 0,
        (Health::Unreachable { .. }, _) => 1,
        (Health::Healthy, Some(_)) => 2,
        (Health::Healthy, None) => 3,
    }
}

fn ends_soon(account: &Account, now: Timestamp) -> Option<Timestamp> {
    account.ends_at.filter(|ends| ends.as_second() - now.as_second() < ENDS_SOON_S)
}

fn health(view: &AccountView, t: &'static Texts, clock: &Clock) -> Html {
    let account = &view.account;
    match (&account.health, ends_soon(account, clock.now)) {
        (Health::ReconnectNeeded { .. }, _) => {
            html! { <span class="xs account-state bad">{ t.frame.reconnect_needed }</span> }
        }
        (Health::Unreachable { since }, _) => {
            html! { <span class="xs account-state warn" title={clock.full(*since)}>{ t.frame.unreachable }</span> }
        }
        (Health::Healthy, Some(ends)) => {
            html! { <span class="xs account-state warn" title={clock.full(ends)}>{ (t.frame.ends)(&clock.relative(ends)) }</span> }
        }
        (Health::Healthy, None) if account.sample => {
            html! { <span class="xs muted">{ t.frame.sample_account }</span> }
        }
        (Health::Healthy, None) => html! { <span class="xs muted">{ t.frame.healthy }</span> },
    }
}
