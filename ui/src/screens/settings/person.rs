use contract::program::NamePerson;
use gloo_timers::callback::Timeout;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use super::NAME_MAX;
use crate::backend::call;
use crate::components::{Field, TextInput};
use crate::frame::context::{use_frame, use_program};

/// Typing pauses this long before the name is stored, in milliseconds.
const QUIET_MS: u32 = 600;

/// The person's name, stored a moment after the last keystroke.
#[component]
pub fn PersonName() -> Html {
    let (t, ..) = use_frame();
    let program = use_program();
    let typed = use_state_eq(|| None::<String>);
    let failed = use_state_eq(|| None::<String>);
    {
        let (failed, stored) = (failed.setter(), program.person.clone());
        use_effect_with((*typed).clone(), move |typed| {
            let timer = typed.clone().filter(|typed| typed.trim() != stored).map(|typed| {
                Timeout::new(QUIET_MS, move || {
                    let name = typed.trim().to_owned();
                    spawn_local(async move {
                        failed.set(call(NamePerson { name }).await.err().map(|error| (t.error)(&error)));
                    });
                })
            });
            move || drop(timer)
        });
    }
    let value = (*typed).clone().unwrap_or_else(|| program.person.clone());
    let oninput = {
        let typed = typed.setter();
        Callback::from(move |text: String| typed.set(Some(text)))
    };
    html! {
        <Field id="settings-person" label={t.settings.person} error={(*failed).clone().map(AttrValue::from)}>
            <TextInput id="settings-person" {value} {oninput} wrong={failed.is_some()} autocomplete="name" maxlength={u32::try_from(NAME_MAX).ok()} />
        </Field>
    }
}
