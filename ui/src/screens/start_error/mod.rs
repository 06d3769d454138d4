//! The program could not open its profile: what happened, what was not harmed, and what can be done.

pub mod texts;

use std::rc::Rc;

use contract::{ApiError, Code};
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use crate::backend::{Remedy, repair_profile};
use crate::components::{Button, Dialog, Glyph, Icon, Look};
use crate::i18n::use_texts;

#[derive(Properties, Clone, PartialEq)]
pub struct StartErrorProps {
    pub error: Rc<ApiError>,
    pub retry: Callback<()>,
    pub busy: bool,
}

/// A remedy may make things better only for these.
const fn is_repairable(code: Code) -> bool {
    matches!(code, Code::Corrupt | Code::ProfileMissing)
}

#[component]
pub fn StartError(props: &StartErrorProps) -> Html {
    let t = use_texts();
    let words = &t.start_error;
    let error = &props.error;
    let working = use_state_eq(|| None::<Remedy>);
    let asking = use_state_eq(|| false);
    let failed = use_state_eq(|| None::<ApiError>);
    let run = {
        let (working, asking, failed, retry) = (working.clone(), asking.setter(), failed.setter(), props.retry.clone());
        Callback::from(move |remedy: Remedy| {
            if working.is_some() {
                return;
            }
            let (working, failed, retry) = (working.setter(), failed.clone(), retry.clone());
            asking.set(false);
            failed.set(None);
            working.set(Some(remedy));
            spawn_local(async move {
                match repair_profile(remedy).await {
                    Ok(()) => retry.emit(()),
                    Err(error) => failed.set(Some(error)),
                }
                working.set(None);
            });
        })
    };
    let does = |remedy: Remedy| *working == Some(remedy) || (remedy == Remedy::Retry && props.busy);
    let on = |remedy: Remedy| run.reform(move |_: MouseEvent| remedy);
    let ask = |to: bool| {
        let asking = asking.setter();
        Callback::from(move |()| asking.set(to))
    };
    let newest = (*failed).as_ref().unwrap_or(error);
    let code = serde_json::to_string(&newest.code).unwrap_or_default();
    html! {
        <main class="start-error">
            <div class="start-error-card card" role="alert">
                <span class="empty-mark bad"><Glyph icon={Icon::Warning} /></span>
                <h1>{ words.title }</h1>
                <p><b>{ (t.error_title)(newest.code) }</b>{ ". " }{ (t.error)(newest) }</p>
                <p class="hint">{ words.safe }{ " " }{ (words.code)(code.trim_matches('"')) }</p>
                <div class="stack">
                    <div><Button look={Look::Go} icon={Icon::Refresh} busy={does(Remedy::Retry)} onclick={on(Remedy::Retry)}>{ words.retry }</Button></div>
                    if is_repairable(newest.code) {
                        <div class="remedy">
                            <Button icon={Icon::Undo} busy={does(Remedy::RestoreBackup)} onclick={on(Remedy::RestoreBackup)}>{ words.restore }</Button>
                            <p class="hint">{ words.restore_text }</p>
                        </div>
                        <div class="remedy">
                            <Button icon={Icon::Folder} busy={does(Remedy::SetAside)} onclick={ask(true).reform(|_: MouseEvent| ())}>{ words.aside }</Button>
                            <p class="hint">{ words.aside_text }</p>
                        </div>
                    }
                </div>
                if let Some(detail) = &newest.detail {
                    <details class="raw"><summary>{ t.frame.details }</summary><pre>{ detail }</pre></details>
                }
            </div>
            <Dialog
                open={*asking}
                title={words.ask_aside_title}
                onclose={ask(false)}
                footer={html! {
                    <>
                        <Button onclick={ask(false).reform(|_: MouseEvent| ())}>{ t.frame.cancel }</Button>
                        <Button look={Look::Danger} onclick={on(Remedy::SetAside)}>{ words.aside }</Button>
                    </>
                }}
            >
                <p>{ words.ask_aside }</p>
            </Dialog>
        </main>
    }
}
