//! What the calendar is filtered by, kept with the settings of each profile until it is filtered by something else.

use contract::posts::Filter;
use contract::program::{ChangeSettings, Program, Settings};
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use crate::backend::call;
use crate::screens::calendar::CalendarHandle;
use crate::state::calendar::{Action, CalendarState};

/// The calendar's state, which begins with the filter that was left, in this run or another one. Words that were looked for are
/// not kept: they were for that moment.
#[hook]
pub fn use_kept_calendar(program: &Program) -> CalendarHandle {
    let settings = program.settings.clone();
    let calendar = use_reducer_eq({
        let filter = settings.calendar_filter.clone();
        move || CalendarState::filtered(filter)
    });
    let first = use_mut_ref(|| true);
    {
        let (calendar, kept) = (calendar.dispatcher(), settings.calendar_filter.clone());
        use_effect_with(program.profile.clone(), move |_| {
            if !first.replace(false) {
                calendar.dispatch(Action::Kept(kept));
            }
        });
    }
    let now = (program.profile.clone(), Filter { text: String::new(), ..calendar.filter.clone() });
    let before = use_mut_ref(|| now.clone());
    use_effect_with(now, move |now| {
        let (profile, filter) = before.replace(now.clone());
        // just after a change of profiles it is the other one's
        if profile == now.0 && filter != now.1 && settings.calendar_filter != now.1 {
            let settings = Settings { calendar_filter: now.1.clone(), ..settings };
            spawn_local(async move {
                // the next change of it is kept, or the one after
                call(ChangeSettings { settings }).await.ok();
            });
        }
    });
    calendar
}
