//! The steps of connecting as they are shown.

use contract::ApiError;
use contract::program::OpenLink;
use domain::network::Network;
use yew::prelude::*;

use super::address::{Fault, is_app_password};
use super::connect::{Action, Field as At, Form, Remedy, Way, remedy};
use super::failed::Failed;
use super::texts::Texts;
use crate::components::{Avatar, Button, Field, Look, Segmented, TextInput};
use crate::frame::context::use_frame;
use crate::platform;

#[derive(Properties, PartialEq)]
pub struct ChooseProps {
    pub on_act: Callback<Action>,
}

#[component]
pub fn ChooseNetwork(props: &ChooseProps) -> Html {
    let (texts, _, _) = use_frame();
    let t = &texts.accounts;
    let choices = Network::PUBLISHED.into_iter().map(|network| {
        let onclick = props.on_act.reform(move |_: MouseEvent| Action::Choose(network));
        let what = if network == Network::Bluesky { t.bluesky_what } else { t.mastodon_what };
        html! {
            <li><button type="button" class="network-choice" {onclick} id={format!("choose-{}", network.wire())}>
                <Avatar name={network.name()} {network} large=true />
                <span><b>{ network.name() }</b><span class="sm muted">{ what }</span></span>
            </button></li>
        }
    });
    let by_hand = Network::ALL.into_iter().filter(|network| !Network::PUBLISHED.contains(network)).map(|network| {
        let onclick = props.on_act.reform(move |_: MouseEvent| Action::Choose(network));
        html! {
            <li><button type="button" class="chip" {onclick} id={format!("choose-{}", network.wire())}>
                <Avatar name={network.name()} {network} />{ network.name() }
            </button></li>
        }
    });
    html! {
        <>
            <p class="sm muted">{ t.choose_network }</p>
            <ul class="network-choices">{ for choices }</ul>
            <h3 class="by-hand-head">{ t.by_hand }</h3>
            <p class="sm muted">{ t.by_hand_what }</p>
            <ul class="row wrap by-hand-choices">{ for by_hand }</ul>
        </>
    }
}

#[derive(Properties, PartialEq)]
pub struct FormProps {
    pub form: Form,
    pub busy: bool,
    pub fault: Option<(At, Fault)>,
    pub failure: Option<ApiError>,
    pub on_act: Callback<Action>,
    pub on_leave: Callback<()>,
}

