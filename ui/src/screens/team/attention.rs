//! What the server refused: why, the words, and what becomes of them.

use contract::ApiError;
use contract::teams::{GetTeam, Refused, Settle, SettleRefused};
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use crate::backend::{call, use_query_if};
use crate::components::{Button, Confirm, Icon, Look, Section, To};
use crate::frame::context::use_frame;
use crate::frame::team::use_team;
use crate::platform;
use crate::route::Route;

/// On Today: nothing, unless something was refused in the open organisation.
#[component]
pub fn AttentionCard() -> Html {
    let open = use_team();
    let team = use_query_if(open.map(|_| GetTeam {})).data;
    let list = team.as_deref().and_then(Option::as_ref).map(|team| team.attention.clone()).unwrap_or_default();
    html! { if !list.is_empty() { <Attention {list} /> } }
}

#[derive(Properties, PartialEq)]
pub struct Props {
    /// Not empty.
    pub list: Vec<Refused>,
}

#[component]
pub fn Attention(props: &Props) -> Html {
    let (texts, _, _) = use_frame();
    let t = &texts.team;
    html! {
        <Section title={t.attention} note={props.list.len()} class="attention">
            <p class="sm muted">{ t.attention_what }</p>
            <ul class="stack" tabindex="-1">
                { for props.list.iter().map(|refused| html! { <li key={refused.id.to_string()}><Card refused={refused.clone()} /></li> }) }
            </ul>
        </Section>
    }
}

#[derive(Properties, PartialEq)]
struct CardProps {
    refused: Refused,
}

#[component]
fn Card(props: &CardProps) -> Html {
    let (texts, clock, toaster) = use_frame();
    let t = &texts.team;
    let Refused { id, what, post, title, reject, words, has_draft, refused_at, .. } = &props.refused;
    let asking = use_state_eq(|| false);
    let busy = use_state_eq(|| None::<Settle>);
    let ask = |on: bool| {
        let asking = asking.setter();
        Callback::from(move |()| asking.set(on))
    };
    let settle = {
        let (toaster, id, busy) = (toaster.clone(), *id, busy.clone());
        let close = ask(false);
        Callback::from(move |how: Settle| {
            if busy.is_some() {
                return;
            }
            close.emit(());
            let (toaster, busy) = (toaster.clone(), busy.setter());
            busy.set(Some(how));
            spawn_local(async move {
                match (call(SettleRefused { id, how }).await, how) {
                    (Ok(_), Settle::KeepAsDraft) => toaster.say(t.said_kept),
                    (Ok(_), Settle::Discard) => toaster.say(t.said_discarded),
                    (Err(error), _) => toaster.fail(&error),
                }
                busy.set(None);
            });
        })
    };
    let has_words = !words.trim().is_empty();
    let discard = match has_words {
        true => ask(true),
        false => settle.reform(|()| Settle::Discard),
    };
    let copy = {
        let (toaster, words) = (toaster, words.clone());
        Callback::from(move |_: MouseEvent| {
            let (toaster, words) = (toaster.clone(), words.clone());
            spawn_local(async move {
                match platform::copy(&words).await {
                    Ok(()) => toaster.say(texts.frame.copied),
                    Err(_) => toaster.complain(texts.accounts.copy_failed),
                }
            });
        })
    };
    let why = match reject {
        Some(reject) => (texts.error)(&ApiError::from(reject.clone())),
        None => t.refused_unknown.to_owned(),
    };
    let name = match post {
        Some(post) if !title.is_empty() => {
            html! { <To route={Route::Post { post: *post }} class="attn-title"><bdi>{ title }</bdi></To> }
        }
        Some(_) => html! { <span class="attn-title muted">{ t.post_gone }</span> },
        None => html! { <bdi class="attn-title">{ title }</bdi> },
    };
    html! {
        <article class="card attn failed">
            <header class="attn-head">
                <span class="st failed">{ (t.change_of)(what) }</span>
                { name }
                <time class="attn-where muted sm" title={clock.full(*refused_at)}>{ (t.refused)(&clock.relative(*refused_at)) }</time>
            </header>
            <p class="attn-said sm">{ why }</p>
            if has_words {
                <details class="refused-words" open=true>
                    <summary>{ t.words }</summary>
                    <blockquote dir="auto" tabindex="0">{ words }</blockquote>
                </details>
            }
            <div class="attn-actions">
                if *has_draft {
                    <Button look={Look::Go} icon={Icon::Compose} busy={*busy == Some(Settle::KeepAsDraft)} onclick={settle.reform(|_: MouseEvent| Settle::KeepAsDraft)}>
                        { t.keep }
                    </Button>
                }
                if has_words { <Button icon={Icon::Copy} onclick={copy}>{ t.copy_words }</Button> }
                <Button look={Look::Quiet} busy={*busy == Some(Settle::Discard)} onclick={discard.reform(|_: MouseEvent| ())}>{ t.discard }</Button>
            </div>
            <Confirm open={*asking} title={t.discard_title} yes={t.discard} onyes={settle.reform(|()| Settle::Discard)} onclose={ask(false)}>
                <p>{ t.discard_what }</p>
                <blockquote class="refused-words" dir="auto">{ words }</blockquote>
            </Confirm>
        </article>
    }
}
