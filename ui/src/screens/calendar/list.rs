use std::rc::Rc;

use contract::personas::PersonaView;
use contract::posts::CalendarDay;
use yew::prelude::*;

use super::Grid;
use super::event::element_id;
use super::month::clock_mark;
use crate::components::{Button, Empty, Icon, PostRow, VirtualList};
use crate::frame::context::{Clock, use_frame};
use crate::platform;
use crate::route::{Route, use_go};
use crate::state::calendar::Action;
use crate::state::keys::Cmd;
use crate::state::rows::Layout;
use crate::state::time::days_between;

/// Pixels of a day's heading and of a post; the styles say the same.
const HEAD: f64 = 40.0;
const ROW: f64 = 60.0;

#[derive(Properties, PartialEq)]
pub struct ListProps {
    pub grid: Grid,
    pub personas: Option<Rc<Vec<PersonaView>>>,
}

/// One row of the list: a day's heading, or a post of it.
#[derive(Clone, Copy)]
enum Row {
    Day(usize),
    Post(usize, usize),
}

fn rows(days: &[CalendarDay]) -> Vec<Row> {
    let mut rows = Vec::new();
    for (day, content) in days.iter().enumerate().filter(|(_, day)| !day.lines.is_empty()) {
        rows.push(Row::Day(day));
        rows.extend((0..content.lines.len()).map(|line| Row::Post(day, line)));
    }
    rows
}

/// All posts of the days, one below the other.
#[component]
pub fn List(props: &ListProps) -> Html {
    let (t, clock, _) = use_frame();
    let go = use_go();
    let grid = &props.grid;
    let rows = use_memo(grid.days.clone(), |days| rows(days));
    let layout = use_memo(grid.days.clone(), {
        let rows = rows.clone();
        move |_| Layout::new(rows.iter().map(|row| if matches!(row, Row::Day(_)) { HEAD } else { ROW }))
    });
    use_focus_of_selection(grid);
    if rows.is_empty() {
        let filtered = grid.state.is_filtered();
        let clear = {
            let state = grid.state.dispatcher();
            move |_: MouseEvent| state.dispatch(Action::Clear)
        };
        return if filtered {
            html! {
                <Empty icon={Icon::Filter} title={t.calendar.filtered_title} text={t.calendar.filtered_text}>
                    <Button onclick={clear}>{ t.calendar.clear }</Button>
                </Empty>
            }
        } else {
            html! {
                <Empty icon={Icon::Calendar} title={t.calendar.empty_title} text={t.calendar.empty_text}>
                    <Button icon={Icon::Plus} keys={Cmd::NewPost} onclick={move |_| go.emit(Route::Compose)}>{ t.frame.new_post }</Button>
                </Empty>
            }
        };
    }
    let find = |wanted: &dyn Fn(&Row) -> bool| rows.iter().position(wanted);
    let start =
        find(&|row| matches!(row, Row::Day(day) if grid.days.get(*day).is_some_and(|day| day.day >= grid.today)));
    let selected = grid.state.selected.filter(|_| grid.state.by_keys);
    let reveal = selected.and_then(|post| {
        find(&|row| matches!(row, Row::Post(day, line) if line_of(&grid.days, *day, *line).is_some_and(|line| line.post == post)))
    });
    let sticky = {
        let (days, rows, clock) = (grid.days.clone(), rows.clone(), clock.clone());
        Callback::from(move |index: usize| {
            let day = match rows.get(index) {
                Some(Row::Day(day) | Row::Post(day, _)) => days.get(*day),
                None => None,
            };
            day.map(|day| heading(day, &clock)).unwrap_or_default()
        })
    };
    let row = {
        let (grid, personas, rows) = (grid.clone(), props.personas.clone(), rows.clone());
        Callback::from(move |index: usize| {
            match rows.get(index) {
            Some(Row::Day(day)) => grid.days.get(*day).map(|day| heading(day, &clock)),
            Some(Row::Post(day, line)) => line_of(&grid.days, *day, *line).map(|line| {
                let chosen = grid.state.selected == Some(line.post);
                let state = grid.state.dispatcher();
                let post = line.post;
                let onfocusin = move |_: FocusEvent| {
                    if !chosen {
                        state.dispatch(Action::Select(Some(post)));
                    }
                };
                html! {
                    <ul key={line.post.to_string()} class={classes!("list-line", chosen.then_some("selected"))} {onfocusin}>
                        <PostRow line={line.clone()} personas={personas.clone()} id={element_id(line)} within_day=true />
                    </ul>
                }
            }),
            None => None,
        }.unwrap_or_default()
        })
    };
    html! { <VirtualList {layout} {row} {sticky} {reveal} {start} label={t.calendar.list} class="calendar-list" /> }
}

/// The heading of a day.
fn heading(day: &CalendarDay, clock: &Clock) -> Html {
    let (t, today) = (clock.texts, clock.today());
    html! {
        <h2 key={day.day.to_string()} class={classes!("list-day", (day.day == today).then_some("now"))}>
            { t.time.near_day(day.day, today) }
            if (-1..=1).contains(&days_between(today, day.day)) {
                <span class="muted">{ t.time.short_day(day.day, today) }</span>
            }
            { clock_mark(day, t) }
            <span class="grow"></span>
            <span class="muted num">{ day.lines.len() }</span>
        </h2>
    }
}

fn line_of(days: &[CalendarDay], day: usize, line: usize) -> Option<&contract::posts::PostLine> {
    days.get(day)?.lines.get(line)
}

/// The keys moved the selection: once its row is drawn, it gets the focus.
#[hook]
fn use_focus_of_selection(grid: &Grid) {
    let selected = grid.state.selected.filter(|_| grid.state.by_keys);
    use_effect_with(selected, |selected| {
        let timer = selected.map(|post| {
            // after the list has scrolled and drawn
            gloo_timers::callback::Timeout::new(30, move || platform::focus_id(&format!("event-{post}")))
        });
        move || drop(timer)
    });
}
