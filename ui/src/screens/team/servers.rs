use contract::teams::{SignOutOfServer, TeamLine, TeamServer};
use yew::prelude::*;

use super::devices::Devices;
use super::host;
use crate::components::{Avatar, Button, Confirm, Icon, Look};
use crate::frame::context::use_frame;

#[derive(Properties, PartialEq)]
pub struct Props {
    pub servers: Vec<TeamServer>,
    pub teams: Vec<TeamLine>,
    pub on_sign_in: Callback<String>,
}

/// The servers that this computer is, or was, signed in at.
#[component]
pub fn Servers(props: &Props) -> Html {
    html! {
        <ul class="stack">
            { for props.servers.iter().map(|server| {
                let waiting = props.teams.iter().filter(|team| team.server == server.server).map(|team| team.waiting).sum::<u64>();
                html! { <li key={server.server.clone()}><Server server={server.clone()} {waiting} on_sign_in={props.on_sign_in.clone()} /></li> }
            }) }
        </ul>
    }
}

#[derive(Properties, PartialEq)]
struct ServerProps {
    server: TeamServer,
    /// Changes of all its organisations.
    waiting: u64,
    on_sign_in: Callback<String>,
}

#[component]
fn Server(props: &ServerProps) -> Html {
    let (texts, _, toaster) = use_frame();
    let t = &texts.team;
    let TeamServer { server, name, email, signed_out, .. } = &props.server;
    let asking = use_state_eq(|| false);
    let ask = |on: bool| {
        let asking = asking.setter();
        Callback::from(move |()| asking.set(on))
    };
    let sign_out = {
        let (server, close, toaster) = (server.clone(), ask(false), toaster);
        Callback::from(move |()| {
            close.emit(());
            toaster.run(SignOutOfServer { server: server.clone() }, (t.said_signed_out)(host(&server)));
        })
    };
    let again = {
        let server = server.clone();
        props.on_sign_in.reform(move |_: MouseEvent| server.clone())
    };
    let who = email.as_ref().map_or_else(|| name.clone(), |email| format!("{name} · {email}"));
    html! {
        <article class={classes!("card", "team-server", signed_out.then_some("sick"))}>
            <div class="team-row">
                <Avatar name={name.clone()} />
                <span class="grow">
                    <b class="cut"><bdi dir="ltr">{ host(server) }</bdi></b>
                    <span class="sm muted cut" title={who.clone()}>{ (t.signed_in_as)(&who) }</span>
                </span>
                if *signed_out {
                    <span class="health sick">{ t.signed_out }</span>
                    <Button look={Look::Go} icon={Icon::Key} onclick={again}>{ t.sign_in_again }</Button>
                } else {
                    <Button onclick={ask(true).reform(|_: MouseEvent| ())}>{ t.sign_out }</Button>
                }
            </div>
            if !signed_out { <Devices server={server.clone()} /> }
            <Confirm open={*asking} title={(t.sign_out_title)(host(server))} yes={t.sign_out} onyes={sign_out} onclose={ask(false)}>
                <p>{ t.sign_out_what }</p>
                if props.waiting > 0 { <p><b>{ (t.sign_out_waits)(props.waiting) }</b></p> }
            </Confirm>
        </article>
    }
}
