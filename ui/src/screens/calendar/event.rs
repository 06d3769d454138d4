use contract::posts::PostLine;
use domain::network::Network;
use domain::post::PostStatus;
use yew::prelude::*;

use super::CalendarHandle;
use crate::components::To;
use crate::frame::context::use_frame;
use crate::platform;
use crate::route::Route;
use crate::state::calendar::Action;

#[derive(Properties, PartialEq)]
pub struct EventProps {
    pub line: PostLine,
    pub state: CalendarHandle,
    /// Two lines instead of one.
    #[prop_or_default]
    pub tall: bool,
    #[prop_or_default]
    pub children: Html,
}

/// The id of the element that shows a post, for the focus.
pub fn element_id(line: &PostLine) -> String {
    format!("event-{}", line.post)
}

/// A post on its day. It can be dragged to another day while it waits.
#[component]
pub fn Event(props: &EventProps) -> Html {
    let (t, clock, _) = use_frame();
    let line = &props.line;
    let selected = props.state.selected == Some(line.post);
    let movable = line.status == PostStatus::Scheduled;
    {
        // keys moved the selection here: the focus follows
        let (id, follow) = (element_id(line), selected && props.state.by_keys);
        use_effect_with(follow, move |follow| {
            if *follow {
                platform::focus_id(&id);
            }
        });
    }
    let ondragstart = {
        let post = line.post;
        Callback::from(move |event: DragEvent| {
            if let Some(data) = event.data_transfer() {
                data.set_data("text/plain", &post.to_string()).ok();
                data.set_effect_allowed("move");
            }
        })
    };
    let onfocusin = {
        let (state, post, selected) = (props.state.dispatcher(), line.post, selected);
        Callback::from(move |_: FocusEvent| {
            if !selected {
                state.dispatch(Action::Select(Some(post)));
            }
        })
    };
    let time = line.due_at.map(|due| clock.time(due)).unwrap_or_default();
    let title = line.due_at.map_or_else(String::new, |due| {
        let theirs = line.zone.as_ref().and_then(|zone| clock.elsewhere(due, zone));
        let theirs = theirs.map(|theirs| format!(" · {theirs}")).unwrap_or_default();
        let hint = if movable { format!("\n{}", t.calendar.shift_hint) } else { String::new() };
        format!(
            "{}\n{}, {}{theirs} · {}{hint}",
            line.title,
            clock.full(due),
            clock.relative(due),
            (t.status)(line.status)
        )
    });
    html! {
        <div
            class="ev-holder"
            draggable={if movable { "true" } else { "false" }}
            {ondragstart}
            {onfocusin}
        >
            <To id={element_id(line)} route={Route::Post { post: line.post }} class={classes!("ev", line.status.wire(), selected.then_some("selected"), props.tall.then_some("tall"))} {title}>
                <time>{ time }</time>
                <bdi class={if props.tall { "ev-title" } else { "ev-title cut" }}>{ &line.title }</bdi>
                <span class="ev-nets" aria-label={crate::components::networks(&line.networks)}>{ letters(&line.networks) }</span>
                <span class="visually-hidden">{ (t.status)(line.status) }</span>
                { props.children.clone() }
            </To>
        </div>
    }
}

/// "B M": one letter per network.
fn letters(networks: &[Network]) -> String {
    let initial = |network: Network| network.name().chars().next().map(String::from).unwrap_or_default();
    Network::ALL.into_iter().filter(|network| networks.contains(network)).map(initial).collect::<Vec<_>>().join(" ")
}
