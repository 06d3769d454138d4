//! The members of the open organisation, and what can be done with one.

use std::rc::Rc;

use contract::approvals::ComeBack;
use contract::personas::{ListPersonas, PersonaView};
use contract::teams::{ChangeMember, MemberView, RemoveMember, Team};
use domain::id::PersonId;
use domain::team::{Personas, Role};
use yew::prelude::*;

use super::away::{AwayDialog, deputies};
use super::role_fields::{RoleFields, is_nobody};
use super::texts::Texts;
use crate::backend::use_query;
use crate::components::{Avatar, Button, Confirm, Dialog, Glyph, Icon, Look, Menu, MenuItem, Section};
use crate::frame::context::{Bound, use_commands, use_frame};
use crate::platform;
use crate::state::keys::Cmd;

#[derive(Properties, PartialEq)]
pub struct Props {
    pub team: Team,
}

#[derive(Debug, Clone, PartialEq)]
enum Asking {
    Change(MemberView),
    Remove(MemberView),
    GoAway,
}

fn row_id(person: PersonId) -> String {
    format!("member-{person}")
}

#[component]
pub fn Members(props: &Props) -> Html {
    let (texts, clock, toaster) = use_frame();
    let t = &texts.team;
    let personas = use_query(ListPersonas {}).data;
    let selected = use_state_eq(|| None::<PersonId>);
    let asking = use_state_eq(|| None::<Asking>);
    let team = &props.team;
    let ask = {
        let asking = asking.setter();
        Callback::from(move |what: Option<Asking>| asking.set(what))
    };
    let close = ask.reform(|()| None);

    let mut bound = Vec::new();
    let at = team.members.iter().position(|member| Some(member.person) == *selected);
    let last = team.members.len().saturating_sub(1);
    let next = at.map_or(0, |at| (at + 1).min(last));
    let previous = at.map_or(last, |at| at.saturating_sub(1));
    for (cmd, place) in [(Cmd::TeamNext, next), (Cmd::TeamPrevious, previous)] {
        if let Some(person) = team.members.get(place).map(|member| member.person) {
            bound.push(Bound::new(cmd, move || platform::focus_id(&row_id(person))));
        }
    }
    if let Some(member) = at.and_then(|at| team.members.get(at)) {
        let may = May::of(team, member);
        let mut offer = |cmd: Cmd, what: Asking, title: String| {
            let ask = ask.clone();
            bound.push(Bound::new(cmd, move || ask.emit(Some(what.clone()))).titled(title));
        };
        if may.change() {
            offer(Cmd::TeamChange, Asking::Change(member.clone()), (t.change_title)(&member.name));
        }
        if may.remove {
            offer(Cmd::TeamRemove, Asking::Remove(member.clone()), (t.remove_title)(&member.name));
        }
    }
    use_commands(bound);

    let rows = team.members.iter().map(|member| {
        let (person, may) = (member.person, May::of(team, member));
        let onfocusin = {
            let selected = selected.setter();
            move |_: FocusEvent| selected.set(Some(person))
        };
        let mut items = Vec::new();
        let item = |text: &'static str, what: Asking| {
            let ask = ask.clone();
            MenuItem::new(text, move || ask.emit(Some(what.clone())))
        };
        if may.change() {
            items.push(item(t.change, Asking::Change(member.clone())).icon(Icon::Compose));
        }
        if may.remove {
            items.push(item(t.remove, Asking::Remove(member.clone())).icon(Icon::Trash).danger());
        }
        if person == team.me && deputies(team).next().is_some() {
            items.push(match &member.away {
                Some(_) => {
                    let (toaster, said) = (toaster.clone(), t.said_back);
                    MenuItem::new(t.back, move || toaster.run(ComeBack {}, said)).icon(Icon::Undo)
                }
                None => item(t.go_away, Asking::GoAway).icon(Icon::Clock),
            });
        }
        let away = member.away.map(|away| {
            let deputy = team.members.iter().find(|other| other.person == away.deputy);
            let name = deputy.map(|deputy| deputy.name.as_str()).unwrap_or_default();
            html! { <span class="sm muted cut">{ (t.away_until)(&clock.moment(away.until), name) }</span> }
        });
        html! {
            <li key={person.to_string()} id={row_id(person)} tabindex="-1" class={classes!("team-row", (Some(person) == *selected).then_some("selected"))} {onfocusin}>
                <Avatar name={member.name.clone()} />
                <span class="grow">
                    <span class="row"><b class="cut" title={member.name.clone()}><bdi>{ &member.name }</bdi></b>if person == team.me { <span class="st draft">{ t.me }</span> }</span>
                    <span class="sm muted cut">{ speaks_as(member, personas.as_ref(), t) }{ " · " }<time title={clock.full(member.joined_at)}>{ (t.since)(&clock.moment(member.joined_at)) }</time></span>
                    { for away }
                </span>
                <span class="sm">{ (t.role)(member.role) }</span>
                if !items.is_empty() {
                    <Menu label={(t.more)(&member.name)} trigger={html! { <Glyph icon={Icon::More} /> }} {items} class={classes!("btn", "quiet", "icon-only")} end=true />
                }
            </li>
        }
    });
    let remove = {
        let (close, toaster) = (close.clone(), toaster.clone());
        Callback::from(move |member: MemberView| {
            close.emit(());
            toaster.run(RemoveMember { person: member.person }, (t.said_removed)(&member.name));
        })
    };
    html! {
        <Section title={t.members} note={team.members.len()}>
            <ul class="card list members">{ for rows }</ul>
            { match (*asking).clone() {
                Some(Asking::Change(member)) => html! { <ChangeDialog roles={May::of(team, &member).roles} {member} onclose={close} /> },
                Some(Asking::Remove(member)) => html! {
                    <Confirm open=true title={(t.remove_title)(&member.name)} yes={t.remove} onyes={let member = member.clone(); remove.reform(move |()| member.clone())} onclose={close}>
                        <p>{ (t.remove_what)(&member.name) }</p>
                    </Confirm>
                },
                Some(Asking::GoAway) => html! { <AwayDialog team={Rc::new(team.clone())} onclose={close} /> },
                None => Html::default(),
            } }
        </Section>
    }
}

