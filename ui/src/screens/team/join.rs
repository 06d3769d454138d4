//! Joining an organisation: by a link that was followed, or by what a person pastes.

use contract::ApiError;
use contract::teams::{JoinTeam, Teams};
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use super::host;
use super::invitation::Invitation;
use super::sign_in::SignIn;
use super::sign_in_dialog::SignInDialog;
use crate::components::{Button, Dialog, Field, Icon, Look, Notice, NoticeTone, Select, TextInput};
use crate::frame::context::use_frame;
use crate::frame::team::{NotOpened, enter, use_teams};
use crate::route::{Route, use_go};

#[derive(Properties, PartialEq)]
pub struct Props {
    /// Of a link that was followed; `None`: it is pasted here.
    #[prop_or_default]
    pub invitation: Option<Invitation>,
    pub onclose: Callback<()>,
}

/// Nothing happens before the person says so.
#[component]
pub fn JoinDialog(props: &Props) -> Html {
    let (texts, _, toaster) = use_frame();
    let t = &texts.team;
    let go = use_go();
    let teams = use_teams();
    let typed = use_state_eq(String::new);
    let chosen = use_state_eq(|| None::<AttrValue>);
    let wrong = use_state_eq(|| None::<&'static str>);
    let busy = use_state_eq(|| false);
    let failed = use_state_eq(|| None::<ApiError>);
    // signs in first, to follow this invitation
    let signing = use_state_eq(|| None::<Invitation>);
    let servers: Vec<String> =
        teams.iter().flat_map(|teams| teams.servers.iter().map(|server| server.server.clone())).collect();
    let server = chosen.as_ref().map(ToString::to_string).or_else(|| servers.first().cloned());

    let join = {
        let (busy, failed, onclose) = (busy.setter(), failed.setter(), props.onclose.clone());
        Callback::from(move |(server, code): (String, String)| {
            let (busy, failed, onclose) = (busy.clone(), failed.clone(), onclose.clone());
            let (toaster, go) = (toaster.clone(), go.clone());
            busy.set(true);
            failed.set(None);
            spawn_local(async move {
                match enter(JoinTeam { server, code }, &toaster).await {
                    Ok(_) => {
                        onclose.emit(());
                        return go.emit(Route::Today);
                    }
                    Err(NotOpened::Unsaved) => toaster.complain(t.unsaved),
                    Err(NotOpened::Refused(error)) => failed.set(Some(error)),
                }
                busy.set(false);
            });
        })
    };
    let follow = {
        let (teams, typed, given) = (teams.clone(), typed.clone(), props.invitation.clone());
        let (wrong, signing, join, busy) = (wrong.setter(), signing.setter(), join.clone(), *busy);
        Callback::from(move |()| {
            if busy {
                return;
            }
            let Some(invitation) = given.clone().or_else(|| Invitation::read(&typed)) else {
                return wrong.set(Some(t.join_code_missing));
            };
            let Some(server) = invitation.server.clone().or_else(|| server.clone()) else {
                return wrong.set(Some(t.join_no_server));
            };
            wrong.set(None);
            if is_signed_in(teams.as_deref(), &server) {
                join.emit((server, invitation.code));
            } else {
                signing.set(Some(Invitation { server: Some(server), ..invitation }));
            }
        })
    };
    if let Some(invitation) = (*signing).clone() {
        let (signing, join, code) = (signing.setter(), join, invitation.code);
        let onclose = Callback::from(move |server: Option<String>| {
            signing.set(None);
            if let Some(server) = server {
                join.emit((server, code.clone()));
            }
        });
        return html! { <SignInDialog start={SignIn::at(invitation.server.unwrap_or_default())} {onclose} /> };
    }
    let from = props.invitation.as_ref().and_then(|invitation| invitation.server.clone());
    let title = from.as_ref().map_or_else(|| t.join.to_owned(), |server| (t.invited)(host(server)));
    let footer = html! {
        <>
            <Button onclick={props.onclose.reform(|_: MouseEvent| ())}>{ texts.frame.cancel }</Button>
            <Button id="join-go" look={Look::Go} icon={Icon::Team} busy={*busy} onclick={follow.reform(|_: MouseEvent| ())}>{ t.join_go }</Button>
        </>
    };
    let pasted = Invitation::read(&typed).is_some_and(|invitation| invitation.server.is_some());
    let options: Vec<(AttrValue, AttrValue)> =
        servers.iter().map(|server| (server.clone().into(), host(server).to_owned().into())).collect();
    html! {
        <Dialog open=true {title} onclose={props.onclose.clone()} {footer}>
            <div class="stack join">
                if let Some(error) = (*failed).clone() {
                    <Notice tone={NoticeTone::Bad}><p>{ (texts.error)(&error) }</p></Notice>
                }
                if let Some(server) = &from {
                    <p>{ t.invited_what }</p>
                    if !is_signed_in(teams.as_deref(), server) { <p class="muted">{ (t.invited_sign_in)(host(server)) }</p> }
                } else {
                    <Field id="join-code" label={t.join_code} hint={t.join_code_hint} error={(*wrong).map(AttrValue::from)}>
                        <TextInput id="join-code" value={(*typed).clone()} oninput={let (typed, wrong) = (typed.setter(), wrong.setter()); Callback::from(move |text| { typed.set(text); wrong.set(None); })}
                            autofocus=true readonly={*busy} wrong={wrong.is_some()} onenter={follow} />
                    </Field>
                    if servers.len() > 1 && !pasted {
                        <Field id="join-server" label={t.on_server}>
                            <Select id="join-server" {options} value={chosen.as_ref().cloned().or_else(|| servers.first().cloned().map(AttrValue::from)).unwrap_or_default()}
                                onchange={let chosen = chosen.setter(); Callback::from(move |key| chosen.set(Some(key)))} />
                        </Field>
                    }
                }
            </div>
        </Dialog>
    }
}

fn is_signed_in(teams: Option<&Teams>, server: &str) -> bool {
    teams.is_some_and(|teams| teams.servers.iter().any(|known| known.server == server && !known.signed_out))
}
