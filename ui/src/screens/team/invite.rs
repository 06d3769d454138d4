use contract::ApiError;
use contract::teams::Invite;
use domain::team::{Personas, Role};
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use super::role_fields::{RoleFields, is_nobody};
use crate::backend::call;
use crate::components::{Button, Dialog, Field, Icon, Look, Notice, NoticeTone, TextInput};
use crate::frame::context::use_frame;

#[derive(Properties, PartialEq)]
pub struct Props {
    pub name: AttrValue,
    /// Of the person who invites.
    pub role: Role,
    pub onclose: Callback<()>,
}

/// To whom, and what they may do.
#[component]
pub fn InviteDialog(props: &Props) -> Html {
    let (texts, _, toaster) = use_frame();
    let t = &texts.team;
    let email = use_state_eq(String::new);
    let role = use_state_eq(|| Role::Creator);
    let personas = use_state_eq(|| Personas::All);
    let tried = use_state_eq(|| false);
    let busy = use_state_eq(|| false);
    let failed = use_state_eq(|| None::<ApiError>);
    let (wrong, nobody) = (!looks_like_mail(email.trim()), is_nobody(*role, &personas));
    let send = {
        let (tried, busy, failed, onclose) = (tried.setter(), busy.clone(), failed.setter(), props.onclose.clone());
        let only = match &*personas {
            Personas::Only(these) if !role.may_manage_personas() => Some(these.iter().copied().collect::<Vec<_>>()),
            _ => None,
        };
        let request = Invite { email: email.trim().to_owned(), role: *role, personas: only };
        Callback::from(move |()| {
            tried.set(true);
            if wrong || nobody || *busy {
                return;
            }
            let (busy, failed, onclose) = (busy.setter(), failed.clone(), onclose.clone());
            let (toaster, request) = (toaster.clone(), request.clone());
            busy.set(true);
            failed.set(None);
            spawn_local(async move {
                let said = (t.said_invited)(&request.email);
                match call(request).await {
                    Ok(_) => {
                        onclose.emit(());
                        toaster.say(said);
                    }
                    Err(error) => failed.set(Some(error)),
                }
                busy.set(false);
            });
        })
    };
    let footer = html! {
        <>
            <Button onclick={props.onclose.reform(|_: MouseEvent| ())}>{ texts.frame.cancel }</Button>
            <Button id="invite-go" look={Look::Go} icon={Icon::Send} busy={*busy} onclick={send.reform(|_: MouseEvent| ())}>{ t.invite_go }</Button>
        </>
    };
    let fault = *tried && wrong;
    let roles = Role::ALL.into_iter().filter(|role| props.role.may_change(*role)).collect::<Vec<_>>();
    html! {
        <Dialog open=true title={(t.invite_title)(&props.name)} onclose={props.onclose.clone()} {footer}>
            <div class="stack invite">
                if let Some(error) = (*failed).clone() {
                    <Notice tone={NoticeTone::Bad}><p>{ (texts.error)(&error) }</p></Notice>
                }
                <Field id="invite-email" label={t.email} hint={t.invite_what} error={fault.then(|| AttrValue::from(t.email_wrong))}>
                    <TextInput id="invite-email" kind="email" value={(*email).clone()} oninput={let email = email.setter(); Callback::from(move |text| email.set(text))}
                        placeholder="ben@example.org" autofocus=true readonly={*busy} wrong={fault} onenter={send} />
                </Field>
                <RoleFields {roles} role={*role} personas={(*personas).clone()} wrong={*tried && nobody}
                    on_role={let role = role.setter(); Callback::from(move |next| role.set(next))}
                    on_personas={let personas = personas.setter(); Callback::from(move |next| personas.set(next))} />
            </div>
        </Dialog>
    }
}

/// Helps while typing; the server decides.
fn looks_like_mail(text: &str) -> bool {
    text.split_once('@').is_some_and(|(name, host)| {
        !name.is_empty() && host.contains('.') && !host.starts_with('.') && !host.ends_with('.')
            || host == "localhost" && !name.is_empty()
    }) && !text.contains(char::is_whitespace)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mail_address_has_a_name_and_a_place() {
        assert!(looks_like_mail("ben@example.org") && looks_like_mail("ben@localhost"));
        for wrong in ["", "ben", "@example.org", "ben@", "ben@org", "ben @example.org", "ben@.org"] {
            assert!(!looks_like_mail(wrong), "{wrong}");
        }
    }
}
