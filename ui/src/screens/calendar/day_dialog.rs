use std::collections::BTreeSet;
use std::rc::Rc;

use contract::calendar::{Calendar, CalendarDay};
use contract::personas::PersonaView;
use domain::id::PostId;
use jiff::civil::Date;
use yew::prelude::*;

use super::focus::{KeptFocus, POSTS, in_dialog};
use super::use_calendar;
use crate::components::{Dialog, PostRow};
use crate::frame::context::{Bound, use_frame};
use crate::platform;
use crate::state::calendar::Action;
use crate::state::current::{Order, Place, Way};
use crate::state::keys::{Cmd, Keyboard, Meaning};

#[derive(Properties, PartialEq)]
pub struct DayDialogProps {
    /// Open while there is one.
    pub day: Option<Date>,
    pub calendar: Option<Rc<Calendar>>,
    pub personas: Option<Rc<Vec<PersonaView>>>,
    /// What can be done with the current post.
    pub commands: Vec<Bound>,
    pub focus: KeptFocus,
    pub picked: Rc<BTreeSet<PostId>>,
    pub onclose: Callback<()>,
}

/// All posts of one day. The keys act on the current one as they do behind it.
#[component]
pub fn DayDialog(props: &DayDialogProps) -> Html {
    let (t, clock, _) = use_frame();
    let state = use_calendar();
    let title = props.day.map(|day| t.time.long_day(day, clock.today())).unwrap_or_default();
    let found = props.day.and_then(|day| props.calendar.as_ref()?.days.iter().find(|other| other.day == day));
    let places = found.map(|CalendarDay { day, lines, .. }| {
        lines.iter().map(|line| Place { post: line.post, day: Some(*day) }).collect::<Vec<_>>()
    });
    let order = Rc::new(Order::new(places.unwrap_or_default(), 0));
    {
        // once it is open, the current post has the focus, or the first of the day becomes it
        let place = state.selected.filter(|place| order.find(place.post).is_some()).or(order.entry());
        let state = state.dispatcher();
        use_effect_with(props.day, move |day| {
            if let (Some(_), Some(place)) = (day, place) {
                state.dispatch(Action::Go(place));
            }
        });
    }
    let Some(CalendarDay { day, lines, .. }) = found else {
        return html! { <Dialog open=false {title} onclose={props.onclose.clone()} wide=true class="day-dialog" /> };
    };
    let day = *day;
    let onkeydown = {
        let (state, commands, order, today) = (state.clone(), props.commands.clone(), order.clone(), clock.today());
        Callback::from(move |event: KeyboardEvent| {
            let bound: Vec<Cmd> = commands.iter().map(|bound| bound.cmd).chain(STEPS).collect();
            let press = platform::press(&event);
            let Meaning::Run(cmd) = Keyboard::default().press(&press, &bound, platform::is_mac(), 0.0) else { return };
            let way = match cmd {
                // the row is a link, and opening it is its own
                Cmd::CalendarOpen => return,
                Cmd::CalendarNext | Cmd::CalendarDown => Way::Next,
                Cmd::CalendarPrevious | Cmd::CalendarUp => Way::Previous,
                other => {
                    event.prevent_default();
                    event.stop_propagation();
                    if let Some(bound) = commands.iter().find(|bound| bound.cmd == other) {
                        bound.run.emit(());
                    }
                    return;
                }
            };
            event.prevent_default();
            event.stop_propagation();
            state.dispatch(Action::Move { way, order: order.clone(), today });
        })
    };
    let stop = state.selected.and_then(|place| order.find(place.post)).or(order.entry());
    html! {
        <Dialog open=true {title} onclose={props.onclose.clone()} wide=true class="day-dialog">
            <ul class="card list day-posts" id={POSTS} tabindex="-1" {onkeydown}>
                { for lines.iter().map(|line| {
                    let place = Place { post: line.post, day: Some(day) };
                    let selected = state.selected == Some(place);
                    let picked = props.picked.contains(&line.post);
                    let onfocusin = props.focus.selects(place, &state.dispatcher());
                    html! {
                        <PostRow
                            key={line.post.to_string()}
                            line={line.clone()}
                            personas={props.personas.clone()}
                            within_day=true
                            id={in_dialog(line.post)}
                            tabindex={if stop == Some(place) { "0" } else { "-1" }}
                            {selected}
                            {picked}
                            {onfocusin}
                        />
                    }
                }) }
            </ul>
        </Dialog>
    }
}

const STEPS: [Cmd; 4] = [Cmd::CalendarNext, Cmd::CalendarPrevious, Cmd::CalendarUp, Cmd::CalendarDown];
