//! Close to how Mastodon's own web page shows a status: 2026-11, version 4.5.

use std::rc::Rc;

use domain::account::Account;
use domain::network::Network;
use domain::people::PersonaColor;
use domain::post::{Content, Visibility};
use yew::prelude::*;

use super::{display_name, images, rich_text};
use crate::components::Avatar;
use crate::i18n::use_texts;

#[derive(Properties, PartialEq)]
pub struct Props {
    pub account: Account,
    pub content: Rc<Content>,
    pub when: AttrValue,
    pub color: Option<PersonaColor>,
}

#[component]
pub fn MastodonPost(props: &Props) -> Html {
    let t = &use_texts().compose;
    let opened = use_state(|| false);
    let warning = props.content.content_warning.trim().to_owned();
    let hidden = !warning.is_empty() && !*opened;
    let toggle = {
        let opened = opened.clone();
        Callback::from(move |_: MouseEvent| opened.set(!*opened))
    };
    let name = display_name(&props.account).to_owned();
    let count = props.content.parts.len();
    let (icon, word) = match props.content.visibility {
        Visibility::Public => (GLOBE, t.visibility_public),
        Visibility::Unlisted => (MOON, t.visibility_unlisted),
        Visibility::Private => (LOCK, t.visibility_private),
    };
    let entries = props.content.parts.iter().enumerate().map(|(index, part)| {
        html! {
            <article class={classes!("pv-entry", (index + 1 < count).then_some("threaded"))} key={index}>
                <div class="pv-head">
                    <span class="pv-square"><Avatar name={name.clone()} color={props.color} large=true /></span>
                    <div class="grow">
                        <b class="cut"><bdi>{ name.clone() }</bdi></b>
                        <span class="muted cut handle" dir="ltr">{ props.account.full_handle() }</span>
                    </div>
                    <span class="muted when">
                        <svg viewBox="0 0 24 24" role="img" aria-label={word}><title>{ word }</title><path d={icon} /></svg>
                        { props.when.clone() }
                    </span>
                </div>
                if !warning.is_empty() {
                    <div class="pv-warning">
                        <span dir="auto">{ &warning }</span>
                        <button type="button" onclick={toggle.clone()} aria-expanded={opened.to_string()}>{ if hidden { t.preview_more } else { t.preview_less } }</button>
                    </div>
                }
                if !hidden {
                    { rich_text(Network::Mastodon, &part.text, t.preview_empty) }
                    { images(&part.images, "ALT") }
                }
                <footer aria-hidden="true"><span>{ t.masto_reply }</span><span>{ t.masto_boost }</span><span>{ t.masto_favourite }</span></footer>
            </article>
        }
    });
    html! { <div class="card pv mastodon">{ for entries }</div> }
}

const GLOBE: &str =
    "M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17zM3.5 12h17M12 3.5c5 5 5 12 0 17M12 3.5c-5 5-5 12 0 17";
const MOON: &str = "M19.5 14.5A8 8 0 0 1 9.5 4.5a8 8 0 1 0 10 10z";
const LOCK: &str = "M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 0 1 7 0v3";
