//! The editor of one persona. What is written is stored a moment after the last keystroke, and when a field or the screen is left.

use std::cell::RefCell;
use std::rc::Rc;

use contract::accounts::AccountView;
use contract::personas::SavePersona;
use domain::id::PersonaId;
use domain::link_tags::LinkTags;
use domain::network::Network;
use domain::people::{Persona, PersonaColor, PersonaText};
use gloo_timers::callback::Timeout;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use super::editing::{Editing, Fault};
use crate::backend::call;
use crate::components::{AccountChip, Button, Field, Icon, Look, TextArea, TextInput};
use crate::frame::context::{Toaster, use_frame};
use crate::i18n::{Texts, grouped};
use crate::route::{Route, use_go};

#[derive(Properties, PartialEq)]
pub struct Props {
    /// None: one that is begun here.
    pub start: Option<Persona>,
    pub blank: PersonaText,
    pub personas: Vec<Persona>,
    pub accounts: Rc<Vec<AccountView>>,
    pub on_made: Callback<PersonaId>,
    pub on_delete: Callback<(PersonaId, String)>,
    pub on_cancel: Callback<()>,
}

/// Typing pauses this long before it is stored, in milliseconds.
const QUIET_MS: u32 = 600;

type State = Rc<RefCell<Editing>>;

