use contract::accounts::ListAccounts;
use contract::personas::ListPersonas;
use yew::prelude::*;

use crate::backend::use_query;
use crate::components::{Glyph, Icon, Section, To};
use crate::frame::context::use_frame;
use crate::route::Route;

/// What to do first. Gone with the first post.
#[component]
pub fn StartCard() -> Html {
    let (t, ..) = use_frame();
    let accounts = use_query(ListAccounts {}).data.is_some_and(|list| !list.is_empty());
    let personas = use_query(ListPersonas {}).data.is_some_and(|list| !list.is_empty());
    let steps = [
        (accounts, Route::Accounts, Icon::Accounts, t.today.start_account, t.today.start_account_text),
        (personas, Route::Personas, Icon::Personas, t.today.start_persona, t.today.start_persona_text),
        (false, Route::Compose, Icon::Compose, t.today.start_post, t.today.start_post_text),
    ];
    html! {
        <Section title={t.today.start_title}>
            <ol class="card start">
                { for steps.into_iter().map(|(done, route, icon, name, text)| html! {
                    <li key={name}>
                        <To route={route} class={classes!("start-step", done.then_some("done"))}>
                            <span class="start-mark"><Glyph icon={if done { Icon::Check } else { icon }} /></span>
                            <span class="grow">
                                <b>{ name }</b>
                                if done {
                                    <span class="visually-hidden">{ format!(" ({})", t.today.start_done) }</span>
                                }
                                <span class="sm muted start-text">{ text }</span>
                            </span>
                            <Glyph icon={Icon::Right} />
                        </To>
                    </li>
                }) }
            </ol>
        </Section>
    }
}
