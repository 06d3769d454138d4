use contract::teams::{GetTeam, Sync};
use gloo_timers::callback::Interval;
use yew::prelude::*;

use super::context::{Offers, use_frame};
use super::team::use_team;
use crate::backend::use_query_if;
use crate::screens::team::standing;
use crate::state::keys::Cmd;

/// A change that reaches the server within this time is no news, in milliseconds.
const STEADY_MS: u32 = 1_500;

/// What the chip shows of the open organisation.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Seen {
    sync: Sync,
    waiting: u64,
    attention: u64,
}

impl Seen {
    /// Goes by itself in a moment.
    fn is_passing(self) -> bool {
        let under_way = matches!(self.sync, Sync::Starting | Sync::Exchanging);
        self.attention == 0 && (under_way || matches!(self.sync, Sync::UpToDate { .. }) && self.waiting > 0)
    }
}

/// How the open organisation stands to its server, at the foot of the sidebar; opens the panel that tells more. Nothing in a profile
/// that has no server.
#[component]
pub fn SyncChip() -> Html {
    let (texts, clock, _) = use_frame();
    let offers = use_context::<Offers>().unwrap_or_default();
    // the line of the team comes with changes of teams, the team itself with those of posts too, which are what waits
    let line = use_team();
    let team = use_query_if(line.as_ref().map(|_| GetTeam {})).data;
    let now = team.as_deref().and_then(Option::as_ref).map(|team| Seen {
        sync: team.sync,
        waiting: team.waiting_count,
        attention: team.attention.len() as u64,
    });
    let Some(seen) = use_steady(now.filter(|_| line.is_some())) else { return Html::default() };
    let state = standing(seen.sync, seen.waiting, seen.attention, &texts.team, &clock);
    let onclick = move |_: MouseEvent| {
        if let Some(bound) = offers.all().into_iter().find(|bound| bound.cmd == Cmd::ShowSync) {
            bound.run.emit(());
        }
    };
    let attention = (seen.attention > 0).then(|| (texts.team.attention_short)(seen.attention));
    html! {
        <button type="button" id="sync-chip" class={classes!("sync-chip", state.tone)} title={format!("{}: {}", texts.team.sync, state.text)} {onclick}>
            <i aria-hidden="true"></i>
            <span class="grow" role="status">{ state.text }</span>
            if let Some(text) = attention { <span class="badge">{ text }</span> }
        </button>
    }
}

/// What is shown: a state that goes by itself only once it lasted.
#[hook]
fn use_steady(now: Option<Seen>) -> Option<Seen> {
    let shown = use_state_eq(|| now);
    let setter = shown.setter();
    let waits = shown.is_some() && now.is_some_and(Seen::is_passing);
    // the time runs from the first passing state, and goes on while others follow
    let newest = use_mut_ref(|| now);
    newest.replace(now);
    use_effect_with((waits, (!waits).then_some(now)), move |(waits, at_once)| {
        let timer = waits.then(|| {
            let setter = setter.clone();
            Interval::new(STEADY_MS, move || setter.set(*newest.borrow()))
        });
        if let Some(now) = at_once {
            setter.set(*now);
        }
        move || drop(timer)
    });
    *shown
}
