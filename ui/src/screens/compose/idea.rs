use domain::idea::IdeaText;
use yew::prelude::*;

use crate::components::To;
use crate::i18n::use_texts;
use crate::route::Route;

#[derive(Properties, PartialEq)]
pub struct Props {
    pub idea: IdeaText,
}

/// What the post was made of, beside what becomes of it.
#[component]
pub fn IdeaBox(props: &Props) -> Html {
    let t = use_texts();
    let IdeaText { title, note, link, .. } = &props.idea;
    html! {
        <section class="box">
            <div class="box-head"><h2>{ t.ideas.from_idea }</h2></div>
            <p><To route={Route::Ideas} class="link"><bdi>{ title }</bdi></To></p>
            if !note.trim().is_empty() { <p class="sm muted idea-note"><bdi>{ note.trim() }</bdi></p> }
            if !link.is_empty() { <p class="sm muted cut" title={link.clone()}><bdi>{ link }</bdi></p> }
        </section>
    }
}
