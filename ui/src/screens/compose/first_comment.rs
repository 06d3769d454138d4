//! The first comment: what the same account says below the post as soon as it is out.

use domain::post::Content;
use wasm_bindgen::JsCast;
use web_sys::HtmlTextAreaElement;
use yew::prelude::*;

use super::checks::PartChecks;
use super::edit::Change;
use super::hands::Hands;
use super::insert::ENTERED;
use super::part::{Counter, Focus, problem_lines};
use crate::components::{Glyph, Icon, IconButton};
use crate::i18n::use_texts;

#[derive(Properties, PartialEq)]
pub struct Props {
    pub text: AttrValue,
    /// Its place behind the parts.
    pub place: usize,
    pub checks: PartChecks,
    pub locked: bool,
    /// It asks for the focus.
    pub focus: Option<Focus>,
    pub hands: Hands,
    pub on_remove: Callback<()>,
}

#[component]
pub fn FirstComment(props: &Props) -> Html {
    let texts = use_texts();
    let t = &texts.compose;
    let field = use_node_ref();
    {
        let field = field.clone();
        use_effect_with(props.focus.clone(), move |focus| {
            if let (Some(_), Some(field)) = (focus, field.cast::<HtmlTextAreaElement>()) {
                let _ = field.focus();
                let _ = field.set_selection_range(u32::MAX, u32::MAX);
            }
        });
    }
    let oninput = props.hands.change.reform(|event: InputEvent| {
        let field = event.target().and_then(|target| target.dyn_into::<HtmlTextAreaElement>().ok());
        Change::FirstComment(field.map(|field| field.value()).unwrap_or_default())
    });
    let onkeydown = {
        let on_remove = props.on_remove.clone();
        Callback::from(move |event: KeyboardEvent| {
            let field = event.target().and_then(|target| target.dyn_into::<HtmlTextAreaElement>().ok());
            if event.key() == "Backspace" && field.is_some_and(|field| field.value().is_empty()) {
                event.prevent_default();
                event.stop_propagation();
                on_remove.emit(());
            }
        })
    };
    let place = props.place;
    let onfocus = props.hands.entered.reform(move |event: FocusEvent| {
        if let Some(field) = event.target().and_then(|target| target.dyn_into::<HtmlTextAreaElement>().ok()) {
            let _ = field.set_attribute(ENTERED, "");
        }
        place
    });
    let broken = !props.checks.problems.is_empty();
    html! {
        <section class={classes!("card", "part", "first-comment", broken.then_some("broken"))} aria-label={t.first_comment}>
            <div class="row">
                <Glyph icon={Icon::Reply} />
                <h2 class="xs muted grow">{ t.first_comment }</h2>
                if !props.locked {
                    <IconButton icon={Icon::Trash} label={t.first_comment_remove} onclick={props.on_remove.reform(|_: MouseEvent| ())} />
                }
            </div>
            <div class="paper">
                <div class="mirror" dir="auto" aria-hidden="true">{ &props.text }{ "\u{200b}" }</div>
                <textarea ref={field} rows="1" dir="auto" spellcheck="true" value={props.text.clone()} placeholder={t.first_comment_hint} readonly={props.locked}
                    aria-label={t.first_comment} aria-describedby="first-comment-says first-comment-problems" data-part={place.to_string()}
                    maxlength={Content::TEXT_MAX.to_string()} {oninput} {onkeydown} {onfocus} />
            </div>
            if broken {
                <div role="status"><ul class="problems" id="first-comment-problems">{ for problem_lines(&props.checks, texts) }</ul></div>
            }
            <div class="tools">
                <div class="gauges" id="first-comment-says">{ for props.checks.gauges.iter().map(|gauge| html! { <Counter gauge={gauge.clone()} /> }) }</div>
                <span class="grow" />
                <span class="xs muted">{ t.first_comment_when }</span>
            </div>
        </section>
    }
}
