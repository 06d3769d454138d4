use contract::program::Publishing;
use contract::publishing::SetPublishing;
use yew::prelude::*;

use super::context::{use_frame, use_program};
use crate::route::{Route, use_go};
use crate::screens::compose::desk::use_unsaved;
use crate::screens::vault::needs_opening;

/// How the program is doing, in one line at the lower end of the sidebar: what is unusual is said first.
#[component]
pub fn StateLine() -> Html {
    let (t, clock, toaster) = use_frame();
    let program = use_program();
    let go = use_go();
    let resume = |text: &'static str| {
        let toaster = toaster.clone();
        let onclick = move |_: MouseEvent| toaster.run(SetPublishing { paused: false }, text);
        Some(onclick)
    };
    let unsaved = use_unsaved();
    let (tone, text, action) = match &program.publishing {
        // nothing typed is ever lost, and nothing is said to be saved that is not
        _ if unsaved > 0 => ("bad", (t.compose.unsaved)(unsaved), None),
        Publishing::Sample => ("info", t.frame.sample_state.to_owned(), None),
        Publishing::ClockJumped { by_s } => {
            let by = t.time.span(by_s.saturating_abs());
            let button = html! { <button type="button" class="btn" onclick={resume(t.frame.resumed_now)}>{ t.frame.clock_looked }</button> };
            ("bad", (t.frame.clock_jumped)(&by), Some(button))
        }
        Publishing::Paused { since } => {
            let button = html! { <button type="button" class="btn" onclick={resume(t.frame.resumed_now)}>{ t.frame.resume }</button> };
            ("warn", (t.frame.paused)(&clock.moment(*since)), Some(button))
        }
        _ if needs_opening(program.vault) => {
            let open = Callback::from(move |_: MouseEvent| go.emit(Route::Vault));
            let button = html! { <button type="button" class="btn" onclick={open}>{ t.frame.vault_open }</button> };
            ("warn", t.frame.vault_closed.to_owned(), Some(button))
        }
        Publishing::Elsewhere => ("info", t.frame.elsewhere.to_owned(), None),
        Publishing::Running => ("good", t.frame.saved_here.to_owned(), None),
    };
    html! {
        <div class={classes!("sync", tone)} role="status" title={text.clone()}>
            <i aria-hidden="true"></i>
            <span class="grow">{ text }</span>
            { action.unwrap_or_default() }
        </div>
    }
}
