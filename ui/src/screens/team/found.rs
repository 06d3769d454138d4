use contract::ApiError;
use contract::teams::FoundTeam;
use domain::team::Organisation;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use super::host;
use crate::components::{Button, Dialog, Field, Icon, Look, Notice, NoticeTone, Select, TextInput};
use crate::frame::context::use_frame;
use crate::frame::team::{NotOpened, enter};
use crate::route::{Route, use_go};

#[derive(Properties, PartialEq)]
pub struct Props {
    /// Where the person is signed in; not empty.
    pub servers: Vec<String>,
    pub onclose: Callback<()>,
}

/// A name, and on which server.
#[component]
pub fn FoundDialog(props: &Props) -> Html {
    let (texts, _, toaster) = use_frame();
    let t = &texts.team;
    let go = use_go();
    let name = use_state_eq(String::new);
    let chosen = use_state_eq(|| props.servers.first().cloned().unwrap_or_default());
    let wrong = use_state_eq(|| false);
    let busy = use_state_eq(|| false);
    let failed = use_state_eq(|| None::<ApiError>);
    let found = {
        let (name, server, onclose) = ((*name).clone(), (*chosen).clone(), props.onclose.clone());
        let (wrong, busy, failed) = (wrong.setter(), busy.clone(), failed.setter());
        Callback::from(move |()| {
            let name = name.trim().to_owned();
            wrong.set(name.is_empty());
            if name.is_empty() || *busy {
                return;
            }
            let (busy, failed, onclose) = (busy.setter(), failed.clone(), onclose.clone());
            let (toaster, go, server) = (toaster.clone(), go.clone(), server.clone());
            busy.set(true);
            failed.set(None);
            spawn_local(async move {
                match enter(FoundTeam { server, name }, &toaster).await {
                    Ok(_) => {
                        onclose.emit(());
                        // the next thing to do: invite somebody
                        return go.emit(Route::Team);
                    }
                    Err(NotOpened::Unsaved) => toaster.complain(t.unsaved),
                    Err(NotOpened::Refused(error)) => failed.set(Some(error)),
                }
                busy.set(false);
            });
        })
    };
    let options: Vec<(AttrValue, AttrValue)> =
        props.servers.iter().map(|server| (server.clone().into(), host(server).to_owned().into())).collect();
    let footer = html! {
        <>
            <Button onclick={props.onclose.reform(|_: MouseEvent| ())}>{ texts.frame.cancel }</Button>
            <Button id="found-go" look={Look::Go} icon={Icon::Plus} busy={*busy} onclick={found.reform(|_: MouseEvent| ())}>{ t.found_go }</Button>
        </>
    };
    html! {
        <Dialog open=true title={t.found} onclose={props.onclose.clone()} {footer}>
            <div class="stack found">
                <p class="muted">{ t.found_what }</p>
                if let Some(error) = (*failed).clone() {
                    <Notice tone={NoticeTone::Bad}><p>{ (texts.error)(&error) }</p></Notice>
                }
                <Field id="found-name" label={t.found_name} hint={t.found_name_hint} error={wrong.then(|| AttrValue::from(t.name_missing))}>
                    <TextInput id="found-name" value={(*name).clone()} oninput={let (name, wrong) = (name.setter(), wrong.setter()); Callback::from(move |text| { name.set(text); wrong.set(false); })}
                        autofocus=true readonly={*busy} wrong={*wrong} onenter={found} maxlength={u32::try_from(Organisation::NAME_MAX).ok()} />
                </Field>
                if props.servers.len() > 1 {
                    <Field id="found-server" label={t.on_server}>
                        <Select id="found-server" {options} value={(*chosen).clone()} onchange={let chosen = chosen.setter(); Callback::from(move |key: AttrValue| chosen.set(key.to_string()))} />
                    </Field>
                }
            </div>
        </Dialog>
    }
}
