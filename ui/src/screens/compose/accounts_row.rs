//! Where the post goes, and whose text is being written.

use std::rc::Rc;

use contract::accounts::AccountView;
use domain::account::{Account, Health};
use domain::id::AccountId;
use yew::prelude::*;

use super::edit::{Edit, Layer};
use super::outline::Outline;
use super::texts::Texts;
use crate::components::{AccountChip, Avatar, Button, Glyph, Icon, Look, Menu, MenuItem};
use crate::i18n::use_texts;
use crate::route::{Route, use_go};

#[derive(Properties, PartialEq)]
pub struct RowProps {
    pub accounts: Rc<Vec<AccountView>>,
    pub outline: Rc<Outline>,
    pub locked: bool,
    pub on_edit: Callback<Edit>,
}

/// Up to this many accounts stand there to be pressed; more are chosen from a menu.
const CHIPS_MAX: usize = 4;

#[component]
pub fn AccountsRow(props: &RowProps) -> Html {
    let t = &use_texts().compose;
    let go = use_go();
    let chosen = |account: &Account| props.outline.goes_to(account.id);
    let living: Vec<&Account> =
        props.accounts.iter().map(|view| &view.account).filter(|account| !account.removed || chosen(account)).collect();
    if living.is_empty() {
        return html! {
            <div class="acc none" id="compose-accounts" tabindex="-1">
                <span class="muted">{ t.no_accounts }</span>
                <Button icon={Icon::Plus} onclick={go.reform(|_: MouseEvent| Route::Accounts)}>{ t.connect_account }</Button>
            </div>
        };
    }
    let all_fit = living.len() <= CHIPS_MAX;
    let chips = living.iter().filter(|account| all_fit || chosen(account)).map(|account| {
        let id = account.id;
        let note: Option<AttrValue> = match account.health {
            _ if account.removed => Some(t.note_removed.into()),
            Health::ReconnectNeeded { .. } => Some(t.note_reconnect.into()),
            _ if props.outline.has_own_text(id) => Some(own(&props.outline, id, t).into()),
            _ => None,
        };
        let onclick = (!props.locked).then(|| props.on_edit.reform(move |_: MouseEvent| Edit::Toggle(id)));
        html! { <AccountChip key={id.to_string()} account={(*account).clone()} on={chosen(account)} note={note} {onclick} /> }
    });
    // accounts that are not there any more; pressing one takes it out
    let gone =
        props.outline.targets.iter().filter(|(target, _)| props.accounts.iter().all(|view| view.account.id != *target));
    let gone = gone.map(|(target, _)| {
        let id = *target;
        let onclick = props.on_edit.reform(move |_: MouseEvent| Edit::Toggle(id));
        html! {
            <button type="button" class="chip on gone" key={id.to_string()} {onclick} disabled={props.locked}>
                <Avatar name="?" /><span>{ t.account_gone }</span><Glyph icon={Icon::Cross} />
            </button>
        }
    });
    let items: Vec<MenuItem> = living
        .iter()
        .map(|account| {
            let (on_edit, id) = (props.on_edit.clone(), account.id);
            let mark = html! { <Avatar name={account.profile.display_name.clone()} network={account.network} /> };
            MenuItem::new(format!("{} · {}", account.full_handle(), account.network.name()), move || {
                on_edit.emit(Edit::Toggle(id))
            })
            .mark(mark)
            .checked(chosen(account))
        })
        .collect();
    html! {
        <div class="acc" id="compose-accounts" role="group" aria-label={t.accounts} tabindex="-1">
            { for chips }
            { for gone }
            if !all_fit && !props.locked {
                <Menu label={t.choose_accounts} trigger={html! { <><Glyph icon={Icon::Plus} />{ t.account }</> }} {items} class={classes!("chip", "add")} many=true />
            }
        </div>
    }
}

#[derive(Properties, PartialEq)]
pub struct LayersProps {
    /// Those that the post goes to.
    pub accounts: Rc<Vec<Account>>,
    pub outline: Rc<Outline>,
    pub layer: Layer,
    pub locked: bool,
    pub on_layer: Callback<Layer>,
    pub on_edit: Callback<Edit>,
}

/// The base text, and the text of each account: the same until it is changed.
#[component]
pub fn Layers(props: &LayersProps) -> Html {
    let t = &use_texts().compose;
    if props.accounts.len() < 2 && props.layer == Layer::Base && props.outline.targets.iter().all(|(_, own)| !own) {
        return Html::default();
    }
    let tab = |layer: Layer, name: String, own: Option<&'static str>| {
        let on = layer == props.layer;
        let onclick = props.on_layer.reform(move |_: MouseEvent| layer);
        html! {
            <button type="button" class={classes!("layer", on.then_some("on"))} aria-pressed={on.to_string()} {onclick} title={name.clone()}>
                <bdi class="cut" dir="ltr">{ name }</bdi>
                if let Some(own) = own { <span class="own-mark">{ own }</span> }
            </button>
        }
    };
    let differs = matches!(props.layer, Layer::Account(account) if props.outline.has_own_text(account));
    let banner = match props.layer {
        Layer::Base => Html::default(),
        Layer::Account(account) => {
            let name =
                props.accounts.iter().find(|other| other.id == account).map(Account::full_handle).unwrap_or_default();
            let onclick = props.on_edit.reform(move |_: MouseEvent| Edit::FollowBase(account));
            let said = match (differs, props.outline.pictured.contains(&account)) {
                (true, true) => t.differs_in_images,
                (true, false) => t.differs,
                (false, _) => t.inherits,
            };
            html! {
                <div class={classes!("layer-says", differs.then_some("differs"))}>
                    <span class="grow" dir="auto">{ said(&name) }</span>
                    if differs && !props.locked {
                        <Button look={Look::Plain} icon={Icon::Undo} {onclick}>{ t.follow_base }</Button>
                    }
                </div>
            }
        }
    };
    html! {
        <>
            <div class="layers" role="group" aria-label={t.layers}>
                { tab(Layer::Base, t.layer_base.to_owned(), None) }
                { for props.accounts.iter().map(|account| tab(Layer::Account(account.id), account.full_handle(), props.outline.has_own_text(account.id).then(|| own(&props.outline, account.id, t)))) }
            </div>
            { banner }
        </>
    }
}

/// What an account has of its own.
fn own(outline: &Outline, account: AccountId, t: &Texts) -> &'static str {
    if outline.pictured.contains(&account) { t.note_own_images } else { t.note_own }
}
