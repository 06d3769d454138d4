//! Accounts: where posts go, how they are, and how to connect one.

pub mod address;
mod browser;
mod by_hand;
mod connect;
mod dialog;
mod failed;
mod form;
mod limits;
mod row;
pub mod texts;

use contract::accounts::{AccountView, CheckAccount, ListAccounts, RemoveAccount};
use domain::account::{Account, Health};
use domain::id::AccountId;
use domain::network::Network;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use self::connect::Action;
use self::row::AccountRow;
use crate::backend::{call, use_query};
use crate::components::{Bar, Button, Empty, Icon, Look, Skeleton, view};
use crate::frame::context::{Bound, use_commands, use_frame};
use crate::frame::team::use_team;
use crate::state::keys::Cmd;

pub use self::browser::Browser;
pub use self::connect::Connect;
pub use self::dialog::ConnectDialog;
pub use self::failed::Failed;

#[component]
pub fn AccountsScreen() -> Html {
    let (texts, _, toaster) = use_frame();
    let t = &texts.accounts;
    let query = use_query(ListAccounts {});
    let selected = use_state(|| None::<AccountId>);
    let connecting = use_state(|| None::<Connect>);
    // who may not change the accounts of an organisation sees them
    let may = use_team().is_none_or(|team| team.role.may_manage_accounts());
    let checking = use_state(Vec::<AccountId>::new);

    let begin = |connect: Connect| {
        let connecting = connecting.clone();
        Callback::from(move |()| connecting.set(Some(connect.clone())))
    };
    let check = {
        let (checking, toaster) = (checking.clone(), toaster.clone());
        Callback::from(move |account: AccountId| {
            let mut now = (*checking).clone();
            now.push(account);
            checking.set(now);
            let (checking, toaster) = (checking.clone(), toaster.clone());
            spawn_local(async move {
                match call(CheckAccount { account }).await {
                    Ok(view) => toaster.say(match view.account.health {
                        Health::Healthy => (t.checked_fine)(&view.account.full_handle()),
                        Health::ReconnectNeeded { .. } => (t.checked_reconnect)(&view.account.full_handle()),
                        Health::Unreachable { .. } => (t.checked_silent)(&view.account.full_handle()),
                    }),
                    Err(error) => toaster.fail(&error),
                }
                checking.set(Vec::new());
            });
        })
    };
    let remove = {
        let toaster = toaster.clone();
        Callback::from(move |account: Account| {
            toaster.run(RemoveAccount { account: account.id }, (t.said_removed)(&account.full_handle()));
        })
    };
    let again = {
        let connecting = connecting.clone();
        Callback::from(move |account: Account| connecting.set(Some(Connect::again(&account))))
    };

    let connected = use_state(|| None::<AccountId>);
    let living: Vec<&AccountView> =
        query.data.iter().flat_map(|list| list.iter()).filter(|view| !view.account.removed).collect();
    let ids: Vec<AccountId> = living.iter().map(|view| view.account.id).collect();
    {
        // the new account's row comes with the next list
        let connected = connected.clone();
        let there = connected.filter(|id| ids.contains(id));
        use_effect_with(there, move |there| {
            if let Some(id) = there {
                crate::platform::focus_id(&row::row_id(*id));
                connected.set(None);
            }
        });
    }
    let current = living.iter().find(|view| Some(view.account.id) == *selected).map(|view| view.account.clone());
    let mut bound = Vec::new();
    if may {
        bound.push(bind(Cmd::AccountConnect, &begin(Connect::new())));
        for (cmd, network) in
            [(Cmd::AccountConnectBluesky, Network::Bluesky), (Cmd::AccountConnectMastodon, Network::Mastodon)]
        {
            bound.push(bind(cmd, &begin(Connect::new().step(Action::Choose(network)).0)));
        }
    }
    if !ids.is_empty() {
        for (cmd, forward) in [(Cmd::AccountNext, true), (Cmd::AccountPrevious, false)] {
            let (selected, ids) = (selected.clone(), ids.clone());
            bound.push(Bound::new(cmd, move || {
                if let Some(next) = neighbour(&ids, *selected, forward) {
                    selected.set(Some(next));
                    crate::platform::focus_id(&row::row_id(next));
                }
            }));
        }
    }
    if let Some(account) = current.filter(|_| may) {
        let (check, again, remove, name) = (check.clone(), again.clone(), remove.clone(), account.full_handle());
        let id = account.id;
        bound.push(Bound::new(Cmd::AccountCheck, move || check.emit(id)).titled((t.check_named)(&name)));
        let one = account.clone();
        bound.push(
            Bound::new(Cmd::AccountReconnect, move || again.emit(one.clone())).titled((t.reconnect_named)(&name)),
        );
        bound
            .push(Bound::new(Cmd::AccountRemove, move || remove.emit(account.clone())).titled((t.remove_named)(&name)));
    }
    use_commands(bound);

    let connect_button = html! {
        if may { <Button id="connect-account" look={Look::Go} icon={Icon::Plus} keys={Cmd::AccountConnect} onclick={begin(Connect::new()).reform(|_: MouseEvent| ())}>{ t.connect }</Button> } else { <p class="muted">{ texts.team.no_accounts_role }</p> }
    };
    let sub = match query.data {
        Some(_) => html! { <span class="num">{ (t.count)(living.len()) }</span> },
        None => Html::default(),
    };
    let rows = living.iter().map(|view| {
        let id = view.account.id;
        html! {
            <AccountRow key={id.to_string()} view={(*view).clone()} selected={*selected == Some(id)} {may} checking={checking.contains(&id)}
                on_select={let selected = selected.clone(); Callback::from(move |id| selected.set(Some(id)))}
                on_check={check.clone()} on_reconnect={again.clone()} on_remove={remove.clone()} />
        }
    });
    let list = view(&query, html! { <Skeleton rows=3 /> }, |_| {
        if living.is_empty() {
            return html! { <Empty icon={Icon::Accounts} title={t.empty_title} text={t.empty_text}>{ connect_button.clone() }</Empty> };
        }
        html! { <ul class="accounts" aria-label={texts.frame.accounts}>{ for rows }</ul> }
    });
    let finish = {
        let (connecting, selected, toaster) = (connecting.clone(), selected.clone(), toaster);
        Callback::from(move |account: Option<AccountId>| {
            if let Some(account) = account {
                selected.set(Some(account));
                connected.set(Some(account));
                toaster.say(t.said_connected);
            }
            connecting.set(None);
        })
    };
    html! {
        <>
            <Bar title={texts.frame.accounts} {sub}>
                if !living.is_empty() { { connect_button.clone() } }
            </Bar>
            <div class="accounts-screen">{ list }</div>
            if let Some(start) = (*connecting).clone() {
                <ConnectDialog {start} onclose={finish} />
            }
        </>
    }
}

fn bind(cmd: Cmd, run: &Callback<()>) -> Bound {
    let run = run.clone();
    Bound::new(cmd, move || run.emit(()))
}

fn neighbour(ids: &[AccountId], current: Option<AccountId>, forward: bool) -> Option<AccountId> {
    let at = current.and_then(|current| ids.iter().position(|id| *id == current));
    let next = match (at, forward) {
        (None, true) => 0,
        (None, false) => ids.len().saturating_sub(1),
        (Some(at), true) => (at + 1).min(ids.len().saturating_sub(1)),
        (Some(at), false) => at.saturating_sub(1),
    };
    ids.get(next).copied()
}
