use contract::ideas::IdeaView;
use domain::id::{ColumnId, IdeaId};
use yew::prelude::*;

use super::Hands;
use crate::components::{Glyph, Icon, Status};
use crate::frame::context::use_frame;

#[derive(Properties, PartialEq)]
pub struct CardProps {
    pub view: IdeaView,
    pub column: ColumnId,
    pub current: bool,
    /// Tab stops here.
    pub stop: bool,
    pub hands: Hands,
}

pub fn element_id(idea: IdeaId) -> String {
    format!("idea-{idea}")
}

/// What is dragged over the board.
pub fn dragged(event: &DragEvent) -> Option<IdeaId> {
    event.data_transfer()?.get_data("text/plain").ok()?.parse().ok()
}

/// One idea: what it says in short, and what became of it.
#[component]
pub fn Card(props: &CardProps) -> Html {
    let (texts, _, _) = use_frame();
    let over = use_state_eq(|| false);
    let idea = &props.view.idea;
    let id = idea.id;
    let ondragstart = Callback::from(move |event: DragEvent| {
        if let Some(data) = event.data_transfer() {
            data.set_data("text/plain", &id.to_string()).ok();
            data.set_effect_allowed("move");
        }
    });
    let hover = |to: bool| {
        let over = over.setter();
        move |event: DragEvent| {
            event.prevent_default();
            over.set(to);
        }
    };
    let ondrop = {
        let (over, hands, column) = (over.setter(), props.hands.clone(), props.column);
        Callback::from(move |event: DragEvent| {
            event.prevent_default();
            event.stop_propagation();
            over.set(false);
            if let Some(dropped) = dragged(&event).filter(|dropped| *dropped != id) {
                hands.put.emit((dropped, column, Some(id)));
            }
        })
    };
    let onfocusin = props.hands.select.reform(move |_: FocusEvent| id);
    let onclick = props.hands.open.reform(move |_: MouseEvent| id);
    html! {
        <li class={classes!("idea-holder", over.then_some("over"))} draggable="true" {ondragstart} ondragover={hover(true)} ondragleave={hover(false)} {ondrop} {onfocusin}>
            <button type="button" id={element_id(id)} class={classes!("idea", props.current.then_some("selected"))} tabindex={if props.stop { "0" } else { "-1" }} {onclick}>
                <bdi class="idea-title">{ &idea.text.title }</bdi>
                if !idea.text.note.trim().is_empty() { <bdi class="idea-note">{ idea.text.note.trim() }</bdi> }
                if !idea.text.link.is_empty() { <span class="idea-link"><Glyph icon={Icon::Link} /><bdi class="cut">{ host(&idea.text.link) }</bdi></span> }
                if !idea.text.tags.is_empty() || props.view.status.is_some() {
                    <span class="idea-foot">
                        { for idea.text.tags.iter().map(|tag| html! { <span class="tag"><bdi>{ tag }</bdi></span> }) }
                        if let Some(status) = props.view.status { <span class="visually-hidden">{ texts.ideas.open_post }</span><Status {status} /> }
                    </span>
                }
            </button>
        </li>
    }
}

/// The server of an address, or all of what is none.
fn host(link: &str) -> &str {
    let rest = link.split_once("://").map_or(link, |(_, rest)| rest);
    rest.split(['/', '?', '#']).next().filter(|host| !host.is_empty()).unwrap_or(link).trim_start_matches("www.")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_is_shown_by_its_server() {
        assert_eq!(host("https://www.bread.example/rye?page=2"), "bread.example");
        assert_eq!(host("bread.example"), "bread.example");
        assert_eq!(host("https:///"), "https:///");
    }
}
