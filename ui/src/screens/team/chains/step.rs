//! The fields of one step.

use contract::teams::MemberView;
use domain::id::PersonId;
use domain::team::Role;
use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::covers::{chip, error, toggle};
use super::dialog::Edit;
use super::drawn::Known;
use crate::components::{Avatar, Field, Glyph, Icon, IconButton, Segmented, TextInput};
use crate::frame::context::use_frame;
use crate::i18n::Texts as All;
use crate::state::chains::{Change, Fault, Many, StepForm};

#[derive(Properties, PartialEq)]
pub struct Props {
    pub step: StepForm,
    pub at: usize,
    /// How many there are.
    pub count: usize,
    pub known: Known,
    pub faults: Vec<Fault>,
    pub edit: Edit,
}

const MANY: [(&str, Many); 3] = [("any", Many::Any), ("all", Many::All), ("at-least", Many::AtLeast)];

#[component]
pub fn StepFields(props: &Props) -> Html {
    let (texts, ..) = use_frame();
    let t = &texts.chains;
    let Props { step, at, edit, .. } = props;
    let (at, key, number) = (*at, step.key, *at + 1);
    let id = |field: &str| AttrValue::from(format!("chain-step-{key}-{field}"));
    let has = |fault: Fault| props.faults.contains(&fault);
    let moves = |by: isize| edit.press(move |form| form.move_step(key, by));
    let onkeydown = {
        let edit = edit.clone();
        Callback::from(move |event: KeyboardEvent| {
            let by = match event.key().as_str() {
                "ArrowUp" if event.alt_key() => -1,
                "ArrowDown" if event.alt_key() => 1,
                _ => return,
            };
            event.prevent_default();
            event.stop_propagation();
            edit.change(Change::new(move |form| form.move_step(key, by)));
        })
    };
    html! {
        <fieldset class="card step-form" {onkeydown}>
            <legend class="visually-hidden">{ (t.step)(number) }</legend>
            <div class="step-head">
                <b aria-hidden="true">{ (t.step)(number) }</b>
                <span class="grow"></span>
                <IconButton icon={Icon::Up} label={(t.step_earlier)(number)} disabled={at == 0} onclick={moves(-1)} />
                <IconButton icon={Icon::Down} label={(t.step_later)(number)} disabled={number == props.count} onclick={moves(1)} />
                <IconButton icon={Icon::Trash} label={(t.step_remove)(number)} disabled={props.count == 1} onclick={edit.press(move |form| form.remove_step(key))} />
            </div>
            <Field id={id("name")} label={t.step_name} hint={t.step_name_hint} error={error(has(Fault::StepName(at)), Fault::StepName(at), t)}>
                <TextInput id={id("name")} value={step.name.clone()} wrong={has(Fault::StepName(at))} oninput={edit.text(key, |step, text| step.name = text)} />
            </Field>
            { approvers(props, texts) }
            { quorum(props, &id, texts) }
            { conditions(props, &id, texts) }
            <Field id={id("hours")} label={t.deadline} hint={t.deadline_hint} optional=true error={error(has(Fault::Deadline(at)), Fault::Deadline(at), t)}>
                <TextInput id={id("hours")} kind="number" class="short" value={step.within_h.clone()} wrong={has(Fault::Deadline(at))} oninput={edit.text(key, |step, text| step.within_h = text)} />
            </Field>
            if !step.within_h.trim().is_empty() {
                { people(t.then_label, Some(t.then_hint), &step.then, props, |step, person| toggle(&mut step.then, person)) }
            }
        </fieldset>
    }
}

fn approvers(props: &Props, texts: &'static All) -> Html {
    let t = &texts.chains;
    let (step, edit, at) = (&props.step, &props.edit, props.at);
    let key = step.key;
    let roles = Role::ALL.into_iter().map(|role| {
        let onclick = edit.press_step(key, move |step| toggle(&mut step.roles, role));
        chip(step.roles.contains(&role), onclick, Html::default(), (texts.team.role)(role))
    });
    let wrong = props.faults.contains(&Fault::Approvers(at));
    html! {
        <>
            { people(t.people, None, &step.people, props, |step, person| toggle(&mut step.people, person)) }
            <fieldset class="chips"><legend class="label">{ t.roles }</legend>{ for roles }<p class="hint">{ t.roles_hint }</p></fieldset>
            if wrong { <p class="field-error" role="alert"><Glyph icon={Icon::Warning} />{ (t.fault)(Fault::Approvers(at)) }</p> }
        </>
    }
}

