//! The calendar without posts: what belongs here, and the one next thing to do.

use contract::posts::Filter;
use yew::prelude::*;

use super::{Grid, use_calendar};
use crate::components::{Button, Empty, Icon};
use crate::frame::context::use_frame;
use crate::route::{Route, use_go};
use crate::state::calendar::{Action, View};
use crate::state::keys::Cmd;

/// Says why nothing is shown: nothing is there, or the filter lets nothing through.
#[component]
pub fn NothingHere() -> Html {
    let (t, ..) = use_frame();
    let go = use_go();
    let state = use_calendar();
    let drafts = state.view == View::Drafts;
    let c = &t.calendar;
    if state.is_filtered() {
        let clear = {
            let state = state.dispatcher();
            move |_: MouseEvent| state.dispatch(Action::Clear)
        };
        let looked_for = words(&state.filter);
        let title = if drafts { (c.no_draft_matches)(looked_for) } else { (c.no_post_matches)(looked_for) };
        let text = if drafts { c.drafts_filtered_text } else { c.filtered_text };
        return html! {
            <Empty icon={Icon::Filter} {title} {text}>
                <Button icon={Icon::Cross} onclick={clear}>{ c.clear_filter }</Button>
            </Empty>
        };
    }
    let (icon, title, text) = if drafts {
        (Icon::Compose, c.drafts_empty, c.drafts_empty_text)
    } else {
        (Icon::Calendar, c.empty_title, c.empty_text)
    };
    html! {
        <Empty {icon} {title} {text}>
            <Button icon={Icon::Plus} keys={Cmd::NewPost} onclick={move |_| go.emit(Route::Compose)}>{ t.frame.new_post }</Button>
        </Empty>
    }
}

/// What was typed, if that is all that filters.
fn words(filter: &Filter) -> Option<&str> {
    let typed = filter.text.trim();
    let alone = filter.statuses.is_empty() && filter.personas.is_empty() && filter.accounts.is_empty();
    (alone && !typed.is_empty()).then_some(typed)
}

#[derive(Properties, PartialEq)]
pub struct EmptyNoteProps {
    pub grid: Grid,
}

/// The same, above days that stay in sight.
#[component]
pub fn EmptyNote(props: &EmptyNoteProps) -> Html {
    if props.grid.calendar.days.iter().any(|day| !day.lines.is_empty()) {
        return Html::default();
    }
    html! { <div class="empty-over"><div class="card"><NothingHere /></div></div> }
}

#[cfg(test)]
mod tests {
    use domain::post::PostStatus;

    use super::*;

    #[test]
    fn what_was_typed_is_named_only_if_nothing_else_filters() {
        let typed = Filter { text: " rye ".into(), ..Filter::default() };
        assert_eq!(words(&typed), Some("rye"));
        assert_eq!(words(&Filter { statuses: vec![PostStatus::Missed], ..typed }), None);
        assert_eq!(words(&Filter { text: "  ".into(), ..Filter::default() }), None);
    }
}
