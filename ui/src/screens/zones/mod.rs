//! Posts whose time the world changed: what was planned, what will be, and which of the two stays.

pub mod texts;

use contract::zones::{ListZoneChanges, ZoneChange};
use domain::id::PostId;
use domain::mutation::{Keep, PostsChange};
use yew::prelude::*;

use crate::backend::use_query;
use crate::components::{Button, Icon, Look, Section, To};
use crate::frame::context::use_frame;
use crate::route::Route;
use crate::state::time::city;

/// The others follow the same decision.
const SHOWN_MAX: usize = 5;

#[component]
pub fn ZoneChanges() -> Html {
    let (texts, _, toaster) = use_frame();
    let t = &texts.zones;
    let changes = use_query(ListZoneChanges {}).data.unwrap_or_default();
    if changes.is_empty() {
        return Html::default();
    }
    let decide = |posts: Vec<PostId>, title: &str, keep: Keep| {
        let (toaster, title) = (toaster.clone(), title.to_owned());
        move |_: MouseEvent| toaster.change_posts(posts.clone(), PostsChange::Rezone { keep }, &title, |_| {})
    };
    let both = |posts: &[PostId], title: &str| {
        html! {
            <>
                <Button icon={Icon::Clock} title={t.keep_clock_hint} onclick={decide(posts.to_vec(), title, Keep::Clock)}>{ t.keep_clock }</Button>
                <Button look={Look::Quiet} title={t.keep_instant_hint} onclick={decide(posts.to_vec(), title, Keep::Instant)}>{ t.keep_instant }</Button>
            </>
        }
    };
    let line = |change: &ZoneChange| {
        let of = |at| texts.time.full(at);
        html! {
            <li class="row wrap zone-change" key={change.post.to_string()}>
                <div class="grow">
                    <To route={Route::Post { post: change.post }} class="text-link"><bdi>{ &change.title }</bdi></To>
                    <p class="sm muted">{ (t.planned)(&of(change.local), &city(&change.zone), &of(change.shown)) }</p>
                </div>
                { both(&[change.post], &change.title) }
            </li>
        }
    };
    let all: Vec<PostId> = changes.iter().map(|change| change.post).take(PostsChange::POSTS_MAX).collect();
    let more = changes.len().saturating_sub(SHOWN_MAX);
    html! {
        <Section title={t.title}>
            <div class="card stack" id="zone-changes">
                <p>{ t.what }</p>
                <ul class="list">{ for changes.iter().take(SHOWN_MAX).map(line) }</ul>
                if changes.len() > 1 {
                    <div class="row wrap">
                        <span class="grow sm muted">{ (t.for_all)(all.len()) }{ if more > 0 { format!(" ({})", (t.more)(more)) } else { String::new() } }</span>
                        { both(&all, "") }
                    </div>
                }
            </div>
        </Section>
    }
}