/// What the person of this computer may do with a member.
#[derive(Debug, PartialEq, Eq)]
struct May {
    /// The roles that can be given to them.
    roles: Vec<Role>,
    remove: bool,
}

impl May {
    fn of(team: &Team, member: &MemberView) -> Self {
        let mine = member.person == team.me;
        let owners = team.members.iter().filter(|member| member.role == Role::Owner).count();
        // an organisation always has an owner
        let last_owner = member.role == Role::Owner && owners <= 1;
        if last_owner || !team.role.may_manage_members() || !team.role.may_change(member.role) {
            return Self { roles: Vec::new(), remove: false };
        }
        // nobody raises their own role
        let fits = |role: &Role| team.role.may_change(*role) && (!mine || *role >= member.role);
        // one leaves by oneself, and is told what that means
        Self { roles: Role::ALL.into_iter().filter(fits).collect(), remove: !mine }
    }

    const fn change(&self) -> bool {
        !self.roles.is_empty()
    }
}

/// "Harbour Bakery, Ada Berg", or that they speak as all of them.
fn speaks_as(member: &MemberView, personas: Option<&Rc<Vec<PersonaView>>>, t: &Texts) -> String {
    let these = match &member.personas {
        Personas::Only(these) if !member.role.may_manage_personas() => these,
        _ => return t.all_personas.to_owned(),
    };
    let name = |view: &PersonaView| these.contains(&view.persona.id).then(|| view.persona.text.name.clone());
    let names: Vec<String> = personas.iter().flat_map(|list| list.iter()).filter_map(name).collect();
    if names.is_empty() { t.no_personas.to_owned() } else { names.join(", ") }
}

#[derive(Properties, PartialEq)]
struct ChangeProps {
    member: MemberView,
    roles: Vec<Role>,
    onclose: Callback<()>,
}

