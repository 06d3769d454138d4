use std::rc::Rc;

use contract::calendar::{Calendar, CalendarDay};
use contract::personas::PersonaView;
use domain::entry::Entry;
use yew::prelude::*;

use super::Grid;
use super::empty::NothingHere;
use super::entries::Strip;
use super::focus::element_id;
use super::month::clock_mark;
use crate::components::{PostRow, VirtualList, use_rem};
use crate::frame::context::{Clock, use_frame};
use crate::state::current::Place;
use crate::state::rows::Layout;
use crate::state::time::days_between;

/// In `rem`, a day's heading and a post; the styles say the same.
const HEAD: f64 = 2.5;
pub const ROW: f64 = 3.75;

#[derive(Properties, PartialEq)]
pub struct ListProps {
    pub grid: Grid,
    pub personas: Option<Rc<Vec<PersonaView>>>,
    /// Changes when the selection has to be brought into view.
    pub sight: u32,
}

/// One row of the list: a day's heading, or a post of it.
#[derive(Clone, Copy)]
enum Row {
    Day(usize),
    Entry(usize, usize),
    Post(usize, usize),
}

fn rows(calendar: &Calendar) -> Vec<Row> {
    let mut rows = Vec::new();
    for (day, content) in calendar.days.iter().enumerate() {
        // several days are one row here, on the first of them that is shown
        let begins = |entry: &Entry| entry.text.from == content.day || (day == 0 && entry.is_on(content.day));
        let entries = calendar.entries.iter().enumerate().filter(|(_, entry)| begins(entry));
        let entries: Vec<Row> = entries.map(|(at, _)| Row::Entry(day, at)).collect();
        if content.lines.is_empty() && entries.is_empty() {
            continue;
        }
        rows.push(Row::Day(day));
        rows.extend(entries);
        rows.extend((0..content.lines.len()).map(|line| Row::Post(day, line)));
    }
    rows
}

/// All posts of the days, one below the other.
#[component]
pub fn List(props: &ListProps) -> Html {
    let (t, clock, _) = use_frame();
    let rem = use_rem();
    let grid = &props.grid;
    let days = &grid.calendar.days;
    let rows = use_memo(grid.calendar.clone(), |calendar| rows(calendar));
    let layout = use_memo((grid.calendar.clone(), rem.to_bits()), {
        let rows = rows.clone();
        move |_| Layout::new(rows.iter().map(|row| rem * if matches!(row, Row::Post(..)) { ROW } else { HEAD }))
    });
    if rows.is_empty() {
        return html! { <NothingHere /> };
    }
    let find = |wanted: &dyn Fn(&Row) -> bool| rows.iter().position(wanted);
    let of_selected = grid.selected.and_then(|post| {
        find(&|row| matches!(row, Row::Post(day, line) if line_of(days, *day, *line).is_some_and(|line| line.post == post)))
    });
    let of_today = find(&|row| matches!(row, Row::Day(day) if days.get(*day).is_some_and(|day| day.day >= grid.today)));
    let sticky = {
        let (calendar, rows, clock) = (grid.calendar.clone(), rows.clone(), clock.clone());
        Callback::from(move |index: usize| {
            let day = match rows.get(index) {
                Some(Row::Day(day) | Row::Entry(day, _) | Row::Post(day, _)) => calendar.days.get(*day),
                None => None,
            };
            day.map(|day| heading(day, &clock)).unwrap_or_default()
        })
    };
    let row = {
        let (grid, personas, rows) = (grid.clone(), props.personas.clone(), rows.clone());
        Callback::from(move |index: usize| {
            match rows.get(index) {
                Some(Row::Day(day)) => grid.calendar.days.get(*day).map(|day| heading(day, &clock)),
                Some(Row::Entry(day, at)) => {
                    let day = grid.calendar.days.get(*day).map(|day| day.day);
                    let entry = grid.calendar.entries.get(*at).cloned();
                    day.zip(entry).map(|(day, entry)| html! {
                        <ul class="list-strip"><li><Strip entry={Rc::new(entry)} {day} grid={grid.clone()} whole=true /></li></ul>
                    })
                }
                Some(Row::Post(day, line)) => {
                    let day_of = grid.calendar.days.get(*day).map(|day| day.day);
                    line_of(&grid.calendar.days, *day, *line).map(|line| {
                        let selected = grid.selected == Some(line.post);
                        let picked = grid.picked.contains(&line.post);
                        html! {
                            <ul key={line.post.to_string()} class={classes!("list-line", selected.then_some("selected"), picked.then_some("picked"))}>
                                <PostRow
                                    line={line.clone()}
                                    personas={personas.clone()}
                                    id={element_id(line.post)}
                                    tabindex={grid.tabindex(line.post)}
                                    {selected}
                                    {picked}
                                    onpick={grid.picks(line.post)}
                                    onfocusin={grid.selects(Place { post: line.post, day: day_of })}
                                    within_day=true
                                />
                            </ul>
                        }
                    })
                }
                None => None,
            }
            .unwrap_or_default()
        })
    };
    let drawn = {
        let focus = grid.focus.clone();
        Callback::from(move |()| focus.settle())
    };
    html! {
        <VirtualList
            {layout}
            {row}
            {sticky}
            reveal={of_selected}
            sight={props.sight}
            start={of_today}
            drawn={drawn}
            label={t.calendar.list}
            class="calendar-list"
        />
    }
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
