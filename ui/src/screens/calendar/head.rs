use jiff::civil::Date;
use yew::prelude::*;

use super::use_calendar;
use crate::components::{Bar, Button, Icon, IconButton, Segmented};
use crate::frame::context::{Clock, use_frame};
use crate::state::calendar::{Action, CalendarState, View};
use crate::state::keys::Cmd;
use crate::state::time::city;

/// Which days, in which form.
#[component]
pub fn Head() -> Html {
    let (t, clock, _) = use_frame();
    let state = use_calendar();
    let today = clock.today();
    let step = |by: i32| {
        let state = state.dispatcher();
        Callback::from(move |_: MouseEvent| state.dispatch(Action::Step { by, today }))
    };
    let to_today = {
        let state = state.dispatcher();
        Callback::from(move |_: MouseEvent| state.dispatch(Action::Today))
    };
    let show = {
        let state = state.dispatcher();
        Callback::from(move |key: AttrValue| state.dispatch(Action::Show(View::of(&key))))
    };
    let texts = [t.calendar.month, t.calendar.week, t.calendar.list, t.calendar.drafts];
    let options =
        View::ALL.into_iter().zip(texts).map(|(view, text)| (view.key().into(), text.into())).collect::<Vec<_>>();
    let beside = html! {
        <span class="muted sm" title={clock.zone_name.clone()}>{ city(&clock.zone_name) }</span>
    };
    html! {
        <Bar title={title(&state, &clock, today)} {beside}>
            if state.view != View::Drafts {
                <div class="row calendar-steps">
                    <IconButton icon={Icon::Left} label={t.calendar.earlier} onclick={step(-1)} />
                    <Button keys={Cmd::CalendarToday} onclick={to_today}>{ t.calendar.today }</Button>
                    <IconButton icon={Icon::Right} label={t.calendar.later} onclick={step(1)} />
                </div>
            }
            <Segmented label={t.calendar.form} {options} value={state.view.key()} onchange={show} />
        </Bar>
    }
}

fn title(state: &CalendarState, clock: &Clock, today: Date) -> String {
    let words = &clock.texts.time;
    let (from, to) = state.range(today);
    match state.view {
        View::Month => words.month_title(state.day(today)),
        View::Week => words.days(from, to),
        View::List => format!("{} – {}", words.month_title(from), words.month_title(to)),
        View::Drafts => clock.texts.calendar.drafts.to_owned(),
    }
}
