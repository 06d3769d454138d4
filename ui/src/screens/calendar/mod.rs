//! The calendar: what goes out when, as a month, a week or a list; and the drafts that have no time yet.

mod day_dialog;
mod drafts;
mod event;
mod filters;
mod head;
mod list;
mod month;
mod moving;
pub mod texts;
mod week;

use std::rc::Rc;

use contract::personas::ListPersonas;
use contract::posts::{CalendarDay, DeletePost, Filter, GetCalendar, PostLine, UnschedulePost};
use domain::id::PostId;
use domain::post::PostStatus;
use gloo_timers::callback::Timeout;
use jiff::civil::Date;
use yew::prelude::*;

use self::day_dialog::DayDialog;
use self::drafts::Drafts;
use self::filters::Filters;
use self::head::Head;
use self::list::List;
use self::month::Month;
use self::moving::move_post;
use self::week::Week;
use crate::backend::use_query_if;
use crate::components::{Skeleton, view};
use crate::frame::context::{Bound, use_commands, use_frame};
use crate::platform;
use crate::route::{Route, use_go};
use crate::state::calendar::{Action, CalendarState, View};
use crate::state::keys::Cmd;

/// The calendar as it was left; the frame keeps it while other screens are shown.
pub type CalendarHandle = UseReducerHandle<CalendarState>;

#[hook]
pub fn use_calendar() -> CalendarHandle {
    #[expect(clippy::expect_used, reason = "the frame gives it to everything inside it")]
    use_context::<CalendarHandle>().expect("a screen outside the frame")
}

/// What the views need to draw and to act.
#[derive(Clone, PartialEq)]
pub struct Grid {
    pub days: Rc<Vec<CalendarDay>>,
    pub state: CalendarHandle,
    pub today: Date,
    pub open_day: Callback<Date>,
    pub move_to: Callback<(PostLine, Date)>,
}

#[component]
pub fn CalendarScreen() -> Html {
    let (t, clock, toaster) = use_frame();
    let state = use_calendar();
    let go = use_go();
    let today = clock.today();
    let open_day = use_state_eq(|| None::<Date>);
    let filter = use_quiet_filter(&state.filter);
    let (from, to) = state.range(today);
    let request = (state.view != View::Drafts).then(|| GetCalendar { from, to, filter: filter.clone() });
    let calendar = use_query_if(request);
    let personas = crate::backend::use_query(ListPersonas {}).data;
    let drafts = use_state_eq(Rc::<Vec<PostLine>>::default);

    let lines: Vec<PostLine> = match (state.view, &calendar.data) {
        (View::Drafts, _) => drafts.to_vec(),
        (_, Some(calendar)) => calendar.days.iter().flat_map(|day| day.lines.iter().cloned()).collect(),
        (_, None) => Vec::new(),
    };
    let order: Rc<[PostId]> = lines.iter().map(|line| line.post).collect();
    let first = lines.iter().position(|line| line.due_at.is_some_and(|due| due >= clock.now)).unwrap_or(0);
    let selected = state.selected.and_then(|post| lines.iter().find(|line| line.post == post).cloned());
    let move_to = {
        let (toaster, clock) = (toaster.clone(), clock.clone());
        Callback::from(move |(line, day): (PostLine, Date)| move_post(&toaster, &clock, &line, day))
    };

    let act = |cmd: Cmd, action: Action| {
        let state = state.clone();
        Bound::new(cmd, move || state.dispatch(action.clone()))
    };
    let mut commands = vec![
        act(Cmd::CalendarToday, Action::Today),
        act(Cmd::CalendarEarlier, Action::Step { by: -1, today }),
        act(Cmd::CalendarLater, Action::Step { by: 1, today }),
        act(Cmd::CalendarMonth, Action::Show(View::Month)),
        act(Cmd::CalendarWeek, Action::Show(View::Week)),
        act(Cmd::CalendarList, Action::Show(View::List)),
        act(Cmd::CalendarDrafts, Action::Show(View::Drafts)),
        act(Cmd::CalendarNext, Action::Move { by: 1, order: order.clone(), first }),
        act(Cmd::CalendarPrevious, Action::Move { by: -1, order, first }),
        Bound::new(Cmd::CalendarFilter, || platform::focus_id("calendar-filter")),
    ];
    if state.is_filtered() {
        commands.push(act(Cmd::CalendarClearFilter, Action::Clear));
    }
    if let Some(line) = &selected {
        commands.extend(for_selected(line, t, &toaster, &go, &move_to, &clock));
    }
    use_commands(commands);

    let count = lines.len();
    let close_day = {
        let open_day = open_day.setter();
        Callback::from(move |()| open_day.set(None))
    };
    let show_day = {
        let open_day = open_day.setter();
        Callback::from(move |day: Date| open_day.set(Some(day)))
    };
    let skeleton = html! { <div class="calendar-skeleton"><Skeleton rows=8 /></div> };
    let body = if state.view == View::Drafts {
        html! { <Drafts {filter} personas={personas.clone()} onshown={drafts.setter().to_callback()} /> }
    } else {
        view(&calendar, skeleton, |data| {
            let grid = Grid {
                days: Rc::new(data.days.clone()),
                state: state.clone(),
                today,
                open_day: show_day.clone(),
                move_to: move_to.clone(),
            };
            match state.view {
                View::Month => html! { <Month {grid} /> },
                View::Week => html! { <Week {grid} personas={personas.clone()} /> },
                View::List | View::Drafts => html! { <List {grid} personas={personas.clone()} /> },
            }
        })
    };
    let day_lines = (*open_day).and_then(|day| {
        calendar.data.as_ref()?.days.iter().find(|other| other.day == day).map(|day| day.lines.clone())
    });
    html! {
        <>
            <Head />
            <Filters count={(state.view != View::Drafts).then_some(count)} personas={personas.clone()} />
            <div class="calendar">{ body }</div>
            <DayDialog day={*open_day} lines={day_lines.unwrap_or_default()} {personas} onclose={close_day} />
        </>
    }
}

