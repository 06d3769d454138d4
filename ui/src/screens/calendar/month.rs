use contract::calendar::CalendarDay;
use contract::posts::PostLine;
use domain::id::PostId;
use jiff::civil::Date;
use yew::prelude::*;

use super::Grid;
use super::empty::EmptyNote;
use super::entries::{AddEntry, Strip, dropped};
use super::event::Event;
use super::free::Free;
use super::moving::Target;
use crate::components::{use_overflow, use_rem, use_size};
use crate::frame::context::use_frame;
use crate::state::current::{Place, Seen, seen};
use crate::state::keys::{Cmd, caps};
use crate::state::month::{days, monday_of, moved};

/// In `rem`: one event with the gap below it, the day's number with its padding, and the names of the weekdays.
const EVENT: f64 = 1.625;
const NUMBER: f64 = 2.0;
const WEEKDAYS: f64 = 1.75;
/// Of what stands on a day beside the posts so many are shown; the list shows all.
const STRIPS_MAX: usize = 2;
/// A week is never lower than this; then the month scrolls.
const WEEK_MIN: f64 = 6.875;

#[derive(Properties, PartialEq)]
pub struct MonthProps {
    pub grid: Grid,
}

/// A month in weeks. As many posts as fit; the rest opens, and comes into sight when keys go there.
#[component]
pub fn Month(props: &MonthProps) -> Html {
    let (t, ..) = use_frame();
    let grid = &props.grid;
    let node = use_node_ref();
    let (_, height) = use_size(&node);
    let rem = use_rem();
    let scrolls = use_overflow(&node);
    let over = use_state_eq(|| None::<Date>);
    let hover = {
        let over = over.setter();
        use_callback((), move |day: Option<Date>, ()| over.set(day))
    };
    {
        let focus = grid.focus.clone();
        use_effect(move || focus.settle());
    }
    let days_shown = &grid.calendar.days;
    let weeks = days_shown.len().div_ceil(7).max(1);
    let room = fits(height / rem, weeks);
    let month = grid.day.month();
    let monday = monday_of(grid.today);
    html! {
        <div class={classes!("month", scrolls.then_some("scrolls"))} ref={node} role="group" aria-label={t.time.month_title(grid.day)}>
            <div class="month-names" aria-hidden="true">
                { for days(monday, moved(monday, 6)).into_iter().map(|day| html! {
                    <span key={day.weekday().to_monday_zero_offset()}>{ t.time.weekday_short(day) }</span>
                }) }
            </div>
            { for days_shown.chunks(7).enumerate().map(|(week, days)| html! {
                <div class="month-week" key={week}>
                    { for days.iter().enumerate().map(|(weekday, day)| html! {
                        <DayCell
                            key={day.day.to_string()}
                            index={7 * week + weekday}
                            grid={grid.clone()}
                            {room}
                            outside={day.day.month() != month}
                            over={*over == Some(day.day)}
                            hover={hover.clone()}
                        />
                    }) }
                </div>
            }) }
            <EmptyNote grid={grid.clone()} />
        </div>
    }
}

/// How many events fit into one day, in a month of this height in `rem`.
fn fits(height: f64, weeks: usize) -> usize {
    #[expect(clippy::cast_precision_loss, reason = "at most six weeks")]
    let week = ((height - WEEKDAYS) / weeks as f64).max(WEEK_MIN);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a handful of rows")]
    let room = ((week - NUMBER) / EVENT).floor().max(1.0) as usize;
    room
}

#[derive(Properties, PartialEq)]
struct DayCellProps {
    /// Of the day in the calendar.
    index: usize,
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
    let before = use_mut_ref(|| 0);
    let grid = &props.grid;
    let Some(content) = grid.calendar.days.get(props.index) else { return Html::default() };
    let (day, lines) = (content.day, &content.lines);
    let entries: Vec<_> = grid.entries(day).collect();
    let strips = entries.len().min(STRIPS_MAX);
    let room = props.room.saturating_sub(strips).max(1);
    let current = grid.selected.and_then(|post| lines.iter().position(|line| line.post == post));
    let Seen { skipped, shown } = seen(lines.len(), room, current, *before.borrow());
    *before.borrow_mut() = skipped;
    let hidden = lines.len() - shown;
    let drop = on_drop(grid, day, &props.hover);
    let open = {
        let open = grid.open_day.clone();
        move |_: MouseEvent| open.emit(day)
    };
    // where the current post stands among them
    let more = match current {
        Some(at) => (t.calendar.nth_of)(at + 1, lines.len()),
        None => (t.calendar.more)(hidden),
    };
    let key = Cmd::CalendarDay.keys().iter().flat_map(|chord| caps(chord, false, t.frame.keys)).collect::<String>();
    let now = day == grid.today;
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
                { clock_mark(content, t) }
                <AddEntry {day} pressed={grid.pressed.clone()} />
            </div>
            { for entries.into_iter().take(strips).map(|entry| html! {
                <Strip key={format!("entry {}", entry.id)} entry={entry.clone()} {day} grid={grid.clone()} />
            }) }
            { for lines.iter().skip(skipped).take(shown).map(|line| html! {
                <Event
                    key={line.post.to_string()}
                    line={line.clone()}
                    place={Place { post: line.post, day: Some(day) }}
                    grid={grid.clone()}
                />
            }) }
            { for content.free.iter().take(if hidden > 0 { 0 } else { room.saturating_sub(shown) }).map(|slot| html! {
                <Free key={format!("{} {}", slot.queue, slot.at)} slot={slot.clone()} />
            }) }
            if hidden > 0 {
                <button
                    type="button"
                    class="more"
                    onclick={open}
                    title={format!("{} ({key})", t.calendar.whole_day)}
                >
                    <span class="num">{ more }</span>
                    if current.is_some() {
                        <span class="more-all">{ " · " }{ t.calendar.show_all }</span>
                    }
                </button>
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
            let said = |kind: &str| event.data_transfer().and_then(|data| data.get_data(kind).ok());
            let text = said("text/plain").unwrap_or_default();
            if let (Some(entry), Some(from)) =
                (dropped(&text), said("text/x-day").and_then(|day| day.parse::<Date>().ok()))
            {
                let days = from.until(day).map_or(0, |span| span.get_days());
                if days != 0 {
                    grid.move_entry.emit((entry, days));
                }
                return;
            }
            let Ok(post) = text.parse::<PostId>() else {
                return;
            };
            let found = grid.calendar.days.iter().find_map(|other| {
                other.lines.iter().find(|line| line.post == post).map(|line: &PostLine| (other.day, line.clone()))
            });
            if let Some((from, line)) = found
                && from != day
            {
                grid.move_to.emit((line, Target::Day(day)));
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
        assert_eq!(fits(743.0 / 16.0, 5), 4);
        assert_eq!(fits(943.0 / 16.0, 5), 5);
        assert_eq!(fits(100.0 / 16.0, 6), 3, "low windows scroll instead");
        assert_eq!(fits(743.0 / 32.0, 5), 3, "text of twice the size");
        assert_eq!(fits(0.0, 6), 3);
    }
}
