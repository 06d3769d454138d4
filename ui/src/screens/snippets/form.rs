use contract::personas::ListPersonas;
use contract::snippets::{SaveSnippet, SnippetSaved};
use domain::snippet::SnippetKind;
use yew::prelude::*;

use crate::backend::use_query;
use crate::components::{Button, Dialog, Field, Look, Segmented, Select, TextArea, TextInput};
use crate::frame::context::use_frame;
use crate::state::snippets::{Fault, Form};

#[derive(Properties, PartialEq)]
pub struct Props {
    pub start: Form,
    /// It was stored, or given up.
    pub onback: Callback<()>,
}

const fn key(kind: SnippetKind) -> &'static str {
    match kind {
        SnippetKind::Hashtags => "hashtags",
        SnippetKind::Template => "template",
        SnippetKind::Signature => "signature",
    }
}

/// One snippet. Nothing is stored before it is said.
#[component]
pub fn SnippetForm(props: &Props) -> Html {
    let (texts, _, toaster) = use_frame();
    let t = &texts.snippets;
    let form = use_state_eq(|| props.start.clone());
    let tried = use_state_eq(|| false);
    let personas = use_query(ListPersonas {}).data;
    let fault = form.text().err().filter(|fault| *tried || !matches!(fault, Fault::NoName | Fault::NoText));
    let save = {
        let (form, tried, toaster, onback) = (form.clone(), tried.setter(), toaster, props.onback.clone());
        Callback::from(move |()| match form.text() {
            Ok(text) => {
                let onback = onback.clone();
                let said = (t.saved)(&text.name);
                let settled = move |saved: Option<&SnippetSaved>| {
                    if saved.is_some() {
                        onback.emit(());
                    }
                };
                toaster.run_then(SaveSnippet { snippet: form.snippet, text }, said, settled);
            }
            Err(_) => tried.set(true),
        })
    };
    let onkeydown = {
        let save = save.clone();
        Callback::from(move |event: KeyboardEvent| {
            if (event.ctrl_key() || event.meta_key()) && matches!(event.key().as_str(), "Enter" | "s" | "S") {
                event.prevent_default();
                event.stop_propagation();
                save.emit(());
            }
        })
    };
    let write = |set: fn(&mut Form, String)| {
        let form = form.clone();
        Callback::from(move |text: String| {
            let mut next = (*form).clone();
            set(&mut next, text);
            form.set(next);
        })
    };
    let on_kind = write(|form, key_of| {
        form.kind = SnippetKind::ALL.into_iter().find(|kind| key(*kind) == key_of).unwrap_or_default();
    });
    let on_persona = write(|form, id| form.persona = id.parse().ok());
    let name_fault = match fault {
        Some(Fault::NoName) => Some(AttrValue::from(t.fault_name)),
        Some(Fault::LongName) => Some(AttrValue::from(t.fault_long_name)),
        _ => None,
    };
    let text_fault = match fault {
        Some(Fault::NoText) => Some(AttrValue::from(t.fault_text)),
        Some(Fault::LongText) => Some(AttrValue::from(t.fault_long_text)),
        Some(Fault::ManyParts) => Some(AttrValue::from(t.fault_parts)),
        _ => None,
    };
    let kinds: Vec<(AttrValue, AttrValue)> =
        SnippetKind::ALL.into_iter().map(|kind| (key(kind).into(), (t.kind)(kind).into())).collect();
    let nobody = (AttrValue::from(""), AttrValue::from(t.everybody));
    let named = personas.iter().flat_map(|list| list.iter());
    let named = named.map(|view| (view.persona.id.to_string().into(), view.persona.text.name.clone().into()));
    let personas: Vec<(AttrValue, AttrValue)> = std::iter::once(nobody).chain(named).collect();
    let title = if form.snippet.is_some() { (t.edit_title)(&props.start.name) } else { t.new_title.to_owned() };
    let footer = html! {
        <>
            <Button look={Look::Quiet} onclick={props.onback.reform(|_: MouseEvent| ())}>{ texts.frame.cancel }</Button>
            <Button id="save-snippet" look={Look::Go} onclick={save.reform(|_: MouseEvent| ())}>{ t.save }</Button>
        </>
    };
    html! {
        <Dialog open=true {title} wide=true sticky={*form != props.start} onclose={props.onback.clone()} {footer}>
            <div class="stack queue-form" {onkeydown}>
                <div class="field">
                    <Segmented label={t.kind_label} options={kinds} value={key(form.kind)} onchange={on_kind.reform(|key: AttrValue| key.to_string())} />
                    <p class="hint">{ (t.kind_is)(form.kind) }</p>
                </div>
                <Field id="snippet-name" label={t.name} error={name_fault.clone()}>
                    <TextInput id="snippet-name" value={form.name.clone()} oninput={write(|form, name| form.name = name)} placeholder={t.name_example} autofocus=true wrong={name_fault.is_some()} />
                </Field>
                <Field id="snippet-text" label={t.text} hint={(t.text_hint)(form.kind)} error={text_fault.clone()}>
                    <TextArea id="snippet-text" rows={if form.kind == SnippetKind::Template { 8 } else { 3 }} value={form.text.clone()} oninput={write(|form, text| form.text = text)}
                        placeholder={(t.text_example)(form.kind)} wrong={text_fault.is_some()} />
                </Field>
                <Field id="snippet-persona" label={t.persona} hint={(t.persona_hint)(form.kind)}>
                    <Select id="snippet-persona" options={personas} value={form.persona.map(|id| id.to_string()).unwrap_or_default()} onchange={on_persona.reform(|id: AttrValue| id.to_string())} />
                </Field>
            </div>
        </Dialog>
    }
}
