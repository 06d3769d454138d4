use yew::prelude::*;

use super::{Glyph, Icon};

#[derive(Properties, PartialEq)]
pub struct EmptyProps {
    pub icon: Icon,
    pub title: AttrValue,
    /// What this place is for.
    #[prop_or_default]
    pub text: AttrValue,
    /// The one next action.
    #[prop_or_default]
    pub children: Html,
}

/// Nothing is here yet.
#[component]
pub fn Empty(props: &EmptyProps) -> Html {
    html! {
        <div class="empty">
            <span class="empty-mark"><Glyph icon={props.icon} /></span>
            <h2>{ props.title.clone() }</h2>
            if !props.text.is_empty() {
                <p>{ props.text.clone() }</p>
            }
            { props.children.clone() }
        </div>
    }
}
