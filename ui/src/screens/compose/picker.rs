//! Choosing when: date and time as the platform offers them, a zone, and what the calendar makes of it.

use contract::queues::NextSlots;
use contract::series::SeriesView;
use domain::schedule::{ClockMark, Fold, ScheduleError};
use jiff::civil::DateTime;
use wasm_bindgen::JsCast;
use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::choice::{Choice, Quick, Reading, quick};
use super::header::Belongs;
use super::repeat::Repeat;
use crate::backend::use_query_if;
use crate::components::{Button, Glyph, Icon, Look, Notice, NoticeTone, ZonePicker};
use crate::frame::context::{Clock, use_frame};
use crate::i18n::Texts;
use crate::state::keys::Cmd;
use crate::state::rhythm::Rhythm;
use crate::state::time;

#[derive(Properties, PartialEq)]
pub struct Props {
    /// What decides which queues take the post; `None`: no queue does.
    pub belongs: Option<Belongs>,
    pub choice: Choice,
    pub rhythm: Rhythm,
    /// What the post is part of already.
    pub series: Option<SeriesView>,
    /// A delivery of this post has a time already.
    pub scheduled: bool,
    pub can_clear: bool,
    pub on_change: Callback<Choice>,
    pub on_rhythm: Callback<Rhythm>,
    pub on_schedule: Callback<()>,
    pub on_clear: Callback<()>,
    pub on_close: Callback<()>,
}

/// Free times of queues that are one press away.
const SLOTS_SHOWN: u32 = 4;

#[component]
pub fn Picker(props: &Props) -> Html {
    let (texts, clock, _) = use_frame();
    let t = &texts.compose;
    let date = use_node_ref();
    {
        let date = date.clone();
        use_effect_with((), move |()| {
            if let Some(date) = date.cast::<HtmlInputElement>() {
                let _ = date.focus();
            }
        });
    }
    let choice = &props.choice;
    let set = |change: fn(&mut Choice, String)| {
        let (on_change, choice) = (props.on_change.clone(), choice.clone());
        Callback::from(move |event: InputEvent| {
            let field = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok());
            if let Some(field) = field {
                let mut next = choice.clone();
                change(&mut next, field.value());
                on_change.emit(next);
            }
        })
    };
    let on_zone = {
        let (on_change, choice) = (props.on_change.clone(), choice.clone());
        Callback::from(move |zone: AttrValue| on_change.emit(Choice { zone: zone.to_string(), ..choice.clone() }))
    };
    let on_fold = |fold: Fold| {
        let (on_change, choice) = (props.on_change.clone(), choice.clone());
        Callback::from(move |_: Event| on_change.emit(Choice { fold, ..choice.clone() }))
    };
    let onkeydown = {
        let (on_close, on_schedule) = (props.on_close.clone(), props.on_schedule.clone());
        Callback::from(move |event: KeyboardEvent| match event.key().as_str() {
            "Escape" => {
                event.prevent_default();
                event.stop_propagation();
                on_close.emit(());
            }
            "Enter" if event.ctrl_key() || event.meta_key() => {
                event.prevent_default();
                event.stop_propagation();
                on_schedule.emit(());
            }
            _ => {}
        })
    };
    let reading = choice.read(clock.now, &clock.zone_name);
    let when = choice.when().filter(|_| matches!(reading, Reading::Ready(_)));
    let repeats = !props.rhythm.is_once();
    let ready = when.as_ref().is_some_and(|when| !repeats || props.rhythm.rule(when.local.date()).is_some());
    let today = clock.today();
    let quicks = quick(clock.now, &choice.zone).into_iter().map(|(name, local)| {
        let (on_change, choice) = (props.on_change.clone(), choice.clone());
        let onclick = Callback::from(move |_: MouseEvent| on_change.emit(Choice::at(local, &choice.zone)));
        let word = match name {
            Quick::InOneHour => t.quick_hour,
            Quick::ThisEvening => t.quick_evening,
            Quick::Tomorrow => t.quick_tomorrow,
            Quick::Monday => t.quick_monday,
        };
        html! { <button type="button" class="btn quiet quick" {onclick}>{ word }<span class="num muted">{ time::time(local) }</span></button> }
    });
    let slots = use_query_if(props.belongs.as_ref().map(|Belongs { persona, accounts }| NextSlots {
        persona: *persona,
        accounts: accounts.to_vec(),
        limit: SLOTS_SHOWN,
    }));
    let free = slots.data.iter().flat_map(|slots| slots.iter().cloned()).map(|slot| {
        let on_change = props.on_change.clone();
        let shown = clock.moment(slot.at);
        let name = slot.name.clone();
        let onclick = Callback::from(move |_: MouseEvent| {
            if let Some(choice) = Choice::known(None, Some(&slot.when)) {
                on_change.emit(choice);
            }
        });
        html! { <button type="button" class="btn quiet quick" {onclick}><Glyph icon={Icon::Queue} /><bdi class="cut grow">{ name }</bdi><span class="num muted">{ shown }</span></button> }
    });
    html! {
        <div class="picker card" role="dialog" aria-label={t.when} {onkeydown}>
            <div class="quicks">{ for quicks }{ for free }</div>
            <div class="fields">
                <label>{ t.date }<input ref={date} type="date" id="schedule-date" value={choice.date.clone()} oninput={set(|choice, text| choice.date = text)} /></label>
                <label>{ t.time }<input type="time" id="schedule-time" value={choice.time.clone()} oninput={set(|choice, text| choice.time = text)} /></label>
            </div>
            <label for="schedule-zone">{ t.zone }</label>
            <ZonePicker id="schedule-zone" value={choice.zone.clone()} onchange={on_zone} own={Some(clock.zone_name.clone())} />
            <div class="reading" aria-live="polite">{ explain(&reading, choice, &clock, texts, today, &on_fold) }</div>
            <Repeat rhythm={props.rhythm.clone()} {when} series={props.series.clone()} on_change={props.on_rhythm.clone()} />
            <div class="row">
                if props.can_clear {
                    <Button look={Look::Quiet} onclick={props.on_clear.reform(|_: MouseEvent| ())}>{ if props.scheduled { t.unschedule } else { t.no_time } }</Button>
                }
                <span class="grow" />
                <Button look={Look::Quiet} onclick={props.on_close.reform(|_: MouseEvent| ())}>{ texts.frame.close }</Button>
                <Button look={Look::Go} disabled={!ready} keys={Cmd::ComposeSchedule} onclick={props.on_schedule.reform(|_: MouseEvent| ())}>
                    { if repeats { texts.series.schedule } else if props.scheduled { t.move_to } else { t.schedule } }
                </Button>
            </div>
        </div>
    }
}

