//! The calendar: what goes out when, as a month, a week or a list; and the drafts that have no time yet.

mod commands;
mod day_dialog;
mod drafts;
mod empty;
mod event;
mod filters;
mod focus;
mod free;
mod head;
mod legend;
mod list;
mod month;
mod moving;
pub mod texts;
mod week;

use std::rc::Rc;

use contract::personas::ListPersonas;
use contract::posts::{Calendar, Filter, GetCalendar, PostLine};
use domain::id::PostId;
use gloo_timers::callback::Timeout;
use jiff::civil::Date;
use yew::prelude::*;

use self::commands::for_selected;
use self::day_dialog::DayDialog;
use self::drafts::Drafts;
use self::filters::Filters;
use self::focus::{KeptFocus, VIEW, use_kept_focus};
use self::head::Head;
use self::legend::Legend;
use self::list::List;
use self::month::Month;
use self::moving::{Target, use_moving};
use self::week::Week;
use crate::backend::use_query_if;
use crate::components::{Skeleton, view};
use crate::frame::context::{Bound, use_commands, use_frame};
use crate::platform;
use crate::route::use_go;
use crate::screens::queues::QueuesDialog;
use crate::screens::series::SeriesDialog;
use crate::state::calendar::{Action, CalendarState, View};
use crate::state::current::{Order, Place, Way};
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
    pub calendar: Rc<Calendar>,
    pub dispatch: UseReducerDispatcher<CalendarState>,
    /// What the keys act on.
    pub selected: Option<PostId>,
    /// The one post that Tab reaches: the current one, or the one that would be it first.
    pub stop: Option<PostId>,
    /// The day that the calendar turns around.
    pub day: Date,
    pub today: Date,
    pub open_day: Callback<Date>,
    pub move_to: Callback<(PostLine, Target)>,
    pub focus: KeptFocus,
}

impl Grid {
    pub fn selects(&self, place: Place) -> Callback<FocusEvent> {
        self.focus.selects(place, &self.dispatch)
    }

    pub fn tabindex(&self, post: PostId) -> &'static str {
        if self.stop == Some(post) { "0" } else { "-1" }
    }
}

/// The posts that are shown, and what was asked for to get them.
#[derive(Clone, Default, PartialEq)]
pub struct Shown {
    pub question: Option<(View, Date, Date, Filter)>,
    pub order: Rc<Order>,
}