fn people(
    label: &'static str,
    hint: Option<&'static str>,
    chosen: &std::collections::BTreeSet<PersonId>,
    props: &Props,
    change: fn(&mut StepForm, PersonId),
) -> Html {
    let key = props.step.key;
    let chips = props.known.members.iter().map(|member: &MemberView| {
        let person = member.person;
        let onclick = props.edit.press_step(key, move |step| change(step, person));
        chip(chosen.contains(&person), onclick, html! { <Avatar name={member.name.clone()} /> }, &member.name)
    });
    html! {
        <fieldset class="chips"><legend class="label">{ label }</legend>{ for chips }if let Some(hint) = hint { <p class="hint">{ hint }</p> }</fieldset>
    }
}

fn quorum(props: &Props, id: &dyn Fn(&str) -> AttrValue, texts: &'static All) -> Html {
    let t = &texts.chains;
    let (step, edit, at) = (&props.step, &props.edit, props.at);
    let key = step.key;
    let options: Vec<(AttrValue, AttrValue)> =
        MANY.iter().map(|(name, many)| ((*name).into(), (t.many)(*many).into())).collect();
    let value = MANY.iter().find(|(_, many)| *many == step.many).map_or("", |(name, _)| name);
    let onchange = edit.on_step(key, |step, name: AttrValue| {
        if let Some((_, many)) = MANY.iter().find(|(known, _)| *known == name.as_str()) {
            step.many = *many;
        }
    });
    let fault = [Fault::AllWithRoles(at), Fault::AtLeast(at)].into_iter().find(|fault| props.faults.contains(fault));
    // names of radio buttons tell groups apart: each step has its own
    let label = format!("{}: {}", (t.step)(at + 1), t.many_label);
    html! {
        <div class="field">
            <span class="label" aria-hidden="true">{ t.many_label }</span>
            <div class="row wrap">
                <Segmented {label} {options} value={value} {onchange} />
                if step.many == Many::AtLeast {
                    <TextInput id={id("at-least")} kind="number" class="short" label={t.at_least_label} value={step.at_least.clone()} wrong={fault.is_some()} oninput={edit.text(key, |step, text| step.at_least = text)} />
                }
            </div>
            if let Some(fault) = fault { <p class="field-error" role="alert"><Glyph icon={Icon::Warning} />{ (t.fault)(fault) }</p> }
        </div>
    }
}

fn conditions(props: &Props, id: &dyn Fn(&str) -> AttrValue, texts: &'static All) -> Html {
    let t = &texts.chains;
    let (step, edit, at) = (&props.step, &props.edit, props.at);
    let key = step.key;
    let check = |on: bool, text: &'static str, set: fn(&mut StepForm, bool)| {
        let onchange = edit.on_step(key, move |step, event: Event| {
            set(step, event.target_unchecked_into::<HtmlInputElement>().checked());
        });
        html! { <label class="choice"><input type="checkbox" checked={on} {onchange} /><span>{ text }</span></label> }
    };
    let wrong = |fault: Fault| props.faults.contains(&fault);
    html! {
        <fieldset class="choices conditions">
            <legend class="label">{ t.conditions }</legend>
            { check(step.has_link, t.if_link, |step, on| step.has_link = on) }
            { check(step.more_accounts, t.if_accounts, |step, on| step.more_accounts = on) }
            if step.more_accounts {
                <Field id={id("accounts")} label={t.if_accounts_count} error={error(wrong(Fault::Accounts(at)), Fault::Accounts(at), t)}>
                    <TextInput id={id("accounts")} kind="number" class="short" value={step.accounts.clone()} wrong={wrong(Fault::Accounts(at))} oninput={edit.text(key, |step, text| step.accounts = text)} />
                </Field>
            }
            { check(step.mentions, t.if_mentions, |step, on| step.mentions = on) }
            if step.mentions {
                <Field id={id("words")} label={t.if_words} hint={t.if_words_hint} error={error(wrong(Fault::Words(at)), Fault::Words(at), t)}>
                    <TextInput id={id("words")} value={step.words.clone()} wrong={wrong(Fault::Words(at))} oninput={edit.text(key, |step, text| step.words = text)} />
                </Field>
            }
            <p class="hint">{ t.conditions_hint }</p>
        </fieldset>
    }
}
