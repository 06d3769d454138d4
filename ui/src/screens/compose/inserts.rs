//! What is put into a text besides typing: snippets, and the signature of the persona.

use std::cell::RefCell;
use std::rc::Rc;

use contract::snippets::ListSnippets;
use domain::id::PersonaId;
use domain::post::Content;
use domain::snippet::{Snippet, SnippetKind, signed};
use yew::prelude::*;

use super::desk::Sheet;
use super::edit::{Change, Layer};
use super::emoji::EmojiFinder;
use super::hands::Hands;
use super::insert;
use crate::backend::use_query;
use crate::components::{Button, Icon, Look};
use crate::frame::context::{Bound, use_commands, use_frame};
use crate::screens::snippets::{SnippetFinder, SnippetForm, SnippetsDialog};
use crate::state::keys::Cmd;
use crate::state::snippets::{Form, ordered, poured, spaced};

#[derive(Properties)]
pub struct Props {
    pub sheet: Rc<Sheet>,
    pub layer: Layer,
    pub persona: Option<PersonaId>,
    /// The part that has, or had, the focus.
    pub part: Rc<RefCell<usize>>,
    pub parts: usize,
    /// A first comment stands behind the parts.
    pub has_comment: bool,
    pub hands: Hands,
    pub locked: bool,
}

impl PartialEq for Props {
    fn eq(&self, other: &Self) -> bool {
        self.sheet == other.sheet
            && self.layer == other.layer
            && self.persona == other.persona
            && Rc::ptr_eq(&self.part, &other.part)
            && self.parts == other.parts
            && self.has_comment == other.has_comment
            && self.hands == other.hands
            && self.locked == other.locked
    }
}

#[derive(Clone, PartialEq)]
enum Open {
    Nothing,
    Snippets,
    Emoji,
    Manage,
    Template(Form),
}

/// As many snippets as the palette offers by their names.
const OFFERED_MAX: usize = 100;

#[component]
pub fn Inserts(props: &Props) -> Html {
    let (texts, _, toaster) = use_frame();
    let t = &texts.snippets;
    let open = use_state_eq(|| Open::Nothing);
    let all = use_query(ListSnippets {}).data;
    let show = |what: Open| {
        let open = open.setter();
        Callback::from(move |()| open.set(what.clone()))
    };
    let close = show(Open::Nothing);
    let put = {
        let (sheet, part, hands, layer) = (props.sheet.clone(), props.part.clone(), props.hands.clone(), props.layer);
        let has_comment = props.has_comment;
        Callback::from(move |snippet: Snippet| {
            let draft = sheet.pipeline().draft().clone();
            let parts = &layer.content(&draft).parts;
            let last = parts.len().saturating_sub(1);
            let entered = *part.borrow();
            let at = entered.min(last);
            let text = snippet.text.first();
            match (snippet.text.kind, snippet.text.parts.len()) {
                (SnippetKind::Hashtags, _) => {
                    // hashtags often stand in the first comment
                    let at = if has_comment { entered.min(last + 1) } else { at };
                    insert::at_caret(at, |place| spaced(&place.before, text, &place.after));
                }
                (SnippetKind::Signature, _) => {
                    let body = parts.last().map(|part| part.text.trim_end()).unwrap_or_default();
                    if !body.ends_with(text) {
                        insert::at_end(last, signed(body, text).get(body.len()..).unwrap_or_default());
                    }
                }
                (SnippetKind::Template, 0 | 1) => insert::at_caret(at, |_| text.to_owned()),
                (SnippetKind::Template, more) if parts.len() + more - 1 > Content::PARTS_MAX => {
                    toaster.complain(t.too_many_parts);
                }
                (SnippetKind::Template, _) => {
                    let place = insert::field(at).map(|field| insert::place(&field));
                    let (before, after) = place.map(|place| (place.before, place.after)).unwrap_or_default();
                    let texts = poured(&before, &snippet.text.parts, &after);
                    hands.change.emit(Change::Rewrite { part: at, texts });
                }
            }
        })
    };
    let emoji = {
        let last = if props.has_comment { props.parts } else { props.parts.saturating_sub(1) };
        let part = props.part.clone();
        Callback::from(move |sign: String| insert::at_caret((*part.borrow()).min(last), |_| sign))
    };
    let signature = all.as_ref().and_then(|all| Snippet::signature_of(all, props.persona)).cloned();
    let template = {
        let (sheet, layer, open) = (props.sheet.clone(), props.layer, open.setter());
        let signature = signature.as_ref().map(|signature| signature.text.first().to_owned());
        move || {
            let draft = sheet.pipeline().draft().clone();
            open.set(Open::Template(Form::of_post(&draft, layer.content(&draft), signature.as_deref())));
        }
    };
    let mut bound = vec![Bound::new(Cmd::ComposeSaveTemplate, template)];
    if !props.locked {
        bound.push(Bound { cmd: Cmd::ComposeEmoji, run: show(Open::Emoji), title: None });
        bound.push(Bound { cmd: Cmd::ComposeSnippet, run: show(Open::Snippets), title: None });
        if let Some(signature) = signature {
            let put = put.clone();
            bound.push(Bound::new(Cmd::ComposeSignature, move || put.emit(signature.clone())));
        }
        let list = all.as_deref().map(Vec::as_slice).unwrap_or_default();
        let kinds = SnippetKind::ALL.into_iter().flat_map(|kind| ordered(list, kind, props.persona));
        bound.extend(kinds.take(OFFERED_MAX).map(|snippet| {
            let (put, title) = (put.clone(), (t.insert_named)(&snippet.text.name));
            let snippet = snippet.clone();
            Bound::new(Cmd::ComposeInsertSnippet, move || put.emit(snippet.clone())).titled(title)
        }));
    }
    use_commands(bound);
    let dialog = match (*open).clone() {
        Open::Nothing => Html::default(),
        Open::Snippets => html! {
            <SnippetFinder persona={props.persona} onchoose={put} onmanage={show(Open::Manage)} onclose={close} />
        },
        Open::Emoji => html! { <EmojiFinder onchoose={emoji} onclose={close} /> },
        Open::Manage => html! { <SnippetsDialog open=true onclose={close} /> },
        Open::Template(start) => html! { <SnippetForm {start} onback={close} /> },
    };
    html! {
        <>
            if !props.locked {
                <Button id="insert-emoji" look={Look::Quiet} icon={Icon::Smile} keys={Cmd::ComposeEmoji}
                    onclick={show(Open::Emoji).reform(|_: MouseEvent| ())}>{ texts.compose.emoji }</Button>
                <Button id="insert-snippet" look={Look::Quiet} icon={Icon::Snippet} keys={Cmd::ComposeSnippet}
                    onclick={show(Open::Snippets).reform(|_: MouseEvent| ())}>{ t.insert }</Button>
            }
            { dialog }
        </>
    }
}