/// What the fields mean, in words.
pub fn explain(
    reading: &Reading,
    choice: &Choice,
    clock: &Clock,
    texts: &'static Texts,
    today: jiff::civil::Date,
    on_fold: &dyn Fn(Fold) -> Callback<Event>,
) -> Html {
    let t = &texts.compose;
    let moment = match reading {
        Reading::Unfinished => return html! { <p class="sm muted">{ t.time_unfinished }</p> },
        Reading::Past => return html! { <Notice tone={NoticeTone::Bad}>{ t.time_past }</Notice> },
        Reading::Wrong(ScheduleError::UnknownZone { zone }) => {
            return html! { <Notice tone={NoticeTone::Bad}>{ (t.zone_unknown)(zone) }</Notice> };
        }
        Reading::Wrong(ScheduleError::OutOfRange) => {
            return html! { <Notice tone={NoticeTone::Bad}>{ t.time_range }</Notice> };
        }
        Reading::Ready(moment) => moment,
    };
    let city = time::city(&choice.zone);
    let local = |at: DateTime| texts.time.full(at);
    html! {
        <>
            <p class="sm"><b class="num">{ local(moment.shown) }</b>{ " " }{ &city }<span class="muted">{ ", " }{ clock.relative(moment.schedule.at) }</span></p>
            if let Some(viewer) = moment.viewer {
                <p class="sm muted num">{ (t.your_time)(&format!("{}, {}", texts.time.near_day(viewer.date(), today), time::time(viewer))) }</p>
            }
            if moment.mark == ClockMark::Gap {
                <Notice tone={NoticeTone::Warn}>{ (t.gap)(&choice.time, &time::time(moment.shown)) }</Notice>
            }
            if moment.mark == ClockMark::Fold {
                <fieldset class="fold">
                    <legend>{ (t.fold)(&choice.time) }</legend>
                    <label><input type="radio" name="fold" checked={choice.fold == Fold::First} onchange={on_fold(Fold::First)} />{ t.fold_first }</label>
                    <label><input type="radio" name="fold" checked={choice.fold == Fold::Second} onchange={on_fold(Fold::Second)} />{ t.fold_second }</label>
                </fieldset>
            }
        </>
    }
}

/// "Sat 28 Nov, 09:00 Oslo"
pub fn label(choice: &Choice, clock: &Clock, texts: &'static Texts) -> String {
    let Some(local) = choice.local() else { return texts.compose.pick_time.to_owned() };
    let city = time::city(&choice.zone);
    format!("{}, {} {city}", texts.time.short_day(local.date(), clock.today()), time::time(local))
}
