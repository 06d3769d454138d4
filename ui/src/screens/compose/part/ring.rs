//! A live counter: a ring that fills, and the figures beside it.

use domain::text::Rule;
use yew::prelude::*;

use crate::i18n::{grouped, use_texts};
use crate::screens::compose::checks::Gauge;

/// Circumference of the ring's circle, radius 7.
const AROUND: f64 = 43.98;

#[derive(Properties, PartialEq)]
pub struct Props {
    pub gauge: Gauge,
}

#[component]
pub fn Counter(props: &Props) -> Html {
    let t = use_texts();
    let Gauge { network, server, measure } = &props.gauge;
    let share = f64::from(measure.used) / f64::from(measure.limit.max(1));
    let filled = format!("{:.1} 44", AROUND * share.min(1.0));
    let state = match share {
        share if share > 1.0 => "over",
        share if share >= 0.9 => "near",
        _ => "fine",
    };
    let name = server.clone().unwrap_or_else(|| network.name().to_owned());
    let unit = match measure.rule {
        Rule::TextBytes => t.compose.bytes,
        Rule::TitleLength => t.compose.title_of_text,
        Rule::Hashtags => t.compose.hashtags,
        Rule::Mentions => t.compose.mentions,
        _ => "",
    };
    html! {
        <span class={classes!("cnt", state)} title={(t.compose.rule)(measure.rule, *network, measure.used, measure.limit)}>
            <svg viewBox="0 0 20 20" aria-hidden="true">
                <circle class="ground" cx="10" cy="10" r="7" />
                <circle class="filled" cx="10" cy="10" r="7" stroke-dasharray={filled} />
            </svg>
            <span class="num">{ format!("{} / {}", grouped(measure.used.into()), grouped(measure.limit.into())) }</span>
            <span>{ if unit.is_empty() { name } else { format!("{unit} {name}") } }</span>
        </span>
    }
}
