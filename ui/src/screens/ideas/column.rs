use std::rc::Rc;

use contract::ideas::{DeleteColumn, MoveColumn, SaveColumn, SaveIdea};
use domain::id::{ColumnId, IdeaId};
use domain::idea::{Idea, IdeaText};
use domain::people::Persona;
use yew::prelude::*;

use super::card::{Card, dragged};
use super::{Hands, named};
use crate::components::{Button, Dialog, Field, Glyph, Icon, Look, Menu, MenuItem, TextInput};
use crate::frame::context::use_frame;
use crate::state::board::{Shown, is_link};

#[derive(Properties, PartialEq)]
pub struct ColumnProps {
    pub column: Rc<Shown>,
    pub current: Option<IdeaId>,
    /// The idea that Tab reaches.
    pub stop: Option<IdeaId>,
    pub hands: Hands,
    /// The column at its left, and the one behind its right neighbour: where it would stand before.
    pub beside: (Option<ColumnId>, Option<ColumnId>),
    pub is_last: bool,
    pub is_only: bool,
}

pub fn add_field(column: ColumnId) -> String {
    format!("add-{column}")
}

/// One column: its name, a line for new ideas, and what stands in it.
#[component]
pub fn ColumnBox(props: &ColumnProps) -> Html {
    let (texts, _, toaster) = use_frame();
    let t = &texts.ideas;
    let column = &props.column;
    let id = column.column;
    let name = named(column, texts);
    let over = use_state_eq(|| false);
    let line = use_state_eq(String::new);
    let renaming = use_state_eq(|| None::<String>);

    let add = {
        let (toaster, line) = (toaster.clone(), line.clone());
        Callback::from(move |()| {
            let written = line.trim().to_owned();
            if written.is_empty() {
                return;
            }
            let text = if is_link(&written) {
                IdeaText { title: short(&written), link: written.clone(), ..IdeaText::default() }
            } else {
                // what is too long for a title goes on in the note
                let title = short(&written);
                let note = if title == written { String::new() } else { written.clone() };
                IdeaText { title, note, ..IdeaText::default() }
            };
            // it is there for all to see
            let (toaster, line) = (toaster.clone(), line.clone());
            line.set(String::new());
            wasm_bindgen_futures::spawn_local(async move {
                if let Err(error) = crate::backend::call(SaveIdea { idea: None, text, column: Some(id) }).await {
                    toaster.fail(&error);
                    // what was written is not lost
                    line.set(written);
                }
            });
        })
    };
    let on_line = {
        let line = line.setter();
        Callback::from(move |text: String| line.set(text))
    };
    let hover = |to: bool| {
        let over = over.setter();
        move |event: DragEvent| {
            event.prevent_default();
            over.set(to);
        }
    };
    let ondrop = {
        let (over, hands) = (over.setter(), props.hands.clone());
        Callback::from(move |event: DragEvent| {
            event.prevent_default();
            over.set(false);
            if let Some(idea) = dragged(&event) {
                hands.put.emit((idea, id, None));
            }
        })
    };
    let mut items = vec![
        MenuItem::new(t.rename, {
            let (renaming, name) = (renaming.setter(), name.clone());
            move || renaming.set(Some(name.clone()))
        })
        .icon(Icon::Compose),
    ];
    let shift = |before: Option<ColumnId>, word: &'static str| {
        let toaster = toaster.clone();
        move || toaster.run(MoveColumn { column: id, before }, word)
    };
    if let Some(left) = props.beside.0 {
        items.push(MenuItem::new(t.to_left, shift(Some(left), t.to_left)).icon(Icon::Left));
    }
    if !props.is_last {
        items.push(MenuItem::new(t.to_right, shift(props.beside.1, t.to_right)).icon(Icon::Right));
    }
    if !props.is_only {
        let (toaster, said) = (toaster.clone(), (t.column_deleted)(&name));
        let delete = move || toaster.run(DeleteColumn { column: id }, said.clone());
        items.push(MenuItem::new(t.delete_column, delete).icon(Icon::Trash).danger());
    }
    let cards = column.ideas.iter().map(|view| {
        let idea = view.idea.id;
        html! {
            <Card key={idea.to_string()} view={view.clone()} column={id} current={props.current == Some(idea)} stop={props.stop == Some(idea)} hands={props.hands.clone()} />
        }
    });
    html! {
        <section class={classes!("board-column", over.then_some("over"))} aria-label={(t.column)(&name, column.total)} ondragover={hover(true)} ondragleave={hover(false)} {ondrop}>
            <header>
                <h2 class="cut" title={name.clone()}><bdi>{ &name }</bdi></h2>
                <span class="num muted sm">{ column.total }</span>
                <Menu label={(t.column_menu)(&name)} trigger={html! { <Glyph icon={Icon::More} /> }} {items} class={classes!("btn", "quiet", "icon-only")} end=true />
            </header>
            <TextInput id={add_field(id)} value={(*line).clone()} oninput={on_line} label={(t.add_to)(&name)} placeholder={t.example} onenter={add} />
            <ul class="board-cards">{ for cards }</ul>
            if let Some(start) = (*renaming).clone() {
                <Rename column={id} {start} onclose={let renaming = renaming.setter(); move |()| renaming.set(None)} />
            }
        </section>
    }
}

/// The head of a line, as long as a title may be.
fn short(line: &str) -> String {
    let first = line.lines().next().unwrap_or_default();
    first.chars().take(Idea::TITLE_MAX).collect()
}

#[derive(Properties, PartialEq)]
struct RenameProps {
    column: ColumnId,
    start: String,
    onclose: Callback<()>,
}

#[component]
fn Rename(props: &RenameProps) -> Html {
    let (texts, _, toaster) = use_frame();
    let t = &texts.ideas;
    let name = use_state_eq(|| props.start.clone());
    let save = {
        let (name, toaster, onclose, column) = (name.clone(), toaster, props.onclose.clone(), props.column);
        Callback::from(move |()| {
            if !name.trim().is_empty() {
                toaster.run_quietly(SaveColumn { column: Some(column), name: (*name).clone() });
                onclose.emit(());
            }
        })
    };
    let oninput = {
        let name = name.setter();
        Callback::from(move |text: String| name.set(text))
    };
    let footer = html! {
        <>
            <Button look={Look::Quiet} onclick={props.onclose.reform(|_: MouseEvent| ())}>{ texts.frame.cancel }</Button>
            <Button look={Look::Go} disabled={name.trim().is_empty()} onclick={save.reform(|_: MouseEvent| ())}>{ t.rename }</Button>
        </>
    };
    html! {
        <Dialog open=true title={(t.rename_named)(&props.start)} onclose={props.onclose.clone()} {footer}>
            <Field id="column-name" label={t.column_name}>
                <TextInput id="column-name" value={(*name).clone()} {oninput} autofocus=true onenter={save} maxlength={u32::try_from(Persona::NAME_MAX).ok()} />
            </Field>
        </Dialog>
    }
}
