use contract::vault::{RecoverVault, Secret, VaultState};
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use super::protect::{Choice, Protect};
use crate::backend::call;
use crate::components::{Button, Field, Icon, Look, Notice, NoticeTone, TextInput};
use crate::frame::context::{use_frame, use_program};

#[derive(Properties, PartialEq)]
pub struct RecoverProps {
    /// Stands open; otherwise it opens on request.
    pub own_words: bool,
}

/// Opens the vault with the recovery key and protects it anew.
#[component]
pub fn Recover(props: &RecoverProps) -> Html {
    let (t, _, toaster) = use_frame();
    let typed = use_state_eq(String::new);
    let program = use_program();
    // where there is no keyring, a passphrase is the way
    let by_passphrase = matches!(program.vault, VaultState::KeyringUnavailable | VaultState::NeedsPassphrase);
    let choice = use_state_eq(|| Choice { by_passphrase, ..Choice::default() });
    let busy = use_state_eq(|| false);
    let failed = use_state_eq(|| None::<String>);
    let ready = !typed.trim().is_empty() && choice.protection().is_some();
    let recover = {
        let (typed, choice, busy, failed) = (typed.clone(), choice.clone(), busy.clone(), failed.setter());
        Callback::from(move |()| {
            let Some(protection) = choice.protection().filter(|_| !*busy && !typed.trim().is_empty()) else { return };
            let (busy, failed, toaster) = (busy.setter(), failed.clone(), toaster.clone());
            let key = Secret(typed.trim().to_owned());
            busy.set(true);
            failed.set(None);
            spawn_local(async move {
                match call(RecoverVault { key, protection }).await {
                    Ok(()) => toaster.say(t.vault.recovered),
                    Err(error) => failed.set(Some((t.error)(&error))),
                }
                busy.set(false);
            });
        })
    };
    let form = html! {
        <div class="stack recover">
            <p>{ t.vault.recover_text }</p>
            <Field id="recover-key" label={t.vault.key} hint={t.vault.key_hint}>
                <TextInput id="recover-key" class="mono" value={(*typed).clone()} oninput={typed.setter().to_callback()} disabled={*busy} />
            </Field>
            <Protect choice={(*choice).clone()} onchange={choice.setter().to_callback()} onenter={recover.clone()} disabled={*busy} />
            if let Some(text) = &*failed {
                <Notice tone={NoticeTone::Bad}>{ text.clone() }</Notice>
            }
            <div class="row">
                <Button look={Look::Go} icon={Icon::Key} busy={*busy} disabled={!ready} onclick={recover.reform(|_| ())}>{ t.vault.recover }</Button>
            </div>
        </div>
    };
    if props.own_words {
        html! { <section><h2 class="recover-title">{ t.vault.recover_title }</h2>{ form }</section> }
    } else {
        html! { <details class="card vault-fold"><summary>{ t.vault.recover_title }</summary>{ form }</details> }
    }
}
