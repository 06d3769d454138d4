//! The form of a chain, with a drawing of what is being written.

use contract::ApiError;
use contract::approvals::SaveChain;
use domain::approval::{Chain, Order};
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use super::covers::{CoversFields, error};
use super::drawn::{Known, links};
use super::step::StepFields;
use crate::backend::call;
use crate::components::{
    Button, ChainDrawing, Dialog, Field, Icon, Look, Notice, NoticeTone, Segmented, Switch, TextInput,
};
use crate::frame::context::use_frame;
use crate::i18n::Texts as All;
use crate::platform;
use crate::state::chains::{Change, Fault, Form, StepForm};

/// Changes the form.
#[derive(Clone, PartialEq)]
pub struct Edit(UseReducerDispatcher<Form>);

impl Edit {
    pub fn change(&self, change: Change) {
        self.0.dispatch(change);
    }

    pub fn on<T: 'static>(&self, change: fn(&mut Form, T)) -> Callback<T> {
        let edit = self.clone();
        Callback::from(move |value: T| edit.change(Change::new(move |form| change(form, value))))
    }

    pub fn press(&self, change: impl Fn(&mut Form) + Clone + 'static) -> Callback<MouseEvent> {
        let edit = self.clone();
        Callback::from(move |_: MouseEvent| edit.change(Change::new(change.clone())))
    }

    pub fn press_step(&self, key: u32, change: impl Fn(&mut StepForm) + Clone + 'static) -> Callback<MouseEvent> {
        let edit = self.clone();
        Callback::from(move |_: MouseEvent| edit.change(Change::step(key, change.clone())))
    }

    pub fn on_step<T: 'static>(&self, key: u32, change: impl Fn(&mut StepForm, T) + Clone + 'static) -> Callback<T> {
        let edit = self.clone();
        Callback::from(move |value: T| {
            let change = change.clone();
            edit.change(Change::step(key, move |step| change(step, value)));
        })
    }

    pub fn text(&self, key: u32, change: fn(&mut StepForm, String)) -> Callback<String> {
        self.on_step(key, change)
    }
}

#[derive(Properties, PartialEq)]
pub struct Props {
    pub start: Form,
    pub known: Known,
    pub onclose: Callback<()>,
}

const ORDERS: [(&str, Order); 2] = [("one-by-one", Order::OneByOne), ("at-once", Order::AtOnce)];

#[component]
pub fn ChainDialog(props: &Props) -> Html {
    let (texts, ..) = use_frame();
    let t = &texts.chains;
    let start = props.start.clone();
    let form = use_reducer_eq(move || start);
    let edit = Edit(form.dispatcher());
    let tried = use_state_eq(|| 0_u32);
    let busy = use_state_eq(|| false);
    let failed = use_state_eq(|| None::<ApiError>);
    let all_faults = form.faults();
    // nobody is told what is wrong with what they have not written yet
    let faults: Vec<Fault> = if *tried > 0 { all_faults.clone() } else { Vec::new() };
    use_effect_with(*tried, |_| {
        let wrong =
            platform::document().and_then(|page| page.query_selector(".chain-form .field-error").ok().flatten());
        if let Some(wrong) = wrong {
            platform::scroll_near(&wrong);
        }
    });
    let save = use_save(&form, &tried, &busy, &failed, &props.onclose);
    let onkeydown = {
        let save = save.clone();
        Callback::from(move |event: KeyboardEvent| {
            if (event.ctrl_key() || event.meta_key()) && event.key() == "Enter" {
                event.prevent_default();
                event.stop_propagation();
                save.emit(());
            }
        })
    };
    let footer = html! {
        <>
            if !faults.is_empty() { <p class="grow field-error" role="status">{ (t.faults)(faults.len()) }</p> }
            <Button onclick={props.onclose.reform(|_: MouseEvent| ())}>{ texts.frame.cancel }</Button>
            <Button id="chain-save" look={Look::Go} busy={*busy} onclick={save.reform(|_: MouseEvent| ())}>{ t.save }</Button>
        </>
    };
    let name_fault = [Fault::NoName, Fault::LongName].into_iter().find(|fault| faults.contains(fault));
    let steps = form.steps.iter().enumerate().map(|(at, step)| {
        html! {
            <StepFields key={step.key} step={step.clone()} {at} count={form.steps.len()} known={props.known.clone()}
                faults={faults.iter().copied().filter(|fault| is_of(*fault, at)).collect::<Vec<_>>()} edit={edit.clone()} />
        }
    });
    let add = {
        let edit = edit.clone();
        Callback::from(move |_: MouseEvent| {
            edit.change(Change::new(|form| {
                form.add_step();
            }))
        })
    };
    let title = if form.chain.is_some() { t.title_edit } else { t.title_new };
    let on_name = edit.on(|form, name: String| form.name = name);
    html! {
        <Dialog open=true {title} onclose={props.onclose.clone()} wide=true sticky={*form != props.start} class={classes!("chain-dialog")} {footer}>
            <div class="stack chain-form" {onkeydown}>
                if let Some(error) = (*failed).clone() { <Notice tone={NoticeTone::Bad}><p>{ (texts.error)(&error) }</p></Notice> }
                { preview(&form, &props.known, texts) }
                <Field id="chain-name" label={t.name} hint={t.name_hint} error={name_fault.and_then(|fault| error(true, fault, t))}>
                    <TextInput id="chain-name" value={form.name.clone()} wrong={name_fault.is_some()} oninput={on_name} autofocus=true />
                </Field>
                <CoversFields only={form.only} covers={form.covers.clone()} known={props.known.clone()} edit={edit.clone()} wrong={faults.contains(&Fault::CoversNothing)} />
                if form.steps.len() > 1 { { order(form.order, &edit, texts) } }
                { for steps }
                if form.steps.len() < Chain::STEPS_MAX { <div><Button id="chain-add-step" icon={Icon::Plus} onclick={add}>{ t.add_step }</Button></div> }
                <Switch id="chain-own-work" label={t.own_work} hint={t.own_work_hint} on={form.own_work} onchange={edit.on(|form, on| form.own_work = on)} />
                <Switch id="chain-time-counts" label={t.time_counts} hint={t.time_counts_hint} on={form.time_counts} onchange={edit.on(|form, on| form.time_counts = on)} />
            </div>
        </Dialog>
    }
}

