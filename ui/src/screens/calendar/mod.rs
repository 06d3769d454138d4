//! The calendar: what goes out when, as a month, a week or a list; and the drafts that have no time yet.

mod commands;
mod day_dialog;
mod drafts;
mod empty;
mod entries;
mod entry_form;
mod event;
mod filters;
mod focus;
mod free;
mod head;
mod legend;
mod list;
mod many;
mod month;
mod move_dialog;
mod moving;
mod picked_bar;
pub mod texts;
mod week;

use std::collections::BTreeSet;
use std::rc::Rc;

use contract::calendar::{Calendar, GetCalendar};
use contract::entries::SaveEntry;
use contract::personas::ListPersonas;
use contract::posts::{Filter, PostLine};
use domain::entry::{Entry, EntryText};
use domain::id::{EntryId, PostId};
use jiff::civil::Date;
use yew::prelude::*;

use self::commands::for_selected;
use self::day_dialog::DayDialog;
use self::drafts::Drafts;
use self::entries::Pressed;
use self::entry_form::{EntryForm, Form};
use self::filters::Filters;
use self::focus::{KeptFocus, VIEW, use_kept_focus};
use self::head::Head;
use self::legend::Legend;
use self::list::List;
use self::many::Many;
use self::month::Month;
use self::move_dialog::MoveDialog;
use self::moving::{Target, use_moving};
use self::picked_bar::PickedBar;
use self::week::Week;
use crate::backend::use_query_if;
use crate::components::{Skeleton, use_pace, view};
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
    /// What is changed together.
    pub picked: Rc<BTreeSet<PostId>>,
    pub onpick: Callback<(PostId, bool)>,
    /// An entry, or the ground of a day, was pressed.
    pub pressed: Callback<Pressed>,
    /// By so many days.
    pub move_entry: Callback<(EntryId, i32)>,
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

    /// A press with Ctrl or Shift on a post.
    pub fn picks(&self, post: PostId) -> Callback<bool> {
        self.onpick.reform(move |shift: bool| (post, shift))
    }

    /// What stands on a day beside the posts.
    pub fn entries(&self, day: Date) -> impl Iterator<Item = Rc<Entry>> {
        let entries = self.calendar.entries.iter().filter(move |entry| entry.is_on(day));
        entries.map(|entry| Rc::new(entry.clone()))
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
    let moving = use_state_eq(|| false);
    let writing = use_state_eq(|| None::<Form>);
    let filter = use_paced_filter(&state.filter);
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
    let picked = use_memo((state.picks.clone(), order.clone()), |(picks, order)| Rc::new(picks.among(order)));
    let picked = (*picked).clone();
    let all = || match (in_drafts, &calendar.data) {
        (true, _) => drafts.lines.iter().collect::<Vec<_>>(),
        (false, Some(data)) => data.days.iter().flat_map(|day| &day.lines).collect(),
        (false, None) => Vec::new(),
    };
    let several = !picked.is_empty();
    let together: Vec<PostLine> = match several {
        true => all().into_iter().filter(|line| picked.contains(&line.post)).cloned().collect(),
        false => line.iter().cloned().collect(),
    };
    let many = Many::new(Rc::new(together), &toaster, state.dispatcher(), selected, today);
    let move_one = use_moving(&toaster, &clock, &state);
    let move_to = many.or_one(&clock, &move_one);
    let onpick = {
        let (state, order) = (state.dispatcher(), order.clone());
        Callback::from(move |(post, shift): (PostId, bool)| {
            state.dispatch(if shift { Action::PickUpTo { post, order: order.clone() } } else { Action::Pick(post) });
        })
    };
    let focus = use_kept_focus(state.turn, selected.map(|place| place.post), is_shown);

    let pressed = {
        let writing = writing.setter();
        use_callback((), move |pressed: Pressed, ()| {
            writing.set(Some(match pressed {
                Pressed::Entry(entry) => Form::of(&entry),
                Pressed::Day(day) => Form::on(day),
            }));
        })
    };

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
        let extend = |(cmd, way): (Cmd, Way)| act(cmd, Action::Extend { way, order: order.clone() });
        commands.extend(EXTENDS.into_iter().map(extend));
        if order.len() > 0 {
            commands.push(act(Cmd::CalendarPickAll, Action::PickAll(order.clone())));
        }
    }
    if several {
        commands.push(act(Cmd::CalendarPickNone, Action::PickNone));
    }
    if state.is_filtered() {
        commands.push(act(Cmd::CalendarClearFilter, Action::Clear));
    }
    let mut of_post = line.as_ref().map(|line| for_selected(line, t, &toaster, &go, &move_to)).unwrap_or_default();
    if several {
        // of what is done to one alone, opening it is left
        of_post.retain(|bound| bound.cmd == Cmd::CalendarOpen);
        of_post.extend(many.commands());
    }
    if let Some(place) = selected {
        of_post.push(act(Cmd::CalendarPick, Action::Pick(place.post)));
    }
    if !many.lines.is_empty() {
        let moving = moving.setter();
        of_post.push(Bound::new(Cmd::CalendarMoveTo, move || moving.set(true)));
    }
    commands.extend(of_post.iter().cloned());
    if !in_drafts {
        let (pressed, day) = (pressed.clone(), selected.and_then(|place| place.day).unwrap_or(state.day(today)));
        commands.push(Bound::new(Cmd::CalendarEntry, move || pressed.emit(Pressed::Day(day))));
    }
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
    let move_entry = {
        let (toaster, data) = (toaster.clone(), calendar.data.clone());
        Callback::from(move |(id, days): (EntryId, i32)| {
            let Some(entry) = data.iter().flat_map(|data| &data.entries).find(|entry| entry.id == id) else { return };
            let by = |day: Date| crate::state::month::moved(day, days);
            let text = EntryText { from: by(entry.text.from), to: by(entry.text.to), ..entry.text.clone() };
            let said = (t.calendar.moved)(&text.title, &t.time.short_day(text.from, today));
            toaster.run(SaveEntry { entry: Some(id), text }, said);
        })
    };
    let set_moving = |to: bool| {
        let moving = moving.setter();
        Callback::from(move |()| moving.set(to))
    };
    let body = if in_drafts {
        html! { <Drafts {filter} personas={personas.clone()} onshown={drafts.setter().to_callback()} focus={focus.clone()} picked={picked.clone()} {onpick} /> }
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
                picked: picked.clone(),
                onpick,
                pressed: pressed.clone(),
                move_entry: move_entry.clone(),
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
            if several {
                <PickedBar many={many.clone()} personas={personas.clone()} onmove={set_moving(true)} onnone={let state = state.dispatcher(); Callback::from(move |()| state.dispatch(Action::PickNone))} />
            }
            <div class="calendar" id={VIEW} tabindex="-1" {onfocus} {onpointerdown}>{ body }</div>
            <DayDialog day={*open_day} calendar={calendar.data.clone()} {personas} commands={of_post} focus={focus} {picked} onclose={close_day} />
            <MoveDialog open={*moving} {many} onclose={set_moving(false)} />
            <SeriesDialog open={*series} onclose={let series = series.setter(); Callback::from(move |()| series.set(false))} />
            <QueuesDialog open={*queues} onclose={let queues = queues.setter(); Callback::from(move |()| queues.set(false))} />
            <EntryForm start={(*writing).clone()} onclose={let writing = writing.setter(); Callback::from(move |()| writing.set(None))} />
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

const EXTENDS: [(Cmd, Way); 4] = [
    (Cmd::CalendarExtendNext, Way::Next),
    (Cmd::CalendarExtendPrevious, Way::Previous),
    (Cmd::CalendarExtendDown, Way::Down),
    (Cmd::CalendarExtendUp, Way::Up),
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

/// The filter, whose text changes no faster than a month can be drawn.
#[hook]
fn use_paced_filter(filter: &Filter) -> Filter {
    const EVERY_MS: u32 = 120;
    Filter { text: use_pace(&filter.text, EVERY_MS), ..filter.clone() }
}
