use std::rc::Rc;

use contract::accounts::ListAccounts;
use contract::personas::PersonaView;
use contract::queues::SaveQueue;
use domain::people::Persona;
use domain::queue::{Day, Queue};
use web_sys::HtmlInputElement;
use yew::prelude::*;

use crate::backend::use_query;
use crate::components::{AccountChip, Button, Dialog, Field, Icon, IconButton, Look, Select, TextInput, ZonePicker};
use crate::frame::context::use_frame;
use crate::state::slots::{Fault, Form, day_name};

#[derive(Properties, PartialEq)]
pub struct Props {
    pub start: Form,
    pub personas: Option<Rc<Vec<PersonaView>>>,
    pub onback: Callback<()>,
}

/// One queue: name, for whom, and its times of the week. Nothing is stored before it is said.
#[component]
pub fn QueueForm(props: &Props) -> Html {
    let (texts, clock, toaster) = use_frame();
    let t = &texts.queues;
    let form = use_state_eq(|| props.start.clone());
    let tried = use_state_eq(|| false);
    let accounts = use_query(ListAccounts {}).data;
    let fault = form.text().err().filter(|fault| *tried || *fault == Fault::LongName);
    let change = |change: Box<dyn Fn(&mut Form)>| {
        let form = form.clone();
        Callback::from(move |()| {
            let mut next = (*form).clone();
            change(&mut next);
            form.set(next);
        })
    };
    let save = {
        let (form, tried, toaster, onback) = (form.clone(), tried.setter(), toaster, props.onback.clone());
        Callback::from(move |()| match form.text() {
            Ok(text) => {
                let onback = onback.clone();
                let said = (t.saved)(&text.name);
                let settled = move |saved: Option<&contract::queues::QueueSaved>| {
                    if saved.is_some() {
                        onback.emit(());
                    }
                };
                toaster.run_then(SaveQueue { queue: form.queue, text }, said, settled);
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
    let name_fault = match fault {
        Some(Fault::NoName) => Some(AttrValue::from(t.fault_name)),
        Some(Fault::LongName) => Some(AttrValue::from(t.fault_long_name)),
        _ => None,
    };
    let on_name = {
        let form = form.clone();
        Callback::from(move |name: String| form.set(Form { name, ..(*form).clone() }))
    };
    let nobody = (AttrValue::from(""), AttrValue::from(t.any_persona));
    let personas = props.personas.iter().flat_map(|list| list.iter());
    let named = personas.map(|view| (view.persona.id.to_string().into(), view.persona.text.name.clone().into()));
    let on_persona = {
        let form = form.clone();
        Callback::from(move |id: AttrValue| form.set(Form { persona: id.parse().ok(), ..(*form).clone() }))
    };
    let on_zone = {
        let form = form.clone();
        Callback::from(move |zone: AttrValue| form.set(Form { zone: zone.to_string(), ..(*form).clone() }))
    };
    let chips = accounts.iter().flat_map(|list| list.iter()).filter(|view| !view.account.removed).map(|view| {
        let id = view.account.id;
        let toggle = change(Box::new(move |form| match form.accounts.iter().position(|other| *other == id) {
            Some(at) => { form.accounts.remove(at); }
            None if form.accounts.len() < Persona::ACCOUNTS_MAX => form.accounts.push(id),
            None => {}
        }));
        html! { <AccountChip key={id.to_string()} account={view.account.clone()} on={form.accounts.contains(&id)} onclick={toggle.reform(|_: MouseEvent| ())} /> }
    });
    let rows = form.rows.iter().enumerate().map(|(at, row)| {
        let on_time = {
            let form = form.clone();
            Callback::from(move |event: InputEvent| {
                let mut next = (*form).clone();
                if let Some(row) = next.rows.get_mut(at) {
                    row.time = event.target_unchecked_into::<HtmlInputElement>().value();
                }
                form.set(next);
            })
        };
        let days = Day::ALL.into_iter().map(|day| {
            let on = row.days.contains(&day);
            let toggle = change(Box::new(move |form| form.rows.get_mut(at).into_iter().for_each(|row| row.toggle(day))));
            html! {
                <button type="button" class={classes!("chip", "day-chip", on.then_some("on"))} aria-pressed={if on { "true" } else { "false" }} onclick={toggle.reform(|_: MouseEvent| ())}>
                    { day_name(day, &texts.time) }
                </button>
            }
        });
        let remove = change(Box::new(move |form| if form.rows.len() > 1 { form.rows.remove(at); }));
        let wrong = match fault {
            Some(Fault::NoTime(wrong)) if wrong == at => Some(t.fault_time),
            Some(Fault::NoDay(wrong)) if wrong == at => Some(t.fault_day),
            _ => None,
        };
        html! {
            <li key={at}>
                <div class="row wrap">
                    <input type="time" class="input slot-time" id={format!("slot-{at}")} aria-label={t.time} value={row.time.clone()} oninput={on_time} />
                    <span class="row day-chips" role="group" aria-label={row.time.clone()}>{ for days }</span>
                    if form.rows.len() > 1 {
                        <IconButton icon={Icon::Cross} label={(t.remove_time)(&row.time)} onclick={remove.reform(|_: MouseEvent| ())} />
                    }
                </div>
                if let Some(wrong) = wrong { <p class="field-error" role="alert">{ wrong }</p> }
            </li>
        }
    });
    let add_time = change(Box::new(|form| {
        if form.rows.len() < Queue::SLOTS_MAX {
            form.add_row()
        }
    }));
    let title = if form.queue.is_some() { (t.edit_title)(&props.start.name) } else { t.new_title.to_owned() };
    let footer = html! {
        <>
            <Button look={Look::Quiet} onclick={props.onback.reform(|_: MouseEvent| ())}>{ texts.frame.cancel }</Button>
            <Button id="save-queue" look={Look::Go} onclick={save.reform(|_: MouseEvent| ())}>{ t.save }</Button>
        </>
    };
    html! {
        <Dialog open=true {title} wide=true sticky={*form != props.start} onclose={props.onback.clone()} {footer}>
            <div class="stack queue-form" {onkeydown}>
                <Field id="queue-name" label={t.name} error={name_fault.clone()}>
                    <TextInput id="queue-name" value={form.name.clone()} oninput={on_name} placeholder={t.name_example} autofocus=true wrong={name_fault.is_some()} />
                </Field>
                <div class="field">
                    <span class="label" id="queue-times">{ t.times }</span>
                    <ul class="slot-rows" aria-labelledby="queue-times">{ for rows }</ul>
                    <div><Button icon={Icon::Plus} onclick={add_time.reform(|_: MouseEvent| ())}>{ t.add_time }</Button></div>
                </div>
                <Field id="queue-zone" label={t.zone}>
                    <ZonePicker id="queue-zone" value={form.zone.clone()} onchange={on_zone} own={Some(clock.zone_name.clone())} />
                </Field>
                <Field id="queue-persona" label={t.persona}>
                    <Select id="queue-persona" options={std::iter::once(nobody).chain(named).collect::<Vec<_>>()} value={form.persona.map(|id| id.to_string()).unwrap_or_default()} onchange={on_persona} />
                </Field>
                if accounts.as_ref().is_some_and(|list| !list.is_empty()) {
                    <div class="field">
                        <span class="label" id="queue-accounts">{ t.accounts }</span>
                        <div class="acc" role="group" aria-labelledby="queue-accounts">{ for chips }</div>
                        <p class="hint">{ t.accounts_hint }</p>
                    </div>
                }
            </div>
        </Dialog>
    }
}