#[component]
pub fn CalendarScreen() -> Html {
    let (t, clock, toaster) = use_frame();
    let state = use_calendar();
    let go = use_go();
    let today = clock.today();
    let open_day = use_state_eq(|| None::<Date>);
    let legend = use_state_eq(|| false);
    let series = use_state_eq(|| false);
    let queues = use_state_eq(|| false);
    let filter = use_quiet_filter(&state.filter);
    let (from, to) = state.range(today);
    let in_drafts = state.view == View::Drafts;
    let calendar = use_query_if((!in_drafts).then(|| GetCalendar { from, to, filter: filter.clone() }));
    let personas = crate::backend::use_query(ListPersonas {}).data;
    let drafts = use_state_eq(drafts::Written::default);
    let calendar_order =
        use_memo((calendar.data.clone(), clock.now), |(data, now)| Rc::new(order_of(data.as_deref(), *now)));
    let shown = match (in_drafts, calendar.previous || calendar.data.is_none()) {
        (true, _) => drafts.filter.as_ref().filter(|asked| **asked == filter).map(|asked| Shown {
            question: Some((View::Drafts, from, to, asked.clone())),
            order: drafts.order.clone(),
        }),
        (false, true) => None,
        (false, false) => {
            Some(Shown { question: Some((state.view, from, to, filter.clone())), order: (*calendar_order).clone() })
        }
    };
    // what is about to be replaced leads nowhere
    let is_shown = shown.is_some();
    let view_shown = use_mut_ref(|| None::<View>);
    if is_shown {
        view_shown.replace(Some(state.view));
    }
    let is_of_another_view = *view_shown.borrow() != Some(state.view);
    let order = shown.as_ref().map(|shown| shown.order.clone()).unwrap_or_default();
    use_selection_among(&state, shown);
    let selected = state.selected.filter(|place| order.find(place.post).is_some());
    let line = selected.and_then(|place| match (in_drafts, &calendar.data) {
        (true, _) => drafts.lines.iter().find(|line| line.post == place.post).cloned(),
        (false, Some(data)) => {
            data.days.iter().flat_map(|day| &day.lines).find(|line| line.post == place.post).cloned()
        }
        (false, None) => None,
    });
    let move_to = use_moving(&toaster, &clock, &state);
    let focus = use_kept_focus(state.turn, selected.map(|place| place.post), is_shown);

    let act = |cmd: Cmd, action: Action| {
        let state = state.dispatcher();
        Bound::new(cmd, move || state.dispatch(action.clone()))
    };
    let step = |(cmd, way): (Cmd, Way)| act(cmd, Action::Move { way, order: order.clone(), today });
    let show_day = {
        let open_day = open_day.setter();
        use_callback((), move |day: Date, ()| open_day.set(Some(day)))
    };
    let close_day = {
        let (open_day, state) = (open_day.setter(), state.dispatcher());
        use_callback((), move |(), ()| {
            open_day.set(None);
            // the current one may be another than the one that it was opened from
            state.dispatch(Action::Stay);
        })
    };
    // between an answer and what the state makes of it nothing is current
    let is_settled = state.selected == selected;
    use_day_left(open_day.filter(|_| is_settled), selected, &close_day);
    let mut commands = vec![
        act(Cmd::CalendarToday, Action::Today),
        act(Cmd::CalendarEarlier, Action::Step { by: -1, today }),
        act(Cmd::CalendarLater, Action::Step { by: 1, today }),
        act(Cmd::CalendarMonth, Action::Show(View::Month)),
        act(Cmd::CalendarWeek, Action::Show(View::Week)),
        act(Cmd::CalendarList, Action::Show(View::List)),
        act(Cmd::CalendarDrafts, Action::Show(View::Drafts)),
        Bound::new(Cmd::CalendarFilter, || platform::focus_id("calendar-filter")),
        Bound::new(Cmd::CalendarLegend, {
            let legend = legend.setter();
            move || legend.set(true)
        }),
    ];
    if is_shown {
        commands.extend(STEPS.into_iter().map(step));
    }
    if state.is_filtered() {
        commands.push(act(Cmd::CalendarClearFilter, Action::Clear));
    }
    let of_post = line.map(|line| for_selected(&line, t, &toaster, &go, &move_to)).unwrap_or_default();
    commands.extend(of_post.iter().cloned());
    if let Some(day) = selected.and_then(|place| place.day) {
        let show_day = show_day.clone();
        commands.push(Bound::new(Cmd::CalendarDay, move || show_day.emit(day)));
    }
    use_commands(commands);

    let onfocus = {
        let focus = focus.clone();
        // those of the posts in it do not come up here
        Callback::from(move |_: FocusEvent| focus.pass_on())
    };
    let onpointerdown = {
        let focus = focus.clone();
        Callback::from(move |_: PointerEvent| focus.let_go())
    };
    let set_legend = |to: bool| {
        let legend = legend.setter();
        Callback::from(move |()| legend.set(to))
    };
    let body = if in_drafts {
        html! { <Drafts {filter} personas={personas.clone()} onshown={drafts.setter().to_callback()} focus={focus.clone()} /> }
    } else {
        let skeleton = html! { <div class="calendar-skeleton"><Skeleton rows=8 /></div> };
        view(&calendar, skeleton.clone(), |_| {
            // a month's days make no week
            let Some(data) = calendar.data.clone().filter(|_| !is_of_another_view) else { return skeleton };
            let grid = Grid {
                calendar: data,
                dispatch: state.dispatcher(),
                selected: selected.map(|place| place.post),
                stop: selected.or(order.entry()).map(|place| place.post),
                day: state.day(today),
                today,
                open_day: show_day,
                move_to,
                focus: focus.clone(),
            };
            match state.view {
                View::Month => html! { <Month {grid} /> },
                View::Week => html! { <Week {grid} personas={personas.clone()} /> },
                View::List | View::Drafts => html! { <List {grid} personas={personas.clone()} sight={state.sight} /> },
            }
        })
    };
    let count = match (in_drafts, &drafts.filter) {
        (true, Some(_)) => usize::try_from(drafts.total).ok(),
        (true, None) => None,
        (false, _) => calendar.data.as_ref().map(|_| calendar_order.len()),
    };
    html! {
        <>
            <Head />
            <Filters {count} personas={personas.clone()} onlegend={set_legend(true)} onseries={let series = series.setter(); Callback::from(move |()| series.set(true))} onqueues={let queues = queues.setter(); Callback::from(move |()| queues.set(true))} />
            <div class="calendar" id={VIEW} tabindex="-1" {onfocus} {onpointerdown}>{ body }</div>
            <DayDialog day={*open_day} calendar={calendar.data.clone()} {personas} commands={of_post} focus={focus} onclose={close_day} />
            <SeriesDialog open={*series} onclose={let series = series.setter(); Callback::from(move |()| series.set(false))} />
            <QueuesDialog open={*queues} onclose={let queues = queues.setter(); Callback::from(move |()| queues.set(false))} />
            <Legend open={*legend} onclose={set_legend(false)} />
        </>
    }
}

const STEPS: [(Cmd, Way); 6] = [
    (Cmd::CalendarNext, Way::Next),
    (Cmd::CalendarPrevious, Way::Previous),
    (Cmd::CalendarUp, Way::Up),
    (Cmd::CalendarDown, Way::Down),
    (Cmd::CalendarLeft, Way::Left),
    (Cmd::CalendarRight, Way::Right),
];

/// The posts of all days; the next one is the first that is due after `now`.
fn order_of(calendar: Option<&Calendar>, now: jiff::Timestamp) -> Order {
    let lines = || {
        calendar
            .into_iter()
            .flat_map(|calendar| &calendar.days)
            .flat_map(|day| day.lines.iter().map(|line| (day.day, line)))
    };
    let places: Vec<Place> = lines().map(|(day, line)| Place { post: line.post, day: Some(day) }).collect();
    let next = lines().position(|(_, line)| line.due_at.is_some_and(|due| due >= now)).unwrap_or(places.len());
    Order::new(places, next)
}

/// Tells the state which posts are shown, so that the selection is always one of them.
#[hook]
fn use_selection_among(state: &CalendarHandle, shown: Option<Shown>) {
    let last = use_mut_ref(Shown::default);
    let dispatch = state.dispatcher();
    use_effect_with(shown, move |shown| {
        if let Some(shown) = shown {
            let before = last.replace(shown.clone());
            let same = before.question == shown.question;
            dispatch.dispatch(Action::Shown { before: before.order, now: shown.order.clone(), same });
        }
    });
}

/// The dialog of a day goes when the current post has left that day.
#[hook]
fn use_day_left(open: Option<Date>, selected: Option<Place>, close: &Callback<()>) {
    let close = close.clone();
    use_effect_with((open, selected), move |(open, selected)| {
        if open.is_some() && selected.and_then(|place| place.day) != *open {
            close.emit(());
        }
    });
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