/// What can be done with the selected post.
fn for_selected(
    line: &PostLine,
    t: &'static crate::i18n::Texts,
    toaster: &crate::frame::context::Toaster,
    go: &Callback<Route>,
    move_to: &Callback<(PostLine, Date)>,
    clock: &crate::frame::context::Clock,
) -> Vec<Bound> {
    let post = line.post;
    let open = {
        let go = go.clone();
        Bound::new(Cmd::CalendarOpen, move || go.emit(Route::Post { post }))
    };
    let delete = {
        let (toaster, said) = (toaster.clone(), (t.calendar.deleted)(&line.title));
        Bound::new(Cmd::CalendarDelete, move || toaster.run(DeletePost { post }, said.clone()))
    };
    let mut bound = vec![open, delete];
    if line.status == PostStatus::Scheduled {
        let (toaster, said) = (toaster.clone(), (t.calendar.unscheduled)(&line.title));
        bound.push(Bound::new(Cmd::CalendarUnschedule, move || {
            toaster.run(UnschedulePost { post }, said.clone());
        }));
        for (cmd, by) in [(Cmd::CalendarDayEarlier, -1), (Cmd::CalendarDayLater, 1)] {
            let (move_to, line) = (move_to.clone(), line.clone());
            let Some(due) = line.due_at else { continue };
            let day = crate::state::month::moved(clock.local(due).date(), by);
            bound.push(Bound::new(cmd, move || move_to.emit((line.clone(), day))));
        }
    }
    bound
}

/// The filter, with its text a moment after the last keystroke.
#[hook]
fn use_quiet_filter(filter: &Filter) -> Filter {
    const QUIET_MS: u32 = 120;
    let text = use_state_eq(|| filter.text.clone());
    {
        let setter = text.setter();
        use_effect_with(filter.text.clone(), move |typed| {
            let typed = typed.clone();
            let timer = Timeout::new(QUIET_MS, move || setter.set(typed));
            move || drop(timer)
        });
    }
    Filter { text: (*text).clone(), ..filter.clone() }
}
