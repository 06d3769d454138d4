use std::net::IpAddr;

use contract::program::Settings;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use super::{Change, PartProps};
use crate::components::{Button, Field, Icon, IconButton, Look, TextInput};
use crate::frame::context::use_frame;

/// Private addresses that may be contacted, and where Bluesky is looked for.
#[component]
pub fn Servers(props: &PartProps) -> Html {
    let (t, ..) = use_frame();
    let words = &t.settings;
    let PartProps { settings, change } = props;
    html! {
        <>
            <div class="setting">
                <p class="hint">{ words.servers_hint }</p>
                if settings.private_servers.is_empty() {
                    <p class="muted server-none">{ words.servers_none }</p>
                } else {
                    <ul class="server-list">
                        { for settings.private_servers.iter().map(|address| {
                            let remove = {
                                let (change, address) = (change.clone(), address.clone());
                                Callback::from(move |_: MouseEvent| {
                                    let address = address.clone();
                                    change.set(move |settings| settings.private_servers.retain(|other| *other != address));
                                })
                            };
                            html! {
                                <li key={address.clone()}>
                                    <span class="mono grow cut">{ address }</span>
                                    <IconButton icon={Icon::Trash} label={(words.server_remove)(address)} onclick={remove} />
                                </li>
                            }
                        }) }
                    </ul>
                }
                <AddServer change={change.clone()} />
            </div>
            <Address
                id="plc"
                label={words.plc}
                hint={words.plc_hint}
                value={settings.plc_directory.clone()}
                usual={Settings::default().plc_directory}
                change={change.clone()}
                set={Callback::from(|(settings, value): (Settings, String)| Settings { plc_directory: value, ..settings })}
            />
            <Address
                id="bluesky"
                label={words.bluesky}
                hint={words.bluesky_hint}
                value={settings.bluesky_server.clone()}
                usual={Settings::default().bluesky_server}
                change={change.clone()}
                set={Callback::from(|(settings, value): (Settings, String)| Settings { bluesky_server: value, ..settings })}
            />
        </>
    }
}

/// `address/size:port`, as the program reads it; it decides, this only helps while typing.
fn looks_right(text: &str) -> bool {
    let Some((network, port)) = text.rsplit_once(':') else { return false };
    let Some((address, size)) = network.split_once('/') else { return false };
    let address = address.trim_start_matches('[').trim_end_matches(']');
    let Ok(ip) = address.parse::<IpAddr>() else { return false };
    let most = if ip.is_ipv4() { 32 } else { 128 };
    size.parse::<u8>().is_ok_and(|size| size <= most) && port.parse::<u16>().is_ok_and(|port| port > 0)
}

#[derive(Properties, PartialEq)]
struct AddServerProps {
    change: Change,
}

#[component]
fn AddServer(props: &AddServerProps) -> Html {
    let (t, ..) = use_frame();
    let words = &t.settings;
    let typed = use_state_eq(String::new);
    // what is in the field when the answer comes, which may be the beginning of the next address
    let newest = use_mut_ref(String::new);
    let failed = use_state_eq(|| None::<String>);
    let write = {
        let (typed, newest) = (typed.setter(), newest.clone());
        Callback::from(move |text: String| {
            newest.borrow_mut().clone_from(&text);
            typed.set(text);
        })
    };
    let add = {
        let (typed, write, failed, change) = (typed.clone(), write.clone(), failed.setter(), props.change.clone());
        Callback::from(move |()| {
            let address = typed.trim().to_owned();
            if !looks_right(&address) {
                failed.set(Some(words.server_wrong.to_owned()));
                return;
            }
            write.emit(String::new());
            failed.set(None);
            let (newest, write, failed, change) = (newest.clone(), write.clone(), failed.clone(), change.clone());
            spawn_local(async move {
                let wanted = address.clone();
                let result = change
                    .try_set(move |settings| {
                        if !settings.private_servers.contains(&wanted) {
                            settings.private_servers.push(wanted);
                        }
                    })
                    .await;
                if let Err(error) = result {
                    failed.set(Some(format!("{address}: {}", (t.error)(&error))));
                    if newest.borrow().is_empty() {
                        write.emit(address);
                    }
                }
            });
        })
    };
    html! {
        <Field id="server-new" label={words.server_new} hint={words.server_new_hint} error={(*failed).clone().map(AttrValue::from)}>
            <span class="row">
                <TextInput id="server-new" class="mono" value={(*typed).clone()} oninput={write} wrong={failed.is_some()} placeholder="192.168.1.20/32:443" onenter={add.clone()} />
                <Button icon={Icon::Plus} disabled={typed.trim().is_empty()} onclick={add.reform(|_| ())}>{ words.server_add }</Button>
            </span>
        </Field>
    }
}

