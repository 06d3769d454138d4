use contract::posts::{CalendarDay, PostLine};
use domain::id::PostId;
use jiff::civil::Date;
use yew::prelude::*;

use super::Grid;
use super::event::Event;
use crate::components::use_size;
use crate::frame::context::use_frame;
use crate::state::month::{days, monday_of, moved};

/// Pixels of one event with the gap below it, of the day's number with its padding, and of the names of the weekdays.
const EVENT: f64 = 26.0;
const NUMBER: f64 = 32.0;
const WEEKDAYS: f64 = 28.0;
/// A week is never lower than this; then the month scrolls.
const WEEK_MIN: f64 = 110.0;

#[derive(Properties, PartialEq)]
pub struct MonthProps {
    pub grid: Grid,
}

/// A month in weeks. As many posts as fit; the rest opens.
#[component]
pub fn Month(props: &MonthProps) -> Html {
    let (t, ..) = use_frame();
    let grid = &props.grid;
    let node = use_node_ref();
    let (_, height) = use_size(&node);
    let over = use_state_eq(|| None::<Date>);
    let weeks = grid.days.len().div_ceil(7).max(1);
    let room = fits(height, weeks);
    let month = grid.state.day(grid.today).month();
    let monday = monday_of(grid.today);
    html! {
        <div class={classes!("month", format!("weeks-{weeks}"))} ref={node} role="group" aria-label={t.time.month_title(grid.state.day(grid.today))}>
            <div class="month-names" aria-hidden="true">
                { for days(monday, moved(monday, 6)).into_iter().map(|day| html! {
                    <span key={day.weekday().to_monday_zero_offset()}>{ t.time.weekday_short(day) }</span>
                }) }
            </div>
            { for grid.days.chunks(7).enumerate().map(|(index, week)| html! {
                <div class="month-week" key={index}>
                    { for week.iter().map(|day| html! {
                        <DayCell
                            key={day.day.to_string()}
                            day={day.clone()}
                            grid={grid.clone()}
                            {room}
                            outside={day.day.month() != month}
                            over={*over == Some(day.day)}
                            hover={ let over = over.setter(); Callback::from(move |day: Option<Date>| over.set(day)) }
                        />
                    }) }
                </div>
            }) }
        </div>
    }
}

/// How many events fit into one day.
fn fits(height: f64, weeks: usize) -> usize {
    #[expect(clippy::cast_precision_loss, reason = "at most six weeks")]
    let week = ((height - WEEKDAYS) / weeks as f64).max(WEEK_MIN);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a handful of rows")]
    let room = ((week - NUMBER) / EVENT).floor().max(1.0) as usize;
    room
}

#[derive(Properties, PartialEq)]
struct DayCellProps {
    day: CalendarDay,
    grid: Grid,
    room: usize,
    outside: bool,
    /// A post is dragged above it.
    over: bool,
    hover: Callback<Option<Date>>,
}

#[component]
fn DayCell(props: &DayCellProps) -> Html {
    let (t, clock, _) = use_frame();
    let day = props.day.day;
    let lines = &props.day.lines;
    // the last line is needed to say how many are hidden
    let shown = if lines.len() > props.room { props.room.saturating_sub(1) } else { lines.len() };
    let hidden = lines.len() - shown;
    // the selected one is always among those that are seen
    let selected = props.grid.state.selected.and_then(|post| lines.iter().position(|line| line.post == post));
    let skipped = selected.map_or(0, |at| (at + 1).saturating_sub(shown));
    let drop = on_drop(&props.grid, day, &props.hover);
    let open = {
        let open = props.grid.open_day.clone();
        move |_: MouseEvent| open.emit(day)
    };
    let now = day == props.grid.today;
    let label = (t.calendar.day_posts)(&t.time.long_day(day, clock.today()), lines.len());
    html! {
        <div
            class={classes!("day", props.outside.then_some("out"), now.then_some("now"), props.over.then_some("over"))}
            role="group"
            aria-label={label}
            aria-current={now.then_some("date")}
            ondragover={drop.over}
            ondragleave={drop.leave}
            ondrop={drop.drop}
        >
            <div class="day-head">
                <b>{ day.day() }</b>
                { clock_mark(&props.day, t) }
            </div>
            { for lines.iter().skip(skipped).take(shown).map(|line| html! {
                <Event key={line.post.to_string()} line={line.clone()} state={props.grid.state.clone()} />
            }) }
            if hidden > 0 {
                <button type="button" class="more" onclick={open}>{ (t.calendar.more)(hidden) }</button>
            }
        </div>
    }
}

/// "Clock +1 h" on a day on which the clock changes.
pub fn clock_mark(day: &CalendarDay, t: &'static crate::i18n::Texts) -> Html {
    let minutes = i64::from(day.clock_change_min);
    if minutes == 0 {
        return Html::default();
    }
    let by = t.time.span(minutes.abs() * 60);
    let text = if minutes > 0 { (t.calendar.clock_forward)(&by) } else { (t.calendar.clock_back)(&by) };
    html! { <span class="clock-mark">{ text }</span> }
}

/// What a day does while a post is dragged.
pub struct DropCallbacks {
    pub over: Callback<DragEvent>,
    pub leave: Callback<DragEvent>,
    pub drop: Callback<DragEvent>,
}

/// A post that is dropped on a day moves there and keeps its time of day.
pub fn on_drop(grid: &Grid, day: Date, hover: &Callback<Option<Date>>) -> DropCallbacks {
    let over = {
        let hover = hover.clone();
        Callback::from(move |event: DragEvent| {
            event.prevent_default();
            hover.emit(Some(day));
        })
    };
    let leave = {
        let hover = hover.clone();
        Callback::from(move |_: DragEvent| hover.emit(None))
    };
    let drop = {
        let (hover, grid) = (hover.clone(), grid.clone());
        Callback::from(move |event: DragEvent| {
            event.prevent_default();
            hover.emit(None);
            let Some(post) = event
                .data_transfer()
                .and_then(|data| data.get_data("text/plain").ok())
                .and_then(|text| text.parse::<PostId>().ok())
            else {
                return;
            };
            let found = grid.days.iter().find_map(|other| {
                other.lines.iter().find(|line| line.post == post).map(|line: &PostLine| (other.day, line.clone()))
            });
            if let Some((from, line)) = found
                && from != day
            {
                grid.move_to.emit((line, day));
            }
        })
    };
    DropCallbacks { over, leave, drop }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_shows_what_fits_and_at_least_one() {
        assert_eq!(fits(743.0, 5), 4);
        assert_eq!(fits(943.0, 5), 5);
        assert_eq!(fits(100.0, 6), 3, "low windows scroll instead");
        assert_eq!(fits(0.0, 6), 3);
    }
}
