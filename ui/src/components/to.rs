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
    /// Runs before going.
    #[prop_or_default]
    pub onclick: Option<Callback<()>>,
}

/// A link to a place in this window.
#[component]
pub fn To(props: &ToProps) -> Html {
    let navigator = use_navigator();
    let onclick = {
        let (route, before) = (props.route, props.onclick.clone());
        Callback::from(move |event: MouseEvent| {
            event.prevent_default();
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
            aria-current={props.here.then_some("page")}
            draggable="false"
            {onclick}
        >
            { props.children.clone() }
        </a>
    }
}
