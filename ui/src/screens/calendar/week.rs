use std::rc::Rc;

use contract::calendar::CalendarDay;
use contract::personas::PersonaView;
use contract::posts::PostLine;
use contract::queues::FreeSlot;
use jiff::civil::Date;
use yew::prelude::*;

use super::Grid;
use super::empty::EmptyNote;
use super::entries::{AddEntry, Strip};
use super::event::Event;
use super::free::Free;
use super::month::{clock_mark, on_drop};
use crate::components::{Dot, use_overflow};
use crate::frame::context::use_frame;
use crate::state::current::Place;

#[derive(Properties, PartialEq)]
pub struct WeekProps {
    pub grid: Grid,
    pub personas: Option<Rc<Vec<PersonaView>>>,
}

/// Seven days side by side, with room for whole titles.
#[component]
pub fn Week(props: &WeekProps) -> Html {
    let (t, clock, _) = use_frame();
    let grid = &props.grid;
    let node = use_node_ref();
    let scrolls = use_overflow(&node);
    let over = use_state_eq(|| None::<Date>);
    let hover = {
        let over = over.setter();
        Callback::from(move |day: Option<Date>| over.set(day))
    };
    html! {
        <div class={classes!("week-grid", scrolls.then_some("scrolls"))} ref={node}>
            { for grid.calendar.days.iter().map(|day| {
                let drop = on_drop(grid, day.day, &hover);
                let now = day.day == grid.today;
                let label = (t.calendar.day_posts)(&t.time.long_day(day.day, clock.today()), day.lines.len());
                html! {
                    <section
                        key={day.day.to_string()}
                        class={classes!("week-column", now.then_some("now"), (*over == Some(day.day)).then_some("over"))}
                        aria-label={label}
                        ondragover={drop.over}
                        ondragleave={drop.leave}
                        ondrop={drop.drop}
                    >
                        <header class="day-head">
                            <span>{ t.time.weekday_short(day.day) }</span>
                            <b>{ day.day.day() }</b>
                            { clock_mark(day, t) }
                            <AddEntry day={day.day} pressed={grid.pressed.clone()} />
                        </header>
                        { for grid.entries(day.day).map(|entry| html! {
                            <Strip key={format!("entry {}", entry.id)} entry={entry.clone()} day={day.day} grid={grid.clone()} />
                        }) }
                        <div class="week-events">
                            { for in_order(day).map(|entry| match entry {
                                Entry::Slot(slot) => html! {
                                    <Free key={format!("{} {}", slot.queue, slot.at)} slot={slot.clone()} tall=true />
                                },
                                Entry::Post(line) => event(props, day.day, line),
                            }) }
                        </div>
                    </section>
                }
            }) }
            <EmptyNote grid={grid.clone()} />
        </div>
    }
}

/// What a column shows.
enum Entry<'a> {
    Post(&'a PostLine),
    Slot(&'a FreeSlot),
}

/// The posts of a day and its free times, by time.
fn in_order(day: &CalendarDay) -> impl Iterator<Item = Entry<'_>> {
    let (mut lines, mut free) = (day.lines.iter().peekable(), day.free.iter().peekable());
    std::iter::from_fn(move || {
        let post_first = match (lines.peek(), free.peek()) {
            (Some(line), Some(slot)) => line.due_at.is_none_or(|due| due <= slot.at),
            (line, _) => line.is_some(),
        };
        if post_first { lines.next().map(Entry::Post) } else { free.next().map(Entry::Slot) }
    })
}

fn event(props: &WeekProps, day: Date, line: &PostLine) -> Html {
    let persona = line.persona.and_then(|id| {
        props.personas.as_ref()?.iter().find(|view| view.persona.id == id).map(|view| view.persona.text.clone())
    });
    html! {
        <Event
            key={line.post.to_string()}
            line={line.clone()}
            place={Place { post: line.post, day: Some(day) }}
            grid={props.grid.clone()}
            tall=true
        >
            if let Some(persona) = persona {
                <span class="ev-who"><Dot color={persona.color} /><bdi class="cut">{ persona.name }</bdi></span>
            }
        </Event>
    }
}
