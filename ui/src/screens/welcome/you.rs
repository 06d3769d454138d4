use contract::program::{Language, NamePerson, Theme};
use domain::people::Persona;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use crate::backend::call;
use crate::components::{Button, Field, Look, TextInput};
use crate::frame::context::{use_frame, use_program};
use crate::platform;
use crate::screens::settings::{LanguageChoice, ThemeChoice, use_settings};

#[derive(Properties, PartialEq)]
pub struct YouProps {
    pub ondone: Callback<()>,
}

/// What was typed before the step was done, should the window close in between.
const REMEMBERED: &str = "sendoff.welcome.name";

/// Language, appearance and name.
#[component]
pub fn You(props: &YouProps) -> Html {
    let (t, ..) = use_frame();
    let program = use_program();
    let (settings, change) = use_settings();
    let name = use_state_eq(|| {
        if program.person.is_empty() {
            platform::recall(REMEMBERED).unwrap_or_default()
        } else {
            program.person.clone()
        }
    });
    let busy = use_state_eq(|| false);
    let failed = use_state_eq(|| None::<String>);
    let trimmed = name.trim().to_owned();
    let next = {
        let (trimmed, busy, failed, ondone) = (trimmed.clone(), busy.clone(), failed.setter(), props.ondone.clone());
        Callback::from(move |()| {
            if trimmed.is_empty() || *busy {
                return;
            }
            let (name, busy, failed, ondone) = (trimmed.clone(), busy.setter(), failed.clone(), ondone.clone());
            busy.set(true);
            spawn_local(async move {
                match call(NamePerson { name }).await {
                    Ok(_) => {
                        failed.set(None);
                        ondone.emit(());
                    }
                    Err(error) => failed.set(Some((t.error)(&error))),
                }
                busy.set(false);
            });
        })
    };
    let oninput = {
        let name = name.setter();
        Callback::from(move |text: String| {
            platform::remember(REMEMBERED, &text);
            name.set(text);
        })
    };
    let on_language = {
        let change = change.clone();
        Callback::from(move |language: Language| change.set(move |settings| settings.language = language))
    };
    let on_theme = Callback::from(move |theme: Theme| change.set(move |settings| settings.theme = theme));
    html! {
        <section class="welcome-card card">
            <header><h1>{ t.welcome.hello }</h1><p class="welcome-lead">{ t.welcome.hello_text }</p></header>
            <div class="welcome-choices">
                <div class="field"><span class="label" aria-hidden="true">{ t.welcome.language }</span><LanguageChoice value={settings.language} onchange={on_language} /></div>
                <div class="field"><span class="label" aria-hidden="true">{ t.welcome.theme }</span><ThemeChoice value={settings.theme} onchange={on_theme} /></div>
            </div>
            <Field id="person" label={t.welcome.name} hint={t.welcome.name_hint} error={(*failed).clone().map(AttrValue::from)}>
                <TextInput
                    id="person"
                    value={(*name).clone()}
                    {oninput}
                    wrong={failed.is_some()}
                    autofocus=true
                    autocomplete="name"
                    maxlength={u32::try_from(Persona::NAME_MAX).ok()}
                    onenter={next.clone()}
                />
            </Field>
            <footer class="welcome-foot">
                <span class="grow"></span>
                <Button look={Look::Go} busy={*busy} disabled={trimmed.is_empty()} onclick={next.reform(|_| ())}>{ t.frame.next }</Button>
            </footer>
        </section>
    }
}
