use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use crate::components::{Button, Icon, Look};
use crate::frame::commands::{export, leave_sample, open_sample};
use crate::frame::context::{use_frame, use_program};
use crate::platform;
use crate::route::use_go;
use crate::screens::export::ExportDialog;
use crate::screens::import::ImportDialog;

/// Where everything lies, and how to take it along.
#[component]
pub fn Data() -> Html {
    let (t, _, toaster) = use_frame();
    let program = use_program();
    let words = &t.settings;
    let importing = use_state_eq(|| false);
    let exporting = use_state_eq(|| false);
    let copy = {
        let (toaster, path) = (toaster.clone(), program.profile.clone());
        Callback::from(move |_: MouseEvent| {
            let (toaster, path) = (toaster.clone(), path.clone());
            spawn_local(async move {
                match platform::copy(&path).await {
                    Ok(()) => toaster.say(t.frame.copied),
                    Err(_) => toaster.complain(path),
                }
            });
        })
    };
    let export = Callback::from(move |_: MouseEvent| export(&toaster, t));
    html! {
        <>
            <div class="setting across">
                <div class="grow">
                    <span class="label">{ words.folder }</span>
                    <p class="mono path">{ &program.profile }</p>
                    <p class="hint">{ words.folder_hint }</p>
                </div>
                <Button icon={Icon::Copy} onclick={copy}>{ t.frame.copy }</Button>
            </div>
            <div class="setting across">
                <div class="grow"><span class="label">{ t.import.setting }</span><p class="hint">{ t.import.setting_hint }</p></div>
                <Button id="import" icon={Icon::Folder} onclick={let importing = importing.setter(); move |_: MouseEvent| importing.set(true)}>{ t.import.choose }</Button>
                <ImportDialog open={*importing} onclose={let importing = importing.setter(); Callback::from(move |()| importing.set(false))} />
            </div>
            <div class="setting across">
                <div class="grow"><span class="label">{ t.export.setting }</span><p class="hint">{ t.export.setting_hint }</p></div>
                <Button id="export" icon={Icon::Download} onclick={let exporting = exporting.setter(); move |_: MouseEvent| exporting.set(true)}>{ t.export.title }</Button>
                <ExportDialog open={*exporting} onclose={let exporting = exporting.setter(); Callback::from(move |()| exporting.set(false))} />
            </div>
            <div class="setting across">
                <div class="grow"><span class="label">{ words.export }</span><p class="hint">{ words.export_hint }</p></div>
                <Button icon={Icon::Download} onclick={export}>{ words.export_do }</Button>
            </div>
        </>
    }
}

/// The sample profile: to open, to leave, to delete.
#[component]
pub fn Sample() -> Html {
    let (t, _, toaster) = use_frame();
    let program = use_program();
    let go = use_go();
    let words = &t.settings;
    let leave = |delete: bool| {
        let (toaster, go) = (toaster.clone(), go.clone());
        Callback::from(move |_: MouseEvent| leave_sample(&toaster, &go, delete))
    };
    if program.sample {
        html! {
            <div class="setting across">
                <p class="grow">{ words.sample_in_hint }</p>
                <Button onclick={leave(false)}>{ words.sample_leave }</Button>
                <Button look={Look::Danger} icon={Icon::Trash} onclick={leave(true)}>{ words.sample_delete }</Button>
            </div>
        }
    } else {
        let open = {
            let (toaster, go) = (toaster.clone(), go.clone());
            Callback::from(move |_: MouseEvent| open_sample(&toaster, &go))
        };
        html! {
            <div class="setting across">
                <p class="grow hint">{ words.sample_open_hint }</p>
                <Button icon={Icon::Eye} onclick={open}>{ words.sample_open }</Button>
            </div>
        }
    }
}

/// What this is.
#[component]
pub fn About() -> Html {
    let (t, ..) = use_frame();
    let program = use_program();
    html! {
        <div class="setting">
            <p><b>{ (t.settings.version)(&program.version) }</b></p>
            <p class="hint">{ t.settings.licence }</p>
            <p class="hint">{ t.settings.font }</p>
        </div>
    }
}