#[hook]
fn use_save(
    form: &UseReducerHandle<Form>,
    tried: &UseStateHandle<u32>,
    busy: &UseStateHandle<bool>,
    failed: &UseStateHandle<Option<ApiError>>,
    onclose: &Callback<()>,
) -> Callback<()> {
    let (texts, _, toaster) = use_frame();
    let (form, tried, busy) = (form.clone(), tried.clone(), busy.clone());
    let (failed, onclose) = (failed.setter(), onclose.clone());
    Callback::from(move |()| {
        tried.set(tried.saturating_add(1));
        if *busy || !form.faults().is_empty() {
            return;
        }
        let command = SaveChain { chain: form.chain, read: form.read, text: form.sketch() };
        let (busy, failed, onclose, toaster) = (busy.setter(), failed.clone(), onclose.clone(), toaster.clone());
        busy.set(true);
        failed.set(None);
        spawn_local(async move {
            match call(command).await {
                Ok(saved) => {
                    onclose.emit(());
                    toaster.done((texts.chains.said_saved)(&saved.chain.text.name), &saved);
                }
                Err(error) => {
                    busy.set(false);
                    failed.set(Some(error));
                }
            }
        });
    })
}

fn preview(form: &Form, known: &Known, texts: &'static All) -> Html {
    let t = &texts.chains;
    html! {
        <figure class="chain-preview">
            <figcaption class="label">{ t.preview }</figcaption>
            <ChainDrawing label={t.preview} links={links(&form.sketch(), known, texts)} at_once={form.order == Order::AtOnce} />
        </figure>
    }
}

fn order(order: Order, edit: &Edit, texts: &'static All) -> Html {
    let t = &texts.chains;
    let options: Vec<(AttrValue, AttrValue)> =
        ORDERS.iter().map(|(name, order)| ((*name).into(), (t.order_choice)(*order).into())).collect();
    let value = ORDERS.iter().find(|(_, known)| *known == order).map_or("", |(name, _)| name);
    let onchange = edit.on(|form, name: AttrValue| {
        if let Some((_, order)) = ORDERS.iter().find(|(known, _)| *known == name.as_str()) {
            form.order = *order;
        }
    });
    html! {
        <div class="field"><span class="label" aria-hidden="true">{ t.order_label }</span><Segmented label={t.order_label} {options} {value} {onchange} /></div>
    }
}

fn is_of(fault: Fault, at: usize) -> bool {
    match fault {
        Fault::NoName | Fault::LongName | Fault::CoversNothing => false,
        Fault::StepName(of)
        | Fault::Approvers(of)
        | Fault::AllWithRoles(of)
        | Fault::AtLeast(of)
        | Fault::Accounts(of)
        | Fault::Words(of)
        | Fault::Deadline(of) => of == at,
    }
}
