//! One account: who it is, how it is, what its network accepts, and what can be done with it.

use contract::accounts::{AccountView, SetGrace};
use contract::program::OpenLink;
use domain::account::{Account, Health, SignIn};
use domain::id::AccountId;
use domain::text::rulebook;
use yew::prelude::*;

use super::limits::{figures, grace_choices, megabytes};
use crate::components::{Avatar, Button, Glyph, Icon, Look, Menu, MenuItem, Select};
use crate::frame::context::{Clock, use_frame};
use crate::i18n::{Texts, grouped};

#[derive(Properties, PartialEq)]
pub struct Props {
    pub view: AccountView,
    pub selected: bool,
    /// The person may change it.
    pub may: bool,
    pub checking: bool,
    pub on_select: Callback<AccountId>,
    pub on_check: Callback<AccountId>,
    pub on_reconnect: Callback<Account>,
    pub on_remove: Callback<Account>,
}

/// A sign-in that ends within this many seconds is worth a warning: a week.
const SOON_S: i64 = 7 * 24 * 3_600;

pub fn row_id(account: AccountId) -> String {
    format!("account-{account}")
}

#[component]
pub fn AccountRow(props: &Props) -> Html {
    let (texts, clock, toaster) = use_frame();
    let t = &texts.accounts;
    let account = &props.view.account;
    let id = account.id;
    let sick = matches!(account.health, Health::ReconnectNeeded { .. });
    let by_hand = account.is_by_hand();
    let name = if account.profile.display_name.trim().is_empty() {
        account.profile.handle.clone()
    } else {
        account.profile.display_name.clone()
    };
    let reconnect = {
        let account = account.clone();
        props.on_reconnect.reform(move |_: MouseEvent| account.clone())
    };
    let items = {
        let (open, url) = (toaster.clone(), account.profile.url.clone());
        let (again, one) = (props.on_reconnect.clone(), account.clone());
        let (remove, other) = (props.on_remove.clone(), account.clone());
        let mut items = Vec::new();
        if !url.is_empty() {
            let open = move || open.run_quietly(OpenLink { url: url.clone() });
            items.push(MenuItem::new(t.open_profile, open).icon(Icon::Link));
        }
        if !by_hand && props.may {
            items.push(MenuItem::new(t.reconnect, move || again.emit(one.clone())).icon(Icon::Key));
        }
        if props.may {
            items.push(MenuItem::new(t.remove, move || remove.emit(other.clone())).icon(Icon::Trash).danger());
        }
        items
    };
    let place = if by_hand { String::new() } else { format!(" · {}", account.host()) };
    let onfocus = props.on_select.reform(move |_: FocusEvent| id);
    html! {
        <li id={row_id(id)} tabindex="-1" class={classes!("card", "account", sick.then_some("sick"), props.selected.then_some("selected"))} onfocusin={onfocus}>
            <div class="account-head">
                <Avatar name={name.clone()} network={account.network} large=true />
                <div class="grow who">
                    <div class="row"><b class="cut" title={name.clone()}><bdi>{ name }</bdi></b>{ sample(account, texts) }</div>
                    <div class="sm muted cut" title={account.full_handle()}><bdi dir="ltr">{ account.full_handle() }</bdi>{ format!(" · {}{place}", account.network.name()) }</div>
                </div>
                { health(account, texts, &clock) }
                <div class="row">
                    if !props.may {
                        <></>
                    } else if by_hand {
                        <Button icon={Icon::Compose} onclick={reconnect}>{ t.change }</Button>
                    } else if sick {
                        <Button look={Look::Go} icon={Icon::Key} onclick={reconnect}>{ t.reconnect }</Button>
                    } else {
                        <Button icon={Icon::Refresh} busy={props.checking} onclick={props.on_check.reform(move |_: MouseEvent| id)}>{ t.check }</Button>
                    }
                    if !items.is_empty() {
                        <Menu label={(t.more)(&account.full_handle())} trigger={html! { <Glyph icon={Icon::More} /> }} {items} class={classes!("btn", "quiet", "icon-only")} end=true />
                    }
                </div>
            </div>
            if let Some(sentence) = advice(account, texts, &clock) { <p class="sm account-says">{ sentence }</p> }
            { facts(props, texts, &clock, &toaster) }
        </li>
    }
}

