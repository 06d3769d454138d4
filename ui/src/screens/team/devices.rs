//! The computers that are signed in at a server as this person.

use contract::Code;
use contract::teams::{DeviceView, ListDevices, RenameDevice, RevokeDevice};
use yew::prelude::*;

use super::host;
use crate::backend::use_query_if;
use crate::components::{Button, Confirm, Dialog, Field, Glyph, Icon, Look, Menu, MenuItem, Skeleton, TextInput, view};
use crate::frame::context::use_frame;

#[derive(Properties, PartialEq)]
pub struct Props {
    pub server: String,
    /// Below a heading of their own: they are there at once.
    #[prop_or_default]
    pub shown: bool,
}

/// They are asked for when somebody wants to see them: the server has to be reached for it.
#[component]
pub fn Devices(props: &Props) -> Html {
    let (texts, _, _) = use_frame();
    let t = &texts.team;
    let open = use_state_eq(|| props.shown);
    let devices = use_query_if(open.then(|| ListDevices { server: props.server.clone() }));
    let ontoggle = {
        let open = open.setter();
        Callback::from(move |event: Event| {
            let details = event.target_unchecked_into::<web_sys::Element>();
            open.set(details.has_attribute("open"));
        })
    };
    let list = match &devices.error {
        Some(error) if devices.data.is_none() && is_offline(error.code) => html! { <Absent code={error.code} /> },
        _ => view(&devices, html! { <Skeleton rows=2 /> }, |devices| {
            html! {
                <ul class="list devices">
                    { for devices.iter().map(|device| html! { <Device key={device.id.to_string()} server={props.server.clone()} device={device.clone()} /> }) }
                </ul>
            }
        }),
    };
    let hint = html! { <p class="hint">{ (t.devices_what)(host(&props.server)) }</p> };
    if props.shown {
        return html! { <div class="team-devices">{ hint }{ list }</div> };
    }
    html! {
        <details class="team-devices" {ontoggle}>
            <summary>{ t.devices }</summary>
            if *open {
                { hint }
                { list }
            }
        </details>
    }
}

/// What needs the server cannot be shown now, and nothing is wrong with it.
pub(super) const fn is_offline(code: Code) -> bool {
    matches!(code, Code::Unreachable | Code::RateLimited | Code::SignedOut)
}

#[derive(Properties, PartialEq)]
pub struct AbsentProps {
    pub code: Code,
}

/// In the place of what only the server knows, while it cannot be asked.
#[component]
pub fn Absent(props: &AbsentProps) -> Html {
    let (texts, _, _) = use_frame();
    let text = match props.code {
        Code::SignedOut => texts.team.needs_sign_in,
        _ => texts.team.needs_server,
    };
    html! { <p class="absent muted" role="status"><Glyph icon={Icon::Info} />{ text }</p> }
}

#[derive(Properties, PartialEq)]
struct DeviceProps {
    server: String,
    device: DeviceView,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Asking {
    Nothing,
    Name,
    Revoke,
}

#[component]
fn Device(props: &DeviceProps) -> Html {
    let (texts, clock, toaster) = use_frame();
    let t = &texts.team;
    let DeviceView { id, name, last_seen_at, current, .. } = &props.device;
    let asking = use_state_eq(|| Asking::Nothing);
    let typed = use_state_eq(|| name.clone());
    let ask = |what: Asking| {
        let asking = asking.setter();
        Callback::from(move |()| asking.set(what))
    };
    let rename = {
        let (toaster, close) = (toaster.clone(), ask(Asking::Nothing));
        let (server, id, typed, old) = (props.server.clone(), *id, (*typed).clone(), name.clone());
        Callback::from(move |()| {
            close.emit(());
            let name = typed.trim().to_owned();
            if !name.is_empty() && name != old {
                toaster.run(RenameDevice { server: server.clone(), id, name }, t.said_device_renamed);
            }
        })
    };
    let revoke = {
        let (close, server, id, name) = (ask(Asking::Nothing), props.server.clone(), *id, name.clone());
        Callback::from(move |()| {
            close.emit(());
            toaster.run(RevokeDevice { server: server.clone(), id }, (t.said_device_revoked)(&name));
        })
    };
    let items = {
        let (name_it, revoke_it) = (ask(Asking::Name), ask(Asking::Revoke));
        let (typed, name) = (typed.setter(), name.clone());
        let rename = MenuItem::new((t.device_rename)(&name), move || {
            typed.set(name.clone());
            name_it.emit(());
        });
        let mut items = vec![rename.icon(Icon::Compose)];
        if !current {
            items.push(MenuItem::new(t.device_revoke, move || revoke_it.emit(())).icon(Icon::Cross).danger());
        }
        items
    };
    let footer = html! {
        <>
            <Button onclick={ask(Asking::Nothing).reform(|_: MouseEvent| ())}>{ texts.frame.cancel }</Button>
            <Button look={Look::Go} onclick={rename.reform(|_: MouseEvent| ())}>{ t.save }</Button>
        </>
    };
    let field = format!("device-{id}");
    html! {
        <li class="team-row">
            <span class="grow">
                <bdi class="cut">{ name }</bdi>
                <span class="sm muted">
                    if *current {
                        { t.this_device }
                    } else {
                        <time title={clock.full(*last_seen_at)}>{ (t.seen)(&clock.relative(*last_seen_at)) }</time>
                    }
                </span>
            </span>
            <Menu label={(t.more)(name)} trigger={html! { <Glyph icon={Icon::More} /> }} {items} class={classes!("btn", "quiet", "icon-only")} end=true />
            <Dialog open={*asking == Asking::Name} title={(t.device_rename)(name)} onclose={ask(Asking::Nothing)} {footer}>
                <Field id={field.clone()} label={t.device_name}>
                    <TextInput id={field} value={(*typed).clone()} oninput={let typed = typed.setter(); Callback::from(move |text| typed.set(text))} autofocus=true onenter={rename} maxlength=80 />
                </Field>
            </Dialog>
            <Confirm open={*asking == Asking::Revoke} title={(t.device_revoke_title)(name)} yes={t.device_revoke} onyes={revoke} onclose={ask(Asking::Nothing)}>
                <p>{ t.device_revoke_what }</p>
            </Confirm>
        </li>
    }
}