#[component]
pub fn PersonaEditor(props: &Props) -> Html {
    let (texts, _, toaster) = use_frame();
    let t = &texts.personas;
    let go = use_go();
    let state: State = {
        let (start, blank) = (props.start.clone(), props.blank.clone());
        (*use_memo((), move |()| {
            Rc::new(RefCell::new(start.as_ref().map_or_else(|| Editing::new(blank), Editing::open)))
        }))
        .clone()
    };
    let touched = use_state(|| false);
    let redraw = use_force_update();
    let everyone: Vec<PersonaId> = props.personas.iter().map(|persona| persona.id).collect();
    let save = {
        let (state, toaster, redraw) = (state.clone(), toaster.clone(), redraw.clone());
        let redraw = Callback::from(move |()| redraw.force_update());
        Callback::from(move |()| store(&state, &everyone, &toaster, &redraw))
    };
    {
        let (state, on_made, save) = (state.clone(), props.on_made.clone(), save.clone());
        use_effect_with(props.personas.clone(), move |personas| {
            let before = state.borrow().persona;
            state.borrow_mut().refresh(personas);
            let id = state.borrow().persona;
            // typed after the first write: now it has somewhere to go
            save.emit(());
            if let (None, Some(id)) = (before, id) {
                on_made.emit(id);
            }
        });
    }
    {
        let save = save.clone();
        use_effect_with(state.borrow().text.clone(), move |_| {
            let timer = Timeout::new(QUIET_MS, move || save.emit(()));
            move || drop(timer)
        });
    }
    {
        // leaving the screen, or another persona: nothing typed is lost
        let latest = use_mut_ref(|| save.clone());
        *latest.borrow_mut() = save.clone();
        let state = state.clone();
        use_effect_with((), move |()| {
            move || {
                if state.borrow().is_changed() {
                    state.borrow_mut().make_storable(t.new_persona);
                    latest.borrow().emit(());
                }
            }
        });
    }
    let write = |set: fn(&mut PersonaText, String)| {
        let (state, redraw) = (state.clone(), redraw.clone());
        Callback::from(move |text: String| {
            set(&mut state.borrow_mut().text, text);
            redraw.force_update();
        })
    };
    let choose = |change: Rc<dyn Fn(&mut PersonaText)>| {
        let (state, redraw, save) = (state.clone(), redraw.clone(), save.clone());
        Callback::from(move |()| {
            change(&mut state.borrow_mut().text);
            redraw.force_update();
            save.emit(());
        })
    };
    let onfocusout = {
        let (save, touched) = (save.clone(), touched.clone());
        Callback::from(move |_: FocusEvent| {
            touched.set(true);
            save.emit(());
        })
    };
    let onkeydown = {
        let (save, touched) = (save.clone(), touched.clone());
        Callback::from(move |event: KeyboardEvent| {
            if (event.ctrl_key() || event.meta_key()) && event.key().eq_ignore_ascii_case("s") {
                event.prevent_default();
                event.stop_propagation();
                touched.set(true);
                save.emit(());
            }
        })
    };
    let now = state.borrow().clone();
    let fault = now.fault();
    let at = |wanted: &[Fault]| {
        fault.filter(|fault| wanted.contains(fault)).map(|fault| AttrValue::from(fault_words(fault, texts)))
    };
    let name_error = at(&[Fault::NoName, Fault::LongName]).filter(|_| *touched || fault == Some(Fault::LongName));
    let name = now.text.name.clone();
    let delete = now.persona.map(|id| {
        let name = name.clone();
        props.on_delete.reform(move |_: MouseEvent| (id, name.clone()))
    });
    let count = |text: &str| html! { <span class="num xs muted">{ format!("{} / {}", grouped(text.chars().count() as u64), grouped(Persona::NOTES_MAX as u64)) }</span> };
    html! {
        <section class="card persona-editor stack" aria-label={if name.trim().is_empty() { t.new_persona.to_owned() } else { name.clone() }} {onfocusout} {onkeydown}>
            <div class="name-and-color">
            <Field id="persona-name" label={t.name} error={name_error.clone()}>
                <TextInput id="persona-name" value={name} oninput={write(|text, value| text.name = value)} placeholder={t.name_example} autofocus={props.start.is_none()} wrong={name_error.is_some()} />
            </Field>
            { colors(&now, texts, &choose) }
            </div>
            <Field id="persona-voice" label={t.voice} hint={t.voice_hint} error={at(&[Fault::LongVoice])}>
                <TextArea id="persona-voice" rows={5} value={now.text.voice.clone()} oninput={write(|text, value| text.voice = value)} placeholder={t.voice_example} />
                { count(&now.text.voice) }
            </Field>
            <Field id="persona-audience" label={t.audience} hint={t.audience_hint} error={at(&[Fault::LongAudience])}>
                <TextArea id="persona-audience" rows={2} value={now.text.audience.clone()} oninput={write(|text, value| text.audience = value)} placeholder={t.audience_example} />
            </Field>
            <div class="field">
                <span class="label" id="persona-accounts">{ t.accounts }</span>
                <div class="acc" role="group" aria-labelledby="persona-accounts">{ accounts(props, &now, &choose, texts, &go) }</div>
                <p class="hint">{ t.accounts_hint }</p>
            </div>
            { link_tags(&now, texts, &state, &redraw) }
            <div class="row form-foot">
                <span class={classes!("sm", "muted", "grow", "save-state")} role="status">{ word(&now, texts) }</span>
                if now.has_failed() {
                    <Button icon={Icon::Refresh} onclick={save.reform(|_: MouseEvent| ())}>{ texts.frame.retry }</Button>
                }
                if let Some(delete) = delete {
                    <Button look={Look::Danger} icon={Icon::Trash} onclick={delete}>{ texts.frame.delete }</Button>
                } else {
                    <Button look={Look::Quiet} onclick={let (state, on_cancel) = (state.clone(), props.on_cancel.clone()); move |_: MouseEvent| {
                        let stored = Editing::new(PersonaText::default());
                        state.replace(stored);
                        on_cancel.emit(());
                    }}>{ texts.frame.cancel }</Button>
                }
            </div>
        </section>
    }
}

/// What the links of its posts tell about where a reader came from.
fn link_tags(now: &Editing, texts: &'static Texts, state: &State, redraw: &UseForceUpdateHandle) -> Html {
    let t = &texts.personas;
    let tags = now.text.link_tags.clone().unwrap_or_default();
    let fields = LinkTags::NAMES.into_iter().zip(tags.values()).enumerate().map(|(place, (name, value))| {
        let (state, redraw) = (state.clone(), redraw.clone());
        let oninput = Callback::from(move |value: String| {
            let text = &mut state.borrow_mut().text;
            let mut tags = text.link_tags.take().unwrap_or_default();
            if let Some(field) = tags.values_mut().into_iter().nth(place) {
                *field = value.chars().take(LinkTags::VALUE_MAX).collect();
            }
            text.link_tags = Some(tags).filter(|tags| !tags.is_empty());
            redraw.force_update();
        });
        let id = format!("persona-{}", name.replace('_', "-"));
        html! {
            <Field id={id.clone()} label={name} hint={if place == 0 { t.link_source_hint } else { "" }}>
                <TextInput {id} value={value.to_owned()} {oninput} />
            </Field>
        }
    });
    let example = tags.tagged_text(t.link_example, Network::Bluesky).into_owned();
    html! {
        <details class="field link-tags" open={now.text.link_tags.is_some()}>
            <summary>{ t.link_tags }</summary>
            <p class="hint">{ t.link_tags_hint }</p>
            <div class="tag-fields">{ for fields }</div>
            if !tags.is_empty() { <p class="hint tag-example" dir="ltr">{ example }</p> }
        </details>
    }
}

