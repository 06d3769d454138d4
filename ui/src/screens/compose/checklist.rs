//! What stands between the draft and its way out, each line leading to its place.

use std::rc::Rc;

use contract::posts::FindRepeats;
use domain::account::{Account, Health};
use domain::id::PostId;
use domain::text::{Fix, Rule};
use yew::prelude::*;

use super::checks::Blocker;
use super::edit::Layer;
use super::fitting::{Spot, steps};
use super::merge_review::REVIEW;
use super::outline::Outline;
use crate::backend::use_query_if;
use crate::components::{Button, Glyph, Icon, Look};
use crate::frame::context::use_clock;
use crate::i18n::use_texts;
use crate::route::{Route, use_go};
use crate::state::keys::Cmd;

#[derive(Properties, PartialEq)]
pub struct Props {
    pub blockers: Rc<Vec<Blocker>>,
    /// Where images do not fit, and what can be done.
    pub spots: Rc<Vec<Spot>>,
    /// The text that is shown.
    pub layer: Layer,
    /// Makes the images of a part fit.
    pub on_fit: Callback<(Layer, usize, bool)>,
    pub outline: Rc<Outline>,
    /// Nobody has read yet what came of two changes.
    pub unread: bool,
    /// The post, once it is stored.
    pub post: Option<PostId>,
    /// Those that the post goes to.
    pub accounts: Rc<Vec<Account>>,
    pub on_go: Callback<(Layer, usize)>,
}

#[component]
pub fn Checklist(props: &Props) -> Html {
    let t = &use_texts().compose;
    let go = use_go();
    let clock = use_clock();
    let repeats = use_query_if(props.post.map(|post| FindRepeats { post }));
    // an empty sheet is a beginning, not a list of faults
    if props.outline.blank {
        return Html::default();
    }
    let no_accounts = props.outline.targets.is_empty().then(|| {
        let onclick = Callback::from(|_: MouseEvent| crate::platform::focus_id("compose-accounts"));
        line(Icon::Warning, "bad", html! { { t.blocked_accounts } }, onclick)
    });
    let unread = props.unread.then(|| {
        let onclick = Callback::from(|_: MouseEvent| crate::platform::click(&format!("#{REVIEW}")));
        line(Icon::Warning, "bad", html! { { t.merge_first } }, onclick)
    });
    let threads = props.outline.parts > 1;
    let mut offered: Vec<(Layer, usize)> = Vec::new();
    let rules = props.blockers.iter().map(|blocker| {
        let problem = &blocker.problem;
        let violation = &problem.violation;
        let who = problem.server.clone().unwrap_or_else(|| problem.network.name().to_owned());
        let place = if threads { format!("{}: ", (t.part_short)(blocker.part + 1)) } else { String::new() };
        let sentence = match violation.rule {
            Rule::EmptyPost => t.part_empty.to_owned(),
            rule => (t.rule)(rule, problem.network, violation.measured, violation.limit),
        };
        let target = (blocker.layer, usize::try_from(blocker.part).unwrap_or(0));
        let onclick = props.on_go.reform(move |_: MouseEvent| target);
        let text = html! { <><b>{ who }</b>{ " · " }{ place }{ sentence }</> };
        // each part is made to fit at once: behind the first of its lines
        let fits = violation.rule.fixes().contains(&Fix::Fit) && !offered.contains(&target);
        let spot = props.spots.iter().find(|spot| fits && (spot.layer, spot.part) == target);
        match spot.filter(|spot| !spot.fitting.orders.is_empty()) {
            Some(spot) => {
                offered.push(target);
                let (layer, part) = target;
                let on_fit = props.on_fit.reform(move |_: MouseEvent| (layer, part, false));
                let label = (t.fit)(&steps(&spot.fitting.orders), &spot.fitting.only());
                let keys = (spot.layer == props.layer).then_some(Cmd::ComposeFit);
                let fix = html! { <Button look={Look::Quiet} {keys} onclick={on_fit}>{ label }</Button> };
                line_with(Icon::Warning, "bad", text, onclick, fix)
            }
            None => line(Icon::Warning, "bad", text, onclick),
        }
    });
    let rules: Vec<Html> = rules.collect();
    let sick = props.accounts.iter().filter(|account| matches!(account.health, Health::ReconnectNeeded { .. })).map(
        |account| {
            line(
                Icon::Warning,
                "warn",
                html! { { (t.reconnect_first)(&account.full_handle()) } },
                go.reform(|_: MouseEvent| Route::Accounts),
            )
        },
    );
    let alt = (props.outline.missing_alt > 0).then(|| {
        let part = props.outline.alt_part.unwrap_or(0);
        let onclick = props.on_go.reform(move |_: MouseEvent| (Layer::Base, part));
        line(Icon::Info, "hint", html! { { (t.without_alt)(props.outline.missing_alt) } }, onclick)
    });
    let repeats = repeats.data.as_deref().map(Vec::as_slice).unwrap_or_default().iter().filter_map(|repeat| {
        let account = props.accounts.iter().find(|account| account.id == repeat.account)?;
        let title = if repeat.title.is_empty() { t.blank } else { &repeat.title };
        let sentence = (t.repeat)(&account.full_handle(), title, &clock.moment(repeat.at), repeat.at > clock.now);
        let post = repeat.post;
        Some(line(Icon::Copy, "warn", html! { { sentence } }, go.reform(move |_: MouseEvent| Route::Post { post })))
    });
    let gone =
        props.accounts.len() < props.outline.targets.len() || props.accounts.iter().any(|account| account.removed);
    let gone = gone.then(|| {
        let onclick = Callback::from(|_: MouseEvent| crate::platform::focus_id("compose-accounts"));
        line(Icon::Warning, "bad", html! { { t.blocked_gone } }, onclick)
    });
    let lines: Vec<Html> =
        unread.into_iter().chain(no_accounts).chain(gone).chain(rules).chain(sick).chain(repeats).chain(alt).collect();
    let clear = lines.is_empty();
    html! {
        <section class="box" aria-label={t.before_out}>
            <div class="box-head"><h2>{ t.before_out }</h2></div>
            if clear {
                <p class="card all-clear"><Glyph icon={Icon::Check} />{ t.all_clear }</p>
            } else {
                <ul class="card checklist">{ for lines }</ul>
            }
        </section>
    }
}

fn line(icon: Icon, tone: &'static str, text: Html, onclick: Callback<MouseEvent>) -> Html {
    line_with(icon, tone, text, onclick, Html::default())
}

/// `fix`: what mends it.
fn line_with(icon: Icon, tone: &'static str, text: Html, onclick: Callback<MouseEvent>, fix: Html) -> Html {
    html! { <li class={tone}><button type="button" {onclick}><Glyph {icon} /><span>{ text }</span></button>{ fix }</li> }
}
