//! Snippets: hashtag groups, templates and signatures, where they are kept and where they are chosen.

mod form;
mod pick;
pub mod texts;

use std::rc::Rc;

use contract::personas::{ListPersonas, PersonaView};
use contract::snippets::{DeleteSnippet, ListSnippets};
use domain::snippet::{Snippet, SnippetKind};
use web_sys::HtmlInputElement;
use yew::prelude::*;

pub use self::form::SnippetForm;
pub use self::pick::{SnippetFinder, TemplateFinder};
use crate::backend::use_query;
use crate::components::{Button, Dialog, Dot, Empty, Glyph, Icon, IconButton, Look, Skeleton, view};
use crate::frame::context::use_frame;
use crate::state::snippets::{Form, ordered, passes};

/// A filter helps from so many on.
const FILTERED_FROM: usize = 6;

#[derive(Properties, PartialEq)]
pub struct Props {
    pub open: bool,
    pub onclose: Callback<()>,
}

#[component]
pub fn SnippetsDialog(props: &Props) -> Html {
    html! { if props.open { <Open onclose={props.onclose.clone()} /> } }
}

#[derive(Properties, PartialEq)]
struct OpenProps {
    onclose: Callback<()>,
}

#[component]
fn Open(props: &OpenProps) -> Html {
    let (texts, _, _) = use_frame();
    let t = &texts.snippets;
    let all = use_query(ListSnippets {});
    let personas = use_query(ListPersonas {}).data;
    let editing = use_state_eq(|| None::<Form>);
    let filter = use_state_eq(String::new);
    let edit = {
        let editing = editing.setter();
        Callback::from(move |form: Option<Form>| editing.set(form))
    };
    if let Some(start) = (*editing).clone() {
        return html! { <SnippetForm {start} onback={edit.reform(|()| None)} /> };
    }
    let add = html! {
        <Button id="new-snippet" look={Look::Go} icon={Icon::Plus} onclick={edit.reform(|_: MouseEvent| Some(Form::default()))}>{ t.add }</Button>
    };
    let count = all.data.as_ref().map_or(0, |all| all.len());
    let footer = if count == 0 { Html::default() } else { add.clone() };
    let oninput = {
        let filter = filter.setter();
        Callback::from(move |event: InputEvent| filter.set(event.target_unchecked_into::<HtmlInputElement>().value()))
    };
    let body = view(&all, html! { <Skeleton rows=4 /> }, |all| {
        if all.is_empty() {
            return html! { <Empty icon={Icon::Snippet} title={t.empty} text={t.empty_what}>{ add.clone() }</Empty> };
        }
        let groups: Vec<(SnippetKind, Vec<&Snippet>)> = SnippetKind::ALL
            .into_iter()
            .map(|kind| {
                let mut found = ordered(all, kind, None);
                found.retain(|snippet| passes(&snippet.text, &filter));
                (kind, found)
            })
            .filter(|(_, found)| !found.is_empty())
            .collect();
        let lines = |found: &[&Snippet]| {
            let line = |snippet: &&Snippet| {
                let automatic =
                    Snippet::signature_of(all, snippet.text.persona).is_some_and(|first| first.id == snippet.id);
                html! { <SnippetLine key={snippet.id.to_string()} snippet={(*snippet).clone()} {automatic} personas={personas.clone()} onedit={edit.clone()} /> }
            };
            found.iter().map(line).collect::<Html>()
        };
        html! {
            <>
                if count >= FILTERED_FROM {
                    <span class="filter-text">
                        <Glyph icon={Icon::Search} />
                        <input id="snippet-filter" type="text" dir="auto" autocomplete="off" spellcheck="false" aria-label={t.filter} placeholder={t.filter} value={(*filter).clone()} {oninput} />
                    </span>
                }
                if groups.is_empty() { <p class="muted" role="status">{ t.nothing }</p> }
                { for groups.iter().map(|(kind, found)| html! {
                    <section key={(t.kinds)(*kind)} class="snippet-group">
                        <h3>{ (t.kinds)(*kind) }</h3>
                        <ul class="series">{ lines(found) }</ul>
                    </section>
                }) }
            </>
        }
    });
    html! { <Dialog open=true title={t.title} wide=true onclose={props.onclose.clone()} {footer}>{ body }</Dialog> }
}

#[derive(Properties, PartialEq)]
struct LineProps {
    snippet: Snippet,
    /// It stands below the new posts of its persona.
    automatic: bool,
    personas: Option<Rc<Vec<PersonaView>>>,
    onedit: Callback<Option<Form>>,
}

#[component]
fn SnippetLine(props: &LineProps) -> Html {
    let (texts, _, toaster) = use_frame();
    let t = &texts.snippets;
    let (id, text) = (props.snippet.id, &props.snippet.text);
    let persona = text.persona.and_then(|id| props.personas.as_ref()?.iter().find(|view| view.persona.id == id));
    let delete = {
        let (toaster, name) = (toaster, text.name.clone());
        Callback::from(move |_: MouseEvent| toaster.run(DeleteSnippet { snippet: id }, (t.deleted)(&name)))
    };
    let edit = {
        let (onedit, snippet) = (props.onedit.clone(), props.snippet.clone());
        Callback::from(move |_: MouseEvent| onedit.emit(Some(Form::of(&snippet))))
    };
    html! {
        <li>
            <div class="grow snippet-says">
                <p class="cut"><b><bdi>{ &text.name }</bdi></b></p>
                <p class="sm cut"><bdi>{ text.first() }</bdi></p>
                if persona.is_some() || text.parts.len() > 1 {
                    <p class="sm muted cut">
                        if let Some(view) = persona {
                            <Dot color={view.persona.text.color} />{ " " }<bdi>{ &view.persona.text.name }</bdi>
                            if props.automatic { { ", " }{ t.automatic } }
                        }
                        if text.parts.len() > 1 {
                            if persona.is_some() { { " · " } }
                            { (t.parts)(text.parts.len()) }
                        }
                    </p>
                }
            </div>
            <Button icon={Icon::Compose} onclick={edit}>{ t.edit }</Button>
            <IconButton icon={Icon::Trash} label={format!("{}: {}", texts.frame.delete, text.name)} onclick={delete} />
        </li>
    }
}
