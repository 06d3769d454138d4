//! Close to how bsky.app shows a thread: 2026-11.

use std::rc::Rc;

use domain::account::Account;
use domain::network::Network;
use domain::people::PersonaColor;
use domain::post::Content;
use yew::prelude::*;

use super::{display_name, images, rich_text};
use crate::components::Avatar;
use crate::i18n::use_texts;
use crate::screens::compose::part::card::face;

#[derive(Properties, PartialEq)]
pub struct Props {
    pub account: Account,
    pub content: Rc<Content>,
    pub when: AttrValue,
    pub color: Option<PersonaColor>,
}

#[component]
pub fn BlueskyPost(props: &Props) -> Html {
    let t = &use_texts().compose;
    let name = display_name(&props.account).to_owned();
    let count = props.content.parts.len();
    let entries = props.content.parts.iter().enumerate().map(|(index, part)| {
        html! {
            <article class={classes!("pv-entry", (index + 1 < count).then_some("threaded"))} key={index}>
                <div class="pv-side"><Avatar name={name.clone()} color={props.color} large=true /></div>
                <div class="pv-body">
                    <div class="pv-head">
                        <b class="cut"><bdi>{ name.clone() }</bdi></b>
                        <span class="muted cut handle" dir="ltr">{ props.account.full_handle() }</span>
                        <span class="muted when">{ "· " }{ props.when.clone() }</span>
                    </div>
                    { rich_text(Network::Bluesky, &part.text, t.preview_empty) }
                    { images(&part.images, "ALT") }
                    if let Some(card) = part.card.as_ref().filter(|_| part.images.is_empty()) { <div class="link-card">{ face(card) }</div> }
                    <footer aria-hidden="true"><span>{ t.bsky_reply }</span><span>{ t.bsky_repost }</span><span>{ t.bsky_like }</span></footer>
                </div>
            </article>
        }
    });
    html! { <div class="card pv bluesky">{ for entries }</div> }
}
