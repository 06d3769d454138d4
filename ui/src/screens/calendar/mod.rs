pub mod texts;

use yew::prelude::*;

#[component]
pub fn CalendarScreen() -> Html {
    Html::default()
}

/// Shows one persona's posts alone.
pub fn show_persona(_persona: domain::id::PersonaId) {}

/// Shows all drafts.
pub fn show_drafts() {}