#[derive(Properties, PartialEq)]
struct AddressProps {
    id: &'static str,
    label: &'static str,
    hint: &'static str,
    value: String,
    usual: String,
    change: Change,
    set: Callback<(Settings, String), Settings>,
}

/// An address of a service, stored when it is left or entered.
#[component]
fn Address(props: &AddressProps) -> Html {
    let (t, ..) = use_frame();
    let words = &t.settings;
    let typed = use_state_eq(|| None::<String>);
    // what is in the field when the answer comes
    let newest = use_mut_ref(|| None::<String>);
    let failed = use_state_eq(|| None::<String>);
    let write = {
        let (typed, newest) = (typed.setter(), newest.clone());
        Callback::from(move |text: Option<String>| {
            newest.borrow_mut().clone_from(&text);
            typed.set(text);
        })
    };
    let store = {
        let (write, failed, change, set) = (write.clone(), failed.setter(), props.change.clone(), props.set.clone());
        Callback::from(move |text: String| {
            let value = text.clone();
            let value = value.trim().trim_end_matches('/').to_owned();
            if !(value.starts_with("https://") || value.starts_with("http://")) {
                failed.set(Some(words.https_only.to_owned()));
                return;
            }
            let (write, failed, change, set) = (write.clone(), failed.clone(), change.clone(), set.clone());
            let newest = newest.clone();
            spawn_local(async move {
                match change.try_set(move |settings| *settings = set.emit((settings.clone(), value))).await {
                    Ok(()) => {
                        failed.set(None);
                        let same = newest.borrow().as_ref().is_none_or(|newest| *newest == text);
                        if same {
                            write.emit(None);
                        }
                    }
                    Err(error) => failed.set(Some((t.error)(&error))),
                }
            });
        })
    };
    let shown = (*typed).clone().unwrap_or_else(|| props.value.clone());
    let changed = typed.as_ref().is_some_and(|typed| *typed != props.value);
    let commit = {
        let (store, shown) = (store.clone(), shown.clone());
        Callback::from(move |()| {
            if changed {
                store.emit(shown.clone());
            }
        })
    };
    let oninput = write.reform(Some);
    let usual = {
        let (store, usual) = (store, props.usual.clone());
        Callback::from(move |_: MouseEvent| {
            write.emit(None);
            store.emit(usual.clone());
        })
    };
    html! {
        <div class="setting" onfocusout={commit.reform(|_: FocusEvent| ())}>
            <Field id={props.id} label={props.label} hint={props.hint} error={(*failed).clone().map(AttrValue::from)}>
                <span class="row">
                    <TextInput id={props.id} kind="url" value={shown} {oninput} wrong={failed.is_some()} onenter={commit.clone()} />
                    if props.value != props.usual {
                        <Button look={Look::Quiet} onclick={usual}>{ words.usual }</Button>
                    }
                </span>
            </Field>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_a_size_and_a_port() {
        for right in ["192.168.1.20/32:443", "10.0.0.0/8:3000", "fd00::/8:443", "[fd00::1]/128:443"] {
            assert!(looks_right(right), "{right}");
        }
        for wrong in [
            "",
            "192.168.1.20",
            "192.168.1.20:443",
            "192.168.1.20/33:443",
            "example.org/32:443",
            "10.0.0.0/8:0",
            "10.0.0.0/8:70000",
        ] {
            assert!(!looks_right(wrong), "{wrong}");
        }
    }
}
