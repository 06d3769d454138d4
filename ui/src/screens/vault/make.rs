use contract::vault::{CreateVault, Secret};
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use super::confirm::Confirm;
use super::protect::{Choice, Protect};
use crate::backend::call;
use crate::components::{Button, Icon, Look, Notice, NoticeTone, use_focus_on_step};
use crate::frame::context::use_frame;
use crate::platform;

#[derive(Properties, PartialEq)]
pub struct MakeVaultProps {
    pub ondone: Callback<()>,
}

/// Where making the vault stands. The key lives here only, never in the cache of answers.
#[derive(Clone, PartialEq)]
enum Step {
    Choose,
    Show(Secret),
    TypeBack(Secret),
}

/// Makes the vault, shows its recovery key once and asks for it back.
#[component]
pub fn MakeVault(props: &MakeVaultProps) -> Html {
    let (t, _, toaster) = use_frame();
    let step = use_state_eq(|| Step::Choose);
    let choice = use_state_eq(Choice::default);
    let busy = use_state_eq(|| false);
    let failed = use_state_eq(|| None::<String>);
    let protection = choice.protection();
    let make = {
        let (step, busy, failed, choice) = (step.setter(), busy.clone(), failed.setter(), choice.clone());
        Callback::from(move |()| {
            let Some(protection) = choice.protection().filter(|_| !*busy) else { return };
            let (step, busy, failed) = (step.clone(), busy.setter(), failed.clone());
            busy.set(true);
            failed.set(None);
            spawn_local(async move {
                match call(CreateVault { protection }).await {
                    Ok(recovery) => step.set(Step::Show(recovery.key)),
                    Err(error) => failed.set(Some((t.error)(&error))),
                }
                busy.set(false);
            });
        })
    };
    let area = use_node_ref();
    use_focus_on_step(area.clone(), std::mem::discriminant(&*step));
    let body = match &*step {
        Step::Choose => html! {
            <>
                <header class="vault-head"><h2>{ t.vault.make_title }</h2><p>{ t.vault.make_text }</p></header>
                <Protect choice={(*choice).clone()} onchange={choice.setter().to_callback()} onenter={make.clone()} disabled={*busy} />
                if let Some(text) = &*failed {
                    <Notice tone={NoticeTone::Bad}>{ text.clone() }</Notice>
                }
                <div class="row">
                    <Button look={Look::Go} icon={Icon::Vault} busy={*busy} disabled={protection.is_none()} onclick={make.reform(|_| ())}>{ t.vault.make }</Button>
                </div>
            </>
        },
        Step::Show(key) => {
            let copy = {
                let (toaster, key) = (toaster.clone(), key.clone());
                Callback::from(move |_: MouseEvent| {
                    let (toaster, key) = (toaster.clone(), key.clone());
                    spawn_local(async move {
                        match platform::copy(&key.0).await {
                            Ok(()) => toaster.say(t.frame.copied),
                            Err(_) => toaster.complain(t.vault.key_text),
                        }
                    });
                })
            };
            let next = {
                let (step, key) = (step.setter(), key.clone());
                Callback::from(move |_: MouseEvent| step.set(Step::TypeBack(key.clone())))
            };
            html! {
                <>
                    <header class="vault-head"><h2>{ t.vault.key_title }</h2><p>{ t.vault.key_text }</p></header>
                    <p class="recovery-key">
                        { for key.0.split('-').map(|group| html! { <><span>{ group.to_owned() }</span>{ " " }</> }) }
                    </p>
                    <div class="row wrap">
                        <Button look={Look::Go} icon={Icon::Check} onclick={next}>{ t.vault.key_written }</Button>
                        <Button icon={Icon::Copy} onclick={copy}>{ t.frame.copy }</Button>
                    </div>
                </>
            }
        }
        Step::TypeBack(key) => {
            let back = {
                let (step, key) = (step.setter(), key.clone());
                Callback::from(move |()| step.set(Step::Show(key.clone())))
            };
            html! { <Confirm ondone={props.ondone.clone()} onshow={back} /> }
        }
    };
    html! { <div class="vault-body" ref={area}>{ body }</div> }
}
