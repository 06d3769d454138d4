//! What the post will look like on each network.

mod bluesky;
mod mastodon;
mod plain;
pub mod rich;

use std::rc::Rc;

use domain::account::Account;
use domain::id::AccountId;
use domain::network::Network;
use domain::people::PersonaColor;
use domain::post::{Content, Image, Part};
use yew::prelude::*;

use self::bluesky::BlueskyPost;
use self::mastodon::MastodonPost;
use self::plain::PlainPost;
use self::rich::{Kind, pieces};
use crate::components::{Picture, Segmented, Select};
use crate::i18n::use_texts;

#[derive(Properties, PartialEq)]
pub struct Props {
    /// The accounts that the post goes to.
    pub accounts: Rc<Vec<Account>>,
    /// One of them, and what it gets.
    pub shown: Option<AccountId>,
    pub content: Rc<Content>,
    /// When it goes out, as the network will say it; short.
    pub when: AttrValue,
    pub on_show: Callback<AccountId>,
    /// The persona's mark stands for the picture that the account has on its network.
    pub color: Option<PersonaColor>,
}

/// More tabs than this become a list.
const TABS_MAX: usize = 3;

#[component]
pub fn Preview(props: &Props) -> Html {
    let t = &use_texts().compose;
    let account = props.accounts.iter().find(|account| Some(account.id) == props.shown);
    let Some(account) = account else {
        return html! {
            <section class="box">
                <div class="box-head"><h2>{ t.preview }</h2></div>
                <p class="card hint">{ t.preview_nothing }</p>
            </section>
        };
    };
    let options: Vec<(AttrValue, AttrValue)> = props
        .accounts
        .iter()
        .map(|account| {
            let several = props.accounts.iter().filter(|other| other.network == account.network).count() > 1;
            let name = if several { account.full_handle() } else { account.network.name().to_owned() };
            (account.id.to_string().into(), name.into())
        })
        .collect();
    let onchange = {
        let on_show = props.on_show.clone();
        Callback::from(move |key: AttrValue| {
            if let Ok(account) = key.parse() {
                on_show.emit(account);
            }
        })
    };
    let value: AttrValue = account.id.to_string().into();
    let short = options.len() <= TABS_MAX && options.iter().all(|(_, text)| text.chars().count() <= 14);
    html! {
        <section class="box preview">
            <div class="box-head">
                <h2>{ t.preview }</h2>
                if options.len() == 1 {
                    <span class="note">{ account.network.name() }</span>
                } else if short {
                    <Segmented label={t.preview} {options} {value} {onchange} />
                } else {
                    <Select id="preview-account" {options} {value} {onchange} label={t.preview_account} />
                }
            </div>
            { post(account, &props.content, &props.when, props.color) }
        </section>
    }
}

fn post(account: &Account, content: &Rc<Content>, when: &AttrValue, color: Option<PersonaColor>) -> Html {
    let mut content = content.clone();
    if !account.is_by_hand() && !content.first_comment.trim().is_empty() {
        // there it is one more reply
        let whole = Rc::make_mut(&mut content);
        let text = std::mem::take(&mut whole.first_comment);
        whole.parts.push(Part { text, ..Part::default() });
    }
    match account.network {
        Network::Bluesky => html! { <BlueskyPost account={account.clone()} {content} when={when.clone()} {color} /> },
        Network::Mastodon => {
            html! { <MastodonPost key={account.id.to_string()} account={account.clone()} {content} when={when.clone()} {color} /> }
        }
        _ => html! { <PlainPost account={account.clone()} {content} when={when.clone()} {color} /> },
    }
}

/// A text with its links, names and tags; line breaks stay.
fn rich_text(network: Network, text: &str, nothing: &'static str) -> Html {
    if text.trim().is_empty() {
        return html! { <p class="pv-text muted">{ nothing }</p> };
    }
    let parts = pieces(network, text.trim_end()).into_iter().map(|piece| match piece.kind {
        Kind::Plain => html! { { piece.shown } },
        Kind::Link | Kind::Mention | Kind::Tag => html! { <span class="pv-link">{ piece.shown }</span> },
    });
    html! { <p class="pv-text" dir="auto">{ for parts }</p> }
}

/// One to four images as the networks lay them out; more are counted.
fn images(images: &[Image], alt_word: &'static str) -> Html {
    if images.is_empty() {
        return Html::default();
    }
    let shown = images.iter().take(4).map(|image| {
        html! {
            <span class="pv-image">
                <Picture media={image.media} alt={image.alt.clone()} />
                if !image.alt.trim().is_empty() {
                    <span class="pv-alt" title={image.alt.clone()}>{ alt_word }</span>
                }
            </span>
        }
    });
    let more = images.len().saturating_sub(4);
    html! {
        <div class={classes!("pv-images", format!("n{}", images.len().min(4)))}>
            { for shown }
            if more > 0 { <span class="pv-more num">{ format!("+{more}") }</span> }
        </div>
    }
}

/// The name that readers see first.
fn display_name(account: &Account) -> &str {
    let name = account.profile.display_name.trim();
    if name.is_empty() { &account.profile.handle } else { name }
}
