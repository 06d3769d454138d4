pub mod texts;

use yew::prelude::*;

#[component]
pub fn SettingsScreen() -> Html {
    Html::default()
}