fn store(state: &State, everyone: &[PersonaId], toaster: &Toaster, redraw: &Callback<()>) {
    let persona = state.borrow().persona;
    let Some(text) = state.borrow_mut().send(everyone.iter().copied()) else { return };
    let (state, toaster, redraw) = (state.clone(), toaster.clone(), redraw.clone());
    let everyone = everyone.to_vec();
    spawn_local(async move {
        let answer = call(SavePersona { persona, text }).await;
        state.borrow_mut().answered(answer.is_ok());
        if let Err(error) = &answer {
            toaster.fail(error);
        }
        redraw.emit(());
        if answer.is_ok() {
            // what was typed meanwhile
            store(&state, &everyone, &toaster, &redraw);
        }
    });
}

fn fault_words(fault: Fault, texts: &'static Texts) -> &'static str {
    match fault {
        Fault::NoName => texts.personas.fault_name,
        Fault::LongName => texts.personas.fault_long_name,
        Fault::LongVoice | Fault::LongAudience => texts.personas.fault_long,
    }
}

fn word(now: &Editing, texts: &'static Texts) -> &'static str {
    if now.is_busy() {
        texts.frame.saving
    } else if now.has_failed() || (now.is_changed() && now.fault().is_some()) {
        texts.personas.unsaved
    } else if now.is_changed() {
        texts.frame.saving
    } else if now.persona.is_none() {
        ""
    } else {
        texts.personas.saved
    }
}

type Choose<'a> = &'a dyn Fn(Rc<dyn Fn(&mut PersonaText)>) -> Callback<()>;

fn colors(now: &Editing, texts: &'static Texts, choose: Choose<'_>) -> Html {
    let t = &texts.personas;
    let swatches = PersonaColor::ALL.into_iter().map(|color| {
        let onchange = choose(Rc::new(move |text| text.color = color)).reform(|_: Event| ());
        let name = (t.color_name)(color);
        html! {
            <label class={classes!("swatch", format!("persona-{}", color.wire()))} title={name}>
                <input type="radio" name="persona-color" checked={now.text.color == color} {onchange} aria-label={name} />
            </label>
        }
    });
    html! { <fieldset class="colors"><legend>{ t.color }</legend><div class="row wrap">{ for swatches }</div></fieldset> }
}

fn accounts(props: &Props, now: &Editing, choose: Choose<'_>, texts: &'static Texts, go: &Callback<Route>) -> Html {
    let t = &texts.personas;
    let living: Vec<_> = props
        .accounts
        .iter()
        .filter(|view| !view.account.removed || now.text.accounts.contains(&view.account.id))
        .collect();
    if living.is_empty() {
        return html! { <p class="sm muted">{ t.accounts_none }{ " " }<button type="button" class="link" onclick={go.reform(|_: MouseEvent| Route::Accounts)}>{ t.accounts_connect }</button></p> };
    }
    let chips = living.into_iter().map(|view| {
        let id = view.account.id;
        let on = now.text.accounts.contains(&id);
        let toggle = choose(Rc::new(move |text| match text.accounts.iter().position(|other| *other == id) {
            Some(at) => { text.accounts.remove(at); }
            None if text.accounts.len() < Persona::ACCOUNTS_MAX => text.accounts.push(id),
            None => {}
        }));
        html! { <AccountChip key={id.to_string()} account={view.account.clone()} {on} onclick={toggle.reform(|_: MouseEvent| ())} /> }
    });
    html! { { for chips } }
}
