pub mod texts;

use std::rc::Rc;

use contract::ApiError;
use yew::prelude::*;

use crate::components::ErrorPanel;

#[derive(Properties, PartialEq)]
pub struct StartErrorProps {
    pub error: Rc<ApiError>,
    pub retry: Callback<()>,
    pub busy: bool,
}

/// The program could not open its profile.
#[component]
pub fn StartError(props: &StartErrorProps) -> Html {
    html! { <main class="start-error"><ErrorPanel error={props.error.clone()} retry={props.retry.clone()} busy={props.busy} /></main> }
}
