//! Content warning and visibility: only Mastodon knows them, so they show once a Mastodon account is chosen.

use std::rc::Rc;

use domain::account::Account;
use domain::network::Network;
use domain::post::Visibility;
use yew::prelude::*;

use super::edit::{Change, Layer};
use crate::components::{Field, Segmented, TextInput};
use crate::i18n::use_texts;

#[derive(Properties, PartialEq)]
pub struct Props {
    pub warning: AttrValue,
    pub visibility: Visibility,
    /// Those that the post goes to.
    pub accounts: Rc<Vec<Account>>,
    pub layer: Layer,
    pub locked: bool,
    pub on_change: Callback<Change>,
}

#[component]
pub fn Options(props: &Props) -> Html {
    let t = &use_texts().compose;
    let applies = |account: &Account| {
        account.network == Network::Mastodon
            && (props.layer == Layer::Base || props.layer == Layer::Account(account.id))
    };
    let nothing_set = props.warning.is_empty() && props.visibility == Visibility::Public;
    if !props.accounts.iter().any(applies) || (props.locked && nothing_set) {
        return Html::default();
    }
    let options = Visibility::ALL
        .into_iter()
        .map(|visibility| {
            let word = match visibility {
                Visibility::Public => t.visibility_public,
                Visibility::Unlisted => t.visibility_unlisted,
                Visibility::Private => t.visibility_private,
            };
            (visibility.wire().into(), word.into())
        })
        .collect::<Vec<(AttrValue, AttrValue)>>();
    let onchange = props.on_change.reform(|key: AttrValue| {
        Change::Visibility(Visibility::ALL.into_iter().find(|other| other.wire() == key.as_str()).unwrap_or_default())
    });
    let explained = match props.visibility {
        Visibility::Public => t.visibility_public_is,
        Visibility::Unlisted => t.visibility_unlisted_is,
        Visibility::Private => t.visibility_private_is,
    };
    html! {
        <section class="card mastodon-options" aria-label={t.mastodon_only}>
            <h2 class="xs muted">{ t.mastodon_only }</h2>
            <Field id="content-warning" label={t.warning} hint={t.warning_hint} optional=true>
                <TextInput id="content-warning" value={props.warning.clone()} disabled={props.locked} oninput={props.on_change.reform(Change::Warning)} placeholder={t.warning_placeholder} />
            </Field>
            <div class="field">
                <span class="label">{ t.visibility }</span>
                <Segmented label={t.visibility} {options} value={props.visibility.wire()} {onchange} disabled={props.locked} />
                <p class="hint">{ explained }</p>
            </div>
        </section>
    }
}
