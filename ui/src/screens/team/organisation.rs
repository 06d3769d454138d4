//! Team in an organisation: who belongs to it, who is invited, and the way out.

use contract::teams::Team;
use domain::team::Role;
use yew::prelude::*;

use super::chains::Chains;
use super::devices::Devices;
use super::host;
use super::invitations::Invitations;
use super::invite::InviteDialog;
use super::leave::LeaveDialog;
use super::members::Members;
use super::rename::RenameDialog;
use crate::components::{Bar, Button, Icon, IconButton, Look, Section};
use crate::frame::context::{Bound, use_commands, use_frame};
use crate::state::keys::Cmd;

#[derive(Properties, PartialEq)]
pub struct Props {
    pub team: Team,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Asking {
    Nothing,
    Name,
    Invite,
    Leave,
}

#[component]
pub fn Organisation(props: &Props) -> Html {
    let (texts, _, _) = use_frame();
    let t = &texts.team;
    let team = &props.team;
    let asking = use_state_eq(|| Asking::Nothing);
    let ask = |what: Asking| {
        let asking = asking.setter();
        Callback::from(move |()| asking.set(what))
    };
    let (rename, invite, leave) = (ask(Asking::Name), ask(Asking::Invite), ask(Asking::Leave));
    let offers = [
        (Cmd::TeamRename, &rename, team.role.may_rename_organisation()),
        (Cmd::TeamInvite, &invite, team.role.may_manage_members()),
        (Cmd::TeamLeave, &leave, true),
    ];
    let bound = offers.into_iter().filter(|(.., may)| *may).map(|(cmd, run, _)| {
        let run = run.clone();
        Bound::new(cmd, move || run.emit(()))
    });
    use_commands(bound.collect());
    let beside = match team.role.may_rename_organisation() {
        true => {
            html! { <IconButton icon={Icon::Compose} label={t.rename} onclick={rename.reform(|_: MouseEvent| ())} /> }
        }
        false => Html::default(),
    };
    let last_owner = is_last_owner(team);
    let close = ask(Asking::Nothing);
    html! {
        <>
            <Bar title={team.name.clone()} {beside} sub={html! { { (t.sub)((t.role)(team.role), host(&team.server)) } }}>
                if team.role.may_manage_members() {
                    <Button id="invite" look={Look::Go} icon={Icon::Plus} keys={Cmd::TeamInvite} onclick={invite.reform(|_: MouseEvent| ())}>{ t.invite }</Button>
                }
            </Bar>
            <div class="team">
                <Members team={team.clone()} />
                if team.role.may_manage_members() { <Invitations /> }
                <Chains team={team.clone()} />
                <Section title={t.devices}>
                    <div class="card team-server"><Devices server={team.server.clone()} shown=true /></div>
                </Section>
                <Section title={t.leave}>
                    <div class="card team-row">
                        <p class="grow muted">{ if last_owner { t.leave_last } else { t.leave_what } }</p>
                        <Button id="leave" look={Look::Danger} disabled={last_owner} onclick={leave.reform(|_: MouseEvent| ())}>{ t.leave }</Button>
                    </div>
                </Section>
            </div>
            { match *asking {
                Asking::Nothing => Html::default(),
                Asking::Name => html! { <RenameDialog name={team.name.clone()} onclose={close} /> },
                Asking::Invite => html! { <InviteDialog name={team.name.clone()} role={team.role} onclose={close} /> },
                Asking::Leave => html! { <LeaveDialog name={team.name.clone()} waiting={team.waiting_count} {last_owner} onclose={close} /> },
            } }
        </>
    }
}

/// An organisation always has an owner.
fn is_last_owner(team: &Team) -> bool {
    team.role == Role::Owner && team.members.iter().filter(|member| member.role == Role::Owner).count() <= 1
}
