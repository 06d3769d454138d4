//! The networks that a person posts to by hand: who, when, the title if the network has one, the text, the images. No more of
//! their look is promised, because nothing of what they do to a post can be tried here.

use std::rc::Rc;

use domain::account::Account;
use domain::people::PersonaColor;
use domain::post::Content;
use domain::text::{Rule, rulebook};
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
pub fn PlainPost(props: &Props) -> Html {
    let t = &use_texts().compose;
    let account = &props.account;
    let name = display_name(account).to_owned();
    let count = props.content.parts.len();
    let has_title = account.rules().row(Rule::TitleLength).is_some();
    let entries = props.content.parts.iter().enumerate().map(|(index, part)| {
        let (title, text) =
            if has_title && index == 0 { rulebook::first_line(&part.text) } else { ("", part.text.as_str()) };
        html! {
            <article class={classes!("pv-entry", (index + 1 < count).then_some("threaded"))} key={index}>
                <div class="pv-head">
                    <Avatar name={name.clone()} color={props.color} network={account.network} large=true />
                    <div class="grow">
                        <b class="cut"><bdi>{ name.clone() }</bdi></b>
                        <span class="muted cut handle">{ account.network.name() }</span>
                    </div>
                    <span class="muted when">{ props.when.clone() }</span>
                </div>
                if !title.is_empty() { <p class="pv-title" dir="auto">{ title }</p> }
                if title.is_empty() || !text.is_empty() { { rich_text(account.network, text, t.preview_empty) } }
                { images(&part.images, "ALT") }
            </article>
        }
    });
    let comment = props.content.first_comment.trim();
    html! {
        <div class="card pv mastodon plain">
            { for entries }
            if !comment.is_empty() {
                <div class="pv-comment"><span class="xs muted">{ t.first_comment }</span>{ rich_text(account.network, comment, "") }</div>
            }
        </div>
    }
}
