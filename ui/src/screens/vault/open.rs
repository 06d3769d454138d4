use contract::vault::{Secret, UnlockVault};
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use super::recover::Recover;
use super::secret::SecretField;
use crate::backend::call;
use crate::components::{Button, Icon, Look, Notice, NoticeTone};
use crate::frame::context::use_frame;

/// Asks for the passphrase.
#[component]
pub fn Unlock() -> Html {
    let (t, ..) = use_frame();
    let typed = use_state_eq(String::new);
    let recovering = use_state_eq(|| false);
    let (open, busy, failed) = use_unlock();
    let go = {
        let typed = typed.clone();
        Callback::from(move |()| {
            if !typed.is_empty() {
                open.emit(Some(Secret((*typed).clone())));
            }
        })
    };
    if *recovering {
        return html! { <Recover own_words=true /> };
    }
    let recover = {
        let recovering = recovering.setter();
        Callback::from(move |_: MouseEvent| recovering.set(true))
    };
    html! {
        <>
            <header class="vault-head"><h2>{ t.vault.open }</h2><p>{ t.vault.needs_text }</p></header>
            <SecretField
                id="unlock-passphrase"
                label={t.vault.passphrase}
                value={(*typed).clone()}
                oninput={typed.setter().to_callback()}
                error={failed.map(AttrValue::from)}
                autofocus=true
                onenter={go.clone()}
            />
            <div class="row wrap">
                <Button look={Look::Go} icon={Icon::Key} {busy} disabled={typed.is_empty()} onclick={go.reform(|_| ())}>{ t.vault.open }</Button>
                <Button look={Look::Quiet} onclick={recover}>{ t.vault.forgot }</Button>
            </div>
        </>
    }
}

/// Asks the keyring once more.
#[component]
pub fn AskKeyring() -> Html {
    let (t, ..) = use_frame();
    let (open, busy, failed) = use_unlock();
    let go = open.reform(|_: MouseEvent| None);
    html! {
        <>
            if let Some(text) = failed {
                <Notice tone={NoticeTone::Bad}>{ text }</Notice>
            }
            <div class="row"><Button look={Look::Go} icon={Icon::Refresh} {busy} onclick={go}>{ t.vault.ask_again }</Button></div>
        </>
    }
}

/// Opens the vault; while it works, and why it failed.
#[hook]
fn use_unlock() -> (Callback<Option<Secret>>, bool, Option<String>) {
    let (t, _, toaster) = use_frame();
    let busy = use_state_eq(|| false);
    let failed = use_state_eq(|| None::<String>);
    let open = {
        let (busy, failed) = (busy.clone(), failed.setter());
        Callback::from(move |passphrase: Option<Secret>| {
            if *busy {
                return;
            }
            let (busy, failed, toaster) = (busy.setter(), failed.clone(), toaster.clone());
            busy.set(true);
            failed.set(None);
            spawn_local(async move {
                match call(UnlockVault { passphrase }).await {
                    Ok(()) => toaster.say(t.vault.opened),
                    Err(error) => failed.set(Some((t.error)(&error))),
                }
                busy.set(false);
            });
        })
    };
    (open, *busy, (*failed).clone())
}
