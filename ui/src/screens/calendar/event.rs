use contract::posts::PostLine;
use domain::network::Network;
use domain::post::PostStatus;
use yew::prelude::*;

use super::Grid;
use super::focus::element_id;
use crate::components::{Glyph, Icon, To, networks, sign, waits_for};
use crate::frame::context::use_frame;
use crate::route::Route;
use crate::state::current::Place;

#[derive(Properties, PartialEq)]
pub struct EventProps {
    pub line: PostLine,
    pub place: Place,
    pub grid: Grid,
    /// Two lines instead of one.
    #[prop_or_default]
    pub tall: bool,
    #[prop_or_default]
    pub children: Html,
}

/// A post on its day. It can be dragged to another day while it waits.
#[component]
pub fn Event(props: &EventProps) -> Html {
    let (t, clock, _) = use_frame();
    let line = &props.line;
    let selected = props.grid.selected == Some(line.post);
    let picked = props.grid.picked.contains(&line.post);
    let movable = matches!(line.status, PostStatus::Scheduled | PostStatus::Held);
    let ondragstart = {
        let post = line.post;
        Callback::from(move |event: DragEvent| {
            if let Some(data) = event.data_transfer() {
                data.set_data("text/plain", &post.to_string()).ok();
                data.set_effect_allowed("move");
            }
        })
    };
    let time = line.due_at.map(|due| clock.time(due)).unwrap_or_default();
    // two zones and a sentence: worked out for the one that is looked at, not for a hundred at once
    let looked_at = use_state_eq(|| false);
    let look = looked_at.setter();
    let title = looked_at.then(|| line.due_at).flatten().map(|due| {
        let theirs = line.zone.as_ref().and_then(|zone| clock.elsewhere(due, zone));
        let theirs = theirs.map(|theirs| format!(" · {theirs}")).unwrap_or_default();
        let hint = if movable { format!("\n{}", t.calendar.shift_hint) } else { String::new() };
        let (full, relative, status) = (clock.full(due), clock.relative(due), (t.status)(line.status));
        let merged = if line.merged { format!("\n{}", t.compose.merged_mark) } else { String::new() };
        let waits = if line.waits_for.is_empty() { String::new() } else { format!("\n{}", waits_for(line, t)) };
        AttrValue::from(format!("{}\n{full}, {relative}{theirs} · {status}{waits}{merged}{hint}", line.title))
    });
    let onmouseover = {
        let look = look.clone();
        move |_: MouseEvent| look.set(true)
    };
    let onfocusin = {
        let select = props.grid.selects(props.place);
        move |event: FocusEvent| {
            look.set(true);
            select.emit(event);
        }
    };
    html! {
        <div
            class="ev-holder"
            draggable={if movable { "true" } else { "false" }}
            {ondragstart}
            {onmouseover}
            {onfocusin}
        >
            <To
                id={element_id(line.post)}
                route={Route::Post { post: line.post }}
                class={classes!("ev", line.status.wire(), selected.then_some("selected"), picked.then_some("picked"), props.tall.then_some("tall"))}
                tabindex={props.grid.tabindex(line.post)}
                current={selected}
                onpick={props.grid.picks(line.post)}
                {title}
            >
                <span class="ev-when"><Glyph icon={sign(line.status)} /><time>{ time }</time></span>
                <bdi class={if props.tall { "ev-title" } else { "ev-title cut" }}>{ &line.title }</bdi>
                <span class="ev-nets" aria-hidden="true">if line.merged { <span class="merged-mark"><Glyph icon={Icon::Warning} /></span> }if line.repeats { <Glyph icon={Icon::Repeat} /> }{ letters(&line.networks) }</span>
                if line.repeats { <span class="visually-hidden">{ t.series.mark }</span> }
                if line.merged { <span class="visually-hidden">{ t.compose.merged_mark }</span> }
                <span class="visually-hidden">{ format!("{}, {}", (t.status)(line.status), networks(&line.networks)) }</span>
                if !line.waits_for.is_empty() { <span class="visually-hidden">{ waits_for(line, t) }</span> }
                if picked { <span class="visually-hidden">{ t.calendar.picked_mark }</span> }
                { props.children.clone() }
            </To>
        </div>
    }
}

/// "B M": a letter or two per network.
fn letters(networks: &[Network]) -> String {
    Network::ALL.into_iter().filter(|network| networks.contains(network)).map(letter).collect::<Vec<_>>().join(" ")
}

/// What stands for a network where there is no room for its name.
pub const fn letter(network: Network) -> &'static str {
    match network {
        Network::Bluesky => "B",
        Network::Mastodon => "M",
        Network::X => "X",
        Network::LinkedIn => "L",
        Network::Threads => "Th",
        Network::Instagram => "I",
        Network::Facebook => "F",
        Network::TikTok => "Ti",
        Network::YouTube => "Y",
        Network::Pinterest => "P",
        Network::Reddit => "R",
        Network::Telegram => "Te",
        Network::Discord => "D",
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn no_two_networks_share_their_letters() {
        assert_eq!(Network::ALL.into_iter().map(letter).collect::<BTreeSet<_>>().len(), Network::ALL.len());
    }
}
