//! Invitations that nobody has followed yet. Only the server knows them.

use contract::teams::{Invitation, Invite, ListInvitations, RevokeInvitation};
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use super::devices::{Absent, is_offline};
use crate::backend::{call, use_query};
use crate::components::{Button, Icon, IconButton, Section, Skeleton, view};
use crate::frame::context::use_frame;

#[component]
pub fn Invitations() -> Html {
    let (texts, _, _) = use_frame();
    let t = &texts.team;
    let invitations = use_query(ListInvitations {});
    let list = match &invitations.error {
        // what was known before may be gone by now: it is not shown as if it were there
        Some(error) if is_offline(error.code) => {
            html! { <div class="card quiet-card"><Absent code={error.code} /></div> }
        }
        _ => view(&invitations, html! { <div class="card"><Skeleton rows=2 /></div> }, |list| {
            if list.is_empty() {
                return html! { <p class="card quiet-card">{ t.no_invitations }</p> };
            }
            html! {
                <ul class="card list invitations">
                    { for list.iter().map(|invitation| html! { <Row key={invitation.id.to_string()} invitation={invitation.clone()} /> }) }
                </ul>
            }
        }),
    };
    html! { <Section title={t.invitations}>{ list }</Section> }
}

#[derive(Properties, PartialEq)]
struct RowProps {
    invitation: Invitation,
}

#[component]
fn Row(props: &RowProps) -> Html {
    let (texts, clock, toaster) = use_frame();
    let t = &texts.team;
    let Invitation { id, email, role, personas, expires_at, .. } = props.invitation.clone();
    let busy = use_state_eq(|| false);
    let again = {
        let (toaster, busy, email) = (toaster.clone(), busy.setter(), email.clone());
        Callback::from(move |_: MouseEvent| {
            let (toaster, busy, email) = (toaster.clone(), busy.clone(), email.clone());
            let request = Invite { email: email.clone(), role, personas: personas.clone() };
            busy.set(true);
            spawn_local(async move {
                match call(request).await {
                    Ok(_) => toaster.say((t.said_invited)(&email)),
                    Err(error) => toaster.fail(&error),
                }
                busy.set(false);
            });
        })
    };
    let revoke = {
        let email = email.clone();
        Callback::from(move |_: MouseEvent| toaster.run(RevokeInvitation { id }, (t.said_revoked)(&email)))
    };
    let expired = expires_at <= clock.now;
    html! {
        <li class="team-row">
            <span class="grow">
                <b class="cut"><bdi dir="ltr">{ &email }</bdi></b>
                <span class="sm muted">
                    { (t.role)(role) }{ " · " }
                    <time title={clock.full(expires_at)}>{ if expired { t.expired.to_owned() } else { (t.expires)(&clock.relative(expires_at)) } }</time>
                </span>
            </span>
            <Button icon={Icon::Refresh} busy={*busy} onclick={again}>{ t.invite_again }</Button>
            <IconButton icon={Icon::Trash} label={(t.revoke_named)(&email)} onclick={revoke} />
        </li>
    }
}
