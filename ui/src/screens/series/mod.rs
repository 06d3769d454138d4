//! All series at a glance: what comes again, when next, and for how long.

pub mod texts;

use contract::series::{ListSeries, SeriesView, StopSeries};
use yew::prelude::*;

use crate::backend::use_query;
use crate::components::{Button, Dialog, Empty, Icon, Notice, NoticeTone, Skeleton, To, view};
use crate::frame::context::use_frame;
use crate::route::Route;
use crate::state::rhythm::spoken;
use crate::state::time;

#[derive(Properties, PartialEq)]
pub struct Props {
    pub open: bool,
    pub onclose: Callback<()>,
}

#[component]
pub fn SeriesDialog(props: &Props) -> Html {
    html! { if props.open { <Open onclose={props.onclose.clone()} /> } }
}

#[derive(Properties, PartialEq)]
struct OpenProps {
    onclose: Callback<()>,
}

#[component]
fn Open(props: &OpenProps) -> Html {
    let (texts, _, _) = use_frame();
    let t = &texts.series;
    let all = use_query(ListSeries {});
    let body = view(&all, html! { <Skeleton rows=3 /> }, |all| {
        if all.is_empty() {
            return html! { <Empty icon={Icon::Repeat} title={t.empty} text={t.empty_what} /> };
        }
        let lines = all.iter().map(|series| {
            html! { <SeriesLine key={series.series.to_string()} series={series.clone()} onleave={props.onclose.clone()} /> }
        });
        html! { <ul class="series">{ for lines }</ul> }
    });
    html! { <Dialog open=true title={t.title} wide=true onclose={props.onclose.clone()}>{ body }</Dialog> }
}

#[derive(Properties, PartialEq)]
pub struct LineProps {
    pub series: SeriesView,
    /// Runs before its next post is opened.
    #[prop_or_default]
    pub onleave: Option<Callback<()>>,
}

/// One series: what it says, how often, when next, and its end.
#[component]
pub fn SeriesLine(props: &LineProps) -> Html {
    let (texts, clock, toaster) = use_frame();
    let t = &texts.series;
    let series = &props.series;
    let title = if series.title.is_empty() { t.untitled.to_owned() } else { series.title.clone() };
    let name = match series.next {
        Some((post, _)) => {
            html! { <To route={Route::Post { post }} class="link" onclick={props.onleave.clone()}><bdi>{ title }</bdi></To> }
        }
        None => html! { <bdi>{ title }</bdi> },
    };
    let rhythm = spoken(&series.rule, series.start.date(), &texts.rhythm, &texts.time);
    let when = format!("{rhythm}, {} {}", time::time(series.start), time::city(&series.zone));
    let next = series.next.map(|(_, at)| (t.next)(&clock.both(at)));
    let stop = {
        let (toaster, series) = (toaster.clone(), series.series);
        let stopped = t.stopped;
        Callback::from(move |_: MouseEvent| {
            toaster.run_saying(StopSeries { series, after: None }, move |done| stopped(done.posts));
        })
    };
    html! {
        <li>
            <div class="grow">
                <b>{ name }</b>
                <p class="sm">{ when }</p>
                <p class="sm muted">
                    if let Some(next) = next { { next }{ " · " } }
                    { (t.to_come)(series.to_come, series.ended) }
                </p>
                if let Some(why) = &series.halted {
                    <Notice tone={NoticeTone::Warn}>{ (t.halted)(why) }</Notice>
                }
            </div>
            <Button icon={Icon::Cross} onclick={stop}>{ t.stop }</Button>
        </li>
    }
}
