use std::rc::Rc;

use contract::ApiError;
use yew::prelude::*;

use super::{Button, Glyph, Icon};
use crate::i18n::use_texts;

#[derive(Properties, PartialEq)]
pub struct ErrorPanelProps {
    pub error: Rc<ApiError>,
    pub retry: Callback<()>,
    #[prop_or_default]
    pub busy: bool,
}

/// What happened, what to do, a retry, and on request what the other side literally said.
#[component]
pub fn ErrorPanel(props: &ErrorPanelProps) -> Html {
    let t = use_texts();
    let error = &props.error;
    html! {
        <div class="empty error-panel" role="alert">
            <span class="empty-mark bad"><Glyph icon={Icon::Warning} /></span>
            <h2>{ (t.error_title)(error.code) }</h2>
            <p>{ (t.error)(error) }</p>
            <Button icon={Icon::Refresh} busy={props.busy} onclick={props.retry.reform(|_| ())}>{ t.frame.retry }</Button>
            if let Some(detail) = &error.detail {
                <details class="raw">
                    <summary>{ t.frame.details }</summary>
                    <pre>{ detail }</pre>
                </details>
            }
        </div>
    }
}
