use contract::vault::{ConfirmRecoveryKey, Secret};
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use crate::backend::call;
use crate::components::{Button, Field, Icon, Look, TextInput};
use crate::frame::context::use_frame;

#[derive(Properties, PartialEq)]
pub struct ConfirmProps {
    pub ondone: Callback<()>,
    /// Shows the key once more, while the window still has it.
    #[prop_or_default]
    pub onshow: Option<Callback<()>>,
}

/// The recovery key, typed back.
#[component]
pub fn Confirm(props: &ConfirmProps) -> Html {
    let (t, _, toaster) = use_frame();
    let typed = use_state_eq(String::new);
    let busy = use_state_eq(|| false);
    let failed = use_state_eq(|| None::<String>);
    let confirm = {
        let (typed, busy, failed, ondone) = (typed.clone(), busy.clone(), failed.setter(), props.ondone.clone());
        Callback::from(move |()| {
            if typed.trim().is_empty() || *busy {
                return;
            }
            let (busy, failed, ondone, toaster) = (busy.setter(), failed.clone(), ondone.clone(), toaster.clone());
            let key = Secret(typed.trim().to_owned());
            busy.set(true);
            failed.set(None);
            spawn_local(async move {
                match call(ConfirmRecoveryKey { key }).await {
                    Ok(()) => {
                        toaster.say(t.vault.confirmed);
                        ondone.emit(());
                    }
                    Err(error) => failed.set(Some((t.error)(&error))),
                }
                busy.set(false);
            });
        })
    };
    html! {
        <>
            <header class="vault-head"><h2>{ t.vault.confirm_title }</h2><p>{ t.vault.confirm_text }</p></header>
            <Field id="recovery-key" label={t.vault.key} hint={t.vault.key_hint} error={(*failed).clone().map(AttrValue::from)}>
                <TextInput
                    id="recovery-key"
                    class="mono"
                    value={(*typed).clone()}
                    oninput={typed.setter().to_callback()}
                    wrong={failed.is_some()}
                    autofocus=true
                    onenter={confirm.clone()}
                />
            </Field>
            <div class="row wrap">
                <Button look={Look::Go} icon={Icon::Check} busy={*busy} disabled={typed.trim().is_empty()} onclick={confirm.reform(|_| ())}>{ t.vault.confirm }</Button>
                if let Some(onshow) = &props.onshow {
                    <Button look={Look::Quiet} onclick={onshow.reform(|_| ())}>{ t.vault.show_again }</Button>
                }
            </div>
        </>
    }
}
