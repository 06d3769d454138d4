//! The four states that every answer has: loading, failed, empty, there.

use yew::prelude::*;

use super::{ErrorPanel, Notice, NoticeTone};
use crate::backend::Query;
use crate::i18n::use_texts;

#[derive(Properties, PartialEq)]
pub struct SkeletonProps {
    #[prop_or(3)]
    pub rows: u32,
}

/// Grey bars in the place of rows. They appear after 150 ms: most answers are there before.
#[component]
pub fn Skeleton(props: &SkeletonProps) -> Html {
    let t = use_texts();
    html! {
        <div class="skeleton" role="status">
            <span class="visually-hidden">{ t.frame.loading }</span>
            { for (0..props.rows).map(|row| html! {
                <div class="skeleton-row" key={row}>
                    <span class="skeleton-bar short"></span>
                    <span class="skeleton-bar"></span>
                </div>
            }) }
        </div>
    }
}

#[derive(Properties, PartialEq)]
struct StaleNoteProps {
    retry: Callback<()>,
}

/// The last answer is shown, and a newer one could not be had.
#[component]
fn StaleNote(props: &StaleNoteProps) -> Html {
    let t = use_texts();
    let retry = props.retry.reform(|_: MouseEvent| ());
    html! {
        <Notice
            tone={NoticeTone::Warn}
            actions={html! { <button type="button" class="btn" onclick={retry}>{ t.frame.retry }</button> }}
        >
            { t.frame.refresh_failed }
        </Notice>
    }
}

/// Draws a query: `skeleton` while there is nothing, the error if there is nothing else, else `content`.
pub fn view<T>(query: &Query<T>, skeleton: Html, content: impl FnOnce(&T) -> Html) -> Html {
    match (&query.data, &query.error) {
        (Some(data), None) => content(data),
        (Some(data), Some(_)) => html! { <><StaleNote retry={query.retry.clone()} />{ content(data) }</> },
        (None, Some(error)) => {
            html! { <ErrorPanel error={error.clone()} retry={query.retry.clone()} busy={query.fetching} /> }
        }
        (None, None) => skeleton,
    }
}
