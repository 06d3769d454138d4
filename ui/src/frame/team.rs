//! Which organisation is open, and how another profile is opened.

use std::rc::Rc;

use contract::approvals::{Approvals, ListApprovals, ListChains};
use contract::teams::{GetTeam, GetTeams, OpenTeam, TeamLine, Teams};
use contract::{ApiError, Command};
use domain::id::OrganisationId;
use gloo_timers::future::TimeoutFuture;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use super::context::Toaster;
use crate::backend::{Query, call, reset, use_query, use_query_if};
use crate::route::Route;
use crate::screens::compose::desk;

/// How often the desk is looked at while its last words are being stored, and how many times, in all two seconds.
const LOOK_MS: u32 = 50;
const LOOKS: u32 = 40;

/// The servers and organisations of this computer, once they are known.
#[hook]
pub fn use_teams() -> Option<Rc<Teams>> {
    use_query(GetTeams {}).data
}

/// The organisation that is open; `None` in the own profile and in the sample, and as long as it is not known.
#[hook]
pub fn use_team() -> Option<TeamLine> {
    let teams = use_teams()?;
    let open = teams.open?;
    teams.teams.iter().find(|team| team.organisation == open).cloned()
}

/// Posts of the open organisation have to be approved by somebody: it has chains.
#[hook]
pub fn use_has_chains() -> bool {
    let in_team = use_team().is_some();
    let chains = use_query_if(in_team.then_some(ListChains {})).data;
    in_team && chains.is_some_and(|known| !known.chains.is_empty())
}

/// What waits for approval, where anything can.
#[hook]
pub fn use_approvals() -> Query<Approvals> {
    let has_chains = use_has_chains();
    use_query_if(has_chains.then_some(ListApprovals {}))
}

/// Whoever looks only reads in the open organisation: the program would refuse what they write.
#[hook]
pub fn use_reads_only() -> bool {
    let in_team = use_team().is_some();
    let team = use_query_if(in_team.then_some(GetTeam {})).data;
    team.as_deref().and_then(Option::as_ref).is_some_and(|team| in_team && !team.role.may_write())
}

/// Why another profile was not opened.
#[derive(Debug)]
pub enum NotOpened {
    /// Something that was written in this one could not be stored.
    Unsaved,
    Refused(ApiError),
}

/// Opens the profile of an organisation, or the own one.
pub fn open_team(organisation: Option<OrganisationId>, name: &str, toaster: &Toaster, go: &Callback<Route>) {
    let said = (toaster.texts.team.said_opened)(name);
    leave_for(OpenTeam { organisation }, said, toaster, go);
}

/// Leaves the screen, does what opens another profile, and shows its Today.
pub fn leave_for<C: Command>(command: C, said: impl Into<String>, toaster: &Toaster, go: &Callback<Route>) {
    let (toaster, go, said) = (toaster.clone(), go.clone(), said.into());
    spawn_local(async move {
        // screens store what was typed in them when they go away
        go.emit(Route::Today);
        TimeoutFuture::new(0).await;
        match enter(command, &toaster).await {
            Ok(_) if said.is_empty() => {}
            Ok(_) => toaster.say(said),
            Err(NotOpened::Unsaved) => toaster.complain(toaster.texts.team.unsaved),
            Err(NotOpened::Refused(error)) => toaster.fail(&error),
        }
    });
}

/// Does what opens another profile. Nothing that was written in the one that is left stays unsaved: in the other one it would have
/// no post. The caller shows another place than the one that is left.
///
/// # Errors
/// The profile that was open still is.
pub async fn enter<C: Command>(command: C, toaster: &Toaster) -> Result<C::Reply, NotOpened> {
    if !put_down().await {
        return Err(NotOpened::Unsaved);
    }
    let answer = call(command).await.map_err(NotOpened::Refused)?;
    // what can be taken back belongs to the profile that was left
    toaster.clear();
    reset();
    Ok(answer)
}

/// Stores what lies on the desk; `false`: not everything could be stored.
pub(super) async fn put_down() -> bool {
    desk::flush();
    for _ in 0..LOOKS {
        if !desk::is_busy() {
            return true;
        }
        TimeoutFuture::new(LOOK_MS).await;
    }
    !desk::is_busy()
}
