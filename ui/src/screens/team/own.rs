//! Team in the own profile: what it is, where one is signed in, and the organisations to open.

use contract::teams::{GetTeams, TeamLine, Teams};
use yew::prelude::*;

use super::found::FoundDialog;
use super::join::JoinDialog;
use super::servers::Servers;
use super::sign_in::SignIn;
use super::sign_in_dialog::SignInDialog;
use super::{host, standing};
use crate::backend::use_query;
use crate::components::{Bar, Button, Empty, Icon, Look, Section, Skeleton, view};
use crate::frame::context::{Bound, use_commands, use_frame};
use crate::frame::team::open_team;
use crate::route::use_go;
use crate::state::keys::Cmd;

#[derive(Debug, Clone, PartialEq)]
enum Asking {
    SignIn(SignIn),
    Found,
    Join,
}

#[component]
pub fn Own() -> Html {
    let (texts, _, toaster) = use_frame();
    let t = &texts.team;
    let teams = use_query(GetTeams {});
    let asking = use_state_eq(|| None::<Asking>);
    let ask = {
        let asking = asking.setter();
        Callback::from(move |what: Asking| asking.set(Some(what)))
    };
    let signed_in: Vec<String> = teams
        .data
        .iter()
        .flat_map(|teams| teams.servers.iter())
        .filter(|server| !server.signed_out)
        .map(|server| server.server.clone())
        .collect();
    let mut bound = Vec::new();
    let mut offer = |cmd: Cmd, what: Asking| {
        let run = ask.reform(move |()| what.clone());
        bound.push(Bound::new(cmd, {
            let run = run.clone();
            move || run.emit(())
        }));
        run.reform(|_: MouseEvent| ())
    };
    let sign_in = offer(Cmd::TeamSignIn, Asking::SignIn(SignIn::new()));
    let join = offer(Cmd::TeamJoin, Asking::Join);
    let found = (!signed_in.is_empty()).then(|| offer(Cmd::TeamFound, Asking::Found));
    use_commands(bound);

    let close = {
        let asking = asking.setter();
        Callback::from(move |()| asking.set(None))
    };
    let signed = {
        let (close, toaster) = (close.clone(), toaster);
        Callback::from(move |server: Option<String>| {
            if let Some(server) = server {
                toaster.say((t.said_signed_in)(host(&server)));
            }
            close.emit(());
        })
    };
    let on_again = ask.reform(|server: String| Asking::SignIn(SignIn::at(server)));
    let begin = html! {
        <Button id="team-sign-in" look={Look::Go} icon={Icon::Key} onclick={sign_in.clone()}>{ t.sign_in }</Button>
    };
    let join_button = html! { <Button id="team-join" icon={Icon::Link} onclick={join}>{ t.join }</Button> };
    let content = |teams: &Teams| {
        if teams.servers.is_empty() && teams.teams.is_empty() {
            return html! {
                <Empty icon={Icon::Team} title={t.title} text={format!("{} {}", t.what, t.what_more)}>
                    <div class="row wrap">{ begin.clone() }{ join_button.clone() }</div>
                </Empty>
            };
        }
        let found = found.clone().map(|onclick| {
            html! { <Button id="team-found" icon={Icon::Plus} {onclick}>{ t.found }</Button> }
        });
        html! {
            <>
                <p class="muted team-what">{ t.what }{ " " }{ t.what_more }</p>
                <Section title={t.teams}>
                    if teams.teams.is_empty() {
                        <p class="card quiet-card">{ t.no_teams }</p>
                    } else {
                        <ul class="card list">{ for teams.teams.iter().map(|team| html! { <Line key={team.organisation.to_string()} team={team.clone()} /> }) }</ul>
                    }
                    <div class="row wrap team-actions">{ found.unwrap_or_default() }{ join_button.clone() }</div>
                </Section>
                <Section title={t.servers}>
                    <Servers servers={teams.servers.clone()} teams={teams.teams.clone()} on_sign_in={on_again.clone()} />
                    <div class="row wrap team-actions">
                        <Button id="team-sign-in" icon={Icon::Plus} onclick={sign_in.clone()}>{ t.sign_in }</Button>
                    </div>
                </Section>
            </>
        }
    };
    html! {
        <>
            <Bar title={t.title} />
            <div class="team">{ view(&teams, html! { <Skeleton rows=4 /> }, content) }</div>
            { match (*asking).clone() {
                Some(Asking::SignIn(start)) => html! { <SignInDialog {start} onclose={signed} /> },
                Some(Asking::Found) => html! { <FoundDialog servers={signed_in} onclose={close} /> },
                Some(Asking::Join) => html! { <JoinDialog onclose={close} /> },
                None => Html::default(),
            } }
        </>
    }
}

#[derive(Properties, PartialEq)]
struct LineProps {
    team: TeamLine,
}

/// An organisation to be opened.
#[component]
fn Line(props: &LineProps) -> Html {
    let (texts, clock, toaster) = use_frame();
    let t = &texts.team;
    let go = use_go();
    let team = &props.team;
    let state = standing(team.sync, team.waiting, team.attention, t, &clock);
    let open = {
        let (organisation, name) = (team.organisation, team.name.clone());
        Callback::from(move |_: MouseEvent| open_team(Some(organisation), &name, &toaster, &go))
    };
    html! {
        <li class="team-row">
            <span class="grow">
                <b class="cut" title={team.name.clone()}><bdi>{ &team.name }</bdi></b>
                <span class="sm muted cut">{ (t.role)(team.role) }{ " · " }<bdi dir="ltr">{ host(&team.server) }</bdi></span>
            </span>
            <span class={classes!("sync-word", "sm", state.tone)}><i aria-hidden="true"></i>{ state.text }</span>
            if team.attention > 0 { <span class="badge">{ (t.attention_short)(team.attention) }</span> }
            <Button onclick={open} title={(t.open_named)(&team.name)}>{ t.open }</Button>
        </li>
    }
}
