use yew::prelude::*;
use yew_router::prelude::*;

use crate::route::Route;

#[derive(Properties, PartialEq)]
pub struct ToProps {
    pub route: Route,
    #[prop_or_default]
    pub class: Classes,
    #[prop_or_default]
    pub children: Html,
    #[prop_or_default]
    pub title: Option<AttrValue>,
    #[prop_or_default]
    pub id: Option<AttrValue>,
    /// This is where the window is now.
    #[prop_or_default]
    pub here: bool,
    /// "-1" leaves it out when Tab is pressed.
    #[prop_or_default]
    pub tabindex: Option<AttrValue>,
    /// The one among its kind that keys act on.
    #[prop_or_default]
    pub current: bool,
    /// A press with Ctrl (Cmd) or Shift, which is told, does this instead of going.
    #[prop_or_default]
    pub onpick: Option<Callback<bool>>,
    /// Runs before going.
    #[prop_or_default]
    pub onclick: Option<Callback<()>>,
}

/// A link to a place in this window.
#[component]
pub fn To(props: &ToProps) -> Html {
    let navigator = use_navigator();
    let onclick = {
        let (route, before, onpick) = (props.route, props.onclick.clone(), props.onpick.clone());
        Callback::from(move |event: MouseEvent| {
            event.prevent_default();
            if let Some(onpick) = onpick.as_ref().filter(|_| event.ctrl_key() || event.meta_key() || event.shift_key())
            {
                return onpick.emit(event.shift_key());
            }
            if let Some(before) = &before {
                before.emit(());
            }
            if let Some(navigator) = &navigator {
                navigator.push(&route);
            }
        })
    };
    html! {
        <a
            href={format!("#{}", props.route.to_path())}
            class={props.class.clone()}
            title={props.title.clone()}
            id={props.id.clone()}
            tabindex={props.tabindex.clone()}
            aria-current={if props.here { Some("page") } else { props.current.then_some("true") }}
            draggable="false"
            {onclick}
        >
            { props.children.clone() }
        </a>
    }
}
