//! One idea in full. What is written is stored a moment after the last keystroke, and when it is closed.

use std::rc::Rc;

use contract::ideas::{IdeaView, SaveIdea};
use domain::id::{ColumnId, IdeaId};
use domain::idea::{Idea, IdeaText};
use gloo_timers::callback::Timeout;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use super::{Hands, named};
use crate::backend::call;
use crate::components::{Button, Dialog, Field, Icon, Look, Select, TextArea, TextInput};
use crate::frame::context::use_frame;
use crate::state::board::{Shown, tags};

#[derive(Properties, PartialEq)]
pub struct EditorProps {
    pub idea: IdeaView,
    pub column: ColumnId,
    pub columns: Rc<Vec<Shown>>,
    pub hands: Hands,
    pub ondelete: Callback<IdeaId>,
    pub onclose: Callback<()>,
}

/// Typing pauses this long before it is stored, in milliseconds.
const QUIET_MS: u32 = 600;

/// The fields as they are typed.
#[derive(Debug, Clone, PartialEq)]
struct Fields {
    title: String,
    note: String,
    link: String,
    tags: String,
}

impl Fields {
    fn of(text: &IdeaText) -> Self {
        let IdeaText { title, note, link, tags } = text.clone();
        Self { title, note, link, tags: tags.join(", ") }
    }

    /// What is to be stored, within its bounds; without a title the stored one stays.
    fn text(&self, stored: &IdeaText) -> IdeaText {
        let cut = |text: &str, most: usize| text.chars().take(most).collect::<String>();
        let title = if self.title.trim().is_empty() { &stored.title } else { &self.title };
        let tags = tags(&self.tags).iter().take(Idea::TAGS_MAX).map(|tag| cut(tag, Idea::TAG_MAX)).collect();
        IdeaText {
            title: cut(title.trim(), Idea::TITLE_MAX),
            note: cut(&self.note, Idea::NOTE_MAX),
            link: cut(self.link.trim(), Idea::LINK_MAX),
            tags,
        }
    }
}

#[component]
pub fn IdeaEditor(props: &EditorProps) -> Html {
    let (texts, _, toaster) = use_frame();
    let t = &texts.ideas;
    let idea = &props.idea.idea;
    let id = idea.id;
    let fields = use_state_eq(|| Fields::of(&idea.text));
    let stored = use_mut_ref(|| idea.text.clone());
    let latest = use_mut_ref(|| (*fields).clone());
    *latest.borrow_mut() = (*fields).clone();
    let save = {
        let (stored, latest, toaster) = (stored.clone(), latest.clone(), toaster.clone());
        use_callback((), move |(), ()| {
            let text = latest.borrow().text(&stored.borrow());
            let changed = text != *stored.borrow();
            if changed {
                stored.replace(text.clone());
                toaster.run_quietly(SaveIdea { idea: Some(id), text, column: None });
            }
        })
    };
    {
        let save = save.clone();
        use_effect_with(fields.clone(), move |_| {
            let timer = Timeout::new(QUIET_MS, move || save.emit(()));
            move || drop(timer)
        });
    }
    {
        let save = save.clone();
        use_effect_with((), move |()| move || save.emit(()));
    }
    let write = |set: fn(&mut Fields, String)| {
        let fields = fields.clone();
        Callback::from(move |text: String| {
            let mut next = (*fields).clone();
            set(&mut next, text);
            fields.set(next);
        })
    };
    // what was typed a moment ago is part of the post
    let post = {
        let (write, stored, latest, toaster) = (props.hands.write.clone(), stored, latest, toaster);
        Callback::from(move |()| {
            let text = latest.borrow().text(&stored.borrow());
            let unsaved = text != *stored.borrow();
            if unsaved {
                stored.replace(text.clone());
            }
            let (write, toaster) = (write.clone(), toaster.clone());
            spawn_local(async move {
                if unsaved && let Err(error) = call(SaveIdea { idea: Some(id), text, column: None }).await {
                    toaster.fail(&error);
                    return;
                }
                write.emit(id);
            });
        })
    };
    let onkeydown = {
        let (onclose, post) = (props.onclose.clone(), post.clone());
        Callback::from(move |event: KeyboardEvent| {
            if !(event.ctrl_key() || event.meta_key()) {
                return;
            }
            match event.key().as_str() {
                "Enter" => post.emit(()),
                "s" | "S" => onclose.emit(()),
                _ => return,
            }
            event.prevent_default();
            event.stop_propagation();
        })
    };
    let options: Vec<(AttrValue, AttrValue)> =
        props.columns.iter().map(|column| (column.column.to_string().into(), named(column, texts).into())).collect();
    let on_column = {
        let (put, columns) = (props.hands.put.clone(), props.columns.clone());
        Callback::from(move |key: AttrValue| {
            if let Some(there) = columns.iter().find(|column| column.column.to_string() == key.as_str()) {
                put.emit((id, there.column, there.ideas.first().map(|view| view.idea.id)));
            }
        })
    };
    let became = props.idea.status.is_some();
    let fault = fields.title.trim().is_empty().then_some(AttrValue::from(t.fault_title));
    let footer = html! {
        <>
            <Button look={Look::Danger} icon={Icon::Trash} onclick={props.ondelete.reform(move |_: MouseEvent| id)}>{ texts.frame.delete }</Button>
            <span class="grow sm muted">{ t.saved_by_itself }</span>
            <Button look={Look::Quiet} onclick={props.onclose.reform(|_: MouseEvent| ())}>{ texts.frame.close }</Button>
            <Button id="write-idea" look={Look::Go} icon={Icon::Compose} onclick={post.reform(|_: MouseEvent| ())}>{ if became { t.open_post } else { t.write } }</Button>
        </>
    };
    html! {
        <Dialog open=true title={t.idea} wide=true onclose={props.onclose.clone()} {footer}>
            <div class="stack queue-form" {onkeydown}>
                <Field id="idea-title" label={t.idea} error={fault.clone()}>
                    <TextInput id="idea-title" value={fields.title.clone()} oninput={write(|fields, text| fields.title = text)} autofocus=true wrong={fault.is_some()} maxlength={u32::try_from(Idea::TITLE_MAX).ok()} />
                </Field>
                <Field id="idea-note" label={t.note} hint={t.note_hint}>
                    <TextArea id="idea-note" rows=6 value={fields.note.clone()} oninput={write(|fields, text| fields.note = text)} />
                </Field>
                <Field id="idea-link" label={t.link}>
                    <TextInput id="idea-link" kind="url" value={fields.link.clone()} oninput={write(|fields, text| fields.link = text)} placeholder="https://" />
                </Field>
                <Field id="idea-tags" label={t.tags} hint={t.tags_hint}>
                    <TextInput id="idea-tags" value={fields.tags.clone()} oninput={write(|fields, text| fields.tags = text)} placeholder={t.tags_example} />
                </Field>
                <Field id="idea-column" label={t.in_column}>
                    <Select id="idea-column" {options} value={props.column.to_string()} onchange={on_column} />
                </Field>
            </div>
        </Dialog>
    }
}