fn sample(account: &Account, texts: &'static Texts) -> Html {
    if account.sample {
        html! { <span class="st draft">{ texts.frame.sample_account }</span> }
    } else {
        Html::default()
    }
}

fn health(account: &Account, texts: &'static Texts, clock: &Clock) -> Html {
    let t = &texts.accounts;
    let (class, word) = match account.health {
        _ if account.is_by_hand() => ("soon", t.by_hand_short),
        Health::Healthy if ends_soon(account, clock) => ("soon", t.health_ends),
        Health::Healthy => ("well", t.health_well),
        Health::ReconnectNeeded { .. } => ("sick", t.health_reconnect),
        Health::Unreachable { .. } => ("silent", t.health_silent),
    };
    html! { <span class={classes!("health", class)}>{ word }</span> }
}

fn ends_soon(account: &Account, clock: &Clock) -> bool {
    account.ends_at.is_some_and(|at| at.as_second() - clock.now.as_second() < SOON_S)
}

/// What a person should know and do.
fn advice(account: &Account, texts: &'static Texts, clock: &Clock) -> Option<String> {
    let t = &texts.accounts;
    match account.health {
        Health::ReconnectNeeded { since } => Some((t.advice_reconnect)(account.network.name(), &clock.relative(since))),
        Health::Unreachable { since } => Some((t.advice_silent)(account.host(), &clock.relative(since))),
        Health::Healthy => None,
    }
}

fn facts(props: &Props, texts: &'static Texts, clock: &Clock, toaster: &crate::frame::context::Toaster) -> Html {
    let t = &texts.accounts;
    let account = &props.view.account;
    let limits = figures(account);
    let fact = |name: &'static str, value: Html| html! { <div><dt>{ name }</dt><dd class="num">{ value }</dd></div> };
    let sign_in = match account.sign_in {
        SignIn::AppPassword => t.by_app_password,
        SignIn::OAuth => t.by_browser,
        SignIn::ByHand => t.by_hand_short,
    };
    let by_hand = account.is_by_hand();
    let ends = match account.ends_at {
        Some(at) => {
            html! { <time title={clock.full(at)} class={classes!(ends_soon(account, clock).then_some("soon"))}>{ (t.ends)(&clock.relative(at)) }</time> }
        }
        None => html! { { t.ends_never } },
    };
    let seconds = account.grace_s;
    let options: Vec<(AttrValue, AttrValue)> = grace_choices(seconds)
        .into_iter()
        .map(|choice| {
            (
                choice.to_string().into(),
                if choice == 0 { t.grace_none.to_owned() } else { texts.time.span(choice.into()) }.into(),
            )
        })
        .collect();
    let onchange = {
        let (toaster, account) = (toaster.clone(), account.id);
        Callback::from(move |key: AttrValue| {
            if let Ok(grace_s) = key.parse() {
                toaster.run(SetGrace { account, grace_s }, t.said_grace);
            }
        })
    };
    let source = match limits.read_from_server {
        true => (t.limits_server)(account.host()),
        false => (t.limits_network)(account.network.name(), rulebook::version()),
    };
    let figures = (t.limits_are)(
        limits.characters.map(|count| grouped(count.into())),
        limits.images,
        limits.image_bytes.map(megabytes),
    );
    let grace_id = format!("grace-{}", account.id);
    html! {
        <dl class="facts">
            { fact(t.limits, html! { <span title={source}>{ figures }</span> }) }
            if !by_hand { { fact(t.sign_in, html! { <>{ sign_in }{ ", " }{ ends }</> }) } }
            { fact(t.waiting, html! { { (t.waiting_are)(props.view.waiting) } }) }
            if by_hand {
                { fact(t.sign_in, html! { { sign_in } }) }
            } else {
                { fact(t.last_check, html! { <time title={clock.full(account.checked_at)}>{ clock.relative(account.checked_at) }</time> }) }
                <div class="grace">
                    <dt><label for={grace_id.clone()} title={t.grace_hint}>{ t.grace }</label></dt>
                    <dd><Select id={grace_id} {options} value={seconds.to_string()} {onchange} disabled={!props.may} /></dd>
                </div>
            }
        </dl>
    }
}