#[component]
pub fn SignInForm(props: &FormProps) -> Html {
    let (texts, _, _) = use_frame();
    let t = &texts.accounts;
    let form = &props.form;
    let bluesky = form.network == Network::Bluesky;
    let by_password = bluesky && form.way == Way::AppPassword;
    let error = |at: At| {
        props.fault.filter(|(field, _)| *field == at).map(|(_, fault)| AttrValue::from(fault_words(fault, at, t)))
    };
    {
        // to where something is to be done about it
        let place = match (props.fault, &props.failure) {
            (Some((At::Handle, _)), _) => Some("connect-handle"),
            (Some((At::Server, _)), _) => Some("connect-server"),
            (Some((At::Password, _)), _) => Some("connect-password"),
            (Some((At::Profile, _)), _) => None,
            (None, Some(error)) if remedy(error.code) == Remedy::Retype && by_password => Some("connect-password"),
            (None, Some(_)) => Some("connect-again"),
            (None, None) => None,
        };
        use_effect_with((place, props.busy), |(place, busy)| {
            if let Some(place) = place.filter(|_| !busy) {
                platform::focus_id(place);
            }
        });
    }
    let onsubmit = {
        let on_act = props.on_act.clone();
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            on_act.emit(Action::Submit);
        })
    };
    let enter = props.on_act.reform(|()| Action::Submit);
    let ways: Vec<(AttrValue, AttrValue)> =
        vec![("browser".into(), t.way_browser.into()), ("password".into(), t.way_password.into())];
    let on_way = props
        .on_act
        .reform(|key: AttrValue| Action::Way(if key == "password" { Way::AppPassword } else { Way::Browser }));
    let again = form.reconnect.is_some();
    let suspicious = by_password && !form.password.trim().is_empty() && !is_app_password(&form.password);
    html! {
        <form class="sign-in stack" novalidate=true {onsubmit}>
            if let Some(failure) = &props.failure {
                <Failed error={failure.clone()} busy={props.busy} on_again={props.on_act.reform(|()| Action::Submit)} on_leave={props.on_leave.clone()} />
            }
            if bluesky {
                <Field id="connect-handle" label={t.handle} hint={t.handle_hint} error={error(At::Handle)}>
                    <TextInput id="connect-handle" value={form.handle.clone()} oninput={props.on_act.reform(Action::Handle)} placeholder="ada.bsky.social" autofocus={!again}
                        readonly={props.busy || again} wrong={error(At::Handle).is_some()} onenter={enter.clone()} />
                </Field>
                <div class="field">
                    <span class="label">{ t.way }</span>
                    <Segmented label={t.way} options={ways} value={if by_password { "password" } else { "browser" }} onchange={on_way} disabled={props.busy} />
                    <p class="hint">{ if by_password { t.way_password_is } else { t.way_browser_is } }</p>
                </div>
            }
            if by_password {
                <Field id="connect-password" label={t.app_password} error={error(At::Password)}>
                    <TextInput id="connect-password" kind="password" value={form.password.clone()} oninput={props.on_act.reform(Action::Password)} placeholder="xxxx-xxxx-xxxx-xxxx"
                        readonly={props.busy} wrong={error(At::Password).is_some()} autofocus={again} onenter={enter.clone()} />
                    <AppPasswordHelp {suspicious} />
                </Field>
            }
            if bluesky {
                <details class="own-server" open={!form.server.is_empty()}>
                    <summary>{ t.own_server }</summary>
                    <Field id="connect-server" label={t.server} hint={t.server_bluesky_hint} error={error(At::Server)} optional=true>
                        <TextInput id="connect-server" kind="url" value={form.server.clone()} oninput={props.on_act.reform(Action::Server)} placeholder="https://pds.example"
                            readonly={props.busy} wrong={error(At::Server).is_some()} onenter={enter.clone()} />
                    </Field>
                </details>
            } else {
                <Field id="connect-server" label={t.server} hint={t.server_mastodon_hint} error={error(At::Server)}>
                    <TextInput id="connect-server" value={form.server.clone()} oninput={props.on_act.reform(Action::Server)} placeholder="mastodon.social" autofocus={!again}
                        readonly={props.busy || again} wrong={error(At::Server).is_some()} onenter={enter.clone()} />
                </Field>
                <p class="hint">{ t.way_browser_is }</p>
            }
            <div class="row form-foot">
                <Button look={Look::Quiet} onclick={props.on_act.reform(|_: MouseEvent| Action::Back)}>{ if props.busy { texts.frame.cancel } else { texts.frame.back } }</Button>
                <span class="grow" />
                <Button id="connect-go" look={Look::Go} submit=true busy={props.busy}>{ if by_password { t.go_sign_in } else { t.go_browser } }</Button>
            </div>
        </form>
    }
}

fn fault_words(fault: Fault, at: At, t: &Texts) -> &'static str {
    match (fault, at) {
        (Fault::Empty, At::Handle) => t.fault_no_handle,
        (Fault::Empty, At::Server) => t.fault_no_server,
        (Fault::Empty, At::Password) => t.fault_no_password,
        (Fault::Empty, At::Profile) | (Fault::NoAddress, _) => t.fault_profile,
        (Fault::Mail, _) => t.fault_mail,
        (Fault::NoHandle, _) => t.fault_handle,
        (Fault::NoServer, _) => t.fault_server,
    }
}

#[derive(Properties, PartialEq)]
struct HelpProps {
    suspicious: bool,
}

/// Where an app password comes from, and why not the main one.
#[component]
fn AppPasswordHelp(props: &HelpProps) -> Html {
    let (texts, _, toaster) = use_frame();
    let t = &texts.accounts;
    let onclick = Callback::from(move |_: MouseEvent| {
        toaster.run_quietly(OpenLink { url: "https://bsky.app/settings/app-passwords".to_owned() })
    });
    html! {
        <>
            <p class="hint">{ t.app_password_where }{ " " }<button type="button" class="link" {onclick}>{ t.app_password_open }</button></p>
            if props.suspicious { <p class="hint warn" role="status">{ t.app_password_odd }</p> }
        </>
    }
}
