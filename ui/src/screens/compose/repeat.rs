//! How often a post comes again, and what the calendar makes of it.

use contract::series::{PlannedPlace, PreviewSeries, SeriesPreview, SeriesView};
use domain::mutation::When;
use domain::schedule::ClockMark;
use wasm_bindgen::JsCast;
use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::choice::wall;
use crate::backend::use_query_if;
use crate::components::{Notice, NoticeTone, Select};
use crate::frame::context::use_frame;
use crate::i18n::Texts;
use crate::state::rhythm::{Ends, Every, Rhythm, name, spoken};
use crate::state::time;

#[derive(Properties, PartialEq)]
pub struct Props {
    pub rhythm: Rhythm,
    /// The first time; `None` as long as it is not finished.
    pub when: Option<When>,
    /// What the post is part of already.
    pub series: Option<SeriesView>,
    pub on_change: Callback<Rhythm>,
}

#[component]
pub fn Repeat(props: &Props) -> Html {
    let (texts, _, _) = use_frame();
    let t = &texts.series;
    let rhythm = &props.rhythm;
    let day = props.when.as_ref().map(|when| when.local.date());
    let asked = props.when.clone().zip(day.and_then(|day| rhythm.rule(day)));
    let preview = use_query_if(asked.map(|(when, rule)| PreviewSeries { rule, when }));
    let Some(day) = day else { return Html::default() };
    let change = |change: fn(&mut Rhythm, &str)| {
        let (on_change, rhythm) = (props.on_change.clone(), rhythm.clone());
        Callback::from(move |text: AttrValue| {
            let mut next = rhythm.clone();
            change(&mut next, &text);
            on_change.emit(next);
        })
    };
    let typed = |on_text: Callback<AttrValue>| {
        Callback::from(move |event: InputEvent| {
            if let Some(field) = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok()) {
                on_text.emit(field.value().into());
            }
        })
    };
    let offered = Every::ALL.into_iter().filter(|every| every.fits(day) || *every == rhythm.every);
    let options: Vec<(AttrValue, AttrValue)> = offered
        .map(|every| {
            let text = match (&props.series, every) {
                (Some(series), Every::Once) => (t.as_it_is)(&of_series(series, texts)),
                _ => name(every, day, &texts.rhythm, &texts.time),
            };
            (every.key().into(), text.into())
        })
        .collect();
    let ends: Vec<(AttrValue, AttrValue)> = [("never", t.never), ("on", t.on_day), ("after", t.after_posts)]
        .map(|(key, text)| (key.into(), text.into()))
        .into();
    let end_key = match rhythm.ends {
        Ends::Never => "never",
        Ends::On => "on",
        Ends::After => "after",
    };
    let on_every = change(|rhythm, key| rhythm.every = Every::of(key));
    let on_ends = change(|rhythm, key| {
        rhythm.ends = match key {
            "on" => Ends::On,
            "after" => Ends::After,
            _ => Ends::Never,
        }
    });
    html! {
        <>
            <label for="repeat">{ t.repeat }</label>
            <Select id="repeat" {options} value={rhythm.every.key()} onchange={on_every} />
            if rhythm.every == Every::Rule {
                <label for="repeat-rule">{ t.rule }</label>
                <input class="input" id="repeat-rule" value={rhythm.rule.clone()} aria-describedby="repeat-rule-hint" spellcheck="false"
                    maxlength="300" oninput={typed(change(|rhythm, text| rhythm.rule = text.to_owned()))} />
                <p class="hint" id="repeat-rule-hint">{ t.rule_hint }</p>
            } else if !rhythm.is_once() {
                <div class="fields">
                    <div class="field"><label for="repeat-ends">{ t.ends }</label><Select id="repeat-ends" options={ends} value={end_key} onchange={on_ends} /></div>
                    if rhythm.ends == Ends::On {
                        <label>{ t.last_day }<input type="date" id="repeat-last" value={rhythm.last.clone()} oninput={typed(change(|rhythm, text| rhythm.last = text.to_owned()))} /></label>
                    }
                    if rhythm.ends == Ends::After {
                        <label>{ t.count }<input type="number" id="repeat-count" min="1" max="1000" value={rhythm.count.clone()} oninput={typed(change(|rhythm, text| rhythm.count = text.to_owned()))} /></label>
                    }
                </div>
            }
            if !rhythm.is_once() {
                <div class="reading" aria-live="polite">
                    if let Some(error) = preview.error.as_ref().filter(|_| !preview.previous) {
                        <Notice tone={NoticeTone::Bad}>{ (texts.error)(error) }</Notice>
                    } else if let (Some(shown), Some(when)) = (&preview.data, &props.when) {
                        { foreseen(shown, when, texts) }
                    }
                </div>
            }
        </>
    }
}

/// The rhythm of a series in words.
pub fn of_series(series: &SeriesView, texts: &Texts) -> String {
    spoken(&series.rule, series.start.date(), &texts.rhythm, &texts.time)
}

/// A spring and an autumn.
const CLOCK_CHANGES_SHOWN: usize = 2;

/// The first days, the last one, and what the clocks do in between.
fn foreseen(preview: &SeriesPreview, when: &When, texts: &'static Texts) -> Html {
    let t = &texts.series;
    let Some(today) = preview.first.first().map(|first| first.local.date()) else { return Html::default() };
    let day = |place: &PlannedPlace| texts.time.short_day(place.local.date(), today);
    let days: Vec<String> = preview.first.iter().take(4).map(day).collect();
    let more = preview.count.is_none_or(|count| count as usize > days.len());
    let total =
        preview.count.zip(preview.last.as_ref()).filter(|_| more).map(|(count, last)| (t.total)(count, &day(last)));
    let warnings = preview.clock_changes.iter().take(CLOCK_CHANGES_SHOWN).map(|place| {
        let (day, chosen) = (texts.time.short_day(place.local.date(), today), time::time(place.local));
        let shown = wall(place.at, &when.zone).map(time::time).unwrap_or_default();
        let text = if place.mark == ClockMark::Gap { (t.gap)(&day, &chosen, &shown) } else { (t.fold)(&day, &chosen) };
        html! { <Notice tone={NoticeTone::Warn}>{ text }</Notice> }
    });
    html! {
        <>
            <p class="sm num">{ (t.first_times)(&days.join(" · "), more) }</p>
            if let Some(total) = total { <p class="sm muted num">{ total }</p> }
            { for warnings }
        </>
    }
}