#[component]
fn ChangeDialog(props: &ChangeProps) -> Html {
    let (texts, _, toaster) = use_frame();
    let t = &texts.team;
    let role = use_state_eq(|| props.member.role);
    let personas = use_state_eq(|| props.member.personas.clone());
    let tried = use_state_eq(|| false);
    let wrong = is_nobody(*role, &personas);
    let save = {
        let (member, onclose, tried) = (props.member.clone(), props.onclose.clone(), tried.setter());
        let (role, personas) = (*role, (*personas).clone());
        Callback::from(move |_: MouseEvent| {
            tried.set(true);
            if wrong {
                return;
            }
            onclose.emit(());
            if role != member.role || personas != member.personas {
                let change = ChangeMember { person: member.person, role, personas: personas.clone() };
                toaster.run(change, (t.said_changed)(&member.name));
            }
        })
    };
    let footer = html! {
        <>
            <Button onclick={props.onclose.reform(|_: MouseEvent| ())}>{ texts.frame.cancel }</Button>
            <Button id="member-save" look={Look::Go} onclick={save}>{ t.save }</Button>
        </>
    };
    html! {
        <Dialog open=true title={(t.change_title)(&props.member.name)} onclose={props.onclose.clone()} {footer}>
            <div class="stack">
                <RoleFields roles={props.roles.clone()} role={*role} personas={(*personas).clone()} wrong={*tried && wrong}
                    on_role={let role = role.setter(); Callback::from(move |next| role.set(next))}
                    on_personas={let personas = personas.setter(); Callback::from(move |next| personas.set(next))} />
            </div>
        </Dialog>
    }
}

#[cfg(test)]
mod tests {
    use contract::teams::Sync;
    use domain::id::OrganisationId;
    use jiff::Timestamp;
    use uuid::Uuid;

    use super::*;

    fn person(number: u128) -> PersonId {
        PersonId::new(Uuid::from_u128(number))
    }

    fn member(number: u128, role: Role) -> MemberView {
        let joined_at = Timestamp::UNIX_EPOCH;
        MemberView {
            person: person(number),
            name: format!("P{number}"),
            role,
            personas: Personas::All,
            joined_at,
            away: None,
        }
    }

    fn team(me: u128, roles: &[Role]) -> Team {
        let members: Vec<MemberView> = (1..).zip(roles).map(|(number, role)| member(number, *role)).collect();
        let role = members.iter().find(|member| member.person == person(me)).map(|member| member.role).unwrap();
        Team {
            organisation: OrganisationId::new(Uuid::from_u128(9)),
            server: "https://teams.example".into(),
            name: "Bakery".into(),
            me: person(me),
            role,
            members,
            sync: Sync::Starting,
            live: true,
            waiting: Vec::new(),
            waiting_count: 0,
            attention: Vec::new(),
        }
    }

    fn may(team: &Team, at: usize) -> (Vec<Role>, bool) {
        let May { roles, remove } = May::of(team, &team.members[at]);
        (roles, remove)
    }

    #[test]
    fn what_a_role_forbids_is_not_offered() {
        use Role::{Administrator, Approver, Creator, Owner, Viewer};
        let all = team(2, &[Owner, Administrator, Creator]);
        assert_eq!(may(&all, 0), (vec![], false), "an administrator does not touch owners");
        assert_eq!(
            may(&all, 1),
            (vec![Administrator, Approver, Creator, Viewer], false),
            "one's own role only goes down"
        );
        assert_eq!(may(&all, 2), (vec![Administrator, Approver, Creator, Viewer], true));
        let of_owner = team(1, &[Owner, Administrator]);
        assert_eq!(may(&of_owner, 0), (vec![], false), "the only owner stays one");
        assert_eq!(may(&of_owner, 1), (vec![Owner, Administrator, Approver, Creator, Viewer], true));
        let two = team(1, &[Owner, Owner]);
        assert_eq!(may(&two, 0), (vec![Owner, Administrator, Approver, Creator, Viewer], false));
        let of_creator = team(2, &[Owner, Creator]);
        assert!((0..2).all(|at| may(&of_creator, at) == (vec![], false)));
    }
}
